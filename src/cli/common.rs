//! What sub-commands share: where drawings are, limits as argument checks, output.

use std::io::Write;
use std::path::{Path, PathBuf};

use denoodle::config::DeviceChoice;
use denoodle::config::limits::limit;
use denoodle::data::Folders;
use denoodle::export::Export;
use denoodle::util::{Context, Result, atomic, harmless, threads};
use serde::Serialize;

/// Where drawings and splits are.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct Place {
    /// Folder of the drawings, <category>.ndjson or .ndjson.gz [default: the program's own data folder]
    #[arg(long, value_name = "DIR", global = true)]
    pub(crate) data: Option<PathBuf>,
    /// Folder of the splits, <category>/indices.json [default: ./subset, or the folder beside the drawings]
    #[arg(long, value_name = "DIR", global = true)]
    pub(crate) subset: Option<PathBuf>,
}

impl Place {
    /// The folders.
    pub(crate) fn folders(&self) -> Folders {
        Folders::resolve(self.data.clone(), self.subset.clone())
    }
}

/// What computes.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct Machine {
    /// Where the model computes: auto (the best there is), cpu, cuda or metal
    #[arg(long, value_name = "DEVICE", default_value = "auto", value_parser = device)]
    pub(crate) device: DeviceChoice,
    /// CPU threads [default: all]
    #[arg(long, value_name = "N", value_parser = whole::<usize>("call.threads"))]
    threads: Option<usize>,
}

impl Machine {
    /// So many threads.
    pub(crate) fn threads(&self) -> usize {
        self.threads.unwrap_or_else(threads::available)
    }
}

/// A whole number within the limits of a setting; for clap's `value_parser`.
pub(crate) fn whole<T: TryFrom<u64>>(field: &'static str) -> impl Fn(&str) -> std::result::Result<T, String> + Clone {
    move |text| {
        let value: u64 = text.parse().map_err(|_| format!("'{text}' is not a whole number"))?;
        complaint(field, value as f64)?;
        T::try_from(value).map_err(|_| format!("{value} is too large"))
    }
}

/// A number within the limits of a setting.
pub(crate) fn real(field: &'static str) -> impl Fn(&str) -> std::result::Result<f64, String> + Clone {
    move |text| {
        let value: f64 = text.parse().map_err(|_| format!("'{text}' is not a number"))?;
        complaint(field, value).map(|()| value)
    }
}

fn complaint(field: &'static str, value: f64) -> std::result::Result<(), String> {
    limit(field).and_then(|limit| limit.complaint(value)).map_or(Ok(()), Err)
}

/// A device by its name; for clap's `value_parser`.
pub(crate) fn device(text: &str) -> std::result::Result<DeviceChoice, String> {
    serde_json::from_value(text.into()).map_err(|_| format!("'{text}' is none of auto, cpu, cuda, metal"))
}

/// Results go to standard output; everything else goes to standard error. A closed pipe is not an error.
pub(crate) fn print(text: &str) -> Result<()> {
    match std::io::stdout().lock().write_all(format!("{}\n", harmless(text.trim_end())).as_bytes()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(error).context("cannot write the result"),
        _ => Ok(()),
    }
}

/// For programs.
pub(crate) fn print_json(value: &impl Serialize) -> Result<()> {
    print(&serde_json::to_string_pretty(value).context("the result cannot be written as JSON")?)
}

/// The form of a file that is to be written, by its ending. What is wrong with it, or with its folder, is told before anything is computed.
pub(super) fn form_of(out: &Path) -> Result<Export> {
    let form = Export::for_path(out)?;
    atomic::check_folder(out.parent().unwrap_or(Path::new(".")))?;
    Ok(form)
}
