//! studio
use crate::util::{Error, Result};
/// Options
pub struct Options {
    /// a
    pub folders: crate::data::Folders,
    /// a
    pub runs: std::path::PathBuf,
    /// a
    pub threads: usize,
    /// a
    pub device: crate::config::DeviceChoice,
    /// a
    pub frame_times: Option<std::path::PathBuf>,
}
/// Run
pub fn run(_: Options) -> Result<()> {
    Err(Error::new("not built yet"))
}
