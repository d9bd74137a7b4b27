//! A file that is not whole yet, and what is known of where it comes from.

use std::fs::{self, File, TryLockError};
use std::io::{Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::util::{Context, Error, Result, atomic};

/// Where the bytes come from; kept in a small file beside them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Origin {
    pub url: String,
    /// What the server calls this state of its file, if it does.
    pub same: Option<String>,
    /// Its size, if the server says it.
    pub total: Option<u64>,
}

/// The file while it grows. It is locked: two downloads of one file would spoil each other's bytes.
pub(super) struct Part {
    file: File,
    path: PathBuf,
    origin_path: PathBuf,
    origin: Option<Origin>,
    len: u64,
}

/// The growing file of `path` and its origin.
pub(super) fn beside(path: &Path) -> [PathBuf; 2] {
    [".part", ".part.json"].map(|end| {
        let mut name = path.file_name().unwrap_or_default().to_owned();
        name.push(end);
        path.with_file_name(name)
    })
}

/// True if nothing came yet: then there is nothing to go on from.
pub(super) fn is_empty(path: &Path) -> bool {
    fs::metadata(&beside(path)[0]).is_ok_and(|meta| meta.len() == 0)
}

impl Part {
    /// Opens what an earlier download left, or begins a new one.
    pub fn open(target: &Path) -> Result<Self> {
        let [path, origin_path] = beside(target);
        if let Some(folder) = target.parent() {
            fs::create_dir_all(folder).context_at("cannot make the folder", folder)?;
        }
        let file = File::options().read(true).write(true).create(true).truncate(false).open(&path);
        let mut file = file.context_at("cannot write the download", &path)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(Error::new("another Denoodle is downloading this").at(&path).advise("Wait for it to end, or stop it."));
            }
            // A file system without locks: nothing to be done about it.
            Err(TryLockError::Error(_)) => {}
        }
        let len = file.seek(SeekFrom::End(0)).context_at("cannot read the earlier download", &path)?;
        // Without a readable origin, the bytes are of unknown descent and are never added to.
        let origin = fs::read(&origin_path).ok().and_then(|text| serde_json::from_slice(&text).ok());
        Ok(Self { file, path, origin_path, origin, len })
    }

    /// Bytes that are here.
    pub fn len(&self) -> u64 {
        self.len
    }

    /// Bytes that there will be, if known.
    pub fn total(&self) -> Option<u64> {
        self.origin.as_ref().and_then(|origin| origin.total)
    }

    /// How many bytes are here and what they are a part of, if they can be added to. If not, [`Part::begin`] drops them once others
    /// come: until then they may still be of use to a download from where they are from.
    pub fn resumable(&self, url: &str) -> Option<(u64, String)> {
        let fits = |origin: &&Origin| origin.url == url && origin.total.is_none_or(|total| self.len <= total);
        let same = self.origin.as_ref().filter(fits).and_then(|origin| origin.same.clone())?;
        (self.len > 0).then_some((self.len, same))
    }

    /// Drops all bytes and takes down where the next ones come from.
    pub fn begin(&mut self, origin: Origin) -> Result<()> {
        self.restart()?;
        let text = serde_json::to_vec(&origin).context("cannot note where the download comes from")?;
        atomic::write_bytes(&self.origin_path, &text)?;
        self.origin = Some(origin);
        Ok(())
    }

    /// Drops all bytes.
    pub fn restart(&mut self) -> Result<()> {
        self.origin = None;
        self.len = 0;
        self.file.set_len(0).and_then(|()| self.file.rewind()).context_at("cannot write the download", &self.path)
    }

    /// Adds bytes.
    pub fn write(&mut self, bytes: &[u8]) -> Result<()> {
        self.file.write_all(bytes).map_err(|error| {
            Error::new("cannot write the download")
                .because(error)
                .at(&self.path)
                .advise("Is the disk full? The download goes on where it broke off.")
        })?;
        self.len += bytes.len() as u64;
        Ok(())
    }

    /// What is wrong with it, if anything is.
    pub fn check(&mut self, check: &dyn Fn(&mut File) -> Result<()>) -> Result<()> {
        self.file.rewind().context_at("cannot read the download", &self.path)?;
        let checked = check(&mut self.file);
        self.file.seek(SeekFrom::End(0)).context_at("cannot read the download", &self.path)?;
        checked
    }

    /// Makes it the finished file.
    pub fn finish(self, target: &Path) -> Result<()> {
        self.file.sync_all().context_at("cannot write the download to the disk", &self.path)?;
        // Some platforms do not rename an open file.
        drop(self.file);
        fs::rename(&self.path, target).context_at("cannot put the download in its place", target)?;
        // A leftover note without its bytes is never believed.
        let _ = fs::remove_file(&self.origin_path);
        Ok(())
    }
}
