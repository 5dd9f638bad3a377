"""Writes the folder gpt2: a small random GPT-2 as `transformers` saves it, once whole and once in shards, and
what it computes.

    python gpt2.py    (transformers 5.24.0, torch 2.15.0 wrote the committed files)
"""

from pathlib import Path

import torch
import torch.nn.functional as F
from safetensors.torch import save_file
from transformers import GPT2Config, GPT2LMHeadModel

FOLDER = Path(__file__).parent / "gpt2"
SIZES = dict(vocab_size=41, n_positions=80, n_embd=16, n_head=2, n_layer=2)
PROMPT, NEW = 12, 64


def main():
    torch.manual_seed(1)
    # weights as large as those of a trained one, so that tokens differ clearly
    model = GPT2LMHeadModel(GPT2Config(**SIZES, initializer_range=0.4, bos_token_id=0, eos_token_id=None))
    for name, parameter in model.named_parameters():
        if "ln_" in name or name.endswith("bias"):
            parameter.data += 0.2 * torch.randn_like(parameter)
    model.eval()
    model.save_pretrained(FOLDER)
    model.save_pretrained(FOLDER / "sharded", max_shard_size="12KB")
    for name in ["generation_config.json", "sharded/generation_config.json", "sharded/config.json"]:
        (FOLDER / name).unlink(missing_ok=True)

    model.double()
    tokens = torch.randint(SIZES["vocab_size"], (2, PROMPT))
    targets = torch.randint(SIZES["vocab_size"], (2, PROMPT))
    logits = model(tokens).logits
    loss = F.cross_entropy(logits.flatten(0, 1), targets.flatten())
    loss.backward()
    text = tokens[:1]
    margin = torch.inf
    with torch.no_grad():
        for _ in range(NEW):
            two = model(text).logits[0, -1].topk(2)
            margin = min(margin, (two.values[0] - two.values[1]).item())
            text = torch.cat([text, two.indices[None, :1]], 1)
    assert margin > 1e-3, "a choice that rounding might change"
    assert len(set(text[0, PROMPT:].tolist())) > 8, "a continuation that repeats itself"
    generated = model.generate(tokens[:1], max_new_tokens=NEW, do_sample=False, pad_token_id=0)
    assert (generated == text).all()
    expected = {"tokens": tokens, "targets": targets, "logits": logits, "loss": loss, "greedy": text[0, PROMPT:]}
    # the name in the file of the model alone, in which the head is tied
    expected |= {f"gradient.{k.removeprefix('transformer.')}": p.grad for k, p in model.named_parameters()}
    save_file({k: v.detach().contiguous() for k, v in expected.items()}, FOLDER / "expected.safetensors")


main()
