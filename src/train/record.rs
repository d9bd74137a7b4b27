//! What a run folder says of a run: `run.ron`, which is all that is needed to repeat it, and `metrics.jsonl`.

use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::objective::Losses;
use super::trainer::StepReport;
use crate::config::preset::complaint;
use crate::config::{DeviceChoice, Preset};
use crate::util::{Context, Error, Result, atomic};

/// Everything that decided a run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RunRecord {
    /// The program's version.
    pub program: String,
    /// When it was started, in UTC.
    pub started: String,
    /// What was learnt.
    pub categories: Vec<String>,
    /// Decides all randomness.
    pub seed: u64,
    /// Steps planned; with `--minutes`, what the timing came to. `None` until then.
    pub steps: Option<u64>,
    /// Where it was to be computed, as the person chose: `auto` stays `auto`.
    pub device: DeviceChoice,
    /// With how many threads; the result does not depend on it.
    pub threads: usize,
    /// Folder of the drawings.
    pub drawings: PathBuf,
    /// Folder of the splits.
    pub subset: PathBuf,
    /// Identity of the drawings: `category: sha256`.
    pub sources: Vec<String>,
    /// Model that it started from.
    pub from: Option<PathBuf>,
    /// All settings.
    pub preset: Preset,
}

const RUN: &str = "run.ron";
pub(super) const METRICS: &str = "metrics.jsonl";

impl RunRecord {
    /// The file of a run folder's record: what makes a folder a run.
    pub fn file(folder: &Path) -> PathBuf {
        folder.join(RUN)
    }

    /// Writes `run.ron`.
    pub fn write(&self, folder: &Path) -> Result<()> {
        let pretty = ron::ser::PrettyConfig::default();
        let text = ron::ser::to_string_pretty(self, pretty).context("the run's record cannot be written")?;
        atomic::write_bytes(&Self::file(folder), format!("// Everything that is needed to repeat this run.\n{text}\n").as_bytes())
    }

    /// Reads `run.ron` of a run folder.
    pub fn read(folder: &Path) -> Result<Self> {
        let path = Self::file(folder);
        let text = std::fs::read_to_string(&path).map_err(|e| match e.kind() {
            std::io::ErrorKind::NotFound => {
                Error::usage("this folder holds no run").at(&path).advise("Start one without --resume.").in_window("Start a new run.")
            }
            _ => Error::new("the run's record cannot be read").because(e).at(&path),
        })?;
        let record: Self = ron::from_str(&text)
            .map_err(|e| Error::new(format!("the run's record cannot be read: {}", e.code)).at(&path).line(e.span.start.line as u64))?;
        match complaint(&record.preset) {
            None => Ok(record),
            Some((_, what)) => Err(Error::new(format!("the run's settings cannot be used: {what}")).at(&path)),
        }
    }
}

/// How long a run's first `step` steps took, in seconds, pauses not counted, if its metrics tell.
pub fn elapsed_secs(folder: &Path, step: u64) -> Option<f64> {
    let lines = lines(&folder.join(METRICS))?;
    // A step may be made twice, after a roll-back: the later time counts.
    let of = |line: String| {
        let value = serde_json::from_str::<Value>(&line).ok()?;
        let secs = value["elapsed_secs"].as_f64().filter(|_| value["step"].as_u64() == Some(step))?;
        std::time::Duration::try_from_secs_f64(secs).is_ok().then_some(secs)
    };
    lines.filter_map(of).last()
}

/// The lines of a file that are text; `None` if it cannot be opened.
fn lines(path: &Path) -> Option<impl Iterator<Item = String> + use<>> {
    let lines = BufReader::new(File::open(path).ok()?).split(b'\n').map_while(std::io::Result::ok);
    Some(lines.filter_map(|line| String::from_utf8(line).ok()))
}

/// The lines of a file of JSON objects whose `step` is at most this one; `None` if there is no such file.
///
/// A run that goes on from a checkpoint makes all later ones anew, and what a kill left half written is none.
pub fn lines_until(path: &Path, step: u64) -> Option<Vec<String>> {
    let lines = lines(path)?;
    let made = |line: &String| serde_json::from_str::<Value>(line).is_ok_and(|value| value["step"].as_u64().is_some_and(|s| s <= step));
    Some(lines.filter(made).collect())
}

/// One JSON object a line; opened for appending.
pub struct Metrics {
    file: File,
    path: PathBuf,
}

impl Metrics {
    /// Opens the file; lines of steps after `step` are dropped, because a resumed run makes them anew.
    pub fn open(folder: &Path, step: u64) -> Result<Self> {
        let path = folder.join(METRICS);
        if let Some(kept) = lines_until(&path, step) {
            let text: String = kept.iter().flat_map(|line| [line.as_str(), "\n"]).collect();
            atomic::write_bytes(&path, text.as_bytes())?;
        }
        let file = OpenOptions::new().create(true).append(true).open(&path).context_at("cannot write the metrics", &path)?;
        Ok(Self { file, path })
    }

    /// A training step.
    pub fn step(&mut self, step: u64, drawings: u64, report: &StepReport, drawings_per_sec: f64, elapsed_secs: f64) -> Result<()> {
        let line = json!({
            "kind": "train", "step": step, "drawings": drawings, "rate": report.rate, "gradient_norm": report.gradient_norm,
            "drawings_per_sec": drawings_per_sec, "elapsed_secs": elapsed_secs,
        });
        self.losses(line, &report.losses)
    }

    /// A look at the test split.
    pub fn test(&mut self, step: u64, drawings: u64, losses: &Losses) -> Result<()> {
        self.losses(json!({"kind": "test", "step": step, "drawings": drawings, "judged": losses.judged}), losses)
    }

    /// A line with the losses, and the figure beside them, by their names.
    fn losses(&mut self, mut line: Value, losses: &Losses) -> Result<()> {
        let [main, side] = *losses.names;
        line[main] = json!(losses.main);
        line[side] = json!(losses.side);
        if let Some(figure) = losses.figure {
            line[figure.name] = json!(figure.value);
        }
        self.line(&line)
    }

    /// A roll-back.
    pub fn rollback(&mut self, step: u64, why: &str) -> Result<()> {
        self.line(&json!({"kind": "rollback", "step": step, "why": why}))
    }

    fn line(&mut self, value: &Value) -> Result<()> {
        // One write a line: a reader sees whole lines only.
        self.file.write_all(format!("{value}\n").as_bytes()).context_at("cannot write the metrics", &self.path)
    }
}
