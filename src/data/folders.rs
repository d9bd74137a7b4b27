//! Where drawings and splits are kept.

use std::borrow::Cow;
use std::path::{Path, PathBuf};

use super::catalog::{check_name, similar};
use crate::config::own;
use crate::util::{Error, Result};

/// The endings of files of drawings; the first wins if both are there.
pub(super) const ENDINGS: [&str; 2] = ["ndjson", "ndjson.gz"];

/// The folders of one collection of drawings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Folders {
    /// Holds `<category>.ndjson` or `<category>.ndjson.gz`.
    pub drawings: PathBuf,
    /// Holds `<category>/indices.json`.
    pub subset: PathBuf,
}

impl Folders {
    /// The folders that are meant when some are named and others are not.
    ///
    /// Drawings: the given folder, or `drawings` in the user's data folder. Splits: the given folder; or `subset` in the given
    /// folder of drawings, or beside it, if there is one; or `subset` in the working folder, if there is one (as in a clone of
    /// the repository); or `subset` in the user's data folder.
    pub fn resolve(drawings: Option<PathBuf>, subset: Option<PathBuf>) -> Self {
        let home = user_folder();
        let here = PathBuf::from("subset");
        let near = |folder: &PathBuf| [folder.join("subset"), folder.with_file_name("subset")].into_iter().find(|near| near.is_dir());
        let beside = drawings.as_ref().and_then(near);
        let subset = subset.or(beside).unwrap_or_else(|| if here.is_dir() { here } else { home.join("subset") });
        Self { drawings: drawings.unwrap_or_else(|| home.join("drawings")), subset }
    }

    /// The folders of this user: see [`Folders::resolve`].
    pub fn default_for_user() -> Self {
        Self::resolve(None, None)
    }

    /// Where a category's files are, and what they are called there: those of the user's own have folders of their own.
    fn place<'a>(&'a self, category: &'a str) -> (Cow<'a, Self>, &'a str) {
        match own::word(category) {
            Some(word) => (Cow::Owned(self.own()), word),
            None => (Cow::Borrowed(self), category),
        }
    }

    /// The file of a category's drawings, if it is there.
    pub fn find(&self, category: &str) -> Option<PathBuf> {
        let (place, word) = self.place(category);
        check_name(word).ok()?;
        ENDINGS.iter().map(|ending| place.drawings.join(format!("{word}.{ending}"))).find(|path| path.is_file())
    }

    /// The file of a category's drawings; an error that says what to do if it is not there.
    pub fn need(&self, category: &str) -> Result<PathBuf> {
        check_name(own::bare(category))?;
        self.find(category).ok_or_else(|| {
            if own::word(category).is_some() {
                let error = Error::new(format!("there are no drawings of '{category}'"));
                return error.at(self.own().drawings).advise("Keep some in the window's Draw.");
            }
            let near = similar(category);
            let (advice, in_window) = match near.first() {
                Some(&name) if name != category => {
                    let meant = format!("Did you mean {}?", near.join(", "));
                    (format!("{meant} Names are spelled as in `denoodle data list`."), meant)
                }
                Some(name) => (
                    format!("`denoodle data fetch \"{name}\"` downloads it; `denoodle data sample` makes up cats, buses and rabbits."),
                    "Categories downloads it.".into(),
                ),
                None => (
                    "`denoodle data list` lists the categories; `denoodle data import FILE` takes over drawings of your own.".into(),
                    "Categories lists what there is, and imports drawings of your own.".into(),
                ),
            };
            Error::new(format!("there are no drawings of '{category}'")).at(&self.drawings).advise(advice).in_window(in_window)
        })
    }

    /// Where a category's split is, or would be.
    pub fn split(&self, category: &str) -> PathBuf {
        let (place, word) = self.place(category);
        place.subset.join(word).join("indices.json")
    }
}

/// Where Denoodle keeps this user's drawings and splits.
pub fn user_folder() -> PathBuf {
    directories::ProjectDirs::from("", "", "denoodle").map_or_else(|| PathBuf::from("denoodle-data"), |dirs| dirs.data_dir().to_path_buf())
}

/// The category that a file of drawings is named after: "cat" for `cat.ndjson` and `cat.ndjson.gz`.
pub(super) fn category_of(path: &Path) -> Option<&str> {
    let name = path.file_name()?.to_str()?;
    ENDINGS.iter().find_map(|ending| name.strip_suffix(ending)?.strip_suffix('.')).filter(|name| check_name(name).is_ok())
}

/// What there is of a category.
#[derive(Debug, Clone, PartialEq)]
pub struct CategoryInfo {
    /// The data set's own name, such as "The Eiffel Tower", or that of a collection of the user's own: see [`own`].
    pub name: String,
    /// The file on this machine.
    pub file: Option<PathBuf>,
    /// Its size in bytes.
    pub bytes: Option<u64>,
    /// Lines of the official file, where we know them.
    pub official_lines: Option<u64>,
    /// Drawings in the train and test lists.
    pub split: Option<(usize, usize)>,
    /// True for made-up drawings of the built-in sketchbook.
    pub procedural: bool,
}
