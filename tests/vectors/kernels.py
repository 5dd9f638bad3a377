"""Writes kernels.json: convolutions, pooling and resizing of torch.nn.functional, with their gradients.

    python kernels.py    (torch 2.15.0 wrote the committed file)

The operands are not in the file: element i of operand number n is ((7919 i + 31 n) mod 1009) / 504.5 - 1.
"""

import json
from pathlib import Path

import torch
import torch.nn.functional as F

torch.set_default_dtype(torch.float64)
SAMPLES = 2


def operand(number, shape):
    count = torch.Size(shape).numel()
    values = [((7919 * i + 31 * number) % 1009) / 504.5 - 1 for i in range(count)]
    return torch.tensor(values).reshape(shape).requires_grad_()


def numbers(tensor):
    return [None if x != x else float(f"{x:.12g}") for x in tensor.detach().flatten().tolist()]


def record(case, run, operands):
    """Adds the output, and the gradients of the operands for an output's gradient that is operand 9."""
    y = run(*operands)
    y.backward(operand(9, y.shape).detach())
    case["output_size"] = list(y.shape[2:])
    case["output"] = numbers(y)
    case["gradients"] = [numbers(x.grad) for x in operands]
    return case


def convolution(channels, outputs, size, kernel, stride=(1, 1), dilation=(1, 1), padding=((0, 0), (0, 0)),
                groups=1, transposed=None):
    case = {name: value for name, value in locals().items()}
    (top, bottom), (left, right) = padding
    if transposed is None:
        weight = operand(2, (outputs, channels // groups, *kernel))

        def run(x, weight, bias):
            x = F.pad(x, (left, right, top, bottom))
            return F.conv2d(x, weight, bias, stride, 0, dilation, groups)
    else:
        weight = operand(2, (channels, outputs // groups, *kernel))

        def run(x, weight, bias):
            return F.conv_transpose2d(x, weight, bias, stride, (top, left), transposed, groups, dilation)

    return record(case, run, [operand(1, (SAMPLES, channels, *size)), weight, operand(3, (outputs,))])


def pooling(kind, size, kernel, stride=None, padding=(0, 0), dilation=(1, 1), ceil=False, count_padding=True,
            divisor=None, special=None):
    case = {name: value for name, value in locals().items()}
    case["stride"] = stride or kernel
    x = operand(1, (SAMPLES, 2, *size))
    if special == "nan":
        x = x.detach()
        x.view(-1)[::5] = float("nan")
        x.requires_grad_()
    if special == "equal":
        x = (x.detach() * 2).round().requires_grad_()
    if kind == "max":
        run = lambda x: F.max_pool2d(x, kernel, stride, padding, dilation, ceil)
    else:
        run = lambda x: F.avg_pool2d(x, kernel, stride, padding, ceil, count_padding, divisor)
    return record(case, run, [x])


def adaptive(size, output):
    case = {"size": size}
    return record(case, lambda x: F.adaptive_avg_pool2d(x, output), [operand(1, (SAMPLES, 2, *size))])


def resizing(size, mode, output=None, factor=None, align_corners=None):
    case = {name: value for name, value in locals().items()}
    run = lambda x: F.interpolate(x, output, factor, mode, align_corners)
    return record(case, run, [operand(1, (SAMPLES, 2, *size))])


CASES = {
    "convolutions": [
        convolution(3, 5, (7, 6), (3, 3), padding=((1, 1), (1, 1))),
        convolution(3, 5, (7, 6), (3, 2), stride=(2, 3), padding=((2, 0), (1, 3))),
        convolution(4, 6, (9, 8), (3, 2), dilation=(2, 3), groups=2, padding=((2, 1), (0, 3))),
        convolution(4, 6, (9, 8), (2, 3), stride=(3, 2), dilation=(2, 3), groups=2, padding=((2, 2), (3, 3))),
        convolution(2, 3, (7, 8), (2, 1), stride=(3, 4)),
        convolution(5, 5, (6, 7), (3, 3), groups=5, padding=((1, 1), (1, 1))),
        convolution(3, 6, (6, 7), (3, 3), groups=3, stride=(2, 2), padding=((1, 1), (1, 1))),
        convolution(7, 17, (4, 5), (1, 1)),
        convolution(7, 9, (4, 5), (1, 1), stride=(2, 2)),
        convolution(3, 2, (2, 2), (5, 4), padding=((2, 2), (3, 3))),
        convolution(4, 17, (1, 33), (1, 3), dilation=(1, 4), padding=((0, 0), (8, 0))),
        convolution(1, 7, (1, 90), (1, 25), stride=(1, 10), padding=((0, 0), (12, 12))),
        convolution(3, 5, (4, 3), (3, 3), transposed=(0, 0)),
        convolution(4, 6, (4, 3), (3, 2), stride=(2, 3), padding=((1, 1), (1, 1)), groups=2, transposed=(1, 2)),
        convolution(3, 5, (4, 3), (3, 3), stride=(2, 1), dilation=(3, 2), padding=((2, 2), (1, 1)), transposed=(2, 1)),
        convolution(17, 1, (1, 9), (1, 4), stride=(1, 2), padding=((0, 0), (1, 1)), transposed=(0, 0)),
    ],
    "pooling": [
        pooling(kind, size, **options)
        for kind in ("max", "average")
        for size, options in [
            ((7, 17), dict(kernel=(2, 2))),
            ((7, 17), dict(kernel=(2, 2), ceil=True)),
            ((7, 9), dict(kernel=(3, 3), stride=(2, 2), padding=(1, 1))),
            ((8, 5), dict(kernel=(3, 2), stride=(1, 3), padding=(1, 0), ceil=True)),
            ((5, 5), dict(kernel=(2, 2), stride=(2, 2), padding=(1, 1), ceil=True)),
            ((1, 33), dict(kernel=(1, 3), stride=(1, 4), padding=(0, 1), ceil=True)),
            ((6, 6), dict(kernel=(2, 2), stride=(4, 5))),
        ]
    ]
    + [
        pooling("max", (9, 11), (3, 2), stride=(2, 1), dilation=(2, 3), padding=(1, 1)),
        pooling("max", (9, 11), (3, 2), stride=(3, 4), dilation=(2, 3), ceil=True),
        pooling("max", (7, 6), (3, 3), stride=(1, 2), padding=(1, 1), special="nan"),
        pooling("max", (7, 6), (3, 3), stride=(1, 2), padding=(1, 1), special="equal"),
        pooling("average", (7, 9), (3, 3), stride=(2, 2), padding=(1, 1), count_padding=False),
        pooling("average", (8, 5), (3, 2), stride=(2, 2), padding=(1, 1), ceil=True, count_padding=False),
        pooling("average", (8, 5), (3, 3), stride=(3, 3), padding=(1, 1), ceil=True),
        pooling("average", (7, 9), (3, 3), stride=(2, 2), padding=(1, 1), divisor=5),
    ],
    "adaptive": [adaptive(*sizes) for sizes in [((7, 17), (1, 1)), ((7, 17), (3, 5)), ((5, 4), (7, 4))]],
    "resizing": [
        resizing((3, 5), "nearest", factor=(2.0, 2.0)),
        resizing((5, 7), "nearest", factor=(1.5, 2.5)),
        resizing((7, 9), "nearest", output=(3, 20)),
        resizing((3, 5), "bilinear", factor=(2.0, 2.0), align_corners=False),
        resizing((5, 7), "bilinear", factor=(1.5, 0.6), align_corners=False),
        resizing((5, 7), "bilinear", output=(3, 16), align_corners=False),
        resizing((3, 5), "bilinear", output=(7, 9), align_corners=True),
        resizing((3, 5), "bilinear", output=(1, 4), align_corners=True),
    ],
}

Path(__file__).with_suffix(".json").write_text(json.dumps(CASES, separators=(",", ":")).replace('{"', '\n{"') + "\n")
