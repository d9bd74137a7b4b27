//! Networks and the layers they share. A network knows no noise schedule and no file of drawings.

pub mod coding;
pub mod device;
pub mod dit;
pub mod file;
pub mod history_dit;
pub mod inception;
pub mod latent;
pub mod layers;
pub mod ops;
pub mod pth;
pub mod rnn_denoiser;
pub mod seq2seq;
pub mod shipped;
pub mod sketch_file;
pub mod sketch_net;
pub mod sketch_rnn;
pub mod stroke_diffusion;
mod tensors;
pub mod unet1d;
pub mod weights;

pub use coding::Coding;
pub use dit::Dit;
pub use file::{ModelFile, ModelInfo, Network};
pub use history_dit::HistoryDit;
pub use latent::Latent;
pub use rnn_denoiser::RnnDenoiser;
pub use seq2seq::Seq2seq;
pub use sketch_file::{Accuracy, Picture, SketchFile, SketchInfo};
pub use sketch_net::{SketchNet, SketchNetSettings};
pub use sketch_rnn::SketchRnn;
pub use stroke_diffusion::{History, StrokeDiffusion};
pub use unet1d::Unet1d;
pub use weights::{Builder, Parameter, Start, Weights};

impl From<candle_core::Error> for crate::util::Error {
    fn from(cause: candle_core::Error) -> Self {
        Self::new("a tensor computation failed").because(cause)
    }
}
