//! User-defined functions, which a network calls with every kind of number.

/// A function of `K` numbers of any kind `N`, with one number as its result.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a function of every kind of number",
    label = "a function that a network calls is generic over `Number`",
    note = "write `fn name<N: Number>(x: N) -> N`, with as many arguments as are given: its derivative comes from calling it on dual numbers"
)]
pub trait Own<N, const K: usize> {
    /// Calls the function.
    fn call(self, arguments: [N; K]) -> N;
}

macro_rules! own {
    ($($count:literal: $($x:ident)*;)*) => {
        $(
            impl<N> Own<N, $count> for fn($(own!(@ $x)),*) -> N {
                #[inline(always)]
                fn call(self, [$($x),*]: [N; $count]) -> N {
                    self($($x),*)
                }
            }
        )*
    };
    (@ $x:ident) => { N };
}
own! {
    1: a;
    2: a b;
    3: a b c;
    4: a b c d;
    5: a b c d e;
    6: a b c d e f;
    7: a b c d e f g;
    8: a b c d e f g h;
}
