"""Writes sampler.json: what the warpers of `transformers` make of logits, in their order in `generate`.

    python sampler.py    (transformers 5.24.0, torch 2.15.0 wrote the committed file)
"""

import itertools
import json
from pathlib import Path

import torch
from transformers.generation import logits_process as p

HERE = Path(__file__).parent


def main():
    random = torch.manual_seed(0)
    cases = []
    options = itertools.product([0.7, 1.3], [None, 3, 8], [None, 0.5, 0.9], [None, 0.1], [None, 1.5])
    for number, (temperature, top_k, top_p, min_p, penalty) in enumerate(options):
        # wide and narrow ones, with tokens that can never come
        logits = (1 + number % 3) * torch.randn(1, 12, generator=random)
        logits[0, number % 12] = -torch.inf if number % 4 == 0 else 0.0
        seen = torch.randint(12, (1, 5), generator=random) if penalty else torch.zeros(1, 0, dtype=int)
        steps = [p.RepetitionPenaltyLogitsProcessor(penalty)] if penalty else []
        steps += [p.TemperatureLogitsWarper(temperature)]
        steps += [p.TopKLogitsWarper(top_k)] if top_k else []
        steps += [p.TopPLogitsWarper(top_p)] if top_p else []
        steps += [p.MinPLogitsWarper(min_p)] if min_p else []
        scores = logits.clone()
        for step in steps:
            scores = step(seen, scores)
        cases.append({
            # JSON has no infinity
            "logits": logits[0].nan_to_num(neginf=-1e30).tolist(),
            "seen": seen[0].tolist(),
            "temperature": temperature,
            "top_k": top_k,
            "top_p": top_p,
            "min_p": min_p,
            "repetition_penalty": penalty,
            "probabilities": scores.softmax(-1)[0].tolist(),
        })
    lines = ",\n".join(json.dumps(case) for case in cases)
    (HERE / "sampler.json").write_text(f"[\n{lines}\n]\n")


main()
