"""The left sides of the chapter "Coming from PyTorch": `python3 book/code/pytorch.py` runs them (torch, safetensors)."""

import os
import tempfile

import torch
from safetensors.torch import save_file
from torch import nn
from torch.nn import functional as F
from torch.nn.utils import clip_grad_norm_
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(42)
x, y = torch.randn(100, 4), torch.randint(3, (100,))
os.chdir(tempfile.mkdtemp())


# ANCHOR: module
class Classifier(nn.Module):
    def __init__(self, hidden=32):
        super().__init__()
        self.fc1 = nn.Linear(4, hidden)
        self.norm = nn.LayerNorm(hidden)
        self.drop = nn.Dropout(0.1)
        self.fc2 = nn.Linear(hidden, 3)

    def forward(self, x):
        h = self.norm(torch.relu(self.fc1(x)))
        return self.fc2(self.drop(h))
# ANCHOR_END: module


# ANCHOR: loop
net = Classifier()
optimizer = torch.optim.AdamW(net.parameters(), lr=1e-2)
data = TensorDataset(x, y)
loader = DataLoader(data, batch_size=16, shuffle=True)

for epoch in range(5):
    net.train()
    for inputs, targets in loader:
        optimizer.zero_grad()
        loss = F.cross_entropy(net(inputs), targets)
        loss.backward()
        clip_grad_norm_(net.parameters(), 1.0)
        optimizer.step()
# ANCHOR_END: loop

# ANCHOR: evaluate
net.eval()
with torch.no_grad():
    classes = net(x).argmax(dim=1)
# ANCHOR_END: evaluate

# ANCHOR: state
for name, tensor in net.state_dict().items():
    print(name, tuple(tensor.shape))
save_file(net.state_dict(), "classifier.safetensors")

with torch.no_grad():
    net.fc2.bias.fill_(0.0)
    tenths = torch.full((32, 4), 0.1)
    net.fc1.weight.copy_(tenths)
# ANCHOR_END: state

# ANCHOR: freeze
net.fc1.requires_grad_(False)
learned = [p for p in net.parameters() if p.requires_grad]
head = torch.optim.SGD(learned, lr=0.1)
# ANCHOR_END: freeze

# ANCHOR: hooks
seen = {}


def look(module, inputs, output):
    seen["norm"] = output.std()


net.norm.register_forward_hook(look)
net(x)
# ANCHOR_END: hooks


# ANCHOR: functions
class Smooth(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x / (1 + x.abs())

    @staticmethod
    def backward(ctx, gradient):
        (x,) = ctx.saved_tensors
        return gradient / (1 + x.abs()) ** 2
# ANCHOR_END: functions


# ANCHOR: recurrence
class Sum(nn.Module):
    def __init__(self):
        super().__init__()
        self.cell = nn.Linear(2 + 8, 8)

    def forward(self, x):  # [batch, time, 2]
        h = x.new_zeros(x.shape[0], 8)
        outputs = []
        for t in range(x.shape[1]):
            both = torch.cat([x[:, t], h], dim=1)
            h = torch.tanh(self.cell(both))
            outputs.append(h)
        return torch.stack(outputs, dim=1)
# ANCHOR_END: recurrence


assert Smooth.apply(x).shape == x.shape and Sum()(torch.randn(5, 7, 2)).shape == (5, 7, 8)
