"""Writes sequences/*.safetensors: samples of different lengths, padding modes, dilated stacks.

    python sequences.py    (torch 2.15.0 wrote the committed files)
"""

from pathlib import Path

import torch
import torch.nn.functional as F
from record import record
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

HERE = Path(__file__).parent
BATCH, LENGTH = 3, 5


class Packed(nn.Module):
    """A recurrent layer over a packed sequence; states have the batch as their second axis."""

    def __init__(self, layer):
        super().__init__()
        self.layer = layer

    def forward(self, x, lengths, *states):
        states = tuple(state.transpose(0, 1).contiguous() for state in states)
        state = states if len(states) > 1 else (states or (None,))[0]
        packed = pack_padded_sequence(x, lengths, batch_first=True, enforce_sorted=False)
        y, last = self.layer(packed, state)
        y, _ = pad_packed_sequence(y, batch_first=True, total_length=x.shape[1])
        last = last if isinstance(last, tuple) else (last,)
        return (y, *(state.transpose(0, 1) for state in last))


class Pooled(nn.Module):
    """The mean and the maximum over the steps of each sample."""

    def __init__(self):
        super().__init__()
        self.first = nn.Linear(6, 4)

    def forward(self, x, lengths):
        x = self.first(x)
        outside = (torch.arange(x.shape[1]) >= lengths[:, None])[..., None]
        mean = x.masked_fill(outside, 0.0).sum(1) / lengths[:, None]
        return (mean, x.masked_fill(outside, -torch.inf).amax(1))


class Attending(nn.Module):
    """Attention that leaves out the keys beyond each sample's length."""

    def __init__(self):
        super().__init__()
        self.layer = nn.MultiheadAttention(6, 2, batch_first=True)

    def forward(self, x, lengths):
        outside = torch.arange(x.shape[1]) >= lengths[:, None]
        return (self.layer(x, x, x, key_padding_mask=outside, need_weights=False)[0],)


class After(nn.Module):
    """What is done to the result of a linear layer, which gives padding something to learn."""

    def __init__(self, size, layer):
        super().__init__()
        self.first = nn.Linear(size, size)
        self.layer = layer

    def forward(self, x):
        return (self.layer(self.first(x)),)


class Pad(nn.Module):
    def __init__(self, widths, mode):
        super().__init__()
        self.widths, self.mode = widths, mode

    def forward(self, x):
        return F.pad(x, self.widths, mode=self.mode)


class Stack(nn.Module):
    """Residual layers of causal convolutions, each with its dilation."""

    def __init__(self, dilations, causal=True):
        super().__init__()
        self.causal = causal
        self.layers = nn.ModuleList(nn.Conv1d(4, 4, 3, dilation=dilation) for dilation in dilations)

    def forward(self, x):
        for layer in self.layers:
            reach = 2 * layer.dilation[0]
            widths = (reach, 0) if self.causal else (reach // 2, reach // 2)
            x = x + torch.tanh(layer(F.pad(x, widths)))
        return (x,)


class Widening(nn.Module):
    """Pooling with windows that widen from layer to layer."""

    def __init__(self):
        super().__init__()
        self.first = nn.Linear(9, 9)

    def forward(self, x):
        x = self.first(x)
        for i in range(3):
            x = x + F.max_pool1d(x, 2 * i + 1, stride=1, padding=i)
            x = x + F.avg_pool1d(x, 2 * i + 1, stride=1, padding=i)
        return (x,)


class Writer(nn.Module):
    """The network of the example `char-lstm`, small."""

    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(12, 8)
        self.lstm = nn.LSTM(8, 16, batch_first=True)
        self.head = nn.Linear(16, 12)

    def forward(self, text):
        return (self.head(self.lstm(self.embedding(text))[0]),)


class Sentiment(nn.Module):
    """The network of the example `sentiment`, small and without dropout."""

    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(12, 6, padding_idx=0)
        self.gru = nn.GRU(6, 4, bidirectional=True, batch_first=True)
        self.head = nn.Linear(8, 1)

    def forward(self, words, lengths):
        packed = pack_padded_sequence(self.embedding(words), lengths, batch_first=True, enforce_sorted=False)
        y, _ = pad_packed_sequence(self.gru(packed)[0], batch_first=True, total_length=words.shape[1])
        outside = (torch.arange(words.shape[1]) >= lengths[:, None])[..., None]
        return (self.head(y.masked_fill(outside, -torch.inf).amax(1))[:, 0],)


def next_character(outputs, inputs, targets):
    return F.cross_entropy(outputs[0].flatten(0, 1), targets[0].flatten())


def praise(outputs, inputs, targets):
    return F.binary_cross_entropy_with_logits(outputs[0], targets[0])


def training():
    """The first twenty steps of the networks of examples."""
    torch.manual_seed(1)
    text = torch.randint(12, (4, 25))
    text[:, 1::3] = (text[:, 0:-1:3] + 1) % 12
    record(
        HERE / "sequences", "char_lstm", Writer(), [text[:, :-1].contiguous()], [text[:, 1:].contiguous()],
        next_character, steps=20,
    )
    lengths = torch.tensor([7, 1, 4, 6])
    words = torch.randint(1, 12, (4, 7)) * (torch.arange(7) < lengths[:, None])
    model = Sentiment()
    record(HERE / "sequences", "sentiment", model, [words, lengths], [torch.tensor([1.0, 0, 0, 1])], praise, steps=20)


def loss(outputs, inputs, targets):
    y, *others = outputs
    return F.mse_loss(y, targets[0]) + sum(other.square().mean() for other in others)


def main():
    torch.set_default_dtype(torch.float64)
    torch.manual_seed(0)
    lengths = torch.tensor([3, LENGTH, 1])
    sequence, signal, image = (LENGTH, 6), (2, 9), (2, 4, 5)
    both = dict(batch_first=True, num_layers=2, bidirectional=True)
    cases = {
        "rnn_lengths": (Packed(nn.RNN(6, 4, nonlinearity="relu", batch_first=True)), [sequence, lengths]),
        "rnn_lengths_both": (Packed(nn.RNN(6, 4, **both)), [sequence, lengths]),
        "gru_lengths": (Packed(nn.GRU(6, 4, batch_first=True)), [sequence, lengths]),
        "gru_lengths_both": (Packed(nn.GRU(6, 4, **both)), [sequence, lengths, (4, 4)]),
        "lstm_lengths": (Packed(nn.LSTM(6, 4, batch_first=True)), [sequence, lengths]),
        "lstm_lengths_both": (Packed(nn.LSTM(6, 4, **both)), [sequence, lengths, (4, 4), (4, 4)]),
        "lstm_lengths_projection": (Packed(nn.LSTM(6, 5, proj_size=2, **both)), [sequence, lengths]),
        "masked_pooling": (Pooled(), [sequence, lengths]),
        "attention_lengths": (Attending(), [sequence, lengths]),
        "conv1d_reflect": (
            After(9, nn.Conv1d(2, 4, 4, padding="same", padding_mode="reflect")), [signal]
        ),
        "conv1d_replicate": (
            After(9, nn.Conv1d(2, 4, 3, stride=2, padding=3, padding_mode="replicate")), [signal]
        ),
        "conv1d_circular": (
            After(9, nn.Conv1d(2, 4, 3, padding=9, dilation=2, groups=2, padding_mode="circular")), [signal]
        ),
        "conv2d_reflect": (
            After(5, nn.Conv2d(2, 3, (3, 2), stride=2, padding=(3, 1), padding_mode="reflect")), [image]
        ),
        "conv2d_replicate": (After(5, nn.Conv2d(2, 3, 3, padding=6, padding_mode="replicate")), [image]),
        "conv2d_circular": (
            After(5, nn.Conv2d(2, 3, 3, padding="same", padding_mode="circular", bias=False)), [image]
        ),
        "pad_reflect": (After(5, Pad((4, 1, 0, 3), "reflect")), [image]),
        "pad_replicate": (After(5, Pad((0, 2, 7, 1), "replicate")), [image]),
        "pad_circular": (After(5, Pad((5, 3, 4, 0), "circular")), [image]),
        "dilation_powers": (Stack([1, 2, 4, 8]), [(4, 19)]),
        "dilation_odd": (Stack([1, 3, 5], causal=False), [(4, 9)]),
        "dilation_list": (Stack([2, 5, 1]), [(4, 9)]),
        "widening_pools": (Widening(), [signal]),
    }
    for seed, (name, (model, inputs)) in enumerate(cases.items()):
        torch.manual_seed(seed)
        for parameter in model.parameters():
            parameter.data += 0.1 * torch.randn_like(parameter)
        given = [x if isinstance(x, torch.Tensor) else torch.randn(BATCH, *x) for x in inputs]
        target = torch.randn_like(model(*given)[0])
        record(HERE / "sequences", name, model, given, [target], loss)
    training()


main()
