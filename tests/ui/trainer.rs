//! Arguments of a trainer: each mistake is one error, and the data beside it is none.
use monograd::metrics::Confusion;
use monograd::prelude::*;
use monograd::train::Event;

network! {
    Plain(x: [4]) -> [4] { x >> Linear(4) }

    Net(x: [4]) -> [3] { x >> Linear(3) }
    loss mse
}

fn main() -> Result<(), Error> {
    let (mut plain, mut net, mut sgd) = (Plain::init(1), Net::init(1), Sgd::new(0.1));
    let (x, y) = ([0.0_f32; 4], [0.0_f32; 3]);
    net.train_step(&x, &y, &mut sgd)?;
    println!("{} {}", Plain::summary(), Net::summary());

    Trainer::new(&mut plain, &mut sgd).epochs(3).fit(|_epoch| [(&x, &x)])?;
    Trainer::new(net, &mut sgd).epochs(3).fit(|_epoch| [(&x, &y)])?;
    let mut net = Net::init(2);
    Trainer::new(&mut net, Sgd::new(0.1)).epochs(3).fit(|_epoch| [(&x, &y)])?;
    Trainer::new(&mut net, &mut sgd).fit((&x, &y))?;
    Trainer::new(&mut net, &mut sgd).fit(|_epoch| [(vec![0.0; 4], [0_u32])])?;
    Trainer::new(&mut net, &mut sgd).metric(Confusion::new(3)).fit(|_epoch| [(&x, &y)])?;
    Trainer::new(&mut net, &mut sgd).metric("accuracy").fit(|_epoch| [(&x, &y)])?;
    Trainer::new(&mut net, &mut sgd).schedule(0.1).fit(|_epoch| [(&x, &y)])?;
    Trainer::new(&mut net, &mut sgd).callback(|_| println!("step")).fit(|_epoch| [(&x, &y)])?;
    let begin = Event::EpochBegin;
    Trainer::new(&mut net, &mut sgd).on(begin, |at| at.epoch()).fit(|_epoch| [(&x, &y)])?;
    Ok(())
}
// mistakes: 10
