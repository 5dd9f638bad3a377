"""Writes layers/batch_norm*.safetensors: what PyTorch computes with batch normalisation.

    python batch_norm.py    (torch 2.15.0 wrote the committed files)
"""

from pathlib import Path

import torch
import torch.nn.functional as F
from record import record
from torch import nn

HERE = Path(__file__).parent
BATCH = 3


class Layer(nn.Module):
    """A layer after a linear one, which learns through its statistics."""

    def __init__(self, layer, first, bias=True):
        super().__init__()
        self.layer = layer
        self.first = nn.Linear(first, first, bias=bias)

    def forward(self, x):
        return (self.layer(self.first(x)),)


class Twice(Layer):
    """The same layer twice, whose running statistics both change."""

    def forward(self, x):
        return (self.layer(self.first(self.layer(x))),)


def loss(outputs, _, targets):
    return F.mse_loss(outputs[0], targets[0])


def main():
    torch.set_default_dtype(torch.float64)
    torch.manual_seed(0)
    image = (4, 3, 5)
    cases = {
        "batch_norm1d": (Layer(nn.BatchNorm1d(6), 6, bias=False), (6,)),
        "batch_norm1d_series": (Layer(nn.BatchNorm1d(4, eps=0.1, momentum=0.3), 5), (4, 5)),
        "batch_norm1d_twice": (Twice(nn.BatchNorm1d(6), 6, bias=False), (6,)),
        "batch_norm2d": (Layer(nn.BatchNorm2d(4), 5), image),
        "batch_norm2d_cumulative": (Layer(nn.BatchNorm2d(4, momentum=None), 5), image),
        "batch_norm2d_plain": (Layer(nn.BatchNorm2d(4, affine=False), 5), image),
        "batch_norm2d_untracked": (Layer(nn.BatchNorm2d(4, track_running_stats=False), 5), image),
    }
    for seed, (name, (model, shape)) in enumerate(cases.items()):
        torch.manual_seed(seed)
        for parameter in model.parameters():
            # also where PyTorch begins with ones or zeros
            parameter.data += 0.1 * torch.randn_like(parameter)
        for buffer in model.buffers():
            # as after some batches
            buffer += 5 if buffer.dtype == torch.int64 else torch.randn_like(buffer).abs()
        x = torch.randn(BATCH, *shape) + 0.5
        target = torch.randn_like(model.eval()(x)[0])
        record(HERE / "layers", name, model, [x], [target], loss)


main()
