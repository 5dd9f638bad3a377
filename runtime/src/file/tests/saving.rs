//! The effects of `save` on existing files, and the files that `load` and `save` must not touch.

use super::*;
use std::fs::File;
use std::time::{Duration, SystemTime};

/// Returns parameters that are all `value`.
fn values(value: f32) -> Vec<f32> {
    vec![value; buffer_len(&LAYOUT)]
}

/// Returns the first parameter in a file.
fn first(path: impl AsRef<std::path::Path>) -> f32 {
    load::<f32>(path, &LAYOUT).unwrap()[0]
}

fn file_problem<T: std::fmt::Debug>(result: crate::Result<T>) -> FileProblem {
    match result {
        Err(Error::File(error)) => error.problem,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_failed_save_leaves_the_file_that_was_there() {
    let directory = Directory::new("failed");
    let good = vec![1.0_f32; buffer_len(&LAYOUT)];
    save(directory.file(), &LAYOUT, &good).unwrap();
    let mut bad = good.clone();
    bad[3] = f32::NAN;
    match save(directory.file(), &LAYOUT, &bad) {
        Err(Error::File(error)) => {
            assert_eq!(error.path.as_deref(), Some(&*directory.file()));
            // the fourth in memory is [in 1, out 1]: row 1, column 1 of the file
            assert!(
                matches!(error.problem, FileProblem::NotFinite { index, .. } if index == [1, 1])
            );
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(load::<f32>(directory.file(), &LAYOUT).unwrap()[..6], [1.0; 6]);

    let nowhere = directory.0.join("none").join("net.safetensors");
    for result in [save(&nowhere, &LAYOUT, &good), load::<f32>(&nowhere, &LAYOUT).map(|_| ())] {
        let Err(Error::File(error)) = result else { panic!("{result:?}") };
        assert!(
            matches!(&error.problem, FileProblem::Io(io) if io.kind() == std::io::ErrorKind::NotFound)
        );
        assert!(error.to_string().contains("net.safetensors"));
    }
    assert_eq!(directory.names(), ["net.safetensors"]);
}

#[test]
fn what_a_crash_left_is_passed_over() {
    let directory = Directory::new("crash");
    for call in 0..64 {
        let name = format!(".net.safetensors.{}.{call}.part", std::process::id());
        fs::write(directory.0.join(name), "half").unwrap();
    }
    let values = vec![1.0_f32; buffer_len(&LAYOUT)];
    save(directory.file(), &LAYOUT, &values).unwrap();
    assert_eq!(load::<f32>(directory.file(), &LAYOUT).unwrap()[..6], [1.0; 6]);
}

#[test]
fn what_a_crash_left_long_ago_is_removed() {
    let directory = Directory::new("stale");
    let long_ago = SystemTime::now() - Duration::from_secs(3600);
    let make = |name: &str, modified| {
        let file = File::create_new(directory.0.join(name)).unwrap();
        file.set_modified(modified).unwrap();
        file
    };
    make(".net.safetensors.1.7.part", long_ago);
    make(".net.safetensors.4294967295.0.part", long_ago);
    // being written, of another file, or not a part file
    make(".net.safetensors.1.8.part", SystemTime::now());
    let slow = make(".net.safetensors.1.9.part", long_ago);
    slow.lock().unwrap();
    for name in
        [".other.safetensors.1.7.part", ".net.safetensors.part", ".net.safetensors.a.b.part"]
    {
        make(name, long_ago);
    }
    save(directory.file(), &LAYOUT, &values(1.0)).unwrap();
    let left = [
        ".net.safetensors.1.8.part",
        ".net.safetensors.1.9.part",
        ".net.safetensors.a.b.part",
        ".net.safetensors.part",
        ".other.safetensors.1.7.part",
        "net.safetensors",
    ];
    assert_eq!(directory.names(), left);
    drop(slow);
    save(directory.file(), &LAYOUT, &values(1.0)).unwrap();
    assert_eq!(directory.names().len(), left.len() - 1);
}

/// The longest possible name, with characters of two bytes.
#[test]
fn a_long_name_is_saved_under() {
    let directory = Directory::new("long");
    let name = format!("{}.{}.st", "é".repeat(60), "x".repeat(255 - 120 - 4));
    assert_eq!(name.len(), 255);
    for value in [1.0, 2.0] {
        save(directory.0.join(&name), &LAYOUT, &values(value)).unwrap();
        assert_eq!(first(directory.0.join(&name)), value);
    }
    assert_eq!(directory.names(), [name]);
    let longer = directory.0.join("x".repeat(256));
    let problem = file_problem(save(longer, &LAYOUT, &values(1.0)));
    assert!(matches!(problem, FileProblem::Io(_)), "{problem}");
    for nothing in ["", "..", "."] {
        let folder = if nothing.is_empty() { PathBuf::new() } else { directory.0.join(nothing) };
        let problem = file_problem(save(folder, &LAYOUT, &values(1.0)));
        assert!(
            matches!(problem, FileProblem::Io(_) | FileProblem::NotRegular { .. }),
            "{problem}"
        );
    }
    assert_eq!(directory.names().len(), 1);
}

#[test]
fn names_that_no_file_can_hold_are_refused() {
    const fn one(name: &'static str) -> Parameter {
        parameter(name, &[2], false)
    }
    let directory = Directory::new("names");
    for name in ["", "__metadata__", "a\nb", "\u{1b}[31m", "\0"] {
        let layout = place([one("w"), one(name)]);
        let values = vec![1.0_f32; buffer_len(&layout)];
        let problem = file_problem(save(directory.file(), &layout, &values));
        assert!(matches!(&problem, FileProblem::InvalidName { name: found } if found == name));
        assert!(!problem.to_string().contains(char::is_control), "{problem:?}");
        let read = file_problem(read::<f32>(&file("{}", &[]), &layout));
        assert!(matches!(read, FileProblem::InvalidName { .. }));
    }
    static FC: [Parameter; 2] = place([one("weight"), one("bias")]);
    static LAYERS: [Parameter; 1] = place([one("{i}").iterations(&[2])]);
    let twice = [
        place([one("a.weight"), Parameter::layer("a", &FC)]),
        place([Parameter::layer("h.{i}", &FC).iterations(&[3]), one("h.2.bias")]),
        place([Parameter::layer("h", &LAYERS), one("h.{i}").iterations(&[1])]),
        place([one("w"), one("w")]),
    ];
    for (layout, name) in twice.iter().zip(["a.weight", "h.2.bias", "h.0", "w"]) {
        let values = vec![1.0_f32; buffer_len(layout)];
        match file_problem(save(directory.file(), layout, &values)) {
            FileProblem::DuplicateName { name: found } => assert_eq!(found, name),
            other => panic!("{other:?}"),
        }
    }
    assert!(directory.names().is_empty());
    let short = save(directory.file(), &LAYOUT, &[1.0_f32; 16]).unwrap_err();
    assert!(matches!(short, Error::Buffer { actual: 16, expected: 32 }), "{short}");
}

#[cfg(unix)]
mod unix {
    use super::*;
    use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
    use std::process::Command;

    fn mode(path: &std::path::Path) -> u32 {
        fs::metadata(path).unwrap().mode() & 0o7777
    }

    #[test]
    fn symbolic_links_are_followed() {
        let directory = Directory::new("links");
        fs::create_dir(directory.0.join("below")).unwrap();
        let (link, target) = (directory.file(), directory.0.join("below").join("target"));
        symlink("second", &link).unwrap();
        symlink("below/target", directory.0.join("second")).unwrap();
        // the target does not exist at first
        for value in [1.0, 2.0] {
            save(&link, &LAYOUT, &values(value)).unwrap();
            assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
            assert_eq!((first(&link), first(&target)), (value, value));
        }
        let round = directory.0.join("round");
        symlink("round", &round).unwrap();
        assert!(matches!(file_problem(save(&round, &LAYOUT, &values(1.0))), FileProblem::Io(_)));
        assert!(fs::symlink_metadata(&round).unwrap().is_symlink());
    }

    #[test]
    fn mode_owner_and_hard_links_are_kept() {
        let directory = Directory::new("mode");
        let path = directory.file();
        let new = |path: &std::path::Path| {
            save(path, &LAYOUT, &values(1.0)).unwrap();
            fs::metadata(path).unwrap()
        };
        // the mode of a new file is the usual one
        File::create(directory.0.join("any")).unwrap();
        assert_eq!(new(&path).mode() & 0o7777, mode(&directory.0.join("any")));
        for bits in [0o600, 0o640, 0o666, 0o755] {
            fs::set_permissions(&path, fs::Permissions::from_mode(bits)).unwrap();
            let inode = fs::metadata(&path).unwrap().ino();
            let replaced = new(&path);
            assert_eq!(replaced.mode() & 0o7777, bits);
            assert_ne!(replaced.ino(), inode, "it was replaced in one step");
        }
        // only the superuser can change the owner, and so preserve it
        let is_superuser = std::os::unix::fs::chown(&path, Some(65534), Some(65534)).is_ok();
        if is_superuser {
            let replaced = new(&path);
            assert_eq!((replaced.uid(), replaced.gid()), (65534, 65534));
        }
        let other = directory.0.join("other name");
        fs::hard_link(&path, &other).unwrap();
        save(&path, &LAYOUT, &values(3.0)).unwrap();
        assert_eq!((first(&path), first(&other)), (3.0, 3.0));
        assert_eq!(fs::metadata(&path).unwrap().nlink(), 2);
        // a longer file is truncated
        fs::write(&other, vec![b'x'; 100_000]).unwrap();
        save(&path, &LAYOUT, &values(4.0)).unwrap();
        assert_eq!((first(&path), first(&other)), (4.0, 4.0));
    }

    #[test]
    fn what_is_no_file_is_neither_read_nor_replaced() {
        let directory = Directory::new("fifo");
        let fifo = directory.0.join("fifo");
        assert!(Command::new("mkfifo").arg(&fifo).status().unwrap().success());
        let socket = directory.0.join("socket");
        let _listening = std::os::unix::net::UnixListener::bind(&socket).unwrap();
        let link = directory.0.join("link");
        symlink("fifo", &link).unwrap();
        let folder = directory.0.join("folder");
        fs::create_dir(&folder).unwrap();
        let all =
            [(&fifo, "a FIFO"), (&link, "a FIFO"), (&socket, "a socket"), (&folder, "a folder")];
        for (path, what) in all {
            let problems = [
                file_problem(load::<f32>(path, &LAYOUT)),
                file_problem(crate::file::metadata(path)),
                file_problem(save(path, &LAYOUT, &values(1.0))),
            ];
            for problem in problems {
                assert!(
                    matches!(problem, FileProblem::NotRegular { kind } if kind == what),
                    "{problem:?}"
                );
            }
        }
        assert_eq!(directory.names(), ["fifo", "folder", "link", "socket"]);
    }

    /// The second half of the next test, in a separate process: the superuser may write anywhere.
    #[test]
    #[ignore = "another test runs it, as another user"]
    fn saves_where_no_file_can_be_made() {
        let Ok(folder) = std::env::var("MONOGRAD_TEST_FOLDER") else { return };
        let path = PathBuf::from(folder).join("net.safetensors");
        assert!(File::create(path.with_file_name("another")).is_err(), "the folder is read-only");
        save(&path, &LAYOUT, &values(2.0)).unwrap();
        assert_eq!(first(&path), 2.0);
        fs::set_permissions(&path, fs::Permissions::from_mode(0o444)).unwrap();
        let problem = file_problem(save(&path, &LAYOUT, &values(3.0)));
        assert!(
            matches!(&problem, FileProblem::Io(io) if io.kind() == std::io::ErrorKind::PermissionDenied)
        );
        assert_eq!(first(&path), 2.0);
        let problem = file_problem(save(path.with_file_name("new"), &LAYOUT, &values(3.0)));
        assert!(
            matches!(&problem, FileProblem::Io(io) if io.kind() == std::io::ErrorKind::PermissionDenied)
        );
        println!("saved in place");
    }

    #[test]
    fn a_file_in_a_folder_that_is_read_only_is_saved_in_place() {
        use std::os::unix::process::CommandExt;
        let directory = Directory::new("read-only");
        let folder = directory.0.join("folder");
        fs::create_dir(&folder).unwrap();
        let path = folder.join("net.safetensors");
        save(&path, &LAYOUT, &values(1.0)).unwrap();
        // another user can run a copy of this program even if the program itself is not accessible
        let program = directory.0.join("program");
        fs::copy(std::env::current_exe().unwrap(), &program).unwrap();
        let mut command = Command::new(&program);
        command.args(["--exact", "file::tests::saving::unix::saves_where_no_file_can_be_made"]);
        command.args(["--ignored", "--nocapture"]).env("MONOGRAD_TEST_FOLDER", &folder);
        if std::os::unix::fs::chown(&path, Some(65534), Some(65534)).is_ok() {
            command.uid(65534).gid(65534);
        }
        fs::set_permissions(&folder, fs::Permissions::from_mode(0o555)).unwrap();
        let output = command.output().unwrap();
        fs::set_permissions(&folder, fs::Permissions::from_mode(0o755)).unwrap();
        let text = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success() && text.contains("saved in place"), "{output:?}");
        assert_eq!(first(&path), 2.0);
    }
}
