//! Protocol buffers, as far as events need them.

/// A message, written field by field in the order of their numbers. Zeros are left out, as in proto3.
#[derive(Default)]
pub(super) struct Message(Vec<u8>);

/// The kinds of fields.
const VARINT: u32 = 0;
const EIGHT_BYTES: u32 = 1;
const LENGTH: u32 = 2;
const FOUR_BYTES: u32 = 5;

impl Message {
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }

    pub fn whole(&mut self, field: u32, value: u64) -> &mut Self {
        if value != 0 {
            self.key(field, VARINT).varint(value);
        }
        self
    }

    pub fn double(&mut self, field: u32, value: f64) -> &mut Self {
        if value.to_bits() != 0 {
            self.key(field, EIGHT_BYTES).0.extend(value.to_le_bytes());
        }
        self
    }

    /// A number that is one of several alternatives, which is written if it is 0, too.
    pub fn float(&mut self, field: u32, value: f32) -> &mut Self {
        self.key(field, FOUR_BYTES).0.extend(value.to_le_bytes());
        self
    }

    pub fn text(&mut self, field: u32, text: &str) -> &mut Self {
        self.part(field, text.as_bytes())
    }

    pub fn message(&mut self, field: u32, message: &Self) -> &mut Self {
        self.part(field, message.bytes())
    }

    pub fn doubles(&mut self, field: u32, values: &[f64]) -> &mut Self {
        let bytes: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
        self.part(field, &bytes)
    }

    fn part(&mut self, field: u32, bytes: &[u8]) -> &mut Self {
        self.key(field, LENGTH).varint(bytes.len() as u64);
        self.0.extend(bytes);
        self
    }

    fn key(&mut self, field: u32, kind: u32) -> &mut Self {
        self.varint(u64::from(field << 3 | kind))
    }

    /// Seven bits a byte, the lowest first.
    fn varint(&mut self, mut value: u64) -> &mut Self {
        while value >= 0x80 {
            self.0.push(value as u8 | 0x80);
            value >>= 7;
        }
        self.0.push(value as u8);
        self
    }
}
