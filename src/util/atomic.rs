//! Files that are either whole or not there: write beside, sync, rename.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use super::{Context, Error, Result};

/// Writes `path` by way of a temporary file in the same folder, which is synced and then renamed over it.
///
/// Missing parent folders are made. On any error the old file, if there was one, is untouched.
pub fn write(path: &Path, fill: impl FnOnce(&mut BufWriter<&File>) -> Result<()>) -> Result<()> {
    // Behind a link it is the file that is written, not the link.
    let linked = fs::canonicalize(path).ok().filter(|_| path.is_symlink());
    let path = linked.as_deref().unwrap_or(path);
    let folder = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    fs::create_dir_all(folder).context_at("cannot make the folder", folder)?;
    let beside = beside(folder).context_at("cannot write in the folder", folder)?;
    // Whoever may read the old file may read the new one, and nobody else.
    if let Ok(old) = fs::metadata(path) {
        beside.as_file().set_permissions(old.permissions()).context_at("cannot set the file's permissions", path)?;
    }
    {
        let mut writer = BufWriter::new(beside.as_file());
        fill(&mut writer).map_err(|error| error.at(path))?;
        writer.flush().context_at("cannot write the file", path)?;
    }
    beside.as_file().sync_all().context_at("cannot write the file to the disk", path)?;
    beside.persist(path).map_err(|e| e.error).context_at("cannot put the file in its place", path)?;
    sync_folder(folder);
    Ok(())
}

/// Tells whether files can be written into a folder, which need not be there yet: to be asked before long work, not after it.
///
/// # Errors
/// If not.
pub fn check_folder(folder: &Path) -> Result<()> {
    let here = || Path::new(".");
    let above = folder.ancestors().map(|path| if path.as_os_str().is_empty() { here() } else { path }).find(|path| path.exists());
    let above = above.unwrap_or_else(here);
    if !above.is_dir() {
        return Err(Error::usage("this is not a folder").at(above).advise("Name another folder to write into."));
    }
    tempfile::tempfile_in(above).context_at("cannot write in the folder", above).map(drop)
}

/// Gives a file or a folder another name in the folder that it is in. What has the name already is never replaced.
pub fn rename(path: &Path, name: &str) -> Result<PathBuf> {
    let to = path.with_file_name(name);
    if to.symlink_metadata().is_ok() {
        return Err(Error::usage(format!("there is something called '{name}' already")).at(&to).advise("Choose another name."));
    }
    fs::rename(path, &to).context_at("cannot rename it", path)?;
    if let Some(folder) = to.parent() {
        sync_folder(folder);
    }
    Ok(to)
}

/// A new name must survive a power cut too; not every platform can sync a folder, and then this is moot.
fn sync_folder(folder: &Path) {
    if let Ok(folder) = File::open(folder) {
        let _ = folder.sync_all();
    }
}

/// Writes bytes at once: see [`write()`].
pub fn write_bytes(path: &Path, bytes: &[u8]) -> Result<()> {
    write(path, |writer| writer.write_all(bytes).context("cannot write the file"))
}

/// A temporary file. Those are private by default; a finished file is like any other, as the user's mask (`umask`) has it.
fn beside(folder: &Path) -> std::io::Result<tempfile::NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".denoodle-").suffix(".tmp");
    #[cfg(unix)]
    builder.permissions(<fs::Permissions as std::os::unix::fs::PermissionsExt>::from_mode(0o666));
    builder.tempfile_in(folder)
}

/// Whether both paths lead to one file, which must not be copied onto itself. Files that are not there are not the same.
pub fn same_file(a: &Path, b: &Path) -> bool {
    matches!((fs::canonicalize(a), fs::canonicalize(b)), (Ok(a), Ok(b)) if a == b)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn a_replaced_file_keeps_its_permissions_and_a_new_one_is_like_any_other() -> Result<()> {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().context("no temporary folder")?;
        let mode = |path: &Path| Ok::<_, Error>(fs::metadata(path).context("it is there")?.permissions().mode() & 0o777);
        let (ours, plain) = (folder.path().join("ours.txt"), folder.path().join("plain.txt"));
        write_bytes(&ours, b"new")?;
        File::create(&plain).context("cannot make a file")?;
        assert_eq!(mode(&ours)?, mode(&plain)?);
        fs::set_permissions(&ours, fs::Permissions::from_mode(0o600)).context("cannot change it")?;
        write_bytes(&ours, b"newer")?;
        assert_eq!(mode(&ours)?, 0o600);
        Ok(())
    }

    #[test]
    fn a_failed_write_leaves_the_old_file_and_no_litter() -> Result<()> {
        let folder = tempfile::tempdir().context("no temporary folder")?;
        let path = folder.path().join("deep/er/file.txt");
        write_bytes(&path, b"old")?;
        let failed = write(&path, |writer| {
            writer.write_all(b"half").context("cannot write")?;
            Err(Error::new("power cut"))
        });
        assert!(failed.is_err());
        assert_eq!(fs::read(&path).ok().as_deref(), Some(&b"old"[..]));
        assert_eq!(path.parent().and_then(|p| fs::read_dir(p).ok()).map(Iterator::count), Some(1));
        Ok(())
    }

    #[test]
    fn a_new_name_replaces_nothing() -> Result<()> {
        let folder = tempfile::tempdir().context("no temporary folder")?;
        let [a, b, c] = ["a", "b", "c"].map(|name| folder.path().join(name));
        write_bytes(&a.join("file"), b"a")?;
        fs::create_dir(&b).context("no folder")?;
        assert!(rename(&a, "b").is_err_and(|error| error.to_string().contains("already")));
        assert_eq!(rename(&a, "c")?, c);
        assert!(c.join("file").is_file() && !a.exists() && b.exists());
        Ok(())
    }
}
