//! `denoodle audit-split`.

use denoodle::data::{self, Cache, Folders, SplitReport, split};
use denoodle::util::number::plain;
use denoodle::util::{Cancel, Result, threads};

use super::follow::{say, stop_on_signal};
use super::{Place, print, print_json};

/// See what train and test lists share and repeat
///
/// An index in both lists is learned and tested; one that is repeated counts more often. Nothing is changed: given lists are kept as they are, and `denoodle evaluate` scores
/// both with and without what is shared. Needs no drawings; where they are there, it also tells which different lines are one drawing.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Names as in `denoodle data list` [default: every category with a split]
    #[arg(value_name = "CATEGORY")]
    categories: Vec<String>,
    #[command(flatten)]
    place: Place,
    /// For programs
    #[arg(long)]
    json: bool,
}

/// Counts and prints.
pub(crate) fn run(arguments: Arguments) -> Result<()> {
    let folders = arguments.place.folders();
    let named = !arguments.categories.is_empty();
    let categories = if named { arguments.categories } else { data::audit_folder(&folders)? };
    let cancel = Cancel::default();
    stop_on_signal(cancel.clone())?;
    let mut reports = Vec::with_capacity(categories.len());
    for category in &categories {
        cancel.check()?;
        reports.push(audit(&folders, category, &cancel)?);
    }
    if arguments.json {
        return print_json(&reports);
    }
    print(&reports.iter().map(text).collect::<Vec<_>>().join("\n"))
}

fn audit(folders: &Folders, category: &str, cancel: &Cancel) -> Result<SplitReport> {
    let lists = split::read(folders, category)?;
    let without = data::report_split(category, &lists);
    if folders.find(category).is_none() {
        return Ok(without);
    }
    match data::divided(folders, category, &Cache::for_user(), threads::available(), cancel, &mut |_, _| {}) {
        Ok(divided) => Ok(SplitReport::with_drawings(&divided)),
        Err(error) => {
            cancel.check()?;
            say(&format!("the drawings of {category} tell nothing about its split: {error}"));
            Ok(without)
        }
    }
}

fn text(report: &SplitReport) -> String {
    let SplitReport { audit, .. } = report;
    let leak = if audit.shared == 0 { "nothing leaks" } else { "test drawings leak into training" };
    let entries = |number: usize| plain(number, "entry", "entries");
    let repeats = |number: usize| plain(number, "repeat", "repeats");
    let indices = plain(audit.shared, "different index", "different indices");
    let clean = plain(report.clean_test, "different drawing", "different drawings");
    let mut out = vec![
        format!("{}: {leak}", report.category),
        format!("  train      {}, {} different, {}", entries(audit.train), report.unique_train, repeats(audit.repeated_in_train)),
        format!("  test       {}, {} different, {}", entries(audit.test), report.unique_test, repeats(audit.repeated_in_test)),
        format!("  in both    {indices}, {} of the test list", entries(report.shared_entries)),
        format!("  clean      would train with {} and test with {clean}", report.unique_train),
    ];
    if let Some(seen) = report.drawings {
        if seen.without_drawing > 0 {
            let entries = plain(seen.without_drawing, "entry has", "entries have");
            out.push(format!("  unusable   {entries} no drawing: past the end of the file, or a bad line"));
        }
        let drawings = plain(seen.same_key, "more test drawing has", "more test drawings have");
        out.push(format!("  hidden     {drawings} the key of a training drawing, {} its very strokes", seen.same_strokes));
    }
    out.join("\n")
}
