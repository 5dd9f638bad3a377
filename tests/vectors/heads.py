"""Writes heads/: networks of many classes, whose loss is computed with the last product.

    python heads.py    (torch 2.15.0 wrote the committed files)
"""

from pathlib import Path

import torch
import torch.nn.functional as F
from record import record
from torch import nn

CLASSES, WIDTH = 1031, 4
torch.manual_seed(11)
torch.set_default_dtype(torch.float64)


class Classifier(nn.Module):
    def __init__(self):
        super().__init__()
        self.linear0, self.linear1 = nn.Linear(3, WIDTH), nn.Linear(WIDTH, CLASSES)

    def forward(self, x):
        return (self.linear1(F.gelu(self.linear0(x))),)


class Tied(nn.Module):
    def __init__(self):
        super().__init__()
        self.table = nn.Parameter(torch.randn(CLASSES, WIDTH))
        self.linear0 = nn.Linear(WIDTH, WIDTH)

    def forward(self, tokens):
        h = self.linear0(self.table[tokens])
        return (h @ self.table.T,)


class Biased(Tied):
    def __init__(self):
        super().__init__()
        self.bias = nn.Parameter(torch.randn(CLASSES))

    def forward(self, tokens):
        return (super().forward(tokens)[0] + self.bias,)


def loss(**options):
    return lambda y, _, t: F.cross_entropy(y[0].flatten(0, -2), t[0].flatten(), **options)


folder = Path(__file__).parent / "heads"
targets = torch.randint(CLASSES, (11,))
targets[::4] = 5
record(folder, "classifier", Classifier(), [torch.randn(11, 3)], [targets], loss(ignore_index=5, label_smoothing=0.1))
tokens = torch.randint(CLASSES, (2, 3)), torch.randint(CLASSES, (2, 3))
record(folder, "tied", Tied(), tokens[:1], tokens[1:], loss())
record(folder, "biased", Biased(), tokens[:1], tokens[1:], loss(label_smoothing=0.2))
