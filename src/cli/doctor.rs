//! `denoodle doctor`: what this program finds on this machine, and what a model file says of itself.

use std::path::{Path, PathBuf};

use denoodle::config::DeviceChoice;
use denoodle::generate::Named;
use denoodle::model::device;
use denoodle::session::{Command, Outcome, SurveyRequest};
use denoodle::train::Progress;
use denoodle::util::{Result, threads};
use serde_json::{Value, json};

use super::{Place, follow, print, print_json};

/// Check the machine: device, threads, drawings, models, display, versions.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Tell what this model or checkpoint says of itself instead
    #[arg(long, value_name = "FILE")]
    model: Option<PathBuf>,
    #[command(flatten)]
    place: Place,
    /// Folder in which runs are kept
    #[arg(long, value_name = "DIR", default_value = "runs")]
    runs: PathBuf,
    /// For programs
    #[arg(long)]
    json: bool,
}

/// Looks and tells.
pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let facts = match &arguments.model {
        Some(model) => of_model(model)?,
        None => of_machine(arguments)?,
    };
    if arguments.json {
        return print_json(&Value::Object(facts.into_iter().map(|(name, value)| (name.replace(' ', "_"), value)).collect()));
    }
    let line = |(name, value): &(String, Value)| {
        let text = match value {
            Value::String(text) => text.clone(),
            Value::Array(items) if items.is_empty() => "none".into(),
            Value::Array(items) => {
                items.iter().map(|i| i.as_str().map_or(i.to_string(), str::to_owned)).collect::<Vec<_>>().join("\n                   ")
            }
            other => other.to_string(),
        };
        format!("{name:<18} {text}")
    };
    print(&facts.iter().map(line).collect::<Vec<_>>().join("\n"))
}

type Facts = Vec<(String, Value)>;

fn of_machine(arguments: &Arguments) -> Result<Facts> {
    let folders = arguments.place.folders();
    let survey = Command::Survey(SurveyRequest { folders: folders.clone(), runs: arguments.runs.clone() });
    let (categories, models) = match follow(survey)? {
        Outcome::Surveyed { categories, models } => (categories, models),
        _ => (Vec::new(), Vec::new()),
    };
    let here: Vec<_> = categories.iter().filter(|category| category.file.is_some()).collect();
    let split = here.iter().filter(|category| category.split.is_some()).count();
    let threads = threads::available();
    let devices: Vec<String> = [DeviceChoice::Cpu, DeviceChoice::Cuda, DeviceChoice::Metal]
        .into_iter()
        .map(|choice| {
            let found = match device::open(choice, threads) {
                Ok(_) => "ready".to_owned(),
                Err(error) => error.to_string().lines().next().unwrap_or_default().to_owned(),
            };
            format!("{}: {found}", device::name(choice, threads))
        })
        .collect();
    let auto = device::open(DeviceChoice::Auto, threads)?.words;
    let fact = |name: &str, value: Value| (name.to_owned(), value);
    Ok(vec![
        fact("denoodle", json!(env!("CARGO_PKG_VERSION"))),
        fact("system", json!(format!("{} {}", std::env::consts::OS, std::env::consts::ARCH))),
        fact("threads", json!(threads)),
        fact("devices", json!(devices)),
        fact("auto device", json!(auto)),
        fact("display", json!(display())),
        fact("drawings folder", json!(folders.drawings.display().to_string())),
        fact("drawings", json!(format!("{} of {} categories, {split} with a split", here.len(), categories.len()))),
        fact("splits folder", json!(folders.subset.display().to_string())),
        fact("runs folder", json!(arguments.runs.display().to_string())),
        fact("models", json!(models)),
    ])
}

/// Whether a window can be opened.
fn display() -> &'static str {
    if !cfg!(feature = "studio") {
        "this build has no window (feature studio is off)"
    } else if cfg!(any(target_os = "macos", target_os = "windows")) {
        "the system's own"
    } else if std::env::var_os("WAYLAND_DISPLAY").is_some_and(|v| !v.is_empty()) {
        "Wayland"
    } else if std::env::var_os("DISPLAY").is_some_and(|v| !v.is_empty()) {
        "X11"
    } else {
        "none: neither WAYLAND_DISPLAY nor DISPLAY is set, so the studio cannot open; sub-commands work"
    }
}

fn of_model(named: &Path) -> Result<Facts> {
    let named = Named::find(named)?;
    let file = named.read()?;
    let info = &file.info;
    let fact = |name: &str, value: Value| (name.to_owned(), value);
    let mut facts = vec![
        fact("file", json!(named.to_string())),
        fact("categories", json!(info.categories)),
        fact("weights", json!(file.parameters())),
        fact("steps", json!(info.steps)),
        fact("drawings seen", json!(info.drawings)),
        fact("seed", json!(info.seed)),
        fact("test loss", json!(info.test_loss)),
        fact("data", json!(info.data)),
        fact("attribution", json!(info.attribution)),
        fact("preset", json!(info.preset.name)),
        fact("settings", serde_json::to_value(&info.preset).unwrap_or_default()),
    ];
    if let Ok(progress) = Progress::of(&file) {
        facts.push(fact("progress", serde_json::to_value(progress).unwrap_or_default()));
    }
    Ok(facts)
}
