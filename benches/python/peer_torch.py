"""The rows in PyTorch, eager, with its fused optimisers."""

import protocol

chosen = protocol.options()

import torch
from torch import nn
from torch.nn import functional as F

torch.set_num_threads(chosen.threads)
torch.manual_seed(1)


def tiny():
    return nn.Sequential(nn.Linear(2, 32), nn.Tanh(), nn.Linear(32, 32), nn.Tanh(), nn.Linear(32, 1))


def mlp():
    return nn.Sequential(nn.Linear(784, 512), nn.GELU(), nn.Linear(512, 256), nn.GELU(), nn.Linear(256, 10))


class CharacterLstm(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding, self.lstm = nn.Embedding(65, 64), nn.LSTM(64, 128, batch_first=True)
        self.linear = nn.Linear(128, 65)

    def forward(self, text):
        return self.linear(self.lstm(self.embedding(text))[0])


def inference(net, x):
    def call():
        with torch.inference_mode():
            return net(x)

    return call


def training(net, loss, optimizer, batches):
    def step():
        x, y = batches.next()
        optimizer.zero_grad()
        value = loss(net(x), y)
        value.backward()
        optimizer.step()
        return value.detach()

    return step


def tiny_training():
    net = tiny()
    sgd = torch.optim.SGD(net.parameters(), lr=1e-3, fused=True)
    batches = protocol.Rotation(32, lambda: (torch.randn(32, 2), torch.randn(32, 1)))
    return training(net, F.mse_loss, sgd, batches)


def mlp_training():
    net = mlp()
    adam = torch.optim.Adam(net.parameters(), lr=1e-4, fused=True)
    batches = protocol.Rotation(64, lambda: (torch.randn(64, 784), torch.randint(10, (64,))))
    return training(net, F.cross_entropy, adam, batches)


def lstm_training():
    net = CharacterLstm()
    adam = torch.optim.Adam(net.parameters(), lr=1e-4, fused=True)
    passages = lambda: torch.randint(65, (16, 64))
    batches = protocol.Rotation(8, lambda: (passages(), passages()))
    loss = lambda logits, next: F.cross_entropy(logits.flatten(0, 1), next.flatten())
    return training(net, loss, adam, batches)


def large_head():
    """Forward, and the gradients of the input and the weights."""
    x = torch.randn(512, 768, requires_grad=True)
    weight = (torch.randn(768, 50257) * 0.02).requires_grad_()
    labels = torch.randint(50257, (512,))

    def step():
        x.grad = weight.grad = None
        loss = F.cross_entropy(x @ weight, labels)
        loss.backward()
        return loss.detach()

    return step


side = protocol.Side(f"PyTorch {torch.__version__.split('+')[0]}", chosen)
side.infer("mlp-tiny-infer", lambda: inference(tiny(), torch.randn(1, 2)))
side.train("mlp-tiny-train", tiny_training)
side.train("mlp-train", mlp_training)
for batch in (1, 256):
    side.infer(f"mlp-infer-b{batch}", lambda: inference(mlp(), torch.randn(batch, 784)))
side.train("ce-50k", large_head)
side.peak("ce-50k-memory", large_head)
side.train("lstm-train", lstm_training)
