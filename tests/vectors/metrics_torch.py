"""Writes metrics_torch.json: metrics by torchmetrics.

    python metrics_torch.py    (torchmetrics 1.9.0 with torch 2.15.0 wrote the committed file)
"""

import json
from pathlib import Path

import numpy as np
import torch
from torchmetrics.functional import classification as by
from torchmetrics.functional import mean_absolute_error, mean_squared_error, r2_score
from torchmetrics.functional.text import perplexity


def classification(generator, samples, classes, absent=()):
    labels = generator.choice([c for c in range(classes) if c not in absent], samples)
    # no two are equal, since of equal scores torch.topk takes any
    scores = generator.normal(size=(samples, classes))
    scores[:, list(absent)] -= 9.0
    args = torch.tensor(scores), torch.tensor(labels), classes
    averages = ["micro", "macro"]
    each = lambda of: [of(*args, average=average).item() for average in averages]
    return {
        "classes": classes,
        "labels": labels.tolist(),
        "scores": scores.flatten().tolist(),
        "confusion": by.multiclass_confusion_matrix(*args).flatten().tolist(),
        "accuracy": each(by.multiclass_accuracy),
        "precision": each(by.multiclass_precision),
        "recall": each(by.multiclass_recall),
        "f1": each(by.multiclass_f1_score),
        "top": [by.multiclass_accuracy(*args, average="micro", top_k=k).item() for k in range(1, classes)],
    }


def ranking(generator, samples, steps):
    targets = generator.integers(0, 2, samples)
    targets[:2] = 0, 1
    # between 0 and 1, or else torchmetrics applies a sigmoid; of few values, so that some are equal
    scores = np.round(generator.uniform(size=samples) * 0.5 * (1 + targets) * steps) / steps
    return {
        "targets": targets.tolist(),
        "scores": scores.tolist(),
        "area": by.binary_auroc(torch.tensor(scores), torch.tensor(targets)).item(),
    }


def regression(generator, samples, offset):
    targets = generator.normal(size=samples) + offset
    predictions = targets + generator.normal(size=samples) * 0.3
    args = torch.tensor(predictions), torch.tensor(targets)
    return {
        "targets": targets.tolist(),
        "predictions": predictions.tolist(),
        "mae": mean_absolute_error(*args).item(),
        "mse": mean_squared_error(*args).item(),
        "rmse": mean_squared_error(*args, squared=False).item(),
        "r2": r2_score(*args).item(),
    }


def language(generator, samples, steps, classes, ignored):
    logits = generator.normal(size=(samples, steps, classes)) * 2
    targets = generator.integers(0, classes, (samples, steps))
    targets[generator.uniform(size=targets.shape) < ignored] = -100
    value = perplexity(torch.tensor(logits), torch.tensor(targets), ignore_index=-100).item()
    return {"logits": logits.flatten().tolist(), "targets": targets.flatten().tolist(), "perplexity": value}


def main():
    generator = np.random.default_rng(7)
    result = {
        "classification": [
            classification(generator, 60, 4),
            classification(generator, 37, 6, absent=(0, 3)),
            classification(generator, 2, 3),
        ],
        "ranking": [ranking(generator, 50, 1000), ranking(generator, 41, 4)],
        "regression": [regression(generator, 30, 0.0), regression(generator, 17, 10.0)],
        "language": [language(generator, 6, 5, 7, 0.0), language(generator, 4, 5, 7, 0.3)],
    }
    Path(__file__).with_suffix(".json").write_text(json.dumps(result) + "\n")


main()
