//! Drawings on the disk: reading, splitting, fetching, making up. No tensors in here.

mod folders;
pub mod sketchbook;
mod write_line;

pub use folders::{CategoryInfo, Folders};
pub use write_line::write_line;
