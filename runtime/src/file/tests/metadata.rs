//! Metadata beside the parameters.

use super::*;
use std::collections::BTreeMap;

fn values() -> Vec<f32> {
    vec![1.0; buffer_len(&LAYOUT)]
}

#[test]
fn text_is_read_as_it_was_written() {
    let directory = Directory::new("metadata");
    let path = directory.file();
    save(&path, &LAYOUT, &values()).unwrap();
    assert_eq!(metadata(&path).unwrap(), BTreeMap::from([("format".to_owned(), "pt".to_owned())]));

    let long = "x".repeat(1 << 20);
    let given = [
        ("", "empty"),
        ("fc.weight", "not the tensor"),
        ("__metadata__", "{}"),
        ("quotes \"\\\u{1b}\n", "größe \u{0}"),
        ("long", &long),
    ];
    save_with(&path, &LAYOUT, &values(), given).unwrap();
    let read = metadata(&path).unwrap();
    assert_eq!(read.len(), given.len() + 1);
    assert!(given.iter().all(|(name, text)| read[*name] == *text));
    assert_eq!(read["format"], "pt");
    assert_eq!(load::<f32>(&path, &LAYOUT).unwrap()[..6], [1.0; 6]);
    // as another reader of the format sees it
    let bytes = fs::read(&path).unwrap();
    let (_, theirs) = safetensors::SafeTensors::read_metadata(&bytes).unwrap();
    let theirs = theirs.metadata().clone().unwrap();
    assert_eq!(theirs.into_iter().collect::<BTreeMap<_, _>>(), read);
    assert_eq!(read_metadata(&bytes).unwrap(), read);

    // passed on, and with another format
    save_with(&path, &LAYOUT, &values(), &read).unwrap();
    assert_eq!(metadata(&path).unwrap(), read);
    save_with(&path, &LAYOUT, &values(), [("format", "mlx")]).unwrap();
    assert_eq!(metadata(&path).unwrap()["format"], "mlx");
}

#[test]
fn the_same_call_writes_the_same_bytes() {
    let directory = Directory::new("bytes");
    let given: Vec<(String, String)> = (0..50).map(|i| (format!("k{i}"), i.to_string())).collect();
    let bytes = |given: &[(String, String)]| {
        save_with(directory.file(), &LAYOUT, &values(), given.to_vec()).unwrap();
        fs::read(directory.file()).unwrap()
    };
    let reversed: Vec<_> = given.iter().rev().cloned().collect();
    assert_eq!(bytes(&given), bytes(&reversed));
}

#[test]
fn more_text_than_a_file_can_hold_is_an_error() {
    let directory = Directory::new("much");
    let problem =
        |given: Vec<(String, String)>| match save_with(directory.file(), &LAYOUT, &values(), given)
        {
            Err(Error::File(error)) => error.problem,
            other => panic!("{other:?}"),
        };
    let many = (0..1 << 16).map(|i| (i.to_string(), String::new())).collect();
    let many = problem(many);
    assert!(matches!(many, FileProblem::MetadataEntries { entries: 65537, most: 65536 }), "{many}");
    let long = problem(vec![("long".to_owned(), "x".repeat(100_000_000))]);
    assert!(matches!(long, FileProblem::HeaderLength { .. }), "{long}");
    assert!(directory.names().is_empty());
}

#[test]
fn what_is_no_text_by_name_is_an_error() {
    for (text, expected) in [("null", Some(0)), ("{}", Some(0)), (r#"{"a":"b"}"#, Some(1))] {
        let bytes = file(&format!(r#"{{"__metadata__":{text}}}"#), &[]);
        assert_eq!(read_metadata(&bytes).ok().map(|read| read.len()), expected);
    }
    for text in ["3", "[]", r#"{"a":3}"#, r#"{"a":null}"#, r#""a""#, r#"{"a"}"#, "{"] {
        let bytes = file(&format!(r#"{{"__metadata__":{text}}}"#), &[]);
        match read_metadata(&bytes) {
            Err(Error::File(error)) => {
                assert!(matches!(error.problem, FileProblem::NotSafetensors { .. }));
            }
            other => panic!("{text}: {other:?}"),
        }
    }
    let twice = file(r#"{"__metadata__":{"a\u001b":"1","b":"2","a\u001b":"1"}}"#, &[]);
    let twice = read_metadata(&twice).unwrap_err().to_string();
    assert!(twice.contains("two entries of metadata are called `a\\u{1b}`"), "{twice}");
    assert!(metadata("no such file").is_err() && read_metadata(&[]).is_err());
}
