//! What proves monograd right; see `tests/`.
