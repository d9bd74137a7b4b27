//! What `metrics.jsonl` tells of a run's losses, read back line by line in bounded memory.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use serde_json::Value;

use super::record::METRICS;
use crate::util::{Cancel, Context, Result};

/// No line of ours is nearly as long; one that is longer is none, and is not kept in memory.
const LONGEST_LINE: u64 = 1 << 16;
/// Lines between two looks at whether somebody wants it to stop.
const LINES_A_LOOK: u64 = 4096;

/// A line of a run's metrics. A loss that is not a number, or is not there, is not-a-number.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Past {
    /// A training step, with its main loss.
    Step(u64, f64),
    /// A look at the test split, with its main loss.
    Test(u64, f64),
    /// The run went back to this step.
    Back(u64),
}

/// Hands out what the metrics of a run tell, in their order. A line that is broken (the last one of a run that was killed) is left out.
///
/// # Errors
/// If the file is not there or cannot be read, or somebody wants it to stop.
pub fn past(folder: &Path, names: &[&str; 2], cancel: &Cancel, each: &mut dyn FnMut(Past)) -> Result<()> {
    let path = folder.join(METRICS);
    let file = File::open(&path).context_at("cannot read the metrics of this run", &path)?;
    let mut reader = BufReader::new(file);
    let (mut line, mut number, mut too_long) = (Vec::new(), 0u64, false);
    loop {
        if number.is_multiple_of(LINES_A_LOOK) {
            cancel.check()?;
        }
        number += 1;
        line.clear();
        let read = reader.by_ref().take(LONGEST_LINE).read_until(b'\n', &mut line);
        if read.context_at("cannot read the metrics of this run", &path)? == 0 {
            return Ok(());
        }
        let ends = line.last() == Some(&b'\n');
        // The rest of a line that is too long is no line either.
        let whole = !std::mem::replace(&mut too_long, !ends);
        if let Some(past) = Some(&line).filter(|_| whole).and_then(|line| told(line, names[0])) {
            each(past);
        }
    }
}

fn told(line: &[u8], main: &str) -> Option<Past> {
    let value: Value = serde_json::from_slice(line).ok()?;
    let step = value["step"].as_u64()?;
    let loss = value[main].as_f64().unwrap_or(f64::NAN);
    match value["kind"].as_str()? {
        "train" => Some(Past::Step(step, loss)),
        "test" => Some(Past::Test(step, loss)),
        "rollback" => Some(Past::Back(step)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::util::atomic;

    #[test]
    fn broken_and_endless_lines_are_left_out() {
        let folder = tempfile::tempdir().expect("a folder");
        let endless = "x".repeat(3 * LONGEST_LINE as usize);
        let text = format!(
            "{}\n{}\n{endless}\n{}\nnonsense\n{}\n{}",
            r#"{"kind":"train","step":1,"diffusion":0.5,"stop":0.1}"#,
            r#"{"kind":"train","step":2,"diffusion":null}"#,
            r#"{"kind":"test","step":2,"diffusion":0.25,"judged":0.3}"#,
            r#"{"kind":"rollback","step":1,"why":"the loss is NaN"}"#,
            r#"{"kind":"train","step":2,"diffu"#
        );
        atomic::write_bytes(&folder.path().join(METRICS), text.as_bytes()).expect("written");
        let mut all = Vec::new();
        past(folder.path(), &["diffusion", "stop"], &Cancel::default(), &mut |past| all.push(past)).expect("readable");
        assert!(matches!(all[1], Past::Step(2, loss) if loss.is_nan()), "{all:?}");
        all.remove(1);
        assert_eq!(all, [Past::Step(1, 0.5), Past::Test(2, 0.25), Past::Back(1)]);
        let none = past(&folder.path().join("none"), &["diffusion", "stop"], &Cancel::default(), &mut |_| {});
        assert!(none.is_err_and(|error| error.to_string().contains("metrics.jsonl")));
    }
}
