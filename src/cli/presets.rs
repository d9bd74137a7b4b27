//! `denoodle presets`: what can be chosen, and whether a file of one's own is right.

use clap::Subcommand;
use denoodle::config::preset::numbers;
use denoodle::config::{LIMITS, PRESETS, Preset, load};
use denoodle::util::Result;
use serde_json::json;

use super::{print, print_json};

/// The actions of `denoodle presets`.
#[derive(Debug, Subcommand)]
pub(crate) enum Action {
    /// List the built-in presets
    List {
        /// For programs
        #[arg(long)]
        json: bool,
    },
    /// Show a preset with every setting explained; save it as a .ron file to make your own
    Show {
        /// A built-in name, or a .ron file
        name: String,
        /// For programs
        #[arg(long)]
        json: bool,
    },
    /// Check a preset of your own; errors name the file, the line and the field
    Check {
        /// The .ron file
        file: String,
    },
}

/// Carries it out.
pub(crate) fn run(action: Action) -> Result<()> {
    match action {
        Action::List { json } => {
            let presets = PRESETS.iter().map(|(name, _)| load(name)).collect::<Result<Vec<_>>>()?;
            if json {
                return print_json(&presets.iter().map(|p| json!({"name": p.name, "about": p.about})).collect::<Vec<_>>());
            }
            let width = presets.iter().map(|p| p.name.len()).max().unwrap_or(0);
            print(&presets.iter().map(|p| format!("{:<width$}  {}", p.name, p.about)).collect::<Vec<_>>().join("\n"))
        }
        Action::Show { name, json } => {
            let preset = load(&name)?;
            if json {
                return print_json(&preset);
            }
            let text = match PRESETS.iter().find(|(known, _)| *known == name) {
                Some((_, text)) => (*text).to_owned(),
                None => std::fs::read_to_string(&name).unwrap_or_default(),
            };
            print(&format!("{text}\n{}", explained(&preset)))
        }
        Action::Check { file } => {
            let preset = load(&file)?;
            print(&format!("{file} is a good preset: {}", preset.name))
        }
    }
}

/// Every setting that the preset has, with its limits, as comments, so that the whole output is a preset.
fn explained(preset: &Preset) -> String {
    let numbers = numbers(preset);
    let line = |limit: &denoodle::config::Limit| {
        let unit = if limit.unit.is_empty() { String::new() } else { format!(" {}", limit.unit) };
        format!("// {:<30} {} to {}{unit}: {}", limit.field, limit.min, limit.max, limit.explain)
    };
    let lines = LIMITS.iter().filter(|limit| numbers.iter().any(|(field, _)| field == limit.field)).map(line);
    std::iter::once("// What the settings mean, and their limits:".to_owned()).chain(lines).collect::<Vec<_>>().join("\n")
}
