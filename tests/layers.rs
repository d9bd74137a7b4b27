//! Dependencies point down: every module uses only the layers below it, and the command line needs no window.

use std::path::{Path, PathBuf};
use std::process::Command;

/// Each module with those that it may use. `session` is the only one with threads, `studio` sees no tensors.
const ALLOWED: &[(&str, &[&str])] = &[
    ("util", &[]),
    ("sketch", &["util"]),
    ("config", &["util"]),
    ("raster", &["sketch", "util"]),
    ("data", &["sketch", "config", "util"]),
    ("diffusion", &["config", "util"]),
    ("model", &["diffusion", "raster", "config", "sketch", "util"]),
    ("train", &["model", "diffusion", "raster", "config", "sketch", "util"]),
    ("generate", &["model", "diffusion", "config", "sketch", "util"]),
    ("eval", &["model", "raster", "data", "config", "sketch", "util"]),
    ("export", &["raster", "data", "sketch", "util"]),
    ("session", &["train", "generate", "eval", "export", "model", "data", "config", "sketch", "util"]),
    ("studio", &["session", "export", "data", "config", "raster", "sketch", "util"]),
];

fn sources(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).expect("a folder of sources").map(|e| e.expect("an entry").path());
    entries.flat_map(|path| if path.is_dir() { sources(&path) } else { vec![path] }).collect()
}

/// Lines of the product: without comments and without the tests at the end of the file.
fn product(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let lines = text.lines().take_while(|line| !line.starts_with("#[cfg(test)]"));
    lines.enumerate().map(|(i, line)| (i + 1, line.split("//").next().unwrap_or_default()))
}

#[test]
fn modules_use_only_what_lies_below() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let modules: Vec<&str> = ALLOWED.iter().map(|(name, _)| *name).collect();
    for (module, allowed) in ALLOWED {
        let files = sources(&src.join(module));
        assert!(!files.is_empty(), "{module} has no files");
        for file in files.iter().filter(|file| file.extension().is_some_and(|end| end == "rs")) {
            let text = std::fs::read_to_string(file).expect("readable");
            for (number, line) in product(&text) {
                for used in
                    line.match_indices("crate::").map(|(at, _)| line[at + 7..].split(|c: char| !c.is_alphanumeric() && c != '_').next())
                {
                    let used = used.unwrap_or_default();
                    let fine = used == *module || allowed.contains(&used) || !modules.contains(&used);
                    assert!(fine, "{}:{number}: {module} may not use {used}", file.display());
                }
                let forbidden: &[&str] = match *module {
                    "sketch" => &["candle_core", "egui", "std::fs"],
                    "studio" => &["candle_core"],
                    "data" | "export" | "raster" | "util" | "config" | "diffusion" => &["candle_core", "egui"],
                    _ => &["egui"],
                };
                for word in forbidden {
                    assert!(!line.contains(word), "{}:{number}: {module} may not use {word}", file.display());
                }
                if !["session", "studio"].contains(module) && !line.contains("spawn_scoped") {
                    assert!(
                        !line.contains("thread::Builder"),
                        "{}:{number}: only the session owns threads that outlive a call",
                        file.display()
                    );
                }
            }
        }
    }
}

#[test]
fn every_module_is_in_the_table() {
    let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/lib.rs")).expect("readable");
    for module in text.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';')) {
        assert!(ALLOWED.iter().any(|(name, _)| *name == module), "{module} has no place among the layers");
    }
}

#[test]
fn the_command_line_alone_needs_no_window() {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".into());
    let tree = Command::new(cargo)
        .args(["tree", "--offline", "--locked", "--no-default-features", "--edges", "normal", "--prefix", "none"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo tree runs");
    if !tree.status.success() {
        // Past the capture of passing tests: a skip must be seen.
        use std::io::Write as _;
        let _ = writeln!(std::io::stderr(), "skipped: cargo tree could not run: {}", String::from_utf8_lossy(&tree.stderr));
        return;
    }
    let tree = String::from_utf8_lossy(&tree.stdout);
    assert!(tree.contains("candle-core"));
    for window in ["egui", "eframe", "winit", "rfd"] {
        assert!(!tree.lines().any(|line| line.starts_with(window)), "{window} is in the tree of the command line");
    }
}
