//! Tables in CSV files: their columns as the inputs and targets of a network (needs feature `csv`).
//!
//! A [`Table`] is read as it is. [`Columns`] tell what to do with its columns; fitted on the training part, they are an
//! [`Encoding`], which turns tables into numbers, also those of later, and is saved with the network.
//!
//! ```
//! use monograd::data::csv::{Columns, Encoding, Fill, Table};
//!
//! let table = Table::parse("area,city,price\n50,Rome,1\n70,Oslo,2\n,Rome,3\n60,Bonn,4\n")?;
//! let encoding = Columns::new()
//!     .target("price")
//!     .fill("area", Fill::Mean) // 60
//!     .standardize()
//!     .fit(&table)?;
//! assert_eq!(encoding.names(), ["area", "city=Bonn", "city=Oslo", "city=Rome"]);
//! let data = encoding.dataset::<f32>(&table)?; // whose `batches(32)` a training reads
//! assert_eq!(data.inputs().row(2), [0.0, 0.0, 0.0, 1.0]);
//! assert_eq!(data.targets().as_slice(), [1.0, 2.0, 3.0, 4.0]);
//!
//! let metadata = encoding.metadata(); // for `net.save_with(path, metadata)`
//! let encoding = Encoding::from_metadata(&metadata)?;
//! let x = encoding.inputs(&Table::parse("city,area\nOslo,60\n")?)?; // without the target, in any order
//! assert_eq!(x.row(0), [0.0, 0.0, 1.0, 0.0]);
//! # Ok::<(), monograd::data::DataError>(())
//! ```

mod advice;
mod column;
mod columns;
mod encoding;
mod fit;
mod quotes;
mod records;
mod rows;
mod store;
mod table;
#[cfg(test)]
mod tests;

pub use columns::{Columns, Fill};
pub use encoding::Encoding;
pub use rows::Rows;
pub use table::{Csv, Table};
