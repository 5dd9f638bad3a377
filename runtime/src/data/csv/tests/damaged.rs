//! Damaged and hostile tables: a typed error that can be printed, never a panic or another table.

use super::*;
use crate::data::tests::damaged::damaged;
use std::collections::BTreeMap;

const TABLE: &str =
    "\u{feff}area,city,price\r\n50,\"Rome, It\",1\r\n,\"a \"\"b\"\"\n\",2\r\n6e1,Bonn,3";

/// Reads the bytes of a file, and returns the text of an error, which must be fit for a terminal.
fn read(bytes: &[u8]) -> Result<Table, String> {
    let path = std::env::temp_dir().join(format!(
        "monograd-table-{}-{:?}",
        std::process::id(),
        std::thread::current().id()
    ));
    std::fs::write(&path, bytes).unwrap();
    let table = Table::read(&path);
    std::fs::remove_file(&path).unwrap();
    printed(table)
}

fn printed<T>(result: Result<T, crate::data::DataError>) -> Result<T, String> {
    result.map_err(|error| {
        let text = error.to_string();
        assert!(!text.contains(char::is_control) && text.len() < 3000, "{text:?}");
        assert!(!matches!(error.problem(), DataProblem::Io(_)), "{text}");
        text
    })
}

#[test]
fn every_cut_and_every_change_is_survived() {
    let columns = Columns::new().target("price").fill("area", Fill::Mean).standardize();
    let whole = read(TABLE.as_bytes()).unwrap();
    let encoding = columns.fit(&whole).unwrap();
    let check = |bytes: &[u8]| {
        let table = read(bytes)?;
        assert!(table.len() <= 6, "{:?}", bytes.escape_ascii().to_string());
        let _ =
            printed(columns.fit(&table)).map(|encoding| printed(encoding.dataset::<f32>(&table)));
        let _ = printed(encoding.dataset::<f64>(&table));
        Ok::<usize, String>(table.len())
    };
    let text = TABLE.as_bytes();
    for len in 0..text.len() {
        let rows = check(&text[..len]);
        // within the quotes of a field, the row is not there
        let quotes = text[..len].iter().filter(|byte| **byte == b'"').count();
        assert!(rows.is_err() || quotes % 2 == 0, "{len} bytes");
    }
    for at in 0..text.len() {
        for bit in 0..8 {
            let mut changed = text.to_vec();
            changed[at] ^= 1 << bit;
            let _ = check(&changed);
        }
        for byte in [b'"', b',', b'\n', b'\r', 0, 0x1b, 0xff, 0xc3] {
            let mut changed = text.to_vec();
            changed.insert(at, byte);
            let _ = check(&changed);
        }
    }
}

#[test]
fn a_quote_that_is_not_closed_is_told() {
    let told = |text: &str| read(text.as_bytes()).unwrap_err();
    let open = told("a,b\n1,2\n\n3,\"4\n5,6\n7,8\n");
    assert!(open.ends_with(
        ", line 4: not a whole CSV file: a quote at the beginning of a field is not closed"
    ));
    assert!(told("\"a,b\n1,2\n").contains("line 1: "));
    let twice = told("a\u{1b}[2J,a\u{1b}[2J\n1,2\n");
    assert!(twice.contains("two columns are called `a\\u{1b}[2J`"), "{twice}");
    let streamed =
        Columns::new().target("b").fit(&Table::parse("a,b\n1,2\n3,4\n").unwrap()).unwrap();
    let rows = streamed.rows::<f32>(Csv::text("a,b\n1,2\n3,\"4\n5,6\n")).unwrap();
    let batches: Vec<_> = Streamed::new(rows, 1).epoch(0).unwrap().collect();
    assert!(batches[0].is_ok());
    assert!(batches[1].as_ref().unwrap_err().to_string().contains("is not closed"));
}

#[test]
fn hostile_numbers_and_texts() {
    let fit = |field: &str| {
        let table = Table::parse(&format!("a,b\n1,2\n{field},3\n4,5\n"));
        table.and_then(|table| Columns::new().number("a").target("b").fit(&table))
    };
    for wrong in
        ["nanx", "inf", "-inf", "infinity", "1e999", "0x10", "1_000", "½", "\0", "1\0", "--1"]
    {
        let text = printed(fit(wrong)).unwrap_err();
        assert!(text.contains("is not a finite number"), "{wrong:?}: {text}");
    }
    for right in ["-0", "1e308", "+5", "1e-999", ".5", "5."] {
        assert!(printed(fit(right)).is_ok(), "{right}");
    }
    // texts of the table in a message about another one
    let known = Table::parse(&format!("a,b\n\u{1b}[31m,1\n{},2\n", "x".repeat(10_000))).unwrap();
    let encoding = Columns::new().target("b").fit(&known).unwrap();
    let unknown = Table::parse("a,b\n\u{202e}\u{9b},1\n").unwrap();
    let text = printed(encoding.inputs(&unknown)).unwrap_err();
    assert!(text.contains("`\\u{202e}\\u{9b}` is none of"), "{text}");
    assert!(text.contains("`\\u{1b}[31m`, `xxx"), "{text}");
    let mixed = Table::parse("\u{1b}a,b\n1,2\n3,4\n5,6\nx,7\n").unwrap();
    let text = printed(Columns::new().fit(&mixed)).unwrap_err();
    assert!(text.contains("`text(\"\\u{1b}a\")`"), "{text}");
    let both = Columns::new().text("\u{1b}a").number("\u{1b}a").fit(&mixed);
    assert!(printed(both).unwrap_err().contains("`\\u{1b}a` cannot be both"));
}

/// A saved encoding is read whole, or refused; one that is read encodes tables, or tells why not.
#[test]
fn a_saved_encoding_is_whole_or_refused() {
    let table = Table::parse(TABLE).unwrap();
    let columns = Columns::new().target("city").fill("area", Fill::Mean).standardize();
    let classes = columns.fit(&table).unwrap();
    let columns = Columns::new().target("price").fill("city", Fill::MostFrequent).indicator("area");
    let one_hot = columns.fill("area", Fill::Median).allow_unknown().fit(&table).unwrap();
    for encoding in [classes, one_hot] {
        for metadata in damaged(&encoding.metadata()) {
            if let Ok(read) = printed(Encoding::from_metadata(&metadata)) {
                assert_eq!(Encoding::from_metadata(&read.metadata()).unwrap(), read);
                let _ = printed(read.dataset::<f32>(&table));
                let _ = printed(read.class_numbers(&table, "city"));
            }
        }
    }
    let text = Columns::new().target("c").fill("b", Fill::MostFrequent);
    let text = text.fit(&Table::parse("a,b,c\n1,x,2\n3,y,4\n").unwrap()).unwrap();
    let text = text.metadata()["monograd.columns"].clone();
    let read = |from: &str, to: &str| {
        assert!(text.contains(from), "{text}");
        let metadata =
            BTreeMap::from([("monograd.columns".to_owned(), text.replacen(from, to, 1))]);
        printed(Encoding::from_metadata(&metadata))
    };
    assert!(read("\"x\"", "\"z\"").is_ok());
    for (from, to) in [
        ("\"x\"", "\"y\""),
        ("\"name\":\"b\"", "\"name\":\"a\""),
        ("\"name\":\"b\"", "\"name\":\"c\""),
        ("\"scale\":\"1\"", "\"scale\":\"0\""),
        ("\"scale\":\"1\"", "\"scale\":\"inf\""),
        ("\"scale\":\"1\"", "\"scale\":1"),
        ("\"center\":\"0\"", "\"center\":\"nan\""),
        ("\"fill\":0", "\"fill\":2"),
        ("\"fill\":0", "\"fill\":-1"),
        ("\"fill\":0", "\"fill\":4294967296"),
        ("\"fill\":null", "\"fill\":\"many\""),
        ("\"one_hot\":true", "\"one_hot\":1"),
        ("\"inputs\":[", "\"inputs\":[["),
        ("\"inputs\"", "\"input\""),
    ] {
        assert!(read(from, to).is_err(), "{to}: {text}");
    }
}
