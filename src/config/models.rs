//! The systems, and how large their networks are.

use serde::{Deserialize, Serialize};

/// Which network.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub enum ModelSettings {
    /// Stroke-by-stroke diffusion: a causal transformer over strokes, a denoiser for the next one.
    StrokeDiffusion(StrokeDiffusionSettings),
    /// All movements of a drawing at once, denoised by a U-Net along them (after Ho et al. 2020 and Janner et al. 2022).
    Unet1d(Unet1dSettings),
    /// One point after another by a recurrent network, from a latent vector of the whole (Ha & Eck 2017).
    SketchRnn(SketchRnnSettings),
    /// A reader, and a writer that attends to what it has read (after Sutskever et al. 2014 and Luong et al. 2015).
    Seq2seq(Seq2seqSettings),
    /// All movements of a drawing at once, denoised by a transformer over its points (Peebles & Xie 2023).
    Dit(DitSettings),
    /// The same, which is given where the pen is lifted.
    DitPen(DitSettings),
    /// One stroke after another, each as a sequence of points, denoised by a transformer that attends to the strokes so far.
    HistoryDit(HistoryDitSettings),
    /// All movements of a drawing and its pen at once, denoised by a recurrent network that reads them in both directions (Das et al.
    /// 2023, "ChiroDiff"); how many they are is settled before.
    RnnDenoiser(RnnDenoiserSettings),
    /// Sketch-RNN with its latent vector denoised from noise (after Rombach et al. 2022 and Vahdat et al. 2021) instead of drawn from the
    /// normal distribution.
    Latent(LatentSettings),
}

impl ModelSettings {
    /// The system, as presets write it: `SketchRnn`.
    pub fn system(&self) -> String {
        let name = |value: serde_json::Value| value.as_object()?.keys().next().cloned();
        serde_json::to_value(self).ok().and_then(name).unwrap_or_default()
    }

    /// Strokes of a drawing that it can learn from or make, at most; `None` where their number does not matter.
    pub fn most_strokes(&self) -> Option<usize> {
        match self {
            Self::StrokeDiffusion(settings) => Some(settings.max_strokes),
            Self::HistoryDit(settings) => Some(settings.max_strokes),
            Self::Unet1d(_)
            | Self::SketchRnn(_)
            | Self::Seq2seq(_)
            | Self::Dit(_)
            | Self::DitPen(_)
            | Self::RnnDenoiser(_)
            | Self::Latent(_) => None,
        }
    }

    /// Whether there is a vector that stands for a whole drawing, which drawings can be read into and drawn from.
    pub fn has_latent(&self) -> bool {
        match self {
            Self::SketchRnn(settings) => settings.encoder > 0,
            Self::Latent(_) => true,
            Self::StrokeDiffusion(_)
            | Self::Unet1d(_)
            | Self::Seq2seq(_)
            | Self::Dit(_)
            | Self::DitPen(_)
            | Self::HistoryDit(_)
            | Self::RnnDenoiser(_) => false,
        }
    }
}

/// Sizes of the flagship.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StrokeDiffusionSettings {
    /// Width of the history transformer.
    pub width: usize,
    /// Its layers.
    pub layers: usize,
    /// Its attention heads; divides the width.
    pub heads: usize,
    /// Width of the denoiser.
    pub denoiser_width: usize,
    /// Its residual blocks.
    pub denoiser_blocks: usize,
    /// A drawing ends here at the latest.
    pub max_strokes: usize,
}

/// Sizes of the U-Net; the length of its sequences is the codec's `most_points`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unet1dSettings {
    /// Channels at full length; even.
    pub base: usize,
    /// Levels, each with twice the channels and half the points of the one above it.
    pub levels: usize,
    /// Residual blocks of a level, on the way down and again on the way back.
    pub blocks: usize,
    /// Heads of the attention on the last level; they divide its channels.
    pub heads: usize,
}

/// Sizes of the diffusion transformer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DitSettings {
    /// Width of the transformer; a multiple of 4.
    pub width: usize,
    /// Its layers.
    pub layers: usize,
    /// Its attention heads; divides the width.
    pub heads: usize,
}

/// Sizes of the diffusion transformer that draws stroke by stroke.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HistoryDitSettings {
    /// Width of the transformer; a multiple of 4.
    pub width: usize,
    /// Its layers.
    pub layers: usize,
    /// Its attention heads; divides the width.
    pub heads: usize,
    /// Width of the network that reads the strokes so far, in each direction.
    pub reader: usize,
    /// A stroke has so many points at most; one with more is simplified until it has not.
    pub stroke_points: usize,
    /// A drawing ends here at the latest.
    pub max_strokes: usize,
}

/// Sizes of Sketch-RNN.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SketchRnnSettings {
    /// Width of the reader, in each direction; 0 leaves it out, and the latent vector with it.
    pub encoder: usize,
    /// Width of the writer.
    pub decoder: usize,
    /// Numbers of the latent vector.
    pub latent: usize,
    /// Components of the mixture that says where the next point lies.
    pub mixtures: usize,
}

/// Sizes of the sequence-to-sequence network; reader and writer have two layers each.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Seq2seqSettings {
    /// Width of the reader, in each direction.
    pub encoder: usize,
    /// Width of the writer.
    pub decoder: usize,
    /// Components of the mixture that says where the next point lies; 0 for a single point, learnt by its mean squared error.
    pub mixtures: usize,
}

/// Sizes of the recurrent denoiser.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RnnDenoiserSettings {
    /// Width of each layer, in each direction.
    pub hidden: usize,
    /// Layers, one upon another.
    pub layers: usize,
}

/// Sizes of Sketch-RNN with a denoiser for its latent vector.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LatentSettings {
    /// Width of the reader, in each direction.
    pub encoder: usize,
    /// Width of the writer.
    pub decoder: usize,
    /// Numbers of the latent vector.
    pub latent: usize,
    /// Components of the mixture that says where the next point lies.
    pub mixtures: usize,
    /// Width of the denoiser.
    pub denoiser_width: usize,
    /// Its residual blocks.
    pub denoiser_blocks: usize,
}

impl LatentSettings {
    /// Those of Sketch-RNN alone.
    pub fn sketch_rnn(&self) -> SketchRnnSettings {
        let Self { encoder, decoder, latent, mixtures, .. } = *self;
        SketchRnnSettings { encoder, decoder, latent, mixtures }
    }
}
