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


side = protocol.Side(f"PyTorch {torch.__version__.split('+')[0]}", chosen)
side.infer("mlp-tiny-infer", lambda: inference(tiny(), torch.randn(1, 2)))
side.train("mlp-tiny-train", tiny_training)
side.train("mlp-train", mlp_training)
for batch in (1, 256):
    side.infer(f"mlp-infer-b{batch}", lambda: inference(mlp(), torch.randn(batch, 784)))
