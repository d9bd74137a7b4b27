//! Models by the name that a person gives: a shipped one's, a file's, a run folder's.

use std::fmt;
use std::path::{Path, PathBuf};

use crate::model::shipped::{SHIPPED, Shipped, shipped};
use crate::model::{ModelFile, file};
use crate::util::digest::sha256;
use crate::util::{Context, Error, Result};

/// A model that is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Named {
    /// Part of the program.
    Shipped(&'static Shipped),
    /// A file: of a run folder its best model, or else its newest.
    File(PathBuf),
}

impl Named {
    /// Finds it. A shipped model's name comes first: a folder of that name is reached as `./cat`.
    ///
    /// # Errors
    /// No such file; a folder without a model.
    pub fn find(named: &Path) -> Result<Self> {
        if let Some(shipped) = named.to_str().and_then(shipped) {
            return Ok(Self::Shipped(shipped));
        }
        if named.is_dir() {
            return file::preferred(named).map(Self::File).ok_or_else(|| {
                Error::usage("this folder holds no model")
                    .at(named)
                    .advise("Train one into it with `denoodle train --out`, or name a .safetensors file.")
                    .in_window("Choose a run that has one, or a .safetensors file.")
            });
        }
        if named.exists() {
            return Ok(Self::File(named.to_path_buf()));
        }
        let names = SHIPPED.iter().map(|model| model.name).collect::<Vec<_>>().join(", ");
        let advice = format!("Name a .safetensors file, a run folder, or a model that the program is shipped with: {names}.");
        Err(Error::usage("there is no such model")
            .at(named)
            .advise(format!("{advice} `denoodle doctor` lists the models that it finds."))
            .in_window(advice))
    }

    /// The model in it.
    ///
    /// # Errors
    /// A file that cannot be read or is no model.
    pub fn read(&self) -> Result<ModelFile> {
        match self {
            Self::Shipped(shipped) => shipped.read(),
            Self::File(path) => ModelFile::read(path),
        }
    }

    /// SHA-256 of its file.
    ///
    /// # Errors
    /// A file that cannot be read.
    pub fn sha256(&self) -> Result<String> {
        match self {
            Self::Shipped(shipped) => Ok(sha256(shipped.bytes())),
            Self::File(path) => Ok(sha256(&std::fs::read(path).context_at("cannot read the model", path)?)),
        }
    }
}

impl fmt::Display for Named {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Shipped(shipped) => write!(f, "{} (shipped)", shipped.name),
            Self::File(path) => write!(f, "{}", path.display()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shipped_models_can_do_what_is_said_of_them() -> Result<()> {
        for model in SHIPPED {
            let can = crate::generate::capabilities(Path::new(model.name))?;
            let strokes = can.stroke_trace && can.completion;
            assert_eq!((strokes, can.latent), (model.strokes, model.latent), "{}", model.name);
        }
        Ok(())
    }

    #[test]
    fn a_shipped_name_comes_first_and_a_wrong_one_is_told_what_there_is() {
        let found = Named::find(Path::new("cat")).expect("shipped");
        assert_eq!((found.to_string().as_str(), found.read().expect("a model").info.categories), ("cat (shipped)", vec!["cat".to_owned()]));
        assert_eq!(found.sha256().expect("a digest").len(), 64);
        let error = Named::find(Path::new("./cat")).expect_err("no such folder").to_string();
        assert!(error.contains("cat, bus, rabbit, base, cat-latent"), "{error}");
    }
}
