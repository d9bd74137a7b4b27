//! `denoodle audit-split`.

use denoodle::data::{self, Cache, Folders, SplitReport, split};
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
    let mut out = vec![
        format!("{}: {leak}", report.category),
        format!("  train      {} entries, {} different, {} repeats", audit.train, report.unique_train, audit.repeated_in_train),
        format!("  test       {} entries, {} different, {} repeats", audit.test, report.unique_test, audit.repeated_in_test),
        format!("  in both    {} different indices, {} entries of the test list", audit.shared, report.shared_entries),
        format!("  clean      would train with {} and test with {} different drawings", report.unique_train, report.clean_test),
    ];
    if let Some(seen) = report.drawings {
        if seen.without_drawing > 0 {
            out.push(format!("  unusable   {} entries have no drawing: past the end of the file, or a bad line", seen.without_drawing));
        }
        out.push(format!(
            "  hidden     {} more test drawings have the key of a training drawing, {} its very strokes",
            seen.same_key, seen.same_strokes
        ));
    }
    out.join("\n")
}
