"""Writes kinks.json: what PyTorch computes at kinks, ties, and at the ends of the range.

    python kinks.py    (torch 2.15.0 wrote the committed file)

Numbers are strings, since JSON has no infinities.
"""

import json
from pathlib import Path

import torch
import torch.nn.functional as F

HERE = Path(__file__).parent

# kinks and plateaus of all functions
V = [-4.0, -3.0, -1.0, -0.5, 0.0, 0.5, 1.0, 3.0, 4.0]
# ties of both kinds with V
W = [-4.0, 3.0, -1.0, -2.0, 0.0, -0.5, 1.0, 0.5, 4.0]
M = [[0.0, 0.0, 0.0], [-1.0, 0.0, -1.0], [2.0, -2.0, 1.0], [3.0, 3.0, 3.0]]
ZERO = torch.zeros((), dtype=torch.float64)

CHOICES = {
    "relu": lambda v, w: F.relu(v).sqrt(),
    "log_relu": lambda v, w: F.relu(v).log(),
    # F.hardsigmoid has the slope of 1/6 in f32
    "hard_sigmoid": lambda v, w: (F.relu6(v + 3) / 6).sqrt(),
    "hard_swish": lambda v, w: F.hardswish(v),
    "leaky": lambda v, w: F.leaky_relu(v),
    "elu": lambda v, w: F.elu(v) - F.selu(v),
    "abs": lambda v, w: v.abs() * v,
    "slope_of_abs": lambda v, w: v.abs(),
    "clamp": lambda v, w: v.clamp(-1, 1),
    "root_of_clamp": lambda v, w: v.clamp(0, 3).sqrt(),
    "maximum": lambda v, w: torch.maximum(v, ZERO).sqrt(),
    "minimum": lambda v, w: (-torch.minimum(v, ZERO)).sqrt(),
    "larger": lambda v, w: torch.maximum(v, w),
    "smaller": lambda v, w: torch.minimum(v, w),
    "where": lambda v, w: torch.where(v > 0, torch.maximum(v, ZERO).sqrt(), v),
    "triangle": lambda v, w: (v.reshape(3, 3).abs() + 1).tril().sqrt().flatten(),
    "padded": lambda v, w: F.pad(v[:7].square() + 1, (1, 1)).sqrt(),
}

LOSSES = {
    "huber": lambda v: F.huber_loss(v, torch.zeros_like(v), reduction="sum", delta=3.0),
    "smooth_l1": lambda v: F.smooth_l1_loss(v, torch.zeros_like(v), reduction="sum", beta=0.5),
    "l1": lambda v: F.l1_loss(v, torch.zeros_like(v), reduction="sum"),
}

REDUCTIONS = {
    "max": lambda m: m.max(1).values,
    "root_of_max": lambda m: m.max(1).values.sqrt(),
    "min": lambda m: m.min(1).values,
    "std": lambda m: m.std(1),
    "std0": lambda m: m.std(1, correction=0),
    "var": lambda m: m.var(1),
    "norm": lambda m: torch.linalg.vector_norm(m, 2, 1),
    "norm1": lambda m: torch.linalg.vector_norm(m, 1, 1),
    "norm_half": lambda m: torch.linalg.vector_norm(m, 0.5, 1),
    "norm3": lambda m: torch.linalg.vector_norm(m, 3, 1),
    "norm_inf": lambda m: torch.linalg.vector_norm(m, float("inf"), 1),
    "norm_columns": lambda m: torch.linalg.vector_norm(m, 2, 0),
    "norm_all": lambda m: torch.linalg.vector_norm(m, 2).reshape(1),
    "normalize": lambda m: F.normalize(m, dim=1).flatten(),
    "normalize1": lambda m: F.normalize(m, dim=0, p=1.0, eps=5.0).flatten(),
    "cosine": lambda m: F.cosine_similarity(m, m[2:3] * m + 1, dim=1),
    "cosine_eps": lambda m: F.cosine_similarity(m, torch.tensor([[1.0, 2.0, 3.0]]).double(), dim=1, eps=2.0),
}

# rows that f32 holds, whose squares it does not; std and norm of each, and their gradients
EXTREMES = [
    [1e20, 2e20, 3e20, 1e20],
    [1e-30, 2e-30, -3e-30, 0.0],
    [1e30, 1e30, 1e-30, -1e30],
    [1e-37, 0.0, 3e-36, 0.0],
    [1e-20, 3.0, 0.0, 1.0],
    [0.0, 0.0, 0.0, 0.0],
]


def text(x):
    return [repr(x) for x in x.detach().flatten().tolist()]


def record(f, *inputs):
    inputs = [torch.tensor(x, dtype=torch.float64, requires_grad=True) for x in inputs]
    y = f(*inputs)
    # different for each, so that none stands for another
    dy = torch.arange(1, y.numel() + 1, dtype=torch.float64)
    y.backward(dy.reshape(y.shape))
    gradients = [torch.zeros_like(x) if x.grad is None else x.grad for x in inputs]
    numbers = {"inputs": inputs, "gradients": gradients}
    return {key: [text(x) for x in list] for key, list in numbers.items()} | {"value": text(y)}


def main():
    cases = {name: record(f, V, W) for name, f in CHOICES.items()}
    cases |= {name: record(f, V) for name, f in LOSSES.items()}
    cases |= {name: record(f, M) for name, f in REDUCTIONS.items()}
    rows = torch.tensor(EXTREMES).tolist()
    cases["extreme_std"] = record(lambda m: m.std(1), rows)
    cases["extreme_norm"] = record(lambda m: torch.linalg.vector_norm(m, 2, 1), rows)
    cases["extreme_normalize"] = record(lambda m: F.normalize(m, dim=1, eps=1e-35).flatten(), rows)
    cases["extreme_cosine"] = record(lambda m: F.cosine_similarity(m, m.flip(1), dim=1), rows)
    lines = [f'"{name}": {json.dumps(case)}' for name, case in cases.items()]
    (HERE / "kinks.json").write_text("{" + ",\n".join(lines) + "}\n")


main()
