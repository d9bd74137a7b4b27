//! A page of a category's drawings, and what there is to say of all of them.

use super::{Cache, Drawings, Folders, Spread, open, split};
use crate::sketch::Sketch;
use crate::util::{Cancel, Result};

/// Which of a category's drawings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Portion {
    /// All that are in the file.
    #[default]
    All,
    /// Those of the train list, in its order.
    Train,
    /// Those of the test list, in its order.
    Test,
    /// Both lists, one behind the other.
    Both,
}

/// Drawings to look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Page {
    /// Of which.
    pub portion: Portion,
    /// The place of the first one in its portion, from 0.
    pub first: usize,
    /// So many.
    pub count: usize,
}

/// Some drawings of a category.
#[derive(Debug, Clone, PartialEq)]
pub struct Browsed {
    /// The category.
    pub category: String,
    /// Of which drawings.
    pub portion: Portion,
    /// The place of the first one in its portion, from 0.
    pub first: usize,
    /// In the data frame.
    pub sketches: Vec<Sketch>,
    /// The line of the file that each stands on, from 0: what a split's numbers mean.
    pub numbers: Vec<u64>,
    /// Drawings of the portion; what is repeated counts again.
    pub total: usize,
    /// Drawings of the file.
    pub in_file: u64,
    /// Strokes a drawing, over the portion.
    pub strokes: Spread,
    /// Points a drawing, over the portion.
    pub points: Spread,
    /// Lines of the file that were left out.
    pub left_out: u64,
    /// What was left out and why, and what else a person should know. Empty if all is well.
    pub notes: Vec<String>,
}

/// The drawings of a page, or of the last one if there are not so many. Only these are copied out of the file.
///
/// # Errors
/// If there is no file, or it cannot be read; if a list is asked for and there is no split.
pub fn browse(
    folders: &Folders,
    category: &str,
    Page { portion, first, count }: Page,
    cache: &Cache,
    threads: usize,
    cancel: &Cancel,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Browsed> {
    let path = folders.need(category)?;
    // Before the long reading, so that a missing split is told at once.
    let lists = if portion == Portion::All { None } else { Some(split::read(folders, category)?) };
    let opened = open(&path, cache, threads, cancel, progress)?;
    let (drawings, report) = (&opened.drawings, &opened.report);
    let mut notes = report.messages();
    notes.extend(opened.notes.iter().cloned());
    let places: Vec<usize> = match &lists {
        None => (0..drawings.len()).collect(),
        Some(split) => {
            notes.extend(split::audit(split, report.lines).messages());
            let (train, test) = (portion != Portion::Test, portion != Portion::Train);
            let lists = [(train, &split.train), (test, &split.test)];
            let lines = lists.into_iter().filter(|(wanted, _)| *wanted).flat_map(|(_, list)| list);
            lines.filter_map(|&line| drawings.on_line(line)).collect()
        }
    };
    let count = count.max(1);
    let first = first.min(places.len().saturating_sub(1) / count * count);
    let page = places.get(first..).unwrap_or_default();
    let page = &page[..count.min(page.len())];
    let (strokes, points) = spreads(drawings, &places);
    Ok(Browsed {
        category: category.to_owned(),
        portion,
        first,
        sketches: page.iter().map(|&place| drawings.sketch(place)).collect(),
        numbers: page.iter().map(|&place| drawings.line(place).map_or(0, u64::from)).collect(),
        total: places.len(),
        in_file: report.drawings,
        strokes,
        points,
        left_out: report.bad(),
        notes,
    })
}

fn spreads(drawings: &Drawings, places: &[usize]) -> (Spread, Spread) {
    let (strokes, points) = places.iter().map(|&place| drawings.counts(place)).unzip();
    (Spread::of(strokes), Spread::of(points))
}
