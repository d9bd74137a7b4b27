//! codec
/// Codec.
#[derive(Debug, Clone)]
pub struct Codec;
