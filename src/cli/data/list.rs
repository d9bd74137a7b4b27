//! `denoodle data list`.

use denoodle::data::{self, CategoryInfo, Folders, catalog};
use denoodle::util::Result;
use serde_json::json;

use crate::cli::follow::say;
use crate::cli::{print, print_json};

/// Lists the categories.
pub(super) fn run(folders: &Folders, here: bool, as_json: bool) -> Result<()> {
    let mut found = data::survey(folders)?;
    let all = found.len();
    found.retain(|info| !here || info.file.is_some());
    if as_json {
        let row = |info: &CategoryInfo| {
            json!({
                "name": info.name,
                "official": catalog::is_official(&info.name),
                "file": info.file,
                "bytes": info.bytes,
                "official_lines": info.official_lines,
                "split": info.split.map(|(train, test)| json!({"train": train, "test": test})),
                "split_unreadable": broken_split(folders, info),
                "procedural": info.procedural,
                "may_mirror": data::may_mirror(&info.name),
            })
        };
        return print_json(&found.iter().map(row).collect::<Vec<_>>());
    }
    let width = found.iter().map(|info| info.name.chars().count()).max().unwrap_or(0);
    let mut lines = Vec::with_capacity(found.len());
    for info in &found {
        let size = info.bytes.map_or_else(|| "not here".to_owned(), megabytes);
        let split = match info.split {
            Some((train, test)) => format!("{train} to train, {test} to test"),
            None if broken_split(folders, info) => format!("split unreadable: see `denoodle data info \"{}\"`", info.name),
            None if info.file.is_some() => "no split".to_owned(),
            None => String::new(),
        };
        let note = if info.procedural { "  (procedural)" } else { "" };
        lines.push(format!("{:<width$}  {size:>10}  {split}{note}", info.name).trim_end().to_owned());
    }
    if !lines.is_empty() {
        print(&lines.join("\n"))?;
    }
    let count = found.iter().filter(|info| info.file.is_some()).count();
    say(&format!("{count} of {all} categories are in {}; splits are in {}", folders.drawings.display(), folders.subset.display()));
    if count == 0 {
        say("`denoodle data fetch cat` downloads one; `denoodle data sample` makes some up.");
    }
    Ok(())
}

/// True if there is a split that cannot be read.
fn broken_split(folders: &Folders, info: &CategoryInfo) -> bool {
    info.split.is_none() && folders.split(&info.name).exists()
}

fn megabytes(bytes: u64) -> String {
    match bytes {
        0..1_000_000 => format!("{:.1} kB", bytes as f64 / 1e3),
        _ => format!("{:.1} MB", bytes as f64 / 1e6),
    }
}
