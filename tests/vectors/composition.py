"""Writes composition.json: outputs, loss and gradients of nested networks and of losses of one's own.

    python composition.py    (torch 2.15.0 wrote the committed file)
"""

import json
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import nn

BATCH = 5
torch.manual_seed(7)
torch.set_default_dtype(torch.float64)


class Encoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.linear0 = nn.Linear(6, 4)
        self.linear1 = nn.Linear(4, 2)
        self.linear2 = nn.Linear(4, 2)

    def forward(self, x):
        h = F.gelu(self.linear0(x))
        return self.linear1(h), self.linear2(h)


class Vae(nn.Module):
    """A network inside a network; the loss uses inner values and the input."""

    def __init__(self):
        super().__init__()
        self.encoder0 = Encoder()
        self.linear0 = nn.Linear(2, 5)
        self.linear1 = nn.Linear(5, 6)

    def run(self, x, noise):
        mu, log_var = self.encoder0(x)
        y = self.linear1(torch.tanh(self.linear0(mu + noise * torch.exp(0.5 * log_var))))
        kl = 0.5 * (torch.exp(log_var) + mu.square() - 1 - log_var).sum(1).mean()
        return [y], F.binary_cross_entropy_with_logits(y, torch.sigmoid(x)) + 0.1 * kl


class Weighted(nn.Module):
    """Two targets, weights, and parameters in the loss."""

    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(7, 5)
        self.head = nn.Linear(5, 3)
        self.linear0 = nn.Linear(5, 7)

    def run(self, x, target, clean):
        h = F.silu(self.fc(x))
        y, z = self.head(h), self.linear0(h)
        loss = F.cross_entropy(y, target) + 0.1 * F.mse_loss(z, clean)
        loss = loss + 1e-2 * self.fc.weight.square().sum()
        loss = loss + 0.3 * self.head.bias.abs().sum() + 0.05 * self.linear0.weight.square().mean()
        return [y, z], loss


def case(net, *data):
    outputs, loss = net.run(*data)
    loss.backward()
    flat = lambda tensors: {name: t.detach().flatten().tolist() for name, t in tensors}
    return {
        "data": [tensor.flatten().tolist() for tensor in data],
        "parameters": flat(net.named_parameters()),
        "outputs": [y.flatten().tolist() for y in outputs],
        "loss": loss.item(),
        "gradients": flat((name, p.grad) for name, p in net.named_parameters()),
    }


cases = {
    "vae": case(Vae(), torch.randn(BATCH, 6), torch.randn(BATCH, 2)),
    "weighted": case(
        Weighted(), torch.randn(BATCH, 7), torch.randint(3, (BATCH,)), torch.randn(BATCH, 7)
    ),
}
(Path(__file__).parent / "composition.json").write_text(json.dumps(cases))
