"""Writes networks.json and networks.*.safetensors: values, gradients and five steps of PyTorch.

    python networks.py    (torch 2.15.0 wrote the committed files)
"""

import json
from pathlib import Path

import torch
import torch.nn.functional as F
from safetensors.torch import save_file
from torch import nn

HERE = Path(__file__).parent
BATCH, STEPS = 9, 5
OPTIMIZERS = {
    "sgd": lambda p: torch.optim.SGD(p, lr=0.05, momentum=0.9),
    "adamw": lambda p: torch.optim.AdamW(p, lr=0.01),
    "rmsprop": lambda p: torch.optim.RMSprop(p, lr=0.003),
}


class Mlp(nn.Module):
    inputs = [[13]]

    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(13, 17)
        self.fc2 = nn.Linear(17, 17, bias=False)
        self.head = nn.Linear(17, 5)

    def forward(self, x):
        x = F.gelu(self.fc1(x))
        return (self.head(F.gelu(self.fc2(x), approximate="tanh")),)

    def targets(self):
        return [torch.randint(5, (BATCH,))]

    def loss(self, y, target):
        return F.cross_entropy(y, target)


class Residual(nn.Module):
    """Every function of one argument, and dotted names."""

    inputs = [[3, 7]]

    def __init__(self):
        super().__init__()
        self.blocks = nn.ModuleList([nn.Linear(7, 7), nn.Linear(7, 7)])
        self.out = nn.Linear(21, 4)

    def forward(self, x):
        h = x + torch.tanh(self.blocks[0](x))
        k = self.blocks[1](h)
        h = h + torch.sin(k) * torch.cos(k) + torch.erf(k) - torch.log1p(k.square())
        h = h + torch.exp(-k.abs()) * torch.sigmoid(k) / (1.0 + F.softplus(k))
        h = h + torch.sqrt(k * k + 0.1) + torch.clamp(k, -0.5, 0.5) * torch.expm1(0.3 * k)
        h = h + torch.log(k * k + 1.5).pow(1.5) + torch.rsqrt(k * k + 0.5) * k.sign()
        h = torch.maximum(h, x) + torch.minimum(k, x)
        return (self.out(h.flatten(1)),)

    def targets(self):
        return [torch.randn(BATCH, 4)]

    def loss(self, y, target):
        return F.mse_loss(y, target)


class Several(nn.Module):
    inputs = [[6], [3]]

    def __init__(self):
        super().__init__()
        self.left = nn.Linear(6, 11)
        self.right = nn.Linear(3, 11)
        self.value = nn.Linear(11, 2)
        self.flags = nn.Linear(22, 3)

    def forward(self, x, y):
        h, k = F.silu(self.left(x)), F.leaky_relu(self.right(y))
        return self.value(h * k), self.flags(torch.cat([h, k], 1))

    def targets(self):
        return [torch.randn(BATCH, 2) * 3, torch.rand(BATCH, 3)]

    def loss(self, value, flags, a, b):
        return F.huber_loss(value, a, delta=0.7) + F.binary_cross_entropy_with_logits(flags, b)


class Shared(nn.Module):
    inputs = [[10]]

    def __init__(self):
        super().__init__()
        self.cell = nn.Linear(10, 10)
        self.head = nn.Linear(10, 6)

    def forward(self, x):
        for activation in (F.silu, F.mish, F.hardswish, F.elu, F.selu):
            x = activation(self.cell(x))
        return (torch.softmax(self.head(x), 1),)

    def targets(self):
        return [torch.softmax(torch.randn(BATCH, 6), 1)]

    def loss(self, y, target):
        return F.smooth_l1_loss(y, target, beta=0.2) + F.l1_loss(y, target)


class Weighted(nn.Module):
    inputs = [[4, 8]]
    weight = [0.5, 1.0, 2.0, 0.25, 1.5]

    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(8, 12)
        self.fc2 = nn.Linear(12, 5)
        self.fixed = nn.Linear(5, 5)
        self.fixed.requires_grad_(False)

    def forward(self, x):
        # F.hardsigmoid's derivative is 1/6 rounded to f32, even in f64
        h = F.relu6(self.fc1(x) + 3) / 6
        return (self.fixed(F.relu(self.fc2(h))),)

    def targets(self):
        target = torch.randint(5, (BATCH, 4))
        target[2, 1] = target[4, 0] = target[4, 3] = 3
        return [target]

    def loss(self, y, target):
        return F.cross_entropy(
            y.flatten(0, 1), target.flatten(), weight=torch.tensor(self.weight),
            ignore_index=3, label_smoothing=0.15,
        )


def numbers(tensor):
    return tensor.detach().flatten().tolist()


def run(network):
    name = network.__name__.lower()
    torch.manual_seed(3)
    model = network()
    # what f32 cannot hold would differ in its last digits
    model.load_state_dict({k: v.float().double() for k, v in model.state_dict().items()})
    start = {k: v.clone() for k, v in model.state_dict().items()}
    save_file({k: v.float() for k, v in start.items()}, HERE / f"networks.{name}.safetensors")
    inputs = [torch.randn(BATCH, *shape).float().double() for shape in network.inputs]
    targets = [t if t.dtype == torch.int64 else t.float().double() for t in model.targets()]
    for x in inputs:
        x.requires_grad_()
    outputs = model(*inputs)
    # from the outputs themselves as their gradients
    vjp = torch.autograd.grad(outputs, inputs, [y.detach() for y in outputs], retain_graph=True)
    loss = model.loss(*outputs, *targets)
    loss.backward()
    case = {
        "inputs": [numbers(x) for x in inputs],
        "targets": [numbers(t) for t in targets],
        "outputs": [numbers(y) for y in outputs],
        "loss": loss.item(),
        "gradients": {
            k: numbers(torch.zeros_like(p) if p.grad is None else p.grad)
            for k, p in model.named_parameters()
        },
        "input_gradients": [numbers(x.grad) for x in inputs],
        "vjp": [numbers(g) for g in vjp],
        "losses": {},
        "after": {},
    }
    for key, optimizer in OPTIMIZERS.items():
        model.load_state_dict(start)
        optimizer = optimizer([p for p in model.parameters() if p.requires_grad])
        losses = []
        for _ in range(STEPS):
            optimizer.zero_grad()
            loss = model.loss(*model(*inputs), *targets)
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
        case["losses"][key] = losses
        case["after"][key] = {k: numbers(p) for k, p in model.named_parameters()}
    return case


def main():
    torch.set_default_dtype(torch.float64)
    networks = [Mlp, Residual, Several, Shared, Weighted]
    cases = {network.__name__.lower(): run(network) for network in networks}
    lines = ",\n".join(f'"{name}": {json.dumps(case)}' for name, case in cases.items())
    (HERE / "networks.json").write_text("{" + lines + "}\n")


main()
