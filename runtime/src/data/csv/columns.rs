//! Options for the columns of a table.

use super::encoding::Encoding;
use super::table::Table;
use super::{super::DataError, fit};

/// The value that replaces a missing one.
///
/// ```
/// use monograd::data::csv::{Columns, Fill, Table};
///
/// let table = Table::parse("area,kind\n70,flat\n,flat\n90,house\n")?;
/// let encoding = Columns::new().target("kind").fill("area", Fill::Mean).fit(&table)?;
/// assert_eq!(encoding.inputs(&table)?.as_slice(), [70.0, 80.0, 90.0]);
/// # Ok::<(), monograd::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub enum Fill {
    /// The mean of the column of numbers.
    Mean,
    /// The median of the column of numbers.
    Median,
    /// The most frequent value, the least of equally frequent ones.
    MostFrequent,
    /// This number.
    Number(f64),
    /// This text, which is a category of its own if no row has it.
    Text(String),
    /// Nothing: a row with a missing value in this column is left out of the data set.
    Drop,
}

/// The scaling of numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Scale {
    #[default]
    Not,
    Standard,
    MinMax,
}

/// Options for the columns of a table: all that are not the target and not ignored are inputs. A column of numbers is
/// one input; one of text has an input for each of its texts, which is 1 in the rows of that text (one-hot).
///
/// ```
/// use monograd::data::csv::{Columns, Fill, Table};
///
/// let table = Table::parse("area,district,price\n70,north,210\n,south,180\n120,north,390\n")?;
/// let encoding = Columns::new().target("price").fill("area", Fill::Mean).standardize().fit(&table)?;
/// assert_eq!(encoding.names(), ["area", "district=north", "district=south"]);
/// # Ok::<(), monograd::data::DataError>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Columns {
    pub(super) target: Option<String>,
    pub(super) ignored: Vec<String>,
    pub(super) numbers: Vec<String>,
    pub(super) texts: Vec<String>,
    pub(super) class_numbers: Vec<String>,
    pub(super) fills: Vec<(String, Fill)>,
    pub(super) fill_others: Vec<Fill>,
    pub(super) indicators: Vec<String>,
    pub(super) scale: Scale,
    pub(super) takes_unknown: bool,
}

impl Columns {
    /// Takes all columns for inputs.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the column that is predicted: text is a class, whose number is that of its text in order.
    #[must_use]
    pub fn target(mut self, name: impl Into<String>) -> Self {
        self.target = Some(name.into());
        self
    }

    /// Leaves a column out.
    #[must_use]
    pub fn ignore(mut self, name: impl Into<String>) -> Self {
        self.ignored.push(name.into());
        self
    }

    /// Takes a column for numbers: any other field is an error. Without this call, a column is of numbers if all of its
    /// fields are; if only most of them are, that is an error.
    #[must_use]
    pub fn number(mut self, name: impl Into<String>) -> Self {
        self.numbers.push(name.into());
        self
    }

    /// Takes a column for text, also if all of its fields are numbers: that of a district, say.
    #[must_use]
    pub fn text(mut self, name: impl Into<String>) -> Self {
        self.texts.push(name.into());
        self
    }

    /// Takes a column for text that is one input: the number of the text in order, from 0.
    #[must_use]
    pub fn class_number(mut self, name: impl Into<String>) -> Self {
        self.class_numbers.push(name.into());
        self
    }

    /// Says what stands in for a missing value of a column. Without it, a missing value is an error.
    #[must_use]
    pub fn fill(mut self, name: impl Into<String>, fill: Fill) -> Self {
        self.fills.push((name.into(), fill));
        self
    }

    /// Says what stands in for missing values of all other inputs. It may be called twice, so that one is for
    /// numbers and one for text: the first that suits a column counts.
    #[must_use]
    pub fn fill_others(mut self, fill: Fill) -> Self {
        self.fill_others.push(fill);
        self
    }

    /// Adds an input that is 1 in rows where the column's value is missing. Text has no input of 1 there, so that
    /// nothing needs to stand in.
    #[must_use]
    pub fn indicator(mut self, name: impl Into<String>) -> Self {
        self.indicators.push(name.into());
        self
    }

    /// Scales the columns of numbers, the target excepted, to mean 0 and standard deviation 1.
    #[must_use]
    pub fn standardize(mut self) -> Self {
        self.scale = Scale::Standard;
        self
    }

    /// Scales the columns of numbers, the target excepted, to the range from 0 to 1.
    #[must_use]
    pub fn min_max(mut self) -> Self {
        self.scale = Scale::MinMax;
        self
    }

    /// Lets a text that the encoding was not fitted on be none of the known ones, zeros. Without it, such a text is an
    /// error.
    #[must_use]
    pub fn allow_unknown(mut self) -> Self {
        self.takes_unknown = true;
        self
    }

    /// Finds the type, texts, and scale of each column, and what stands in for missing values: in the training part.
    ///
    /// # Errors
    /// If a name is that of no column, a value is missing that nothing stands in for, or a field is not a number.
    pub fn fit(&self, table: &Table) -> Result<Encoding, DataError> {
        fit::fit(self, table)
    }
}
