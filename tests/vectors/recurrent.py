"""Writes recurrent/*.safetensors: `torch.nn.RNN`, `GRU` and `LSTM` forwards, backwards, both ways.

    python recurrent.py    (torch 2.15.0 wrote the committed files)
"""

from pathlib import Path

import torch
import torch.nn.functional as F
from record import record
from torch import nn

HERE = Path(__file__).parent
BATCH, LENGTH, INPUTS, HIDDEN = 3, 5, 3, 4
CELLS = {"rnn": nn.RNN, "gru": nn.GRU, "lstm": nn.LSTM}


class Sequence(nn.Module):
    """All outputs, and what the cell holds after its last step."""

    def __init__(self, cell, way):
        super().__init__()
        self.way = way
        self.cell = cell(INPUTS, HIDDEN, batch_first=True, bidirectional=way == "both")

    def forward(self, x):
        backwards = self.way == "backwards"
        y, last = self.cell(x.flip(1) if backwards else x)
        last = last if isinstance(last, tuple) else (last,)
        states = [state for states in last for state in states.unbind(0)]
        return (y.flip(1) if backwards else y, torch.cat(states, 1))


def rename(name):
    """`cell.weight_ih_l0_reverse` is `backwards.ih.weight`."""
    kind, part = name.removeprefix("cell.").split("_")[:2]
    return f"{'backwards' if name.endswith('_reverse') else 'forwards'}.{part}.{kind}"


def loss(outputs, inputs, targets):
    y, last = outputs
    return F.mse_loss(y, targets[0]) + last.square().mean()


def main():
    torch.set_default_dtype(torch.float64)
    for name, cell in CELLS.items():
        for seed, way in enumerate(["forwards", "backwards", "both"]):
            torch.manual_seed(seed)
            model = Sequence(cell, way)
            x = torch.randn(BATCH, LENGTH, INPUTS)
            target = torch.randn(BATCH, LENGTH, HIDDEN * (2 if way == "both" else 1))
            record(HERE / "recurrent", f"{name}.{way}", model, [x], [target], loss, rename)


main()
