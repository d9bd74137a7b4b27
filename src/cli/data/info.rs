//! `denoodle data info`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Instant;

use denoodle::data::{self, Cache, Folders, Opened, SplitAudit, Spread, split};
use denoodle::util::number::plain;
use denoodle::util::{Result, threads};
use serde::Serialize;

use super::{Bar, cancel_on_signal};
use crate::cli::follow::say;
use crate::cli::{Place, print, print_json};

/// What to look at.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// A name as in `denoodle data list`, or a file of drawings
    #[arg(value_name = "CATEGORY")]
    category: String,
    /// Say how long reading took
    #[arg(long)]
    time: bool,
    /// Read the file itself, and keep nothing of it in the cache
    #[arg(long)]
    no_cache: bool,
    /// CPU threads to read with [default: all]
    #[arg(long, value_name = "N", value_parser = crate::cli::common::whole::<usize>("call.threads"))]
    threads: Option<usize>,
    /// For programs
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    place: Place,
}

/// Everything that is told.
#[derive(Debug, Serialize)]
struct Facts {
    category: String,
    file: PathBuf,
    bytes: u64,
    sha256: String,
    lines: u64,
    drawings: u64,
    procedural: bool,
    recognized: u64,
    with_times: bool,
    scaled: u64,
    words: BTreeMap<String, u64>,
    strokes: Spread,
    points: Spread,
    left_out: BTreeMap<&'static str, u64>,
    split: Option<SplitAudit>,
    /// Entries of the split that point at bad lines.
    on_bad_lines: usize,
    messages: Vec<String>,
    from_cache: bool,
    read_secs: f64,
}

/// In words.
fn spread(of: &Spread) -> String {
    format!("median {}, mean {:.1}, from {} to {}", of.median, of.mean, of.least, of.most)
}

/// Looks at a category or a file.
pub(super) fn run(arguments: Arguments) -> Result<()> {
    let folders = arguments.place.folders();
    let as_file = Path::new(&arguments.category);
    let is_file = folders.find(&arguments.category).is_none() && as_file.is_file();
    let path = if is_file { as_file.to_path_buf() } else { folders.need(&arguments.category)? };
    let cache = if arguments.no_cache { Cache::none() } else { Cache::for_user() };
    let cancel = cancel_on_signal()?;
    let mut bar = Bar::default();
    let mut progress = |done, total| bar.show(&format!("reading {}", path.display()), done, total);
    let start = Instant::now();
    let opened = data::open(&path, &cache, arguments.threads.unwrap_or_else(threads::available), &cancel, &mut progress)?;
    let read_secs = start.elapsed().as_secs_f64();
    bar.end();
    let facts = gather(arguments.category, path, &opened, read_secs, (!is_file).then_some(&folders));
    if arguments.json {
        return print_json(&facts);
    }
    facts.messages.iter().for_each(|message| say(message));
    print(&text(&facts, arguments.time))
}

fn gather(category: String, file: PathBuf, opened: &Opened, read_secs: f64, folders: Option<&Folders>) -> Facts {
    let Opened { drawings, report, .. } = opened;
    let mut messages = report.messages();
    messages.extend(opened.notes.iter().cloned());
    let (mut audit, mut on_bad_lines) = (None, 0);
    // A file on its own has no split.
    match folders.map(|folders| split::read(folders, &category)) {
        Some(Ok(split)) => {
            let audited = split::audit(&split, report.lines);
            messages.extend(audited.messages());
            audit = Some(audited);
            let bad = |index: &&u64| **index < report.lines && drawings.on_line(**index).is_none();
            on_bad_lines = split.train.iter().chain(&split.test).filter(bad).count();
            if on_bad_lines > 0 {
                messages.push(split::on_bad_lines(on_bad_lines));
            }
        }
        Some(Err(error)) => messages.push(error.to_string()),
        None => {}
    }
    let counts: Vec<_> = (0..drawings.len()).map(|i| drawings.counts(i)).collect();
    Facts {
        category,
        file,
        bytes: report.bytes,
        sha256: opened.sha256.clone(),
        lines: report.lines,
        drawings: report.drawings,
        procedural: report.procedural,
        recognized: (0..drawings.len()).filter(|&i| drawings.recognized(i)).count() as u64,
        with_times: drawings.has_times(),
        scaled: report.scaled,
        words: report.words.iter().cloned().collect(),
        strokes: Spread::of(counts.iter().map(|(strokes, _)| *strokes).collect()),
        points: Spread::of(counts.iter().map(|(_, points)| *points).collect()),
        left_out: report.left_out.iter().map(|(problem, count)| (problem.text(), *count)).collect(),
        split: audit,
        on_bad_lines,
        messages,
        from_cache: opened.from_cache,
        read_secs,
    }
}

fn text(facts: &Facts, time: bool) -> String {
    let mut out = vec![
        format!(
            "{}: {}{}",
            facts.category,
            plain(facts.drawings, "drawing", "drawings"),
            if facts.procedural { ", procedural: made up by a program" } else { "" }
        ),
        format!("  file        {} ({:.1} MB)", facts.file.display(), facts.bytes as f64 / 1e6),
        format!("  SHA-256     {}", facts.sha256),
        format!("  lines       {}, of which {} left out", facts.lines, plain(facts.left_out.values().sum::<u64>(), "was", "were")),
        format!("  strokes     {}", spread(&facts.strokes)),
        format!("  points      {}", spread(&facts.points)),
        format!("  times       {}", if facts.with_times { "yes" } else { "no" }),
    ];
    if !facts.procedural {
        out.push(format!("  recognised  {:.1} % by the game", 100.0 * facts.recognized as f64 / facts.drawings.max(1) as f64));
    }
    if facts.scaled > 0 {
        let drawings = plain(facts.scaled, "drawing", "drawings");
        out.push(format!("  scaled      {drawings}, from another size or the raw form"));
    }
    if let Some(split) = &facts.split {
        let repeats = plain(split.repeated_in_train + split.repeated_in_test, "repeat", "repeats");
        out.push(format!("  split       {} to train, {} to test with", split.train, split.test));
        out.push(format!(
            "              {repeats}, {} in both lists, {} past the end, {} on bad lines",
            split.shared, split.past_end, facts.on_bad_lines
        ));
    }
    if time {
        let from = if facts.from_cache { "from the cache" } else { "from the file" };
        let rate = facts.bytes as f64 / 1e6 / facts.read_secs.max(1e-9);
        out.push(format!("  read        {:.3} s, {rate:.0} MB/s, {from}", facts.read_secs));
    }
    out.join("\n")
}
