"""Writes amp.json: small random models in the format of Neural Amp Modeler, an input and what each makes of it.

    python amp.py    (torch 2.15.0 wrote the committed file)
"""

import json
from pathlib import Path

import torch
import torch.nn.functional as F

HERE = Path(__file__).parent
SAMPLES = 700


class Weights:
    """Draws weights, and remembers them in the order of the format."""

    def __init__(self):
        self.all = []

    def draw(self, *shape, scale):
        drawn = (scale * torch.randn(*shape)).float().double()
        self.all += drawn.flatten().tolist()
        return drawn


def wavenet(signal, channels, layers, gated):
    """Silence comes before the signal."""
    weights, input, x, head, stacks, layer = Weights(), signal[None], signal[None], 0, [], 0
    heads = [channels[1], 1]
    for stack in range(2):
        c, dilations = channels[stack], []
        stacks.append(
            dict(
                input_size=x.shape[0],
                condition_size=1,
                head_size=heads[stack],
                channels=c,
                kernel_size=3,
                dilations=dilations,
                activation="Tanh",
                gated=gated,
                head_bias=stack == 1,
            )
        )
        wide = 2 * c if gated else c
        h = weights.draw(c, x.shape[0], scale=0.7) @ x
        for _ in range(layers[stack]):
            dilation = 2 ** (layer % 10)
            conv, bias = weights.draw(wide, c, 3, scale=0.4), weights.draw(wide, scale=0.3)
            z = F.conv1d(F.pad(h, (2 * dilation, 0))[None], conv, bias, dilation=dilation)[0]
            z = z + weights.draw(wide, 1, scale=0.6) @ input
            z = z[:c].tanh() * z[c:].sigmoid() if gated else z.tanh()
            head = head + z
            h = h + weights.draw(c, c, scale=0.5) @ z + weights.draw(c, scale=0.2)[:, None]
            dilations.append(dilation)
            layer += 1
        head = weights.draw(heads[stack], c, scale=0.5) @ head
        x = h
    head = head + weights.draw(1, scale=0.1)
    scale = weights.draw(1, scale=0.0) + torch.tensor([0.5])
    weights.all[-1] = 0.5
    config = dict(layers=stacks, head=None, head_scale=0.5)
    return "WaveNet", config, weights.all, (scale * head)[0]


def lstm(signal, hidden, layers):
    weights, x = Weights(), signal[:, None]
    for _ in range(layers):
        weight = weights.draw(4 * hidden, x.shape[1] + hidden, scale=0.6)
        bias = weights.draw(4 * hidden, scale=0.4)
        h, c = weights.draw(hidden, scale=0.5), weights.draw(hidden, scale=0.5)
        outputs = []
        for x_t in x:
            i, f, g, o = (weight @ torch.cat([x_t, h]) + bias).chunk(4)
            c = f.sigmoid() * c + i.sigmoid() * g.tanh()
            h = o.sigmoid() * c.tanh()
            outputs.append(h)
        x = torch.stack(outputs)
    head, bias = weights.draw(1, hidden, scale=0.5), weights.draw(1, scale=0.1)
    config = dict(input_size=1, hidden_size=hidden, num_layers=layers)
    return "LSTM", config, weights.all, (x @ head.T + bias)[:, 0]


def main():
    torch.set_default_dtype(torch.float64)
    torch.manual_seed(1)
    time = torch.arange(SAMPLES) / 48000
    signal = (0.6 * torch.sin(2 * torch.pi * 440 * time) + 0.1 * torch.randn(SAMPLES)).float().double()
    models = []
    for architecture, config, weights, output in [
        wavenet(signal, [3, 2], [3, 9], False),
        wavenet(signal, [3, 2], [3, 9], True),
        lstm(signal, 3, 1),
        lstm(signal, 3, 2),
    ]:
        file = dict(version="0.5.4", architecture=architecture, config=config, weights=weights, sample_rate=48000)
        models.append(dict(model=file, output=[round(y, 8) for y in output.tolist()]))
    vectors = dict(input=signal.tolist(), models=models)
    (HERE / "amp.json").write_text(json.dumps(vectors).replace('"output"', '\n"output"') + "\n")


main()
