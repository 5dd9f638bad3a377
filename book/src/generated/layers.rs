/// The kinds of layers of the language.
static LAYERS: &[Kind] = &[linear::LINEAR, dropout::DROPOUT, flatten::FLATTEN];
