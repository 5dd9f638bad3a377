"""Writes llama.safetensors, a small Llama of random weights as `transformers` saves it, and what it computes.

    python llama.py    (torch 2.15.0 and transformers 5.24.0 wrote the committed files)

It has a folder of its own because `transformers` imports a module `kernels` if it finds one.
"""

from pathlib import Path

import torch
from safetensors.torch import save_file
from transformers import LlamaConfig, LlamaForCausalLM

HERE = Path(__file__).parent
CONTEXT, CONTINUATION = 96, 64


def main():
    torch.manual_seed(0)
    config = LlamaConfig(
        vocab_size=61,
        hidden_size=36,
        intermediate_size=50,
        num_hidden_layers=2,
        num_attention_heads=6,
        num_key_value_heads=2,
        max_position_embeddings=CONTEXT,
        rms_norm_eps=1e-5,
        rope_parameters={"rope_type": "default", "rope_theta": 100_000.0},
        tie_word_embeddings=True,
        attn_implementation="eager",
    )
    model = LlamaForCausalLM(config).eval()
    with torch.no_grad():
        for name, weight in model.named_parameters():
            # large enough for every part to matter
            weight.normal_(1.0, 0.3) if weight.dim() == 1 else weight.normal_(0.0, 0.25)
    tied = {name: weight for name, weight in model.state_dict().items() if name != "lm_head.weight"}
    save_file(tied, HERE / "llama.safetensors")

    texts = torch.randint(config.vocab_size, (2, 9))
    written = texts[:1]
    with torch.no_grad():
        logits = model(texts).logits
        margins = []
        for _ in range(CONTINUATION):
            last = model(written).logits[:, -1]
            best = last.topk(2).values[0]
            margins.append((best[0] - best[1]).item())
            written = torch.cat([written, last.argmax(-1, keepdim=True)], 1)
    # no choice hangs on the rounding
    assert min(margins) > 1e-2, min(margins)
    continuation = written[0, texts.shape[1] :]
    assert len(set(continuation.tolist())) > 12, continuation
    numbers = {"texts": texts.int(), "logits": logits, "continuation": continuation.int()}
    save_file(numbers, HERE / "llama.expected.safetensors")


main()
