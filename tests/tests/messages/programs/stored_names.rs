//! Names in files that are no identifiers, that are nearly alike, and that only numbers tell apart.
use monograd::prelude::*;

mod other {
    monograd::network! {
        pub Encoder(x: [4]) -> [4] { x >> Linear(4) }
    }
}

network! {
    pub Net<const LAYERS: usize = 12>(x: [4]) -> [4] {
        #[name = "a.b"]
        let first = Linear(4);
        #[name = "a_b"]
        let second = Linear(4);
        #[name = "transformer/wte:0"]
        let third = Linear(4);
        #[name = "0"]
        let fourth = Linear(4);
        #[name = "größe 層 \" \\ '"]
        let fifth = param([4], init = ones);
        #[name = "fn"]
        let sixth = param([4], init = ones);
        #[name = "enc.__metadata__"]
        let seventh = param([4], init = ones);
        let mut h = x >> first >> second >> third >> fourth;
        for i in 0..LAYERS {
            #[name = "h.{i}"]
            let fc = Linear(4);
            h = h >> fc;
        }
        #[name = "h.12"]
        let last = Linear(4);
        #[name = "h.01"]
        let zero = Linear(4);
        let enc = other::Encoder();
        #[name = "enc.linear1.weight"]
        let beside = param([4], init = ones);
        (h >> last >> zero >> enc) * fifth * sixth * seventh * beside
    }
    loss mse
}

#[test]
fn runs() {
    let net: Net = Net::init(1);
    let mut names: Vec<String> = net.parameters().iter().map(|p| p.name().into_owned()).collect();
    let all = names.len();
    names.sort();
    names.dedup();
    assert_eq!((all, names.len()), (2 * (4 + 12 + 2 + 1) + 4, all));
}
