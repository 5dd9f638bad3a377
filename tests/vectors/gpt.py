"""Writes gpt.safetensors and gpt.json: a small GPT-2 and the losses of 20 steps, each with tokens of its own.

    python gpt.py    (torch 2.15.0 wrote the committed files)
"""

import json
from pathlib import Path

import torch
import torch.nn.functional as F
from safetensors.torch import save_file
from torch import nn

HERE = Path(__file__).parent
VOCABULARY, DIM, HEADS, LAYERS, CONTEXT = 11, 16, 2, 2, 8
STEPS, BATCH, RATE = 20, 4, 1e-2


class Gpt(nn.Module):
    def __init__(self):
        super().__init__()
        self.wte = nn.Parameter(0.3 * torch.randn(VOCABULARY, DIM))
        self.wpe = nn.Embedding(CONTEXT, DIM)
        options = dict(dropout=0.0, activation="gelu", batch_first=True, norm_first=True)
        layer = lambda: nn.TransformerEncoderLayer(DIM, HEADS, 4 * DIM, **options)
        self.h = nn.ModuleList([layer() for _ in range(LAYERS)])
        self.ln_f = nn.LayerNorm(DIM)

    def forward(self, text):
        x = self.wte[text] + self.wpe.weight[: text.shape[1]]
        mask = nn.Transformer.generate_square_subsequent_mask(text.shape[1])
        for layer in self.h:
            x = layer(x, src_mask=mask, is_causal=True)
        return self.ln_f(x) @ self.wte.T


def main():
    torch.set_default_dtype(torch.float64)
    torch.manual_seed(0)
    model = Gpt()
    model.load_state_dict({k: v.float().double() for k, v in model.state_dict().items()})
    save_file({k: p.detach().float() for k, p in model.named_parameters()}, HERE / "gpt.safetensors")
    optimizer = torch.optim.AdamW(model.parameters(), RATE, betas=(0.9, 0.99), weight_decay=0.1)
    tokens, losses = [], []
    for _ in range(STEPS):
        # a rule that can be learned: the next token is twice the last one, most of the time
        text = torch.randint(VOCABULARY, (BATCH, CONTEXT + 1))
        for t in range(CONTEXT):
            follows = torch.rand(BATCH) < 0.8
            text[:, t + 1] = torch.where(follows, 2 * text[:, t] % VOCABULARY, text[:, t + 1])
        loss = F.cross_entropy(model(text[:, :-1]).flatten(0, 1), text[:, 1:].flatten())
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        tokens.append(text.tolist())
        losses.append(loss.item())
    vectors = {"learning_rate": RATE, "tokens": tokens, "losses": losses}
    (HERE / "gpt.json").write_text(json.dumps(vectors).replace("]], ", "]],\n") + "\n")


main()
