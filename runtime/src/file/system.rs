//! Accesses the owner, mode and links of files, on systems that have them.

#[cfg(not(unix))]
pub(super) use other::*;
#[cfg(unix)]
pub(super) use unix::*;

#[cfg(unix)]
mod unix {
    //! Accesses the owner, mode and links of files on Unix.

    use std::fs::{File, Metadata, OpenOptions, Permissions};
    use std::io;
    use std::os::unix::fs::{FileTypeExt, MetadataExt, OpenOptionsExt, PermissionsExt, fchown};
    use std::path::Path;

    /// Returns the name of the kind of a file that is not a regular file.
    pub fn kind(found: &Metadata) -> &'static str {
        let kind = found.file_type();
        match () {
            () if kind.is_dir() => "a folder",
            () if kind.is_fifo() => "a FIFO",
            () if kind.is_socket() => "a socket",
            () if kind.is_block_device() || kind.is_char_device() => "a device",
            () => "not a file",
        }
    }

    /// Returns true if the file has several hard links. Renaming another file to its path would detach it
    /// from them.
    pub fn has_other_names(file: &Metadata) -> bool {
        file.nlink() > 1
    }

    /// Returns the options to create a file. If it will replace `existing`, only the owner can access it
    /// at first, so that nobody can read it who may not read `existing`.
    pub fn new_file(existing: Option<&Metadata>) -> OpenOptions {
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        if existing.is_some() {
            options.mode(0o600);
        }
        options
    }

    /// Gives a file the owner, group and mode of another.
    pub fn take_over(file: &File, existing: &Metadata) -> io::Result<()> {
        let own = file.metadata()?;
        if (own.uid(), own.gid()) != (existing.uid(), existing.gid()) {
            fchown(file, Some(existing.uid()), Some(existing.gid()))?;
        }
        // after the owner, because changing the owner clears the setuid and setgid bits
        file.set_permissions(Permissions::from_mode(existing.mode() & 0o7777))
    }

    /// Syncs the parent folder of `path`, so that its new entry survives a power failure. Errors are
    /// ignored.
    pub fn sync_folder(path: &Path) {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        let _ = File::open(folder.unwrap_or(Path::new("."))).and_then(|folder| folder.sync_all());
    }
}

#[cfg(not(unix))]
mod other {
    //! Stand-ins for systems without owners and modes.

    use std::fs::{File, Metadata, OpenOptions};
    use std::io;
    use std::path::Path;

    /// Returns the name of the kind of a file that is not a regular file.
    pub fn kind(found: &Metadata) -> &'static str {
        if found.is_dir() { "a folder" } else { "not a file" }
    }

    /// Returns false: hard links are not detected here.
    pub fn has_other_names(_: &Metadata) -> bool {
        false
    }

    /// Returns the options to create a file.
    pub fn new_file(_: Option<&Metadata>) -> OpenOptions {
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        options
    }

    /// Does nothing: there are no owner and mode to copy.
    pub fn take_over(_: &File, _: &Metadata) -> io::Result<()> {
        Ok(())
    }

    /// Does nothing: folders cannot be synced here.
    pub fn sync_folder(_: &Path) {}
}
