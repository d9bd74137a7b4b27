//! Made-up drawings give way to people's unasked: a program can make them up again at any time.

use std::fs;
use std::path::{Path, PathBuf};

use super::{Folders, read, split};
use crate::util::{Cancel, Context, Result, threads};

/// Made-up drawings in the place of a category's.
pub(super) struct MadeUp {
    path: PathBuf,
    lines: u64,
}

impl MadeUp {
    /// Those of a category, if what is there is made up.
    pub fn find(folders: &Folders, category: &str, cancel: &Cancel) -> Result<Option<Self>> {
        let Some(path) = folders.find(category).filter(|path| read::is_procedural(path)) else { return Ok(None) };
        let (_, report) = read::read_file(&path, threads::available(), cancel, &mut |_, _| {})?;
        Ok(Some(Self { path, lines: report.lines }))
    }

    /// Others are in `path` now: what is left of these goes, and a split of their lines, which would leave out most of the others'.
    pub fn give_way(self, folders: &Folders, category: &str, path: &Path) -> Result<()> {
        if self.path != path {
            fs::remove_file(&self.path).context_at("cannot remove the made-up drawings", &self.path)?;
        }
        let of_these = |split: split::Split| split.train.iter().chain(&split.test).all(|line| *line < self.lines);
        if split::read(folders, category).is_ok_and(of_these) {
            let path = folders.split(category);
            fs::remove_file(&path).context_at("cannot remove the split of the made-up drawings", &path)?;
        }
        Ok(())
    }
}
