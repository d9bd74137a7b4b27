//! Scores as files and as text: a value in, text out; one form a file.
//!
//! Several scores stand in one table only if [`super::check_side_by_side`] lets them; else each has its own, and the reason is told.

mod comparison;
mod csv;
mod latex;
mod markdown;
mod text;

pub use comparison::{comparison_csv, comparison_facts, comparison_latex, comparison_markdown, comparison_text, weights_words};
pub use csv::{characteristics_csv, histograms_csv, scores_csv};
pub use latex::latex;
pub use markdown::markdown;
pub use text::{explanations, text};

use super::scores::{Against, CharacteristicScore, Origin, Score, Scores, Versus};
use super::{Explained, check_side_by_side};

/// A score in words: the cells of a table's row.
pub(super) struct Row {
    pub name: &'static str,
    pub better: &'static str,
    /// `12.345 ± 0.120`, or a dash.
    pub value: String,
    /// Of the first seed: `11.9 to 12.8`; empty if there is none.
    pub interval: String,
    /// `3.210`; empty if there is none.
    pub floor: String,
    /// The same figure of real test drawings; empty if it has none.
    pub real: String,
    pub absent: Option<String>,
}

impl Row {
    fn of(score: &Score) -> Self {
        let about = score.kind.explained();
        let number = |value: f64| decimal(value, about);
        let spread = score.spread.map_or(String::new(), |spread| format!(" ± {}", number(spread)));
        // A single score of subsets has their deviation instead.
        let deviation = score.runs.first().and_then(|run| run.deviation).filter(|_| score.spread.is_none());
        let deviation = deviation.map_or(String::new(), |deviation| format!(" ± {}", number(deviation)));
        let interval = score.runs.first().and_then(|run| run.interval);
        Self {
            name: about.name,
            better: about.better_words(),
            value: score.mean.map_or_else(|| "–".to_owned(), |mean| number(mean) + &spread + &deviation),
            interval: interval.map_or(String::new(), |[low, high]| format!("{} to {}", number(low), number(high))),
            floor: score.floor.map_or(String::new(), |floor| number(floor.value)),
            real: score.of_real.map_or(String::new(), number),
            absent: score.absent.clone(),
        }
    }

    /// The value with its floor, for a table of several.
    fn brief(&self) -> String {
        if self.floor.is_empty() { self.value.clone() } else { format!("{} (floor {})", self.value, self.floor) }
    }
}

fn decimal(value: f64, about: &Explained) -> String {
    format!("{value:.*}", about.decimals)
}

/// A mean, a distance of strokes: three figures are enough.
fn figure(value: Option<f64>) -> String {
    value.map_or_else(|| "–".to_owned(), |value| if value.abs() >= 100.0 { format!("{value:.1}") } else { format!("{value:.3}") })
}

/// A characteristic in words: its name, both means, the distance with its spread, the floor.
fn characteristic_cells(one: &CharacteristicScore) -> [String; 5] {
    let spread = one.spread.map_or(String::new(), |spread| format!(" ± {}", figure(Some(spread))));
    [one.name.clone(), figure(one.real_mean), figure(one.generated_mean), figure(one.distance) + &spread, figure(one.floor)]
}

impl Origin {
    /// What it is called where there is little room: its file's name, or for a run's model the run's.
    pub fn name(&self) -> String {
        let (Self::Model { file, .. } | Self::Drawings { file, .. }) = self;
        let path = std::path::Path::new(file);
        let last = |path: &std::path::Path| path.file_name().map(|name| name.to_string_lossy().into_owned());
        let own = last(path).unwrap_or_else(|| file.clone());
        let of_run = matches!(own.as_str(), "best.safetensors" | "newest.safetensors");
        path.parent().filter(|_| of_run).and_then(last).unwrap_or(own)
    }

    /// Its file and its SHA-256.
    pub fn file(&self) -> (&str, &str) {
        let (Self::Model { file, sha256, .. } | Self::Drawings { file, sha256 }) = self;
        (file, sha256)
    }
}

/// The line under a title: what the scores rest on.
fn basis_words(scores: &Scores, versus: &Versus) -> String {
    let basis = &scores.basis;
    let seeds: Vec<String> = scores.seeds.iter().map(u64::to_string).collect();
    let seeds = match seeds.len() {
        0 => "no seed (drawings made elsewhere)".to_owned(),
        1 => format!("seed {}", seeds[0]),
        _ => format!("seeds {}", seeds.join(", ")),
    };
    format!(
        "{} generated against {} real drawings, {}; floor of {} training drawings; {}: {}, {} wide, SHA-256 {}; renderer {}; {seeds}",
        scores.generated,
        versus.real,
        versus.against.words(),
        versus.floor,
        basis.protocol.features(),
        basis.extractor.name,
        basis.width,
        basis.extractor.sha256.get(..12).unwrap_or(&basis.extractor.sha256),
        basis.renderer,
    )
}

/// What may stand in one table, list by list; for those that may not, one after the other, why.
fn groups<'a>(all: &[&'a Scores]) -> Vec<(Against, std::result::Result<Vec<&'a Scores>, String>)> {
    let mut groups = Vec::new();
    for against in [Against::AsGiven, Against::WithoutShared] {
        let scored: Vec<&Scores> = all.iter().copied().filter(|scores| scores.versus(against).is_some()).collect();
        if scored.len() < 2 {
            continue;
        }
        let refused = check_side_by_side(&scored, against).err().map(|error| error.to_string().replace("\n  ", ". "));
        groups.push((against, refused.map_or(Ok(scored), Err)));
    }
    groups
}

/// Rows of several scores: the name, how to read it, a cell for each.
fn joint_rows(scores: &[&Scores], against: Against) -> Vec<(&'static Explained, Vec<String>)> {
    let cell = |one: &&Scores, about: &Explained| {
        let score = one.versus(against).and_then(|versus| versus.score(about.kind));
        score.map_or_else(|| "–".to_owned(), |score| Row::of(score).brief())
    };
    super::SCORES.iter().map(|about| (about, scores.iter().map(|one| cell(one, about)).collect())).collect()
}

/// Why scores are absent, or have no interval: one line each, a reason once.
fn remarks(versus: &Versus) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut add = |names: Vec<&str>, why: &str, what: &str| out.push(format!("{} {what}: {why}.", names.join(", ")));
    for (what, of) in [
        ("absent", (|score: &Score| score.absent.clone()) as fn(&Score) -> Option<String>),
        ("without an interval", |score: &Score| score.no_interval.clone()),
    ] {
        let mut reasons: Vec<String> = versus.scores.iter().filter_map(of).collect();
        reasons.dedup();
        for why in reasons {
            let names = versus.scores.iter().filter(|score| of(score).as_deref() == Some(&why)).map(|score| score.kind.name()).collect();
            add(names, &why, what);
        }
    }
    out
}
