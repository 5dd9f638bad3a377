"""Writes vad.safetensors and vad.json: a small random network of the kind of Silero VAD, a signal, and the
probability of each step.

    python vad.py    (torch 2.15.0 wrote the committed files)
"""

import json
from pathlib import Path

import torch
import torch.nn.functional as F
from safetensors.torch import save_file
from torch import nn

HERE = Path(__file__).parent
N, D, STEPS = 4, 3, 12


class Vad(nn.Module):
    def __init__(self):
        super().__init__()
        self.stft_conv = nn.Conv1d(1, 4 * N + 2, 4 * N, stride=2 * N, bias=False)
        self.conv1 = nn.Conv1d(2 * N + 1, 2 * D, 3, padding=1)
        self.conv2 = nn.Conv1d(2 * D, D, 3, stride=2, padding=1)
        self.conv3 = nn.Conv1d(D, D, 3, stride=2, padding=1)
        self.conv4 = nn.Conv1d(D, 2 * D, 3, padding=1)
        self.lstm_cell = nn.LSTMCell(2 * D, 2 * D)
        self.final_conv = nn.Conv1d(2 * D, 1, 1)

    def forward(self, samples, state):
        x = F.pad(samples[None, None], (0, N), mode="reflect")
        real, imaginary = self.stft_conv(x).chunk(2, dim=1)
        x = (real**2 + imaginary**2).sqrt()
        for conv in (self.conv1, self.conv2, self.conv3, self.conv4):
            x = conv(x).relu()
        h, c = self.lstm_cell(x[:, :, 0], state)
        return self.final_conv(h.relu()[:, :, None]).sigmoid().item(), (h, c)


def main():
    torch.set_default_dtype(torch.float64)
    torch.manual_seed(1)
    model = Vad()
    for parameter in model.parameters():
        parameter.data *= 2.5
    model.final_conv.weight.data *= 3
    model.load_state_dict({k: v.float().double() for k, v in model.state_dict().items()})
    save_file({k: p.detach().float() for k, p in model.named_parameters()}, HERE / "vad.safetensors")
    # the last step is half as long: it is filled up with zeros
    signal = torch.randn(8 * N * STEPS - 4 * N) * torch.linspace(0.2, 2, 8 * N * STEPS - 4 * N)
    signal = signal.float().double()
    padded = F.pad(signal, (N, 4 * N))
    state, speech = (torch.zeros(1, 2 * D), torch.zeros(1, 2 * D)), []
    with torch.no_grad():
        for step in range(STEPS):
            probability, state = model(padded[8 * N * step :][: 9 * N], state)
            speech.append(probability)
    (HERE / "vad.json").write_text(json.dumps([signal.tolist(), speech]) + "\n")


main()
