//! Pixels and playback: what a thumbnail and a GIF cost.
fn main() {}
