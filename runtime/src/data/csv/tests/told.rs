//! Errors that name the column and what to write for it.

use super::*;

const WINES: &str = "acid,quality,kind\n0.1,5,red\n0.2,3,white\n0.3,7,rose\n0.4,5,red\n";

/// A column of numbers is no column of classes unless it is said to be: `u32` names the column and `text(..)`.
#[test]
fn numbers_are_no_classes_unless_they_are_said_to_be() {
    let table = Table::parse(WINES).unwrap();
    let columns = || Columns::new().target("quality").ignore("kind");
    let numbers = columns().fit(&table).unwrap();
    let told = "column `quality`: a column of numbers has no classes, which targets of u32 are: add \
        `text(\"quality\")` to `Columns` if its numbers are classes; to predict a number, take targets of f32, \
        `dataset::<f32>`, and a loss such as `mse`";
    assert_eq!(message(numbers.dataset::<u32>(&table)), told);
    assert_eq!(message(numbers.rows::<u32>(Csv::text(WINES))), told);
    assert_eq!(
        message(numbers.class_name(0)),
        "column `quality`: a column of numbers has no classes: add `text(\"quality\")` to `Columns` if its \
         numbers are classes"
    );
    assert_eq!(numbers.dataset::<f32>(&table).unwrap().targets().as_slice(), [5.0, 3.0, 7.0, 5.0]);

    let classes = columns().text("quality").fit(&table).unwrap();
    assert_eq!(classes.classes(), ["3", "5", "7"]);
    assert_eq!(classes.dataset::<u32>(&table).unwrap().targets().as_slice(), [1, 0, 2, 1]);
    assert_eq!(classes.class_name(2).unwrap(), "7");
    assert_eq!(
        message(classes.class_name(3)),
        "column `quality`: there is no class 3: the target has 3, 0 to 2; a network has as many outputs as there \
         are classes"
    );
    let no_target = Columns::new().fit(&table).unwrap();
    assert!(message(no_target.class_name(0)).contains("no column is the target"));
}

/// Numbers that are class numbers already, 0, 1, 2, are classes as they are, also after the encoding was saved.
#[test]
fn class_numbers_are_classes() {
    let table = Table::parse("x,digit\n0.1,2\n0.2,0\n0.3,1.0\n0.4,2\n").unwrap();
    let fitted = Columns::new().target("digit").fit(&table).unwrap();
    let read = Encoding::from_metadata(&fitted.metadata()).unwrap();
    // as files of before have it, without class numbers
    let mut old = fitted.metadata();
    for text in old.values_mut() {
        *text = text.replace(r#","classes":["0","1","2"]"#, "");
    }
    assert_ne!(old, fitted.metadata());
    assert!(Encoding::from_metadata(&old).unwrap().classes().is_empty());
    for encoding in [fitted, read] {
        assert_eq!(encoding.classes(), ["0", "1", "2"]);
        assert_eq!(encoding.dataset::<u32>(&table).unwrap().targets().as_slice(), [2, 0, 1, 2]);
        let numbers = encoding.dataset::<f32>(&table).unwrap();
        assert_eq!(numbers.targets().as_slice(), [2.0, 0.0, 1.0, 2.0]);
        assert_eq!(encoding.class_name(1).unwrap(), "1");
        assert!(encoding.class_name(3).is_err());
        for (text, shown) in
            [("x,digit\n0.1,3\n", "3"), ("x,digit\n0.1,0.5\n", "0.5"), ("x,digit\n0.1,-1\n", "-1")]
        {
            let later = message(encoding.dataset::<u32>(&Table::parse(text).unwrap()));
            assert!(later.contains(&format!("`{shown}`")), "{later}");
            assert!(later.contains("the class numbers from 0 to 2"), "{later}");
        }
    }
}

/// One real number tells two classes apart, and no more.
#[test]
fn three_classes_are_no_real_numbers() {
    let table = Table::parse(WINES).unwrap();
    let kinds = |table: &Table| Columns::new().target("kind").fit(table).unwrap();
    let told = |element: &str| {
        format!(
            "column `kind`: 3 classes are no numbers of {element}: take their class numbers as targets, \
             `dataset::<u32>`, for `cross_entropy`; targets of {element} are for two classes, 0 and 1"
        )
    };
    assert_eq!(message(kinds(&table).dataset::<f32>(&table)), told("f32"));
    assert_eq!(message(kinds(&table).dataset::<f64>(&table)), told("f64"));
    assert_eq!(message(kinds(&table).rows::<f32>(Csv::text(WINES))), told("f32"));
    let two = table.select(&[0, 1, 3]);
    assert_eq!(kinds(&two).dataset::<f32>(&two).unwrap().targets().as_slice(), [0.0, 1.0, 0.0]);
}

/// Advice suits the kind of the column, the target's, and the time: an encoding that is fitted cannot leave out rows.
#[test]
fn a_missing_value_is_told_with_what_to_write() {
    let table = Table::parse("age,sex,pay\n30,f,1\n,,2\n50,,\n60,m,4\n").unwrap();
    let fit = |columns: Columns| message(columns.fit(&table));
    let others = || Columns::new().fill_others(Fill::Median);
    assert_eq!(
        fit(others()),
        "line 3, column `sex`: a value is missing (and 1 more in this column): add an input that tells so, \
         `indicator(\"sex\")`, say what stands in for it, `fill(\"sex\", Fill::MostFrequent)`, or leave such \
         rows out, `fill(\"sex\", Fill::Drop)` (`fill_others(Fill::Median)` is for numbers)"
    );
    assert_eq!(
        fit(others().class_number("sex")),
        "line 3, column `sex`: a value is missing (and 1 more in this column): say what stands in for it, \
         `fill(\"sex\", Fill::MostFrequent)`, or leave such rows out, `fill(\"sex\", Fill::Drop)` \
         (`fill_others(Fill::Median)` is for numbers)"
    );
    assert_eq!(
        fit(Columns::new().fill_others(Fill::Text("?".into()))),
        "line 3, column `age`: a value is missing: say what stands in for it, `fill(\"age\", Fill::Median)`, or \
         leave such rows out, `fill(\"age\", Fill::Drop)` (`fill_others(Fill::Text(\"?\"))` is for text)"
    );
    // nothing is learned from a row without its target
    let targets = ["pay", "sex"].map(|target| {
        fit(others().target(target).indicator(if target == "pay" { "sex" } else { "pay" }))
    });
    assert_eq!(
        targets,
        [
            "line 4, column `pay`: a value is missing: leave such rows out, `fill(\"pay\", Fill::Drop)`",
            "line 3, column `sex`: a value is missing (and 1 more in this column): leave such rows out, \
             `fill(\"sex\", Fill::Drop)`"
        ]
    );

    let whole = table.select(&[0, 3]);
    let fitted = |target: &str| Columns::new().target(target).fit(&whole).unwrap();
    assert_eq!(
        message(fitted("pay").inputs(&table)),
        "line 3, column `age`: a value is missing: in `Columns`, before `fit`, say what stands in for it, \
         `fill(\"age\", Fill::Median)`"
    );
    assert_eq!(
        message(fitted("pay").dataset::<f32>(&table.select(&[0, 2]))),
        "line 4, column `sex`: a value is missing: in `Columns`, before `fit`, add an input that tells so, \
         `indicator(\"sex\")`, or say what stands in for it, `fill(\"sex\", Fill::MostFrequent)`"
    );
    let target = Columns::new().target("pay").indicator("sex").fit(&whole).unwrap();
    assert_eq!(
        message(target.dataset::<f32>(&table.select(&[0, 2]))),
        "line 4, column `pay`: a value is missing: in `Columns`, before `fit`, leave such rows out, \
         `fill(\"pay\", Fill::Drop)`"
    );
}
