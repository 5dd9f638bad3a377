//! The description of an attention by its sizes and options, and the memory that it takes.

/// Largest number of queries of a block.
pub(super) const QUERIES: usize = 66;
/// Number of queries by which blocks grow: a multiple of the height of the register tiles.
const QUERY_STEP: usize = 6;
/// Number of keys of a block.
pub(super) const KEYS: usize = 64;
/// Number of rows of queries that read the same keys, up to which the keys are read in place: copying them
/// would cost more than it saves.
pub(super) const DIRECT_ROWS: usize = 4;

/// The sizes and options of an attention.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Attention {
    /// Number of samples.
    pub samples: usize,
    /// Number of queries.
    pub queries: usize,
    /// Number of keys.
    pub keys: usize,
    /// Number of heads of queries.
    pub heads: usize,
    /// Number of heads of keys and values. As many heads of queries share one.
    pub groups: usize,
    /// Length of a query and of a key.
    pub dim: usize,
    /// Length of a value.
    pub value_dim: usize,
    /// The position of the first query among the keys.
    pub first: usize,
    /// `true` if a query does not see the keys after its own position.
    pub causal: bool,
    /// Number of positions, its own included, up to which a query sees the keys before it.
    pub window: Option<usize>,
    /// The factor of the products of queries and keys; 1 / sqrt(`dim`) if it is not given.
    pub scale: Option<f64>,
    /// The dropout of the weights.
    pub dropout: Option<Dropout>,
}

/// The dropout of an attention's weights; see [`dropout`](crate::kernels::dropout::dropout()).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Dropout {
    /// The random key.
    pub key: (u64, u64),
    /// The position of the first weight of the first sample in its stream.
    pub first: u64,
    /// The probability that a weight becomes zero.
    pub p: f64,
}

impl Attention {
    /// Returns the range of keys that the queries from `first` to `last` see, these included.
    pub(super) fn seen(&self, first: usize, last: usize) -> (usize, usize) {
        let begin = match self.window {
            Some(window) => (self.first + first + 1).saturating_sub(window),
            None => 0,
        };
        let end = if self.causal { self.keys.min(self.first + last + 1) } else { self.keys };
        (begin.min(end), end)
    }

    /// Returns the factor of the products of queries and keys.
    pub(super) fn scale(&self) -> f64 {
        self.scale.unwrap_or_else(|| 1.0 / (self.dim as f64).sqrt())
    }

    /// Returns the number of queries of a block. Where later keys are hidden, a block computes half of a square
    /// of its own size in vain, so that short sequences take small blocks.
    pub(super) fn block_of_queries(&self) -> usize {
        let most = match self.causal {
            true => (self.queries / 4).next_multiple_of(QUERY_STEP).clamp(3 * QUERY_STEP, QUERIES),
            false => QUERIES,
        };
        self.queries.div_ceil(self.queries.div_ceil(most).max(1)).max(1)
    }

    /// Returns the number of heads of queries that share one of keys.
    pub(super) fn heads_per_group(&self) -> usize {
        self.heads / self.groups.max(1)
    }

    /// Returns true if the keys and values are read in place.
    pub(super) fn is_direct(&self) -> bool {
        self.queries * self.heads_per_group() <= DIRECT_ROWS
    }

    /// Checks the sizes that calculations rely on.
    ///
    /// # Panics
    /// If the groups do not divide the heads, or a window is empty.
    pub(super) fn check(&self) {
        let divides = self.groups > 0 && self.heads.is_multiple_of(self.groups);
        assert!(divides || self.heads == 0, "the heads are a multiple of the groups: {self:?}");
        assert_ne!(self.window, Some(0), "a window is at least 1");
    }
}

/// Returns the smaller of two sizes.
const fn least(a: usize, b: usize) -> usize {
    if a < b { a } else { b }
}

/// Returns the number of keys in whole blocks, `usize::MAX` on overflow.
const fn whole_blocks(keys: usize) -> usize {
    match keys.checked_next_multiple_of(KEYS) {
        Some(keys) => keys,
        None => usize::MAX,
    }
}

/// Returns the number of scalars of scratch of [`forward`](super::forward()) for the number of keys, and the
/// lengths of a key and of a value; `usize::MAX` on overflow.
#[must_use]
pub const fn forward_scratch([queries, keys, dim, value_dim]: [usize; 4]) -> usize {
    let queries = least(queries, QUERIES);
    let of_keys = whole_blocks(keys).saturating_mul(dim.saturating_add(value_dim));
    let of_queries = queries.saturating_mul(dim.saturating_add(value_dim).saturating_add(KEYS));
    of_keys.saturating_add(of_queries)
}

/// Returns the number of scalars of scratch of [`backward`](super::backward()) for the numbers of queries and
/// keys, and the lengths of a key and of a value; `usize::MAX` on overflow.
#[must_use]
pub const fn backward_scratch([queries, keys, dim, value_dim]: [usize; 4]) -> usize {
    let queries = least(queries, QUERIES);
    let both = dim.saturating_add(value_dim);
    let of_keys = whole_blocks(keys).saturating_mul(both.saturating_mul(2).saturating_add(dim));
    let of_queries = both.saturating_add(dim).saturating_add(2 * KEYS);
    of_keys.saturating_add(queries.saturating_mul(of_queries))
}
