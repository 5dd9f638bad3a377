use super::*;
use crate::data::{DataProblem, Streamed};

mod damaged;
mod told;

const PEOPLE: &str = "\u{feff}name, age,city,income,district\r\n\
    Ann,30,Rome,1.5,3\r\n\
    \"Bo, the second\",NA,Oslo,2.5,12\r\n\
    Cy,50,,3.5,3\r\n\
    \r\n\
    Di,40,Rome,,1\r\n";

fn people() -> Table {
    Table::parse(PEOPLE).unwrap()
}

fn message<T: std::fmt::Debug>(result: Result<T, crate::data::DataError>) -> String {
    result.unwrap_err().to_string()
}

#[test]
fn a_table_is_read() {
    let table = people();
    assert_eq!(table.names(), ["name", "age", "city", "income", "district"]);
    assert_eq!(table.len(), 4);
    assert_eq!(table.column("name").unwrap()[1], Some("Bo, the second"));
    assert_eq!(table.numbers::<u32>("age").unwrap(), [Some(30), None, Some(50), Some(40)]);
    assert_eq!(table.column("city").unwrap()[2], None);
    assert_eq!(
        message(table.numbers::<f32>("city")),
        "line 2, column `city`: `Rome` is not a finite number"
    );
    assert_eq!(message(table.column("citi")), "no column `citi`; did you mean `city`?");
    let other =
        Csv::text("1;?\n2;x").delimiter(b';').without_header().missing(["?"]).read().unwrap();
    assert_eq!(other.column("1").unwrap(), [None, Some("x")]);
    assert_eq!(Csv::text("a\n1\n2\n3").read_rows(2).unwrap().len(), 2);
}

#[test]
fn wrong_files_name_the_line() {
    let read = |text: &str| message(Table::parse(text));
    assert_eq!(
        read("a,b\n1,2\n\"x\ny\",2\n1,2,3\n"),
        "line 5: 3 fields, but the header has 2: a field with a comma stands in quotes"
    );
    assert_eq!(
        read("a,b,a\n1,2,3"),
        "line 1: not a whole CSV file: two columns are called `a`: give one of them another name"
    );
    for empty in ["", "a,b", "a,b\n\n"] {
        assert_eq!(read(empty), "there are no samples: there is no row", "{empty:?}");
    }
    let folder = std::env::temp_dir().join(format!("monograd-csv-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join("t.csv");
    std::fs::write(&path, b"a,b\n1,2\n3,\xff\n").unwrap();
    let error = Table::read(&path).unwrap_err();
    assert_eq!((error.line(), error.path()), (Some(3), Some(&*path)));
    std::fs::write(&path, "a,b\n1,2\n3,4\n5,6x\n7,8\n").unwrap();
    let error = Columns::new().fit(&Table::read(&path).unwrap()).unwrap_err();
    assert_eq!((error.line(), error.column(), error.path()), (Some(4), Some("b"), Some(&*path)));
    assert!(
        error.to_string().contains("`6x` is not a finite number, and 3 others of the column are")
    );
    assert!(Columns::new().number("b").fit(&Table::read(&path).unwrap()).is_err());
    let text = Columns::new().text("b").fit(&Table::read(&path).unwrap()).unwrap();
    assert_eq!(text.names(), ["a", "b=2", "b=4", "b=6x", "b=8"]);
    let folder_error = Table::read(&folder).unwrap_err();
    assert!(matches!(folder_error.problem(), DataProblem::NotRegular { .. }), "{folder_error}");
    assert!(matches!(Table::read(folder.join("none")).unwrap_err().problem(), DataProblem::Io(_)));
    std::fs::remove_dir_all(&folder).unwrap();
}

/// However lines end, and whatever stands between them.
#[test]
fn lines_are_counted() {
    let text = "a,b\n1,\"x\ny\"\n\n \n2,z\n\n3,w";
    for text in [text.to_owned(), text.replace('\n', "\r\n"), format!("\n\n{text}\n\n")] {
        let table = Table::parse(&text).unwrap();
        let before = if text.starts_with('\n') { 2 } else { 0 };
        for (row, line) in [2, 6, 8].into_iter().enumerate() {
            let only = table.select(&[row]);
            let error = only.numbers::<f32>("b").unwrap_err();
            assert_eq!(error.line(), Some(line + before), "{text:?}");
        }
    }
    let single = Table::parse("a\n1\n\n2\n").unwrap();
    assert_eq!(single.numbers::<u32>("a").unwrap(), [Some(1), Some(2)]);
}

#[test]
fn columns_become_inputs() {
    let columns = || Columns::new().ignore("name").target("income").fill("income", Fill::Drop);
    // the row without income counts nowhere
    let encoding = columns()
        .text("district")
        .fill("age", Fill::Mean)
        .fill("city", Fill::MostFrequent)
        .indicator("age")
        .fit(&people())
        .unwrap();
    assert_eq!(
        encoding.names(),
        ["age", "age is missing", "city=Oslo", "city=Rome", "district=3", "district=12"]
    );
    let data = encoding.dataset::<f32>(&people()).unwrap();
    let expected: [[f32; 6]; 3] = [
        [30.0, 0.0, 0.0, 1.0, 1.0, 0.0],
        [40.0, 1.0, 1.0, 0.0, 0.0, 1.0],
        [50.0, 0.0, 1.0, 0.0, 1.0, 0.0],
    ];
    for (row, expected) in data.inputs().rows().zip(expected) {
        assert_eq!(row, expected);
    }
    assert_eq!(data.targets().as_slice(), [1.5, 2.5, 3.5]);
    assert_eq!(
        message(encoding.inputs(&people())),
        "line 6, column `district`: `1` is none of the texts that the encoding was fitted on: `3`, `12`"
    );

    let scaled =
        columns().ignore("city").fill_others(Fill::Number(20.0)).min_max().fit(&people()).unwrap();
    let data = scaled.dataset::<f64>(&people()).unwrap();
    assert_eq!(data.inputs().as_slice(), [1.0 / 3.0, 0.0, 0.0, 1.0, 1.0, 0.0]);
    let median = Columns::new().target("name").class_number("city").indicator("city");
    let median = median.fill_others(Fill::Text("?".into())).fill_others(Fill::Median);
    let median = median.fit(&people()).unwrap();
    assert_eq!(median.names(), ["age", "city", "city is missing", "income", "district"]);
    assert_eq!(median.inputs(&people()).unwrap().row(2), [50.0, 0.0, 1.0, 3.5, 3.0]);
    assert_eq!(median.inputs(&people()).unwrap().row(3), [40.0, 2.0, 0.0, 2.5, 1.0]);
    assert_eq!(median.class_numbers(&people(), "city").unwrap().as_slice(), [2, 1, 0, 2]);
    assert_eq!(median.classes()[1], "Bo, the second");
    assert_eq!(median.dataset::<u32>(&people()).unwrap().targets().as_slice(), [0, 1, 2, 3]);
    let zeros = Columns::new().ignore("name").ignore("age").ignore("income").indicator("city");
    let zeros = zeros.allow_unknown().fit(&people()).unwrap();
    let later = Table::parse("district,city\n7,Bonn\n8,\n").unwrap();
    assert_eq!(zeros.inputs(&later).unwrap().as_slice(), [0.0, 0.0, 0.0, 7.0, 0.0, 0.0, 1.0, 8.0]);
}

#[test]
fn mistakes_are_told() {
    let fit = |columns: Columns| message(columns.fit(&people()));
    assert_eq!(
        fit(Columns::new()),
        "line 3, column `age`: a value is missing: say what stands in for it, `fill(\"age\", Fill::Median)`, \
         or leave such rows out, `fill(\"age\", Fill::Drop)`"
    );
    assert_eq!(fit(Columns::new().target("incme")), "no column `incme`; did you mean `income`?");
    assert!(
        fit(Columns::new().fill("city", Fill::Mean).fill("age", Fill::Mean))
            .contains("of a column of text")
    );
    assert!(
        fit(Columns::new().fill("age", Fill::Text("x".into()))).contains("of a column of numbers")
    );
    assert!(fit(Columns::new().fill("age", Fill::Number(f64::NAN))).contains("is finite"));
    assert!(fit(Columns::new().text("age").number("age")).contains("cannot be both"));
    assert!(
        fit(Columns::new().number("name"))
            .contains("line 2, column `name`: `Ann` is not a finite number")
    );
    let none = Table::parse("a,b\n1,\n,2\n").unwrap();
    assert!(
        message(Columns::new().fill_others(Fill::Drop).fit(&none))
            .contains("every row has a missing value")
    );
    assert!(
        message(Columns::new().target("a").ignore("b").fill("a", Fill::Drop).fit(&none))
            .contains("no column is an input")
    );
    let encoding = Columns::new().target("b").fit(&Table::parse("a,b\n1,x\n2,y").unwrap()).unwrap();
    let later = |text: &str| message(encoding.dataset::<u32>(&Table::parse(text).unwrap()));
    assert_eq!(
        later("a,b\n1,z"),
        "line 2, column `b`: `z` is none of the texts that the encoding was fitted on: `x`, `y`"
    );
    assert_eq!(later("a,b\n1,x\nu,y"), "line 3, column `a`: `u` is not a finite number");
    assert_eq!(
        later("a,b\n1e300,x"),
        "line 2, column `a`: `1e300` is not a finite number: it is too large for f32"
    );
    assert_eq!(later("a,c\n1,x"), "no column `b`");
    assert!(later("a,b\n,x").contains("line 2, column `a`: a value is missing"));
    let negative = Table::parse("a,b\n1.5,1\n").unwrap();
    assert!(
        message(Columns::new().fit(&negative).unwrap().dataset::<u32>(&negative))
            .contains("no column is the target")
    );
}

#[test]
fn an_encoding_is_saved() {
    let table = people();
    let columns = Columns::new().target("city").ignore("name").fill_others(Fill::Median);
    let columns =
        columns.fill("city", Fill::Drop).standardize().indicator("income").text("district");
    let encoding = columns.fit(&table).unwrap();
    let metadata = encoding.metadata();
    let again = Encoding::from_metadata(&metadata).unwrap();
    assert_eq!(again, encoding);
    // whatever is cut off: the encoding or an error
    let text = &metadata["monograd.columns"];
    for end in 0..text.len() {
        let cut = [("monograd.columns".to_owned(), text[..end].to_owned())].into();
        assert!(Encoding::from_metadata(&cut).is_err());
    }
    assert!(
        message(Encoding::from_metadata(&Default::default())).contains("save it with the network")
    );
}

#[test]
fn a_stream_is_the_table() {
    let table = people();
    let columns = Columns::new().ignore("name").target("income").fill("income", Fill::Drop);
    let encoding =
        columns.fill_others(Fill::Mean).fill_others(Fill::MostFrequent).fit(&table).unwrap();
    let whole = encoding.dataset::<f32>(&table).unwrap();
    let rows = encoding.rows::<f32>(Csv::text(PEOPLE)).unwrap();
    let mut stream = Streamed::new(rows, 2);
    for _ in 0..2 {
        let batches: Vec<_> = stream.epoch(0).unwrap().map(Result::unwrap).collect();
        assert_eq!(batches.iter().map(|batch| batch.1.len()).collect::<Vec<_>>(), [2, 1]);
        let inputs: Vec<f32> =
            batches.iter().flat_map(|batch| batch.0.as_slice().to_vec()).collect();
        assert_eq!(inputs, whole.inputs().as_slice());
    }
    let mut broken = Streamed::new(
        encoding.rows::<f32>(Csv::text(format!("{PEOPLE}\nEd,x,Rome,1,3"))).unwrap(),
        2,
    );
    let last = broken.epoch(0).unwrap().last().unwrap();
    assert_eq!(last.unwrap_err().to_string(), "line 8, column `age`: `x` is not a finite number");
    let ragged = Csv::text(format!("{PEOPLE}\nEd,3"));
    let mut ragged = Streamed::new(encoding.rows::<f32>(ragged).unwrap(), 2);
    assert!(
        ragged
            .epoch(0)
            .unwrap()
            .last()
            .unwrap()
            .unwrap_err()
            .to_string()
            .starts_with("line 8: 2 fields")
    );
    assert!(message(encoding.rows::<f32>(Csv::text("age\n1"))).contains("no column"));
}
