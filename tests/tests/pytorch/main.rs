//! Values, gradients and steps against PyTorch's, and its files.

/// Networks that are compared with the files of their names in a folder of `vectors`.
macro_rules! cases {
    ($folder:literal; $($name:ident { $($network:tt)* })*) => {$(
        mod $name {
            use super::*;

            network! { pub Net $($network)* }
        }

        #[test]
        fn $name() {
            let file = concat!($folder, "/", stringify!($name));
            compare::<$name::Net>(file, $name::Net::init(0));
        }
    )*};
}

mod data;
mod examples;
mod files;
mod gpt;
mod layers;
mod lbfgs;
mod metrics;
mod muon;
mod networks;
mod operations;
mod optimizers;
mod recurrent;
mod schedules;
mod sequences;
