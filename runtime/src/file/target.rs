//! Where a file is saved: beside its place and moved there, or in place where that cannot be.

use super::system;
use crate::error::FileProblem;
use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, ErrorKind, Seek};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// Symbolic links that are followed, as many as Linux follows.
const MOST_LINKS: usize = 40;
/// Bytes of a name that the name of its part repeats, so that it is no longer than any system allows.
const LONGEST_STEM: usize = 160;
/// How much older than a new part one is that a crash has left.
const STALE: Duration = Duration::from_secs(60);

/// What fills a file from its beginning.
pub(super) type Fill<'a> = &'a dyn Fn(&File) -> io::Result<()>;

/// That what stands at a path, if anything does, is a regular file; its metadata.
pub(super) fn regular(path: &Path) -> Result<Option<Metadata>, FileProblem> {
    match fs::metadata(path) {
        Ok(found) if found.is_file() => Ok(Some(found)),
        Ok(found) => Err(FileProblem::NotRegular { kind: system::kind(&found) }),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// Fills the file at `path`, a new one or the one that is there.
pub(super) fn replace(path: &Path, fill: Fill<'_>) -> Result<(), FileProblem> {
    let existing = regular(path)?;
    let path = without_links(path)?;
    let Some(existing) = existing else {
        return match beside(&path, None, fill) {
            Err(error) if is_no_way(&error) => Ok(create(&path, fill)?),
            done => Ok(done?),
        };
    };
    // who may not write to the file may not replace it either
    OpenOptions::new().write(true).open(&path)?;
    if system::has_other_names(&existing) {
        return Ok(overwrite(&path, fill)?);
    }
    match beside(&path, Some(&existing), fill) {
        Err(error) if is_no_way(&error) => Ok(overwrite(&path, fill)?),
        done => Ok(done?),
    }
}

/// The path with the symbolic links followed that stand at it, also where nothing is at their end.
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

/// Whether a file cannot be made beside another, or not be moved or given to where that is, while it
/// may well be written to: the folder is another's or read-only, the name is too long, the file is
/// mounted by itself.
fn is_no_way(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::PermissionDenied
            | ErrorKind::ReadOnlyFilesystem
            | ErrorKind::InvalidFilename
            | ErrorKind::ResourceBusy
            | ErrorKind::CrossesDevices
    )
}

/// Fills a new file at `path`.
fn create(path: &Path, fill: Fill<'_>) -> io::Result<()> {
    let file = File::create_new(path)?;
    let filled = fill(&file).and_then(|()| file.sync_all());
    if filled.is_err() {
        // what went wrong first is what to report
        let _ = fs::remove_file(path);
    }
    filled
}

/// Fills the file that is at `path`.
fn overwrite(path: &Path, fill: Fill<'_>) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).open(path)?;
    fill(&file)?;
    let len = file.stream_position()?;
    file.set_len(len)?;
    file.sync_all()
}

/// Fills a file in the same folder and moves it to `path`, which replaces what is there in one step.
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

/// A file on its way to its place, which goes where it does not get there.
struct Part {
    file: File,
    path: PathBuf,
    /// What the names of all parts of the same file begin with.
    stem: String,
    is_moved: bool,
}

impl Part {
    /// An empty one. What a crash left there, perhaps of a process with the same number, is passed
    /// over.
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
                    // it tells others that it is being written; where there are no locks, its age does
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

    /// Removes parts of the same file that crashes have left: old, and locked by no process. Whether
    /// that succeeds matters to nobody.
    fn remove_stale(&self) {
        let (Some(folder), Ok(own)) = (self.path.parent(), self.file.metadata()) else { return };
        // an empty path would be no folder
        let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        let (Ok(now), Ok(entries)) = (own.modified(), fs::read_dir(folder)) else { return };
        for entry in entries.flatten() {
            let is_part = entry.file_name().to_str().is_some_and(|name| self.is_part(name));
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

    /// Whether this is the name of a part of the same file.
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
