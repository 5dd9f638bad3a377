"""Writes steps/*.safetensors: twenty steps of training on the digits of the examples.

    python steps.py    (torch 2.15.0 wrote the committed files)
"""

from pathlib import Path

import torch
import torch.nn.functional as F
from safetensors.torch import save_file
from torch import nn

HERE = Path(__file__).parent
DIGITS = HERE / "../../examples/data/digits.bin"
STEPS, BATCH = 20, 16


class LeNet(nn.Module):
    """`LeNet::<8, 3>`"""

    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 6, 3, padding="same")
        self.conv2 = nn.Conv2d(6, 16, 3, padding="same")
        self.linear0, self.linear1, self.linear2 = nn.Linear(64, 120), nn.Linear(120, 84), nn.Linear(84, 10)

    def forward(self, x):
        h = F.max_pool2d(self.conv1(x).relu(), 2)
        h = F.max_pool2d(self.conv2(h).relu(), 2).flatten(1)
        return self.linear2(self.linear1(self.linear0(h).relu()).relu())


class Block(nn.Module):
    def __init__(self, before, channels, stride=1):
        super().__init__()
        self.conv1 = nn.Conv2d(before, channels, 3, stride=stride, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(channels)
        self.conv2 = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(channels)
        self.downsample = None
        if stride > 1:
            self.downsample = nn.Conv2d(before, channels, 1, stride=stride, bias=False)
            self.bn3 = nn.BatchNorm2d(channels)

    def forward(self, x):
        short = self.bn3(self.downsample(x)) if self.downsample else x
        return (short + self.bn2(self.conv2(self.bn1(self.conv1(x)).relu()))).relu()


class ResNet(nn.Module):
    """`ResNet::<8, 2>`"""

    def __init__(self):
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(1, 8, 3, padding=1, bias=False), nn.BatchNorm2d(8)
        self.layer1 = nn.Sequential(Block(8, 8), Block(8, 8))
        self.halved = Block(8, 16, stride=2)
        self.layer2 = nn.Sequential(Block(16, 16), Block(16, 16))
        self.fc = nn.Linear(16, 10)

    def forward(self, x):
        h = self.layer1(self.bn1(self.conv1(x)).relu())
        return self.fc(self.layer2(self.halved(h)).mean((2, 3)))


def main():
    torch.set_default_dtype(torch.float64)
    records = torch.frombuffer(bytearray(DIGITS.read_bytes()), dtype=torch.uint8).view(-1, 65)
    order = torch.randperm(len(records), generator=torch.manual_seed(1))[: STEPS * BATCH]
    images = (records[order, :64].double() / 8 - 1).view(-1, 1, 8, 8)
    labels = records[order, 64].long()
    for network in [LeNet, ResNet]:
        torch.manual_seed(7)
        model, name = network(), network.__name__.lower()
        weights = {k: v.float() if v.is_floating_point() else v for k, v in model.state_dict().items()}
        # what f32 cannot hold would differ in its last digits
        model.load_state_dict({k: v.double() if v.is_floating_point() else v for k, v in weights.items()})
        (HERE / "steps").mkdir(exist_ok=True)
        save_file(weights, HERE / f"steps/{name}.safetensors")
        optimizer = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9)
        losses = []
        for x, y in zip(images.split(BATCH), labels.split(BATCH)):
            optimizer.zero_grad()
            loss = F.cross_entropy(model(x), y)
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
        print(name, losses)
        numbers = {"input.0": images, "target.0": labels, "losses": torch.tensor(losses)}
        after = {f"after.{k}": v for k, v in model.state_dict().items()}
        save_file(numbers | after, HERE / f"steps/{name}.expected.safetensors")


main()
