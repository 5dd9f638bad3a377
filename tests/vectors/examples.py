"""Writes examples/*.safetensors: the networks of the examples, small, in PyTorch's modules.

    python examples.py    (torch 2.15.0 wrote the committed files)
"""

from pathlib import Path

import torch
import torch.nn.functional as F
from record import record
from torch import nn

HERE = Path(__file__).parent
BATCH, LENGTH = 3, 5


class Writer(nn.Module):
    """`Writer::<7, 3, 4>`"""

    inputs = [torch.randint(7, (BATCH, LENGTH), generator=torch.manual_seed(1))]
    targets = [torch.randint(7, (BATCH, LENGTH), generator=torch.manual_seed(2))]
    names = {"_l0": "", "embedding.weight": "embedding"}
    names |= {f"{part}_{way}": f"{way}.{part}" for part in ["weight", "bias"] for way in ["ih", "hh"]}

    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(7, 3)
        self.lstm = nn.LSTM(3, 4, batch_first=True)
        self.head = nn.Linear(4, 7)

    def forward(self, text):
        return (self.head(self.lstm(self.embedding(text))[0]),)

    def loss(self, outputs, inputs, targets):
        return F.cross_entropy(outputs[0].flatten(0, 1), targets[0].flatten())


class Transformer(nn.Module):
    """`Transformer::<7, 4, 2, 2, 6>`, of `nn.TransformerEncoderLayer`."""

    inputs, targets = Writer.inputs, Writer.targets
    names = {
        "embedding.weight": "embedding", "layers.": "blocks.", "self_attn.in_proj_": "attention.qkv.",
        "self_attn.out_proj": "attention.out",
    }

    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(7, 4)
        self.position = nn.Parameter(torch.randn(6, 4))
        layer = lambda: nn.TransformerEncoderLayer(
            4, 2, 16, dropout=0.0, activation="gelu", batch_first=True, norm_first=True
        )
        self.layers = nn.ModuleList([layer(), layer()])
        self.norm = nn.LayerNorm(4)
        scramble(self)

    def forward(self, text):
        x = self.embedding(text) + self.position[: text.shape[1]]
        mask = nn.Transformer.generate_square_subsequent_mask(text.shape[1], dtype=x.dtype)
        for layer in self.layers:
            x = layer(x, src_mask=mask, is_causal=True)
        return (self.norm(x) @ self.embedding.weight.T,)

    loss = Writer.loss


class MixerBlock(nn.Module):
    def __init__(self):
        super().__init__()
        self.norm1, self.norm2 = nn.LayerNorm(4), nn.LayerNorm(4)
        self.tokens = nn.Sequential(nn.Linear(16, 3), nn.GELU(), nn.Linear(3, 16))
        self.channels = nn.Sequential(nn.Linear(4, 16), nn.GELU(), nn.Linear(16, 4))

    def forward(self, x):
        x = x + self.tokens(self.norm1(x).transpose(1, 2)).transpose(1, 2)
        return x + self.channels(self.norm2(x))


class Mixer(nn.Module):
    """`Mixer::<4, 3, 2>`"""

    inputs = [torch.randn(BATCH, 64, generator=torch.manual_seed(3))]
    targets = [torch.randint(10, (BATCH,), generator=torch.manual_seed(4))]
    names = {
        "tokens.0": "linear0", "tokens.2": "linear1", "channels.0": "linear2", "channels.2": "linear3",
    }

    def __init__(self):
        super().__init__()
        self.embed = nn.Linear(4, 4)
        self.blocks = nn.ModuleList([MixerBlock(), MixerBlock()])
        self.norm = nn.LayerNorm(4)
        self.head = nn.Linear(4, 10)
        scramble(self)

    def forward(self, image):
        patches = F.unfold(image.unflatten(1, (1, 8, 8)), 2, stride=2)
        x = self.embed(patches.transpose(1, 2))
        for block in self.blocks:
            x = block(x)
        return (self.head(self.norm(x).mean(1)),)

    def loss(self, outputs, inputs, targets):
        return F.cross_entropy(outputs[0], targets[0])


class SwiGlu(nn.Module):
    def __init__(self):
        super().__init__()
        self.gate, self.up = nn.Linear(3, 4, bias=False), nn.Linear(3, 4, bias=False)
        self.down = nn.Linear(4, 3, bias=False)

    def forward(self, x):
        return self.down(F.silu(self.gate(x)) * self.up(x))


class Plain(nn.Module):
    def __init__(self):
        super().__init__()
        self.up, self.down = nn.Linear(3, 6, bias=False), nn.Linear(6, 3, bias=False)

    def forward(self, x):
        return self.down(F.gelu(self.up(x)))


class GatedReader(nn.Module):
    """`GatedReader::<3, 4>`"""

    inputs, targets, names, part = Mixer.inputs, Mixer.targets, {}, SwiGlu

    def __init__(self):
        super().__init__()
        self.embed, self.head = nn.Linear(64, 3), nn.Linear(3, 10)
        self.first, self.second = self.part(), self.part()

    def forward(self, image):
        h = self.embed(image)
        h = h + self.first(h)
        return (self.head(h + self.second(h)),)

    loss = Mixer.loss


class PlainReader(GatedReader):
    """`PlainReader::<3, 6>`"""

    part = Plain


class Vae(nn.Module):
    """`Vae::<4, 2>`"""

    inputs = [Mixer.inputs[0].tanh(), torch.randn(BATCH, 2, generator=torch.manual_seed(5))]
    targets, names = [], {"decoder.0": "decoder.fc", "decoder.2": "decoder.out"}

    def __init__(self):
        super().__init__()
        self.encoder = nn.Linear(64, 4)
        self.mean_head, self.log_var_head = nn.Linear(4, 2), nn.Linear(4, 2)
        self.decoder = nn.Sequential(nn.Linear(2, 4), nn.SiLU(), nn.Linear(4, 64))

    def forward(self, image, noise):
        h = F.silu(self.encoder(image))
        self.mean, self.log_var = self.mean_head(h), self.log_var_head(h)
        code = self.mean + (0.5 * self.log_var).exp() * noise
        return self.decoder(code), code

    def loss(self, outputs, inputs, targets):
        painting = F.binary_cross_entropy_with_logits(
            outputs[0], (inputs[0] + 1) / 2, reduction="sum"
        )
        code = torch.distributions.Normal(self.mean, (0.5 * self.log_var).exp())
        prior = torch.distributions.Normal(torch.zeros(2), torch.ones(2))
        return (painting + torch.distributions.kl_divergence(code, prior).sum()) / BATCH


class Residual(nn.Module):
    """`Residual::<100, 2>`"""

    inputs, targets, names, skip = Mixer.inputs, Mixer.targets, {}, True

    def __init__(self):
        super().__init__()
        self.embed, self.head = nn.Linear(64, 2), nn.Linear(2, 10)
        self.layers = nn.ModuleList([nn.Linear(2, 2) for _ in range(100)])

    def forward(self, image):
        h = self.embed(image)
        for layer in self.layers:
            h = h + 0.1 * torch.tanh(layer(h)) if self.skip else torch.tanh(layer(h))
        return (self.head(h),)

    loss = Mixer.loss


def scramble(model):
    """Normalisations begin as if they were not there; here they matter."""
    for module in model.modules():
        if isinstance(module, nn.LayerNorm):
            nn.init.normal_(module.weight, 1.0, 0.3)
            nn.init.normal_(module.bias, 0.0, 0.3)


def main():
    torch.set_default_dtype(torch.float64)
    for network in [Writer, Transformer, Mixer, GatedReader, PlainReader, Vae, Residual]:
        torch.manual_seed(7)
        model = network()

        def rename(name):
            for before, after in network.names.items():
                name = name.replace(before, after)
            return name

        name = network.__name__.lower()
        record(HERE / "examples", name, model, network.inputs, network.targets, model.loss, rename)


main()
