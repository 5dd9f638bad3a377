//! Follows the quotes of a CSV file while it is read, by which its rows are told apart.

use std::io::{self, ErrorKind, Read};

/// Largest number of bytes of a row, which is in memory as a whole: without a bound, one quote too many would make a row
/// of all that follows.
const LONGEST: usize = 1 << 26;
/// The bytes with which some programs begin a file of UTF-8. They belong to no field.
const MARK: [u8; 3] = [0xef, 0xbb, 0xbf];

/// The place of a byte in a field.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// Before the first byte of a field, where a quote opens one.
    Begin,
    /// In a field without quotes, in which a quote is a character like others.
    Plain,
    /// Between quotes.
    Quoted,
    /// After a quote between quotes: it closes them, unless another one follows.
    Closed,
}

/// A reader that ends the last line of a file, and fails at a row that does not end.
pub(super) struct Quotes {
    source: Box<dyn Read + Send + Sync>,
    delimiter: u8,
    state: State,
    /// Number of bytes of [`MARK`] with which the file begins; `None` after the first others.
    mark: Option<usize>,
    /// Number of bytes of the row.
    len: usize,
    /// Number of the line, from 1.
    line: u64,
    /// The line at which the row begins.
    row: u64,
    has_ended: bool,
}

impl Quotes {
    pub fn new(source: Box<dyn Read + Send + Sync>, delimiter: u8) -> Self {
        let (state, mark) = (State::Begin, Some(0));
        Self { source, delimiter, state, mark, len: 0, line: 1, row: 1, has_ended: false }
    }

    /// Returns the line at which the row that was read last begins.
    pub fn row(&self) -> u64 {
        self.row
    }

    /// Follows one byte. Returns false in a row that is too long.
    fn follow(&mut self, byte: u8) -> bool {
        if let Some(known) = self.mark {
            if MARK.get(known) == Some(&byte) {
                self.mark = Some(known + 1);
                return true;
            }
            self.mark = None;
            if (1..MARK.len()).contains(&known) {
                self.state = State::Plain;
            }
        }
        self.len += 1;
        self.line += u64::from(byte == b'\n');
        self.state = match (self.state, byte) {
            (State::Begin | State::Closed, b'"') => State::Quoted,
            (State::Quoted, b'"') => State::Closed,
            (State::Quoted, _) => State::Quoted,
            (_, b'\n') => {
                (self.len, self.row) = (0, self.line);
                State::Begin
            }
            (_, byte) if byte == self.delimiter => State::Begin,
            _ => State::Plain,
        };
        self.len <= LONGEST
    }
}

impl Read for Quotes {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        let wrong = |reason: String| Err(io::Error::new(ErrorKind::InvalidData, reason));
        let len = self.source.read(bytes)?;
        if !bytes[..len].iter().all(|byte| self.follow(*byte)) {
            return wrong(format!("a row of more than {LONGEST} bytes: is a quote not closed?"));
        }
        let Some(end) = bytes.first_mut().filter(|_| len == 0 && !self.has_ended) else {
            return Ok(len);
        };
        if self.state == State::Quoted {
            return wrong("a quote at the beginning of a field is not closed".to_owned());
        }
        // for a last line without
        (self.has_ended, *end) = (true, b'\n');
        Ok(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Philox;
    use std::io::Cursor;

    fn quotes(text: &[u8]) -> Quotes {
        Quotes::new(Box::new(Cursor::new(text.to_vec())), b',')
    }

    fn failure(text: &[u8]) -> Option<String> {
        quotes(text).read_to_end(&mut Vec::new()).err().map(|error| error.to_string())
    }

    #[test]
    fn open_quotes_are_told() {
        for fits in
            ["", "a", "a,\"b\"", "a\"", "a,b\"c\n", "\"a\"\"\"", "\"a\nb\",c", "\"\",\"\"\r\n"]
        {
            let mut text = String::new();
            quotes(fits.as_bytes()).read_to_string(&mut text).unwrap();
            assert_eq!(text, format!("{fits}\n"));
            assert_eq!(failure(format!("\u{feff}{fits}").as_bytes()), None, "{fits:?}");
        }
        for open in ["\"", "a,\"", "\"a\"\"", "a\n\"b\n", "\"a\"\"\n\",\"", "\u{feff}\"a"] {
            assert!(failure(open.as_bytes()).unwrap().contains("is not closed"), "{open:?}");
        }
        // half of the mark is a character of a field
        assert_eq!(failure(b"\xef\"a"), None);
    }

    #[test]
    fn a_row_is_bounded() {
        let row = |len: usize| {
            let row = Box::new(io::repeat(b'x').take(len as u64).chain(&b"\na\n"[..]));
            io::copy(&mut Quotes::new(row, b','), &mut io::sink())
        };
        assert_eq!(row(LONGEST - 1).unwrap(), LONGEST as u64 + 3);
        let error = row(LONGEST + 1).unwrap_err().to_string();
        assert_eq!(error, "a row of more than 67108864 bytes: is a quote not closed?");
    }

    /// Rows end where the reader of CSV ends them, and quotes are open where it reads on.
    #[test]
    fn rows_are_those_of_the_reader() {
        let mut random = Philox::new(5).stream(0);
        let mut open = 0;
        for _ in 0..4_000 {
            let len = random.below(10);
            let text: Vec<u8> = (0..len).map(|_| b"\"\"\",\nab\r"[random.below(8)]).collect();
            // what follows a line is a row of its own, unless a quote is open
            let mark = b"\nend";
            let mut reader = csv::ReaderBuilder::new();
            let reader = reader.has_headers(false).flexible(true);
            let reader = reader.terminator(csv::Terminator::Any(b'\n'));
            let whole = [&text[..], mark].concat();
            let last = reader.from_reader(&whole[..]).into_byte_records().last();
            let is_open = last.unwrap().unwrap() != vec!["end"];
            assert_eq!(failure(&text).is_some(), is_open, "{:?}", text.escape_ascii().to_string());
            open += u32::from(is_open);
        }
        assert!((1_000..3_000).contains(&open), "{open}");
    }
}
