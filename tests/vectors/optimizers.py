"""Writes optimizers.json: five steps of PyTorch's optimisers with each of their options.

    python optimizers.py    (torch 2.15.0 wrote the committed file)
"""

import json
from pathlib import Path

import torch

SHAPES = [[2, 3], [5], [3]]
STEPS = 5
CASES = [
    ("sgd", {}),
    ("sgd", {"weight_decay": 0.1}),
    ("sgd", {"momentum": 0.9}),
    ("sgd", {"momentum": 0.9, "nesterov": True}),
    ("sgd", {"momentum": 0.8, "nesterov": True, "weight_decay": 0.05}),
    ("adam", {}),
    ("adam", {"amsgrad": True}),
    ("adam", {"betas": [0.8, 0.95], "eps": 1e-3}),
    ("adam", {"weight_decay": 0.1}),
    ("adamw", {}),
    ("adamw", {"amsgrad": True, "weight_decay": 0.1}),
    ("adamw", {"betas": [0.7, 0.9], "weight_decay": 0.2}),
    ("adagrad", {}),
    ("adagrad", {"lr_decay": 0.1, "weight_decay": 0.1, "eps": 1e-4}),
    ("nadam", {}),
    ("nadam", {"betas": [0.8, 0.95], "momentum_decay": 0.01, "weight_decay": 0.1}),
    ("nadam", {"decoupled_weight_decay": True, "weight_decay": 0.2}),
    ("lion", {}),
    ("lion", {"betas": [0.8, 0.95], "weight_decay": 0.1}),
    ("rmsprop", {}),
    ("rmsprop", {"alpha": 0.9, "eps": 1e-4}),
    ("rmsprop", {"momentum": 0.9}),
    ("rmsprop", {"centered": True}),
    ("rmsprop", {"centered": True, "momentum": 0.5, "weight_decay": 0.1}),
]
# Added to one case of each: clipping, a schedule, a frozen tensor.
EXTRAS = [
    {"clip_norm": 1.5},
    {"clip_norm": 100.0},
    {"rates": [0.1, 0.05, 0.2, 0.01, 0.0]},
    {"frozen": 1, "clip_norm": 3.0},
    # the rate and the weight decay of a tensor by itself, and no decay of the two vectors
    {"group": {"tensor": 1, "rate": 0.25, "weight_decay": 0.3}},
    {"matrices_only": True},
]


class Lion(torch.optim.Optimizer):
    """As its paper's program 1 (Chen et al. 2023)."""

    def __init__(self, parameters, lr, betas=(0.9, 0.99), weight_decay=0.0):
        super().__init__(parameters, {"lr": lr, "betas": betas, "weight_decay": weight_decay})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            first, second = group["betas"]
            for parameter in group["params"]:
                average = self.state[parameter].setdefault("exp_avg", torch.zeros_like(parameter))
                parameter.mul_(1 - group["lr"] * group["weight_decay"])
                direction = first * average + (1 - first) * parameter.grad
                parameter.sub_(group["lr"] * direction.sign())
                average.mul_(second).add_((1 - second) * parameter.grad)


CLASSES = {
    "sgd": torch.optim.SGD,
    "adam": torch.optim.Adam,
    "adamw": torch.optim.AdamW,
    "rmsprop": torch.optim.RMSprop,
    "adagrad": torch.optim.Adagrad,
    "nadam": torch.optim.NAdam,
    "lion": Lion,
}


def run(name, options, extra, start, gradients):
    parameters = [torch.nn.Parameter(p.clone()) for p in start]
    trained = [p for i, p in enumerate(parameters) if i != extra.get("frozen")]
    options = {k: tuple(v) if k == "betas" else v for k, v in options.items()}
    groups = trained
    if "group" in extra:
        own = parameters[extra["group"]["tensor"]]
        rate, decay = extra["group"]["rate"], extra["group"]["weight_decay"]
        groups = [
            {"params": [p for p in trained if p is not own]},
            {"params": [own], "lr": 0.1 * rate, "weight_decay": decay},
        ]
    if "matrices_only" in extra:
        groups = [
            {"params": [p for p in trained if p.dim() >= 2]},
            {"params": [p for p in trained if p.dim() < 2], "weight_decay": 0.0},
        ]
    optimizer = CLASSES[name](groups, lr=0.1, **options)
    after = []
    for step in range(STEPS):
        for parameter, gradient in zip(parameters, gradients[step]):
            parameter.grad = gradient.clone()
        if "clip_norm" in extra:
            torch.nn.utils.clip_grad_norm_(trained, extra["clip_norm"])
        if "rates" in extra:
            optimizer.param_groups[0]["lr"] = extra["rates"][step]
        optimizer.step()
        after.append([p.detach().flatten().tolist() for p in parameters])
    return {"optimizer": name, "options": options, **extra, "after": after}


def main():
    torch.manual_seed(7)
    torch.set_default_dtype(torch.float64)
    start = [torch.randn(shape) for shape in SHAPES]
    gradients = [[torch.randn(shape) * 10.0 ** (step - 2) for shape in SHAPES] for step in range(STEPS)]
    gradients[0][1][0] = 0.0
    cases = [(name, options, {}) for name, options in CASES]
    for name in CLASSES:
        options = [options for other, options in CASES if other == name][-1]
        cases += [(name, options, extra) for extra in EXTRAS]
    vectors = {
        "shapes": SHAPES,
        "learning_rate": 0.1,
        "start": [p.flatten().tolist() for p in start],
        "gradients": [[g.flatten().tolist() for g in step] for step in gradients],
        "norms": [float(torch.cat([g.flatten() for g in step]).norm()) for step in gradients],
        "cases": [run(*case, start, gradients) for case in cases],
    }
    text = json.dumps(vectors).replace('{"optimizer"', '\n{"optimizer"')
    Path(__file__).with_suffix(".json").write_text(text + "\n")


main()
