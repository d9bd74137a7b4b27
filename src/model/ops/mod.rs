//! Operations with their gradients. Each has a fused form for f32 on the CPU, and a plain twin of tensor functions for every
//! device and type, of which the tests are made.
//!
//! A fused operation is computed on the calling thread alone: parallel work is shards of a batch ([`crate::train`]). Its result
//! depends on its input only, so that a run can be repeated bit for bit. Packed weights ([`block_shapes`], [`modulated_shapes`], [`adaptive_shapes`])
//! let a whole block be one operation with one gradient: candle adds every gradient to fresh zeros, which costs most where the
//! operations are small.
//!
//! Those of pictures ([`Map`], [`Conv2d`], [`Pool`]) are for a network that is never trained: they are forward only, on slices on the
//! CPU, so that there is no graph that could miss their gradients.

mod activation;
mod adaptive;
mod attention;
mod block;
mod buffer;
mod conv1d;
mod conv2d;
mod cross_entropy;
mod depthwise;
pub(crate) mod fast;
mod fused;
mod gru;
mod linear;
mod lstm;
mod map;
pub(crate) mod math;
mod matrix;
mod modulated;
mod norm;
mod packed;
mod pool2d;
mod recurrent;
mod resample;
mod squared_error;

pub use activation::{Activation, activate, activate_plain, gelu, silu};
pub use adaptive::{adaptive_block, adaptive_block_plain, adaptive_shapes};
pub use attention::{Mask, Span, attention_plain, cross_attention, self_attention};
pub use block::{block_shapes, transformer_block, transformer_block_plain, transformer_block_shares, transformer_block_step};
pub(crate) use buffer::Buffer;
pub use conv1d::{conv1d, conv1d_plain};
pub use conv2d::{Conv2d, Geometry};
pub use cross_entropy::{cross_entropy, log_sum_exp};
pub use depthwise::{depthwise, depthwise_plain};
pub use fused::use_plain;
pub(crate) use fused::{Held, fused, hold};
pub use gru::{gru, gru_plain};
pub use linear::{linear, linear_plain};
pub use lstm::{lstm, lstm_plain};
pub use map::Map;
pub use modulated::{modulated_block, modulated_block_plain, modulated_shapes};
pub use norm::{layer_norm, layer_norm_plain, modulated_norm, modulated_norm_packed, modulated_norm_packed_plain, modulated_norm_plain};
pub(crate) use packed::{sequence_of, sequences};
pub use pool2d::Pool;
pub use resample::{double, double_plain, halve, halve_plain};
pub use squared_error::{squared_error, squared_error_plain};
