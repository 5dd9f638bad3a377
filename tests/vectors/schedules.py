"""Writes schedules.json: the learning rates of PyTorch's schedulers.

    python schedules.py    (torch 2.15.0 wrote the committed file)
"""

import json
from pathlib import Path

import torch
from torch.optim import lr_scheduler as schedulers

CASES = [
    ("step", "StepLR", 0.1, {"step_size": 7, "gamma": 0.5}),
    ("exponential", "ExponentialLR", 0.1, {"gamma": 0.9}),
    ("linear", "LinearLR", 0.1, {"start_factor": 1.0, "end_factor": 0.25, "total_iters": 20}),
    ("cosine", "CosineAnnealingLR", 0.1, {"T_max": 30, "eta_min": 0.01}),
    ("one_cycle", "OneCycleLR", 0.1, {"max_lr": 0.1, "total_steps": 40}),
    ("one_cycle", "OneCycleLR", 0.1, {"max_lr": 0.2, "total_steps": 33, "pct_start": 0.15, "div_factor": 10.0, "final_div_factor": 50.0}),
    ("restarts", "CosineAnnealingWarmRestarts", 0.1, {"T_0": 6, "eta_min": 0.02}),
    ("restarts", "CosineAnnealingWarmRestarts", 0.1, {"T_0": 4, "T_mult": 2}),
]
PLATEAUS = [
    {"factor": 0.5, "patience": 2},
    {"factor": 0.1, "patience": 1, "cooldown": 3, "min_lr": 0.004},
    {"factor": 0.3, "patience": 0, "threshold": 0.1},
]
STEPS = 30


def optimizer(rate):
    return torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=rate)


def rates(name, rate, options):
    sgd = optimizer(rate)
    scheduler = getattr(schedulers, name)(sgd, **options)
    found = []
    for _ in range(STEPS):
        found.append(sgd.param_groups[0]["lr"])
        sgd.step()
        scheduler.step()
    return found


def plateau(losses, options):
    sgd = optimizer(0.1)
    scheduler = schedulers.ReduceLROnPlateau(sgd, **options)
    found = []
    for loss in losses:
        scheduler.step(loss)
        found.append(sgd.param_groups[0]["lr"])
    return found


def main():
    torch.manual_seed(3)
    losses = (torch.rand(60, dtype=torch.float64) + 40 / torch.arange(1, 61)).tolist()
    result = {
        "cases": [
            {"schedule": kind, "rate": rate, "options": options, "rates": rates(name, rate, options)}
            for kind, name, rate, options in CASES
        ],
        "losses": losses,
        "plateaus": [{"options": options, "rates": plateau(losses, options)} for options in PLATEAUS],
    }
    text = json.dumps(result).replace('{"schedule"', '\n{"schedule"')
    Path(__file__).with_suffix(".json").write_text(text + "\n")


main()
