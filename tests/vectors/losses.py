"""Writes losses.json: PyTorch's losses and softmax, values and gradients, in float64.

    python losses.py    (torch 2.15.0 wrote the committed file)
"""

import json
import math
from itertools import product
from pathlib import Path

import torch
import torch.nn.functional as F

INF = math.inf


def plain(value):
    """What JSON can hold: a number, or the name of one that is not finite."""
    if isinstance(value, torch.Tensor):
        value = value.detach().flatten().tolist() if value.dim() else value.item()
    if isinstance(value, list):
        return [plain(x) for x in value]
    return value if not isinstance(value, float) or math.isfinite(value) else str(value)


def classes():
    rows, count = 6, 5
    moderate = torch.randn(rows, count) * 3
    large = moderate.clone()
    large[0] = torch.tensor([1e4, -1e4, 0.0, 9999.0, 1e4])
    large[1] = torch.tensor([-1e4, -1e4, -1e4, -1e4, -9998.0])
    weights = [0.5, 2.0, 0.0, 1.25, 3.0]
    default = [4, 0, 2, -100, 1, 3]
    for logits, weight, smoothing, ignore in product(
        [moderate, large], [None, weights], [0.0, 0.1, 1.0], [-100, 2]
    ):
        targets = torch.tensor([1 if t == -100 and ignore != -100 else t for t in default])
        options = {"weight": None if weight is None else torch.tensor(weight), "ignore_index": ignore}
        x = logits.clone().requires_grad_()
        loss = F.cross_entropy(x, targets, label_smoothing=smoothing, **options)
        loss.backward()
        yield {
            "classes": count,
            "logits": plain(logits),
            "targets": [t % 2**32 for t in targets.tolist()],
            "class_weights": weight,
            "label_smoothing": smoothing,
            "ignore_index": ignore % 2**32,
            "loss": plain(loss),
            "gradient": plain(x.grad),
        }


def rows():
    x = torch.randn(7, 9) * 4
    x[1, 3] = -INF
    x[2, :8] = -INF
    x[3] = torch.tensor([1e4, -1e4, 1e4, 0, 1, 2, 3, 9999, 9998])
    x[4] = -1e4
    x[5, 2] = INF
    x[6, 5] = math.nan
    dy = torch.randn(7, 9)
    case = {"n": 9, "x": plain(x), "dy": plain(dy)}
    for name, function in [("softmax", F.softmax), ("log_softmax", F.log_softmax)]:
        # Gradients where they are numbers; dy is 0 under -inf, which else is 0 * inf.
        z = x[:5].clone().requires_grad_()
        y = function(z, dim=1)
        y.backward(torch.where(x[:5].isinf(), 0.0, dy[:5]))
        case |= {name: plain(function(x, dim=1)), f"{name}_gradient": plain(z.grad)}
    z = x[:5].clone().requires_grad_()
    z.logsumexp(1).backward(dy[:5, 0])
    return case | {"logsumexp": plain(x.logsumexp(1)), "logsumexp_gradient": plain(z.grad)}


def binary():
    x = torch.tensor([-1e4, -50.0, -20.0, -1.5, -0.0, 0.0, 1e-3, 2.0, 30.0, 100.0, 1e4])
    for target in [0.0, 0.3, 1.0]:
        z = x.clone().requires_grad_()
        loss = F.binary_cross_entropy_with_logits(z, torch.full_like(x, target), reduction="none")
        loss.sum().backward()
        yield {"x": plain(x), "target": target, "loss": plain(loss), "gradient": plain(z.grad)}


def main():
    torch.manual_seed(11)
    torch.set_default_dtype(torch.float64)
    vectors = {"cross_entropy": list(classes()), "rows": rows(), "bce_with_logits": list(binary())}
    text = json.dumps(vectors).replace('{"classes"', '\n{"classes"')
    Path(__file__).with_suffix(".json").write_text(text + "\n")


main()
