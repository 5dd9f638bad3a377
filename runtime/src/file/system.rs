//! What a file has beside its bytes: owner, mode, links, where the system has such.

#[cfg(not(unix))]
pub(super) use other::*;
#[cfg(unix)]
pub(super) use unix::*;

#[cfg(unix)]
mod unix {
    //! What a Unix file has beside its bytes.

    use std::fs::{File, Metadata, OpenOptions, Permissions};
    use std::io;
    use std::os::unix::fs::{FileTypeExt, MetadataExt, OpenOptionsExt, PermissionsExt, fchown};
    use std::path::Path;

    /// What something is that is no regular file.
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

    /// Whether a file has hard links, which moving another one to its place would break.
    pub fn has_other_names(file: &Metadata) -> bool {
        file.nlink() > 1
    }

    /// How to make a file that will replace another: nobody may read it who may not read that one.
    pub fn new_file(existing: Option<&Metadata>) -> OpenOptions {
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        if existing.is_some() {
            options.mode(0o600);
        }
        options
    }

    /// Gives a file the owner, the group and the mode of another.
    pub fn take_over(file: &File, existing: &Metadata) -> io::Result<()> {
        let own = file.metadata()?;
        if (own.uid(), own.gid()) != (existing.uid(), existing.gid()) {
            fchown(file, Some(existing.uid()), Some(existing.gid()))?;
        }
        // after the owner, whose change takes away special bits
        file.set_permissions(Permissions::from_mode(existing.mode() & 0o7777))
    }

    /// Has the folder's new entry survive a power failure, as far as the system can.
    pub fn sync_folder(path: &Path) {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        let _ = File::open(folder.unwrap_or(Path::new("."))).and_then(|folder| folder.sync_all());
    }
}

#[cfg(not(unix))]
mod other {
    //! What files have beside their bytes where there are no owners and modes.

    use std::fs::{File, Metadata, OpenOptions};
    use std::io;
    use std::path::Path;

    /// What something is that is no regular file.
    pub fn kind(found: &Metadata) -> &'static str {
        if found.is_dir() { "a folder" } else { "not a file" }
    }

    /// Hard links are not known of.
    pub fn has_other_names(_: &Metadata) -> bool {
        false
    }

    /// How to make a file.
    pub fn new_file(_: Option<&Metadata>) -> OpenOptions {
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        options
    }

    /// There is nothing to take over.
    pub fn take_over(_: &File, _: &Metadata) -> io::Result<()> {
        Ok(())
    }

    /// Folders are no files here.
    pub fn sync_folder(_: &Path) {}
}
