"""Writes average.json: weights over some steps, and their exponential moving average by PyTorch's swa_utils.

    python average.py    (torch 2.15.0 wrote the committed file)
"""

import json
import pathlib

import torch
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

DECAY = 0.9

torch.manual_seed(1)
model = torch.nn.Linear(2, 3).double()
average = AveragedModel(model, multi_avg_fn=get_ema_multi_avg_fn(DECAY))
steps = []
for _ in range(5):
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.add_(torch.randn_like(parameter))
    average.update_parameters(model)
    steps.append({
        "weight": model.weight.flatten().tolist(),
        "bias": model.bias.tolist(),
        "average_weight": average.module.weight.flatten().tolist(),
        "average_bias": average.module.bias.tolist(),
    })
path = pathlib.Path(__file__).with_suffix(".json")
path.write_text(json.dumps({"decay": DECAY, "steps": steps}).replace("}, {", "},\n{") + "\n")
