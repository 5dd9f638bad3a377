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


def lenet():
    return nn.Sequential(
        nn.Conv2d(1, 6, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(256, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, 10),
    )


class CharacterLstm(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding, self.lstm = nn.Embedding(65, 64), nn.LSTM(64, 128, batch_first=True)
        self.linear = nn.Linear(128, 65)

    def forward(self, text):
        return self.linear(self.lstm(self.embedding(text))[0])


class Block(nn.Module):
    """A block of nanoGPT's."""

    def __init__(self, dim, heads):
        super().__init__()
        self.heads = heads
        self.ln_1, self.ln_2 = nn.LayerNorm(dim, bias=False), nn.LayerNorm(dim, bias=False)
        self.qkv, self.proj = nn.Linear(dim, 3 * dim, bias=False), nn.Linear(dim, dim, bias=False)
        self.up, self.down = nn.Linear(dim, 4 * dim, bias=False), nn.Linear(4 * dim, dim, bias=False)

    def forward(self, x):
        q, k, v = (y.unflatten(-1, (self.heads, -1)).transpose(1, 2) for y in self.qkv(self.ln_1(x)).chunk(3, -1))
        y = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        x = x + self.proj(y.transpose(1, 2).flatten(-2))
        return x + self.down(F.gelu(self.up(self.ln_2(x))))


class Gpt(nn.Module):
    def __init__(self, context, dim, heads, layers):
        super().__init__()
        self.wte, self.wpe = nn.Embedding(65, dim), nn.Embedding(context, dim)
        self.h = nn.Sequential(*(Block(dim, heads) for _ in range(layers)))
        self.ln_f = nn.LayerNorm(dim, bias=False)

    def forward(self, text):
        x = self.wte(text) + self.wpe.weight[: text.shape[1]]
        return self.ln_f(self.h(x)) @ self.wte.weight.T


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


def lenet_training():
    net = lenet()
    adam = torch.optim.Adam(net.parameters(), lr=1e-4, fused=True)
    batches = protocol.Rotation(32, lambda: (torch.randn(64, 1, 28, 28), torch.randint(10, (64,))))
    return training(net, F.cross_entropy, adam, batches)


def lstm_stepping():
    lstm, linear = nn.LSTM(1, 40, batch_first=True), nn.Linear(40, 1)
    sound = protocol.Rotation(4096, lambda: torch.randn(1, 1, 1))
    state = None

    def step():
        nonlocal state
        with torch.inference_mode():
            h, state = lstm(sound.next(), state)
            return linear(h)

    return step


def lstm_training():
    net = CharacterLstm()
    adam = torch.optim.Adam(net.parameters(), lr=1e-4, fused=True)
    passages = lambda: torch.randint(65, (16, 64))
    batches = protocol.Rotation(8, lambda: (passages(), passages()))
    loss = lambda logits, next: F.cross_entropy(logits.flatten(0, 1), next.flatten())
    return training(net, loss, adam, batches)


def gpt_training(batch, context, dim, heads, layers):
    net = Gpt(context, dim, heads, layers)
    adam = torch.optim.AdamW(net.parameters(), lr=1e-4, fused=True)
    passages = lambda: torch.randint(65, (batch, context))
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
side.train("lenet-train", lenet_training)
side.infer("lstm-infer", lstm_stepping)
side.train("lstm-train", lstm_training)
side.train("gpt-char-train", lambda: gpt_training(12, 64, 128, 4, 4))
side.train("gpt-char-large-train", lambda: gpt_training(4, 256, 384, 6, 6))
