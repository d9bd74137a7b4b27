//! Drawings on the disk: reading, splitting, fetching, making up. No tensors in here.

mod folders;

pub use folders::{CategoryInfo, Folders};
