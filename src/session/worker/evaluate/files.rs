//! What an evaluation leaves in its folder.

use std::path::{Path, PathBuf};

use crate::eval::{Scores, report};
use crate::export::{Export, Sheet, side_by_side};
use crate::session::handle::Reporter;
use crate::session::{Evaluated, Event};
use crate::sketch::Sketch;
use crate::util::{Cancel, Error, Kind, Result, atomic};

/// The file that says that there are scores.
const SCORES: &str = "scores.json";

/// The tables of several subjects.
const TABLE: &str = "table.md";

/// An error if there are scores already and they may not be replaced, or if nothing can be written there.
pub(super) fn check(out: &Path, replace: bool) -> Result<()> {
    let there = [SCORES, TABLE].into_iter().map(|name| out.join(name)).find(|path| path.exists());
    match there {
        Some(path) if !replace => Err(Error::usage("there are scores in this folder already")
            .at(path)
            .advise("Name another folder with `--out`, or add `--force` to replace them.")
            .in_window("Run it again: it gets a folder of its own.")),
        _ => atomic::check_folder(out),
    }
}

/// Writes everything: one subject's files into `out`, several subjects' into folders of their own, with tables of all in `out`.
pub(super) fn write(out: &Path, results: &[Evaluated], drawn: &[Vec<Sketch>], reporter: &Reporter) -> Result<Vec<PathBuf>> {
    let mut files = Files { written: Vec::new(), reporter };
    if let ([one], [drawn]) = (results, drawn) {
        files.tables(out, &[&one.scores])?;
        files.subject(out, one, drawn)?;
        return Ok(files.written);
    }
    let mut taken: Vec<String> = Vec::new();
    for (one, drawn) in results.iter().zip(drawn) {
        // A colon, as collections of the user's own have it, is no part of a folder's name everywhere.
        let category = one.scores.category.replace(": ", "-");
        let before = taken.iter().filter(|name| **name == category).count();
        let name = if before == 0 { category.clone() } else { format!("{category}-{}", before + 1) };
        taken.push(category);
        let folder = out.join(name);
        files.tables(&folder, &[&one.scores])?;
        files.subject(&folder, one, drawn)?;
    }
    files.tables(out, &results.iter().map(|one| &one.scores).collect::<Vec<_>>())?;
    Ok(files.written)
}

struct Files<'a> {
    written: Vec<PathBuf>,
    reporter: &'a Reporter,
}

impl Files<'_> {
    fn put(&mut self, path: PathBuf, bytes: &[u8]) -> Result<()> {
        atomic::write_bytes(&path, bytes)?;
        self.written.push(path);
        Ok(())
    }

    fn tables(&mut self, folder: &Path, all: &[&Scores]) -> Result<()> {
        self.put(folder.join("scores.csv"), report::scores_csv(all).as_bytes())?;
        self.put(folder.join("characteristics.csv"), report::characteristics_csv(all).as_bytes())?;
        self.put(folder.join("histograms.csv"), report::histograms_csv(all).as_bytes())?;
        self.put(folder.join("table.tex"), report::latex(all).as_bytes())?;
        self.put(folder.join(TABLE), report::markdown(all).as_bytes())
    }

    fn subject(&mut self, folder: &Path, one: &Evaluated, drawn: &[Sketch]) -> Result<()> {
        self.put(folder.join(SCORES), one.scores.to_json()?.as_bytes())?;
        let word = &one.scores.category;
        let cancel = &self.reporter.cancel;
        let pictures = [("drawings.png", sheets(one, cancel)), ("generated.ndjson", Export::Ndjson.bytes(drawn, word, cancel))];
        for (name, bytes) in pictures {
            match bytes {
                Ok(bytes) => self.put(folder.join(name), &bytes)?,
                Err(error) if error.kind() == Kind::Cancelled => return Err(error),
                // Scores that took an hour are not lost for a picture.
                Err(error) => self.reporter.must(Event::Message(format!("{name} could not be made: {error}"))),
            }
        }
        Ok(())
    }
}

/// Real drawings to the left, generated ones to the right.
fn sheets(one: &Evaluated, cancel: &Cancel) -> Result<Vec<u8>> {
    let sheet = Sheet { columns: Some(5), cell: 160, ..Sheet::default() };
    let words = ["real", "generated"].map(|side| format!("{}, {side}", one.scores.category));
    side_by_side(&sheet, [(&words[0], &one.real), (&words[1], &one.generated)], cancel)
}
