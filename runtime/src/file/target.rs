//! Replaces a file atomically by writing a new one beside it and renaming it, or in place if that is
//! impossible.

use super::system;
use crate::error::FileProblem;
use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, ErrorKind, Seek, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

/// Largest number of symbolic links followed, as on Linux.
const MOST_LINKS: usize = 40;
/// Bytes of the file's name that the name of its part file repeats at most, to stay below the limits
/// of file systems.
const LONGEST_STEM: usize = 160;
/// Minimum age, relative to a new part file, of a part file that is regarded as left by a crash.
const STALE: Duration = Duration::from_secs(60);

/// A function that writes the contents of a file.
pub(super) type Fill<'a> = &'a dyn Fn(&File) -> io::Result<()>;

/// Checks that `path` is a regular file or does not exist. Returns its metadata, or `None` if it does
/// not exist.
pub(crate) fn regular(path: &Path) -> Result<Option<Metadata>, FileProblem> {
    match fs::metadata(path) {
        Ok(found) if found.is_file() => Ok(Some(found)),
        Ok(found) => Err(FileProblem::NotRegular { kind: system::kind(&found) }),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// Replaces or creates the file at `path` with these bytes.
pub(crate) fn replace_bytes(path: &Path, bytes: &[u8]) -> Result<(), FileProblem> {
    replace(path, &|mut file| file.write_all(bytes))
}

/// Replaces or creates the file at `path`.
pub(super) fn replace(path: &Path, fill: Fill<'_>) -> Result<(), FileProblem> {
    let existing = regular(path)?;
    let path = without_links(path)?;
    let Some(existing) = existing else {
        return match beside(&path, None, fill) {
            Err(error) if allows_in_place(&error) => Ok(create(&path, fill)?),
            done => Ok(done?),
        };
    };
    // a user who may not write to the file may not replace it either
    OpenOptions::new().write(true).open(&path)?;
    if system::has_other_names(&existing) {
        return Ok(overwrite(&path, fill)?);
    }
    match beside(&path, Some(&existing), fill) {
        Err(error) if allows_in_place(&error) => Ok(overwrite(&path, fill)?),
        done => Ok(done?),
    }
}

/// Resolves the symbolic links at `path`, even if the last one points to nothing.
fn without_links(path: &Path) -> io::Result<PathBuf> {
    let mut path = path.to_path_buf();
    for _ in 0..MOST_LINKS {
        match fs::symlink_metadata(&path) {
            Ok(found) if found.is_symlink() => {
                let to = fs::read_link(&path)?;
                path = path.parent().unwrap_or(Path::new("")).join(to);
            }
            _ => return Ok(path),
        }
    }
    Err(io::Error::other("too many symbolic links"))
}

/// Returns true for errors after which writing in place may still succeed: no file can be created
/// beside the target or renamed to it, because the folder belongs to another user or is read-only, the
/// name is too long, or the file is a mount point.
fn allows_in_place(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::PermissionDenied
            | ErrorKind::ReadOnlyFilesystem
            | ErrorKind::InvalidFilename
            | ErrorKind::ResourceBusy
            | ErrorKind::CrossesDevices
    )
}

/// Creates the file at `path` and writes its contents.
fn create(path: &Path, fill: Fill<'_>) -> io::Result<()> {
    let file = File::create_new(path)?;
    let filled = fill(&file).and_then(|()| file.sync_all());
    if filled.is_err() {
        // the first error is returned, not this one
        let _ = fs::remove_file(path);
    }
    filled
}

/// Overwrites the existing file at `path`.
fn overwrite(path: &Path, fill: Fill<'_>) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).open(path)?;
    fill(&file)?;
    let len = file.stream_position()?;
    file.set_len(len)?;
    file.sync_all()
}

/// Writes a new file in the same folder and renames it to `path`, which replaces an existing file
/// atomically.
fn beside(path: &Path, existing: Option<&Metadata>, fill: Fill<'_>) -> io::Result<()> {
    let part = Part::new(path, existing)?;
    if let Some(existing) = existing {
        system::take_over(&part.file, existing)?;
    }
    part.remove_stale();
    fill(&part.file)?;
    part.file.sync_all()?;
    part.move_to(path)
}

/// Removes the part files in a folder that crashes have left: old ones that no process has locked. Errors are
/// ignored.
pub(crate) fn remove_stale(folder: &Path, now: SystemTime, is_part: impl Fn(&str) -> bool) {
    // an empty path is not a valid folder
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let is_part = entry.file_name().to_str().is_some_and(&is_part);
        let is_old = || {
            let modified = entry.metadata().ok().filter(Metadata::is_file)?.modified().ok()?;
            now.duration_since(modified).ok().filter(|age| *age > STALE)
        };
        if is_part && is_old().is_some() {
            let file = OpenOptions::new().write(true).open(entry.path());
            if file.is_ok_and(|file| file.try_lock().is_ok()) {
                let _ = fs::remove_file(entry.path());
            }
        }
    }
}

/// A part file: a new file that will be renamed to its target. Dropping it before that deletes it.
struct Part {
    file: File,
    path: PathBuf,
    /// The common beginning of the names of all part files of the same target.
    stem: String,
    is_moved: bool,
}

impl Part {
    /// Creates an empty part file. Existing ones, perhaps left by a crashed process with the same id, are
    /// skipped.
    fn new(path: &Path, existing: Option<&Metadata>) -> io::Result<Self> {
        static CALLS: AtomicU64 = AtomicU64::new(0);
        let Some(name) = path.file_name() else { return Err(ErrorKind::InvalidInput.into()) };
        let name = name.to_string_lossy();
        let stem = format!(".{}.", &name[..name.floor_char_boundary(LONGEST_STEM)]);
        loop {
            let call = CALLS.fetch_add(1, Ordering::Relaxed);
            let path = path.with_file_name(format!("{stem}{}.{call}.part", std::process::id()));
            match system::new_file(existing).open(&path) {
                Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error),
                Ok(file) => {
                    // marks it as being written; without file locks, its age has to tell that
                    let _ = file.try_lock();
                    return Ok(Self { file, path, stem, is_moved: false });
                }
            }
        }
    }

    fn move_to(mut self, path: &Path) -> io::Result<()> {
        fs::rename(&self.path, path)?;
        self.is_moved = true;
        system::sync_folder(path);
        Ok(())
    }

    /// Removes part files of the same target that crashes have left.
    fn remove_stale(&self) {
        let (Some(folder), Ok(own)) = (self.path.parent(), self.file.metadata()) else { return };
        if let Ok(now) = own.modified() {
            remove_stale(folder, now, |name| self.is_part(name));
        }
    }

    /// Returns true if `name` is the name of a part file of the same target.
    fn is_part(&self, name: &str) -> bool {
        let numbers = name.strip_prefix(&self.stem).and_then(|rest| rest.strip_suffix(".part"));
        let Some((process, call)) = numbers.and_then(|numbers| numbers.split_once('.')) else {
            return false;
        };
        process.parse::<u32>().is_ok() && call.parse::<u64>().is_ok()
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        if !self.is_moved {
            let _ = fs::remove_file(&self.path);
        }
    }
}
