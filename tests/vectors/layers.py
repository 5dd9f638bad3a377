"""Writes layers/*.safetensors: the layers of `torch.nn`, with their options.

    python layers.py    (torch 2.15.0 wrote the committed files)
"""

import math
from pathlib import Path

import torch
import torch.nn.functional as F
from record import record
from torch import nn

HERE = Path(__file__).parent
BATCH, LENGTH = 3, 5


class Layer(nn.Module):
    """A layer, perhaps after a linear one, which gives it something to learn."""

    def __init__(self, layer, first=None):
        super().__init__()
        self.layer = layer
        if first is not None:
            self.first = nn.Linear(first, first)

    def forward(self, *inputs):
        if hasattr(self, "first"):
            inputs = (self.first(inputs[0]), *inputs[1:])
        return flat(self.call(*inputs))

    def call(self, *inputs):
        return self.layer(*inputs)


def flat(outputs):
    if isinstance(outputs, torch.Tensor):
        return (outputs,)
    return tuple(tensor for part in outputs for tensor in flat(part))


class Recurrent(Layer):
    """States have the batch as their second axis in PyTorch, and as their first here."""

    def call(self, x, *states):
        states = tuple(state.transpose(0, 1).contiguous() for state in states)
        state = states if len(states) > 1 else (states or (None,))[0]
        y, last = self.layer(x, state)
        return (y, *(state.transpose(0, 1) for state in flat(last)))


class Cell(Layer):
    def call(self, x, *states):
        return self.layer(x, states if len(states) > 1 else states[0])


class Causal(Layer):
    def call(self, x):
        mask = nn.Transformer.generate_square_subsequent_mask(x.shape[1])
        return self.layer(x, x, x, attn_mask=mask, need_weights=False)[0]


class Cross(Layer):
    """With keys that are padding."""

    def call(self, x, memory, padding):
        out, _ = self.layer(x, memory, memory, key_padding_mask=padding > 0, need_weights=False)
        return out


class Windowed(Layer):
    """Each position sees itself, the one before, and what a bias that is added makes of them."""

    def call(self, x, bias):
        far = torch.ones(x.shape[1], x.shape[1]).tril(-2) + torch.ones(x.shape[1], x.shape[1]).triu(1)
        mask = bias.masked_fill(far > 0, -math.inf).repeat_interleave(self.layer.num_heads, 0)
        return self.layer(x, x, x, attn_mask=mask, need_weights=False)[0]


class Shifted(Layer):
    """With zeros that differ before and after."""

    def __init__(self, layer, zeros):
        super().__init__(layer)
        self.zeros = zeros

    def call(self, x):
        return self.layer(F.pad(x, self.zeros))


class Decoder(Layer):
    def call(self, x, memory, padding):
        mask = nn.Transformer.generate_square_subsequent_mask(x.shape[1])
        return self.layer(x, memory, tgt_mask=mask, memory_key_padding_mask=padding > 0)


class Grouped(nn.Module):
    """Four heads of queries that share two of keys and values, rotated by their positions."""

    def __init__(self, interleaved):
        super().__init__()
        self.interleaved = interleaved
        self.q, self.k, self.v = nn.Linear(6, 16), nn.Linear(6, 8), nn.Linear(6, 8)

    def forward(self, x):
        def heads(y):
            return y.unflatten(-1, (-1, 4)).transpose(1, 2)

        q, k, v = rope(heads(self.q(x)), self.interleaved), rope(heads(self.k(x)), self.interleaved), heads(self.v(x))
        y = F.scaled_dot_product_attention(q, k, v, is_causal=True, enable_gqa=True)
        return (y.transpose(1, 2).flatten(-2),)


class Biased(nn.Module):
    """Attention with a learned bias, of all heads or of each, of queries to keys of other counts and lengths."""

    def __init__(self, bias, heads, dim, value_dim, scale=None):
        super().__init__()
        self.scale, (self.heads, self.groups) = scale, heads
        self.q, self.k = nn.Linear(6, heads[0] * dim), nn.Linear(6, heads[1] * dim)
        self.v = nn.Linear(6, heads[1] * value_dim)
        self.bias = nn.Parameter(torch.randn(bias))

    def forward(self, x, memory):
        def heads(y, count):
            return y.unflatten(-1, (count, -1)).transpose(1, 2)

        q, k, v = heads(self.q(x), self.heads), heads(self.k(memory), self.groups), heads(self.v(memory), self.groups)
        y = F.scaled_dot_product_attention(q, k, v, attn_mask=self.bias, scale=self.scale, enable_gqa=True)
        return (y.transpose(1, 2).flatten(-2),)


def rope(x, interleaved, theta=10000.0):
    """`apply_rotary_pos_emb` of Llama (halves) or of the paper (neighbours)."""
    length, dim = x.shape[-2:]
    frequency = theta ** (-torch.arange(0, dim, 2) / dim)
    angle = torch.arange(length)[:, None] * frequency
    if interleaved:
        a, b = x[..., ::2], x[..., 1::2]
        turned = (a * angle.cos() - b * angle.sin(), a * angle.sin() + b * angle.cos())
        return torch.stack(turned, -1).flatten(-2)
    a, b = x.chunk(2, -1)
    return torch.cat([a * angle.cos() - b * angle.sin(), b * angle.cos() + a * angle.sin()], -1)


class Positions(nn.Module):
    """The sinusoidal positions of the first Transformer, as its tutorials write them."""

    def __init__(self):
        super().__init__()
        self.first = nn.Linear(6, 6)

    def forward(self, x):
        position = torch.arange(x.shape[1])[:, None]
        step = torch.exp(torch.arange(0, 6, 2) * (-math.log(10000.0) / 6))
        table = torch.zeros(x.shape[1], 6)
        table[:, 0::2], table[:, 1::2] = torch.sin(position * step), torch.cos(position * step)
        return (self.first(x) + table,)


class Gated(nn.Module):
    """`LlamaMLP`."""

    def __init__(self):
        super().__init__()
        self.gate_proj = nn.Linear(6, 10, bias=False)
        self.up_proj = nn.Linear(6, 10, bias=False)
        self.down_proj = nn.Linear(10, 6, bias=False)

    def forward(self, x):
        return self.down_proj(F.silu(self.gate_proj(x)) * self.up_proj(x))


def loss(outputs, inputs, targets):
    y, *others = outputs
    return F.mse_loss(y, targets[0]) + sum(other.square().mean() for other in others)


def main():
    torch.set_default_dtype(torch.float64)
    torch.manual_seed(0)
    padding = torch.tensor([[0.0, 0, 0, 1], [0, 1, 1, 1], [1, 0, 0, 0]])
    sequence, image = (LENGTH, 6), (4, 3, 5)
    lstm = dict(batch_first=True, num_layers=2, bidirectional=True)
    encoder = dict(dim_feedforward=10, dropout=0.0, batch_first=True)
    cases = {
        "layer_norm": (Layer(nn.LayerNorm(6)), [sequence]),
        "layer_norm_without_bias": (Layer(nn.LayerNorm(6, eps=0.1, bias=False)), [sequence]),
        "rms_norm": (Layer(nn.RMSNorm(6, eps=1e-3)), [sequence]),
        "group_norm": (Layer(nn.GroupNorm(2, 4), 5), [image]),
        "instance_norm": (Layer(nn.InstanceNorm2d(4, affine=True), 5), [image]),
        "local_response_norm": (Layer(nn.LocalResponseNorm(3, alpha=0.5), 5), [image]),
        "local_response_norm_even": (Layer(nn.LocalResponseNorm(2, alpha=0.5, k=2.0), 5), [image]),
        "embedding": (Layer(nn.Embedding(7, 4)), [torch.randint(7, (BATCH, LENGTH))]),
        "embedding_padding": (Layer(nn.Embedding(7, 4, padding_idx=2)), [torch.randint(4, (BATCH, LENGTH))]),
        "rnn": (Recurrent(nn.RNN(6, 4, num_layers=2, nonlinearity="relu", batch_first=True)), [sequence]),
        "rnn_tanh": (Recurrent(nn.RNN(6, 4, bidirectional=True, batch_first=True)), [sequence]),
        "gru": (Recurrent(nn.GRU(6, 4, bias=False, **lstm)), [sequence, (4, 4)]),
        "lstm": (Recurrent(nn.LSTM(6, 4, **lstm)), [sequence, (4, 4), (4, 4)]),
        "lstm_projection": (Recurrent(nn.LSTM(6, 5, proj_size=2, **lstm)), [sequence]),
        "rnn_cell": (Cell(nn.RNNCell(6, 4, nonlinearity="relu")), [(6,), (4,)]),
        "gru_cell": (Cell(nn.GRUCell(6, 4)), [(6,), (4,)]),
        "lstm_cell": (Cell(nn.LSTMCell(6, 4, bias=False)), [(6,), (4,), (4,)]),
        "multihead_attention": (Causal(nn.MultiheadAttention(6, 2, batch_first=True)), [sequence]),
        "multihead_attention_cross": (
            Cross(nn.MultiheadAttention(6, 3, batch_first=True)), [sequence, (4, 6), padding]
        ),
        "multihead_attention_window": (
            Windowed(nn.MultiheadAttention(6, 2, bias=False, batch_first=True)), [sequence, (LENGTH, LENGTH)]
        ),
        "encoder": (Layer(nn.TransformerEncoderLayer(6, 2, **encoder)), [sequence]),
        "encoder_norm_first": (
            Layer(nn.TransformerEncoderLayer(6, 3, activation="gelu", norm_first=True, bias=False, **encoder)),
            [sequence],
        ),
        "decoder": (Decoder(nn.TransformerDecoderLayer(6, 2, **encoder)), [sequence, (4, 6), padding]),
        "decoder_norm_first": (
            Decoder(nn.TransformerDecoderLayer(6, 2, norm_first=True, **encoder)), [sequence, (4, 6), padding]
        ),
        "glu": (Layer(nn.GLU(), 6), [sequence]),
        "gated_mlp": (Layer(Gated()), [sequence]),
        "rope": (Grouped(False), [sequence]),
        "rope_interleaved": (Grouped(True), [sequence]),
        "sinusoidal": (Positions(), [sequence]),
        "conv1d": (Layer(nn.Conv1d(2, 4, 3, stride=2, padding=1)), [(2, 9)]),
        "conv1d_causal": (Shifted(nn.Conv1d(2, 4, 3, dilation=2), (4, 0)), [(2, 9)]),
        "conv2d": (Layer(nn.Conv2d(4, 6, 3, padding="same", bias=False)), [(4, 5, 3)]),
        "conv2d_strided": (
            Layer(nn.Conv2d(4, 6, (3, 2), stride=(2, 1), padding=(1, 0), dilation=(1, 3), groups=2)), [(4, 7, 9)]
        ),
        "conv2d_asymmetric": (Shifted(nn.Conv2d(2, 3, 3, stride=2), (0, 1, 2, 0)), [(2, 7, 6)]),
        "conv2d_depthwise": (Layer(nn.Conv2d(3, 6, 3, padding=1, groups=3), 7), [(3, 5, 7)]),
        "conv2d_pointwise": (Layer(nn.Conv2d(5, 3, 1), 7), [(5, 4, 7)]),
        "conv_transpose1d": (
            Layer(nn.ConvTranspose1d(4, 6, 3, stride=2, padding=1, output_padding=1, groups=2), 5), [(4, 5)]
        ),
        "conv_transpose2d": (
            Layer(nn.ConvTranspose2d(4, 6, (3, 2), stride=(2, 3), padding=(1, 0), dilation=(2, 1)), 5), [(4, 3, 5)]
        ),
        "max_pool1d": (Layer(nn.MaxPool1d(3, stride=2, padding=1, dilation=2), 9), [(2, 9)]),
        "max_pool2d": (Layer(nn.MaxPool2d(2), 5), [(2, 7, 5)]),
        "max_pool2d_ceil": (
            Layer(nn.MaxPool2d((3, 2), stride=(2, 3), padding=(1, 0), ceil_mode=True), 5), [(2, 6, 5)]
        ),
        "avg_pool1d": (Layer(nn.AvgPool1d(3, stride=2, padding=1), 9), [(2, 9)]),
        "avg_pool2d": (
            Layer(nn.AvgPool2d(3, stride=2, padding=1, ceil_mode=True, count_include_pad=False), 5), [(2, 6, 5)]
        ),
        "avg_pool2d_counting": (Layer(nn.AvgPool2d(3, stride=2, padding=1, ceil_mode=True), 5), [(2, 6, 5)]),
        "avg_pool2d_divisor": (Layer(nn.AvgPool2d(2, divisor_override=3), 5), [(2, 6, 5)]),
        "adaptive_avg_pool1d": (Layer(nn.AdaptiveAvgPool1d(4), 7), [(2, 7)]),
        "adaptive_avg_pool2d": (Layer(nn.AdaptiveAvgPool2d((3, 7)), 5), [(2, 4, 5)]),
        "upsample": (Layer(nn.Upsample(scale_factor=2), 5), [(2, 3, 5)]),
        "upsample_linear": (Layer(nn.Upsample(size=7, mode="linear"), 5), [(2, 5)]),
        "upsample_bilinear": (Layer(nn.Upsample(size=(4, 7), mode="bilinear"), 5), [(2, 3, 5)]),
        "upsample_corners": (
            Layer(nn.Upsample(size=(4, 7), mode="bilinear", align_corners=True), 5), [(2, 3, 5)]
        ),
        "pixel_shuffle": (Layer(nn.PixelShuffle(2), 5), [image]),
        "attention_bias": (Biased((LENGTH, 4), (4, 2), 3, 7, scale=0.5), [sequence, (4, 6)]),
        "attention_bias_of_heads": (Biased((3, LENGTH, 4), (3, 3), 5, 2), [sequence, (4, 6)]),
    }
    for seed, (name, (model, inputs)) in enumerate(cases.items()):
        torch.manual_seed(seed)
        for parameter in model.parameters():
            # also where PyTorch begins with ones or zeros
            parameter.data += 0.1 * torch.randn_like(parameter)
        if name == "embedding_padding":
            model.layer.weight.data[2] = 0.0
        given = [x if isinstance(x, torch.Tensor) else torch.randn(BATCH, *x) for x in inputs]
        target = torch.randn_like(model(*given)[0])
        record(HERE / "layers", name, model, given, [target], loss)


main()
