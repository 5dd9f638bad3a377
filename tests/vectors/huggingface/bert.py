"""Writes bert.safetensors, a small BERT of random weights as `transformers` saves it, and its embeddings.

    python bert.py    (torch 2.15.0 and transformers 5.24.0 wrote the committed files)

It has a folder of its own because `transformers` imports a module `kernels` if it finds one.
"""

from pathlib import Path

import torch
import torch.nn.functional as F
from safetensors.torch import save_file
from transformers import BertConfig, BertModel

HERE = Path(__file__).parent
POSITIONS = 16


def main():
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=50,
        hidden_size=24,
        num_hidden_layers=2,
        num_attention_heads=3,
        intermediate_size=40,
        max_position_embeddings=POSITIONS,
        layer_norm_eps=1e-12,
        attn_implementation="eager",
    )
    model = BertModel(config).eval()
    with torch.no_grad():
        for name, weight in model.named_parameters():
            # large enough for every part to matter
            mean = 1.0 if name.endswith("LayerNorm.weight") else 0.0
            weight.normal_(mean, 0.3)
    # as older versions saved it, the sentence model's among them
    weights = {"embeddings.position_ids": torch.arange(POSITIONS)[None], **model.state_dict()}
    save_file(weights, HERE / "bert.safetensors")

    lengths = torch.tensor([11, 16, 1, 5])
    mask = (torch.arange(POSITIONS) < lengths[:, None]).long()
    tokens = torch.randint(1, config.vocab_size, mask.shape) * mask
    with torch.no_grad():
        rows = model(tokens, attention_mask=mask).last_hidden_state
    mean = (rows * mask[..., None]).sum(1) / mask.sum(1, keepdim=True)
    numbers = {"tokens": tokens.int(), "lengths": lengths.int(), "embeddings": F.normalize(mean)}
    save_file(numbers, HERE / "bert.expected.safetensors")


main()
