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


# Matrices of odd sizes, one that is left to AdamW, and a vector.
MATRICES = [[7, 3], [3, 7], [1, 5], [5, 1], [9, 9], [4, 6], [5]]
MUON_CASES = [
    {},
    {"nesterov": False, "momentum": 0.8},
    {"weight_decay": 0.3, "ns_steps": 3},
    {"adjust_lr_fn": "match_rms_adamw"},
    {"adjust_lr_fn": "spectral_unclamped", "adamw_rate": 0.25},
]


def newton_schulz(grad, coefficients, steps, eps):
    """PyTorch's iteration in the scalars of `grad`: its own is in bfloat16."""
    a, b, c = coefficients
    x = grad.T if grad.size(0) > grad.size(1) else grad
    x = x / x.norm().clamp(min=eps)
    for _ in range(steps):
        gram = x @ x.T
        x = a * x + (b * gram + c * gram @ gram) @ x
    return x.T if grad.size(0) > grad.size(1) else x


def run_muon(options, start, gradients):
    parameters = [torch.nn.Parameter(p.clone()) for p in start]
    decay = options.get("weight_decay", 0.1)
    own = {k: v for k, v in options.items() if k != "adamw_rate"}
    muon = torch.optim.Muon(parameters[:-2], lr=0.1, **own)
    rest = torch.optim.AdamW(
        parameters[-2:], lr=0.1 * options.get("adamw_rate", 1.0), weight_decay=decay
    )
    after = []
    for step in gradients:
        for parameter, gradient in zip(parameters, step):
            parameter.grad = gradient.clone()
        muon.step()
        rest.step()
        after.append([p.detach().flatten().tolist() for p in parameters])
    return after


def muon_vectors():
    from torch.optim import _muon

    own = _muon._zeropower_via_newtonschulz
    start = [torch.randn(shape) for shape in MATRICES]
    gradients = [[torch.randn(shape) for shape in MATRICES] for _ in range(3)]
    gradients[1][0].zero_()
    cases = []
    for options in MUON_CASES:
        bfloat16 = run_muon(options, start, gradients)[-1]
        _muon._zeropower_via_newtonschulz = newton_schulz
        cases.append({"options": options, "after": run_muon(options, start, gradients), "bfloat16": bfloat16})
        _muon._zeropower_via_newtonschulz = own
    return {
        "shapes": MATRICES,
        "start": [p.flatten().tolist() for p in start],
        "gradients": [[g.flatten().tolist() for g in step] for step in gradients],
        "cases": cases,
    }


def rosenbrock(x):
    return (100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2).sum()


def quartic(x):
    scale = torch.arange(1, len(x) + 1, dtype=x.dtype)
    return (scale * (x - 1 / scale) ** 2).sum() + 0.1 * (x**4).sum() + (x.sum() - 2) ** 2


def lbfgs_vectors():
    functions = {"rosenbrock": rosenbrock, "quartic": quartic}
    cases = []
    for name, start, options, calls in [
        ("rosenbrock", [-1.2, 1.0], {"line_search_fn": "strong_wolfe"}, 3),
        ("rosenbrock", [-1.2, 1.0, -0.5, 0.8, 2.0], {"line_search_fn": "strong_wolfe", "history_size": 3}, 4),
        ("rosenbrock", [-1.2, 1.0], {"line_search_fn": "strong_wolfe", "lr": 4.0, "max_iter": 7}, 4),
        ("quartic", [3.0, -2.0, 0.5, 1.0, -1.0, 0.25, 4.0], {"line_search_fn": "strong_wolfe", "max_iter": 5}, 3),
        ("quartic", [3.0, -2.0, 0.5, 1.0, -1.0, 0.25, 4.0], {"lr": 0.5}, 3),
        ("quartic", [3.0, -2.0, 0.5, 1.0, -1.0, 0.25, 4.0], {"max_iter": 1, "lr": 0.7, "history_size": 4}, 12),
    ]:
        x = torch.nn.Parameter(torch.tensor(start))
        optimizer = torch.optim.LBFGS([x], **options)

        def closure():
            optimizer.zero_grad()
            loss = functions[name](x)
            loss.backward()
            return loss

        after = []
        for _ in range(calls):
            optimizer.step(closure)
            after.append(x.detach().tolist())
        cases.append({"function": name, "start": start, "options": options, "after": after})
    return cases


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
        "muon": muon_vectors(),
        "lbfgs": lbfgs_vectors(),
    }
    text = json.dumps(vectors).replace('{"optimizer"', '\n{"optimizer"').replace('{"options"', '\n{"options"').replace('{"function"', '\n{"function"')
    Path(__file__).with_suffix(".json").write_text(text + "\n")


main()
