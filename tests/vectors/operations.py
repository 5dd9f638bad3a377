"""Writes operations.json and operations.*.safetensors: outputs, loss and gradients of PyTorch.

    python operations.py    (torch 2.15.0 wrote the committed files)
"""

import json
from pathlib import Path

import torch
import torch.nn.functional as F
from safetensors.torch import save_file
from torch import nn

HERE = Path(__file__).parent
BATCH = 5


class Axes(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(7, 7)

    def inputs(self):
        return [torch.randn(BATCH, 3, 5, 7)]

    def forward(self, x):
        h = torch.tanh(self.fc(x))
        a = h.sum(2) * h.mean((1, 2), keepdim=True).squeeze(2)
        b = h.logsumexp(1) * h.std(1) + h.std(1, correction=0)
        c = h.max(2).values - h.amin((1, 3)).sum(1)[:, None, None]
        d = h.var(3).mean((1, 2)) * h.logsumexp((1, 2, 3))
        e = h.softmax(2) * h.cumsum(2) - h.log_softmax(1) * h.min(3, keepdim=True).values
        f = h.flatten(1).argmax(1) + h.argmin(2).sum(1)[:, 0]
        return (a + c).sum(1) + b.sum(1) + d[:, None] + e.sum((1, 2)) * (0.1 * f)[:, None]


class Attention(nn.Module):
    def __init__(self):
        super().__init__()
        self.q = nn.Linear(6, 6)
        self.k = nn.Linear(6, 6, bias=False)
        self.v = nn.Linear(6, 6)
        self.out = nn.Linear(6, 6)

    def inputs(self):
        return [torch.randn(BATCH, 7, 6)]

    def forward(self, x):
        def heads(h):
            return h.unflatten(2, (2, 3)).transpose(1, 2)

        q, k, v = heads(self.q(x)), heads(self.k(x)), heads(self.v(x))
        y = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        return self.out(y.transpose(1, 2).flatten(2))


class Moves(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(5, 4)

    def inputs(self):
        return [torch.randn(BATCH, 6, 5), torch.randint(6, (BATCH, 4))]

    def forward(self, x, i):
        h = self.fc(x)
        a, b, c = h.chunk(3, 1)
        s = torch.stack([a * b, c], -1).sum(-1)
        p = F.pad(h, (0, 1, 2, 0), value=0.5)
        r = h.flip(1) * h.roll(1, 2) + h.roll(-2, 1) * h[:, :1].repeat(1, 6, 1)
        g = torch.stack([table[index] for table, index in zip(h, i)])
        o = F.one_hot(i, 6).to(h.dtype) @ h
        m = torch.where(h > 0.1, h * h, -h) + (x[:, :, 1:] <= 0) * h
        t = g.tril(1) @ o.triu(-1).transpose(1, 2) * h.detach()[:, :4]
        steps = h[:, 1::2] * h[:, [5, 3, 1]] + p[:, -3:, :4]
        return torch.cat([s, r, g * o, m, t, steps, p[:, :, 1:]], 1)


class Functions(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(7, 17)

    def inputs(self):
        return [torch.randn(BATCH, 7)]

    def forward(self, x):
        h = self.fc(x)
        p = h.square() + 0.1
        y = torch.log2(p) + torch.log10(p) * torch.exp2(h) - torch.reciprocal(p)
        y = y + torch.tan(0.5 * h) + torch.atan(3.0 * h) - torch.sinh(h) * torch.cosh(h)
        return y + h * (torch.floor(3.0 * h) - torch.ceil(2.0 * h) + torch.round(5.0 * h))


def run(network):
    torch.manual_seed(len(network.__name__))
    net = network()
    # what f32 cannot hold would differ in its last digits
    net.load_state_dict({k: v.float().double() for k, v in net.state_dict().items()})
    inputs = [x.float().double() if x.is_floating_point() else x for x in net.inputs()]
    y = net(*inputs)
    target = torch.randn(y.shape).float().double()
    loss = F.mse_loss(y, target)
    loss.backward()
    name = network.__name__.lower()
    save_file({k: v.float() for k, v in net.state_dict().items()}, HERE / f"operations.{name}.safetensors")
    return {
        "inputs": [x.flatten().tolist() for x in inputs],
        "target": target.flatten().tolist(),
        "output": y.flatten().tolist(),
        "loss": loss.item(),
        "gradients": {key: p.grad.flatten().tolist() for key, p in net.named_parameters()},
    }


def main():
    torch.set_default_dtype(torch.float64)
    networks = [Axes, Attention, Moves, Functions]
    cases = {network.__name__.lower(): run(network) for network in networks}
    lines = ",\n".join(f'"{name}": {json.dumps(case)}' for name, case in cases.items())
    (HERE / "operations.json").write_text("{" + lines + "}\n")


main()
