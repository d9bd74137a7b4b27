//! Making the split of a category from what is known of its file.

use std::path::PathBuf;

use super::{Cache, Folders, Split, catalog, open, split};
use crate::config::own;
use crate::util::{Cancel, Error, Result};

/// What split is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SplitPlan {
    /// Divide the official file's lines, whatever is on this machine; only where their number is known.
    pub official: bool,
    /// So many to train and to test with; without, see [`split::usual_sizes`].
    pub sizes: Option<(usize, usize)>,
    /// Decides which.
    pub seed: u64,
}

/// Makes, but does not write, a split: of the good lines of the category's file, or of the official file if that is not here.
///
/// # Errors
/// If neither is known, the file cannot be read, or there are too few drawings for the sizes.
pub fn make_split(
    folders: &Folders,
    category: &str,
    plan: SplitPlan,
    cache: &Cache,
    threads: usize,
    cancel: &Cancel,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Split> {
    catalog::check_name(own::bare(category))?;
    let known = catalog::official_lines(category);
    let lines: Vec<u64> = match (known, folders.find(category)) {
        (Some(lines), file) if plan.official || file.is_none() => (0..lines).collect(),
        _ if plan.official => {
            return Err(Error::usage(format!("the number of lines of the official file of '{category}' is not known"))
                .advise("Fetch it, then make the split without `--official`."));
        }
        _ => {
            let drawings = open(&folders.need(category)?, cache, threads, cancel, progress)?.drawings;
            (0..drawings.len()).filter_map(|i| drawings.line(i)).map(u64::from).collect()
        }
    };
    let (train, test) = plan.sizes.unwrap_or_else(|| split::usual_sizes(lines.len()));
    split::make(&lines, train, test, plan.seed)
}

/// Gives a category that has drawings but no split the usual one. Gives the new split's path; nothing if there was one, or if
/// there are too few drawings to divide.
pub(super) fn ensure_split(folders: &Folders, category: &str, cache: &Cache, threads: usize, cancel: &Cancel) -> Result<Option<PathBuf>> {
    let path = folders.split(category);
    if path.exists() {
        return Ok(None);
    }
    let plan = SplitPlan { official: false, sizes: None, seed: split::USUAL_SEED };
    match make_split(folders, category, plan, cache, threads, cancel, &mut |_, _| {}) {
        Ok(made) => split::write(&path, &made).map(|()| Some(path)),
        // A single drawing: it can be looked at, but not divided.
        Err(error) if error.kind() == crate::util::Kind::Usage => Ok(None),
        Err(error) => Err(error),
    }
}
