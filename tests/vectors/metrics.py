"""Writes metrics.json: metrics by scikit-learn.

    python metrics.py    (scikit-learn 1.9.1 wrote the committed file)
"""

import json
from pathlib import Path

import numpy as np
from sklearn import metrics


def classification(generator, samples, classes, absent=()):
    labels = generator.choice([c for c in range(classes) if c not in absent], samples)
    # scores of few values, so that some are equal
    scores = np.round(generator.normal(size=(samples, classes)) * 4) / 4
    predicted = scores.argmax(1)
    each = lambda of: of(labels, predicted, average=None, labels=list(range(classes)), zero_division=0).tolist()
    mean = lambda of: of(labels, predicted, average="macro", zero_division=0)
    # of equal scores, smaller classes come first
    order = np.argsort(-scores, axis=1, kind="stable")
    return {
        "classes": classes,
        "labels": labels.tolist(),
        "scores": scores.flatten().tolist(),
        "confusion": metrics.confusion_matrix(labels, predicted, labels=list(range(classes))).flatten().tolist(),
        "accuracy": metrics.accuracy_score(labels, predicted),
        "precision": each(metrics.precision_score),
        "recall": each(metrics.recall_score),
        "f1": each(metrics.f1_score),
        "macro": [mean(metrics.precision_score), mean(metrics.recall_score), mean(metrics.f1_score)],
        "micro_f1": metrics.f1_score(labels, predicted, average="micro"),
        "top": [float(np.mean([label in row[:k] for label, row in zip(labels, order)])) for k in range(1, classes + 1)],
    }


def ranking(generator, samples, steps):
    targets = generator.integers(0, 2, samples)
    targets[:2] = 0, 1
    scores = np.round((generator.normal(size=samples) + targets) * steps) / steps
    return {
        "targets": targets.tolist(),
        "scores": scores.tolist(),
        "area": metrics.roc_auc_score(targets, scores),
    }


def regression(generator, samples, offset):
    targets = generator.normal(size=samples) + offset
    predictions = targets + generator.normal(size=samples) * 0.3
    return {
        "targets": targets.tolist(),
        "predictions": predictions.tolist(),
        "mae": metrics.mean_absolute_error(targets, predictions),
        "mse": metrics.mean_squared_error(targets, predictions),
        "rmse": metrics.root_mean_squared_error(targets, predictions),
        "r2": metrics.r2_score(targets, predictions),
    }


def main():
    generator = np.random.default_rng(5)
    result = {
        "classification": [
            classification(generator, 40, 3),
            classification(generator, 33, 5, absent=(1, 4)),
            classification(generator, 1, 4),
        ],
        "ranking": [ranking(generator, 50, 1000), ranking(generator, 41, 2), ranking(generator, 2, 2)],
        "regression": [regression(generator, 30, 0.0), regression(generator, 17, 1e4)],
    }
    Path(__file__).with_suffix(".json").write_text(json.dumps(result) + "\n")


main()
