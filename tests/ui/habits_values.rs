//! Methods, fields and modules of other libraries: functions are called on values here.

use monograd::prelude::*;

network! {
    A(x: [16]) -> [4] { x.view(4, 4) >> Linear(4) }
    B(x: [16]) -> [4] { self.fc1(x) }
    C(x: [16]) -> [4] { let h = F.relu(x); torch.tanh(h) >> Linear(4) }
    D(x: [16]) -> [4] { x.mean() + x.T + x.shape[0] + x.permute(1, 0) + x.unsqueeze(0) }
    E(x: [16]) -> [4] { x.pow(2).sum(dim = 1, keepdim = true).sqrt() }
    F(x: [16]) -> [4] { x.clamp(min = 0) >> Linear(4) }
    G(x: [16]) -> [4] { let fc = Linear(4); fc.forward(x) }
    H(x: [16]) -> [4] { let h = x.clone(); h.to(device) >> Linear(4) }
    I(x: [16]) -> [4] { x.iter().map(|v| v * 2.0).collect() }
    J(x: [16]) -> [4] { let h = x.tanh()?; h.relu()? >> Linear(4) }
    K(x: [16]) -> [4] { x.0 >> Linear(4) }
    L(x: [16]) -> [4] { torch.cat([x, x], dim = 0) >> jax.nn.Dense(4) }
    M(x: [16]) -> [4] { relu(x) + print(x) + len(x) + where(x > 0, x, 0) + mm(x, x) }
    N(x: [16]) -> [4] { x >> Linear(4, bias = True) >> Linear(4, init = "kaiming") }
    O(x: [16]) -> [4] { let l = LinearConfig::new(16, 4).init(device); x >> l }
    P(x: [16]) -> [4] { let h = &x; *h >> Linear(4usize) }
    Q(x: [16]) -> [4] { println!("{}", x); x * vec![1.0, 2.0] }
    R(x: [16]) -> [4] { 2(x + 1) >> Linear(4) }
    S(x: [16]) -> [4] { x.wobble() >> Linear(4) }
}

fn main() {
    let mut net = A::init(1);
    let _ = A::summary();
    let _ = net.train_step(&[0.0_f32; 16], &[0.0_f32; 4], &mut Sgd::new(0.1));
}
// mistakes: 35
