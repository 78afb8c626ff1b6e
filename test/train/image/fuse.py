"""Fits the trees over features and CNN, calibrates by carrier, and writes the shipped model with its parity vectors.

usage: fuse.py DATA CHECKPOINT OUT [--vectors FOLDER] [--seed S]

Trees are fitted on training and validation samples; thresholds, probabilities and recall come from validation pictures, each
scored by trees that saw no sample of its base picture. OUT receives single-model.json and single-model.bin.
"""

import argparse
import hashlib
import json
import random
from pathlib import Path

import numpy as np
import torch
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LogisticRegression

import cnn
from features import COUNT
from fit import export
from wilson import wilson

# Rows of the calibration, tried in order: form, quality from, below, subsampled, resampled (None: any).
ROWS = [
    ("lossless", 0, 101, None, False),
    ("lossless", 0, 101, None, True),
    ("jpeg", 93, 101, False, None),
    ("jpeg", 93, 101, True, None),
    ("jpeg", 80, 93, False, None),
    ("jpeg", 80, 93, True, None),
    ("jpeg", 0, 80, None, None),
    ("other", 0, 101, None, None),
]
# Budgets that a row's recall is about, in 1/255.
STRONG = 7.5
# Under this share of strong attacks found, a carrier is said not to show them.
LEAST_RECALL = 0.3
FALSE_ALARMS = 0.001
FOLDS = 4


ACTIVATIONS = {"hidden": "relu", "out": "linear"}


def fold_layers(network):
    """Convolutions with their batch norms folded in, in TensorFlow's order (h, w, in, out); then the head."""
    layers = []
    for place, (_, stride, *_) in enumerate(cnn.LAYERS):
        norm = network.norms[place]
        factor = norm.weight / torch.sqrt(norm.running_var + norm.eps)
        weight = network.kernel(place) * factor[:, None, None, None]
        layers.append((f"conv{place + 1}", weight.permute(2, 3, 1, 0), norm.bias - norm.running_mean * factor, stride))
    norm = network.scale
    factor = norm.weight / torch.sqrt(norm.running_var + norm.eps)
    shift = norm.bias - norm.running_mean * factor
    weight = network.hidden.weight * factor
    layers.append(("hidden", weight.T, network.hidden.bias + network.hidden.weight @ shift, 1))
    layers.append(("out", network.out.weight.T, network.out.bias, 1))
    return [(name, w.detach().numpy(), b.detach().numpy(), s) for name, w, b, s in layers]


def fits(row, meta, resampled):
    form, low, high, subsampled, again = row
    carrier = meta["carrier"]
    return (
        carrier["form"] == form
        and low <= carrier["quality"] < high
        and (subsampled is None or subsampled == carrier["subsampled"])
        and (again is None or again == bool(resampled))
    )


def threshold_of(benign):
    """The lowest score that at most one benign picture in a thousand reaches; infinite where there are too few to say."""
    if len(benign) * FALSE_ALARMS < 1:
        return float("inf")
    ordered = np.sort(benign)[::-1]
    allowed = int(len(benign) * FALSE_ALARMS)
    return float((ordered[allowed - 1] + ordered[allowed]) / 2)


def numbers_of(shards, network, precise=True):
    each, whole = cnn.logits(network, shards.tiles, shards.counts, precise=precise)
    own = np.arange(4)[None] < np.array(shards.counts)[:, None]
    high, low = np.where(own, each, -np.inf).max(1), np.where(own, each, np.inf).min(1)
    return np.column_stack([np.stack(shards.features), whole, high, low]), each


def fitted(values, truth, seed):
    return HistGradientBoostingClassifier(
        max_iter=500, learning_rate=0.06, max_leaf_nodes=12, min_samples_leaf=20, l2_regularization=3.0,
        max_features=0.3, random_state=seed,
    ).fit(values, truth)  # fmt: skip


def crossed(values, truth, held_values, held, seed):
    """Scores of validation samples by trees that saw none of their base picture: all training ones, and the other folds."""
    held_truth, scores = held.labels(), np.empty(len(held_values))
    folds = np.array([random.Random("fold:" + meta["base"].split("~")[0]).randrange(FOLDS) for meta in held.meta])
    for fold in range(FOLDS):
        others = folds != fold
        forest = fitted(np.concatenate([values, held_values[others]]), np.concatenate([truth, held_truth[others]]), seed)
        scores[~others] = forest.decision_function(held_values[~others])
    return scores


def calibrate(scores, shards, resampled, small):
    truth = shards.labels()
    epsilon = np.array([about["epsilon"] for about in shards.meta])
    counts = np.array(shards.counts)
    size = counts < 4 if small else counts == 4
    picks = [size & np.array([fits(row, about, again) for about, again in zip(shards.meta, resampled)]) for row in ROWS]

    def recall_of(pick, threshold):
        strong = scores[pick & truth & (epsilon >= STRONG)]
        return float((strong >= threshold).mean()) if len(strong) else 0.0

    # One threshold for all carriers that can be judged (the trees know the carrier, and one in a thousand needs thousands);
    # which ones can be depends on it.
    judged, before = list(range(len(ROWS))), []
    while judged and judged != before:
        before = judged
        threshold = threshold_of(scores[np.any([picks[k] for k in judged], 0) & ~truth])
        judged = [k for k in judged if recall_of(picks[k], threshold) >= LEAST_RECALL]
    rows = []
    for place, (row, pick) in enumerate(zip(ROWS, picks)):
        benign, recall = scores[pick & ~truth], recall_of(pick, threshold)
        alarms = int((benign >= threshold).sum())
        usable = pick & (~truth | (epsilon >= 3.5))
        knots = [[-10, 0.001], [10, 0.5]]
        if truth[usable].any() and (~truth[usable]).any():
            curve = IsotonicRegression(y_min=0.0005, y_max=0.9995, out_of_bounds="clip").fit(scores[usable], truth[usable])
            at = np.unique(np.quantile(scores[usable], np.linspace(0, 1, 25)))
            knots = [[round(float(x), 3), round(float(p), 4)] for x, p in zip(at, curve.predict(at))]
        form, low, high, subsampled, again = row
        rows.append(
            {
                "carrier": form,
                "quality": [low, high],
                "subsampled": subsampled,
                "resampled": again,
                "threshold": round(threshold, 3) if place in judged else None,
                "falseAlarms": {"alarms": alarms, "of": len(benign), "upper": round(wilson(alarms, len(benign))[1], 5)},
                "recall": round(recall, 3),
                "knots": knots,
            }
        )
        print("small" if small else "full", row, "benign", len(benign), "strong", int((pick & truth & (epsilon >= STRONG)).sum()), f"threshold {threshold:.2f} recall {recall:.3f}", "judged" if place in judged else "cannot tell")
    return rows


def main():
    parser = argparse.ArgumentParser()
    for name in ("data", "checkpoint", "out"):
        parser.add_argument(name, type=Path)
    parser.add_argument("--vectors", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    torch.set_num_threads(1)
    network = cnn.Network().to(memory_format=torch.channels_last)
    network.load_state_dict(torch.load(options.checkpoint, weights_only=True))
    network.eval()
    train, held = (cnn.Shards(options.data, split).refresh() for split in ("train", "validation"))
    values, _ = numbers_of(train, network, precise=False)
    held_values, held_tiles = numbers_of(held, network)
    truth = train.labels()

    again = np.array([about["resized"] for about in train.meta])
    mean, spread = values[:, :COUNT].mean(0), values[:, :COUNT].std(0) + 1e-6
    linear = LogisticRegression(C=0.1, max_iter=2000).fit((values[:, :COUNT] - mean) / spread, again)
    weights = linear.coef_[0] / spread
    bias = float(linear.intercept_[0] - (mean * weights).sum())
    resampled = held_values[:, :COUNT] @ weights + bias > 0

    scores = crossed(values, truth, held_values, held, options.seed)
    forest = fitted(np.concatenate([values, held_values]), np.concatenate([truth, held.labels()]), options.seed)
    for name, s in (("trees", scores), ("cnn", held_values[:, COUNT])):
        print(name, "recall at 1 %", round(cnn.recall_at(s, held.labels(), 0.01), 3), "at 0.3 %", round(cnn.recall_at(s, held.labels(), 0.003), 3))
    layers, flat, out = fold_layers(network), [], []
    for name, weight, bias_values, stride in layers:
        offset = sum(part.size for part in flat)
        flat += [weight.ravel(), bias_values.ravel()]
        out.append({"name": name, "shape": list(weight.shape), "stride": stride, "activation": ACTIVATIONS.get(name, "relu6"), "offset": offset, "biasOffset": offset + weight.size})
    binary = np.concatenate(flat).astype("<f4").tobytes()
    model = {
        "version": hashlib.sha256(binary).hexdigest()[:12],
        "tile": 128,
        "layers": out,
        "forest": export(forest),
        "resampled": {"weights": [round(float(w), 6) for w in weights], "bias": round(bias, 6)},
        "calibration": calibrate(scores, held, resampled, False),
        "small": calibrate(scores, held, resampled, True),
    }
    options.out.mkdir(parents=True, exist_ok=True)
    (options.out / "single-model.json").write_text(json.dumps(model, separators=(",", ":")) + "\n")
    (options.out / "single-model.bin").write_bytes(binary)
    if options.vectors:
        # Pictures of the project's own making only: no one's data is committed with the tests.
        write_vectors(options.vectors, network, forest)


def write_vectors(folder, network, forest):
    from vectors import pictures

    made, offset, blobs = [], 0, []
    for tiles, carrier in pictures():
        from features import features

        numbers = features(tiles, carrier)
        each, whole = cnn.logits(network, [np.resize(tiles, (4, *tiles.shape[1:]))], [len(tiles)], precise=True)
        own = each[0][: len(tiles)]
        row = np.concatenate([numbers, [whole[0], own.max(), own.min()]])[None]
        made.append(
            {
                "offset": offset,
                "tiles": len(tiles),
                "carrier": carrier,
                "features": [round(float(v), 5) for v in numbers],
                "tileLogits": [round(float(v), 5) for v in own],
                "logit": round(float(whole[0]), 5),
                "logOdds": round(float(forest.decision_function(row)[0]), 5),
            }
        )
        blobs.append(tiles.tobytes())
        offset += len(blobs[-1])
    (folder / "single-vectors.json").write_text(json.dumps({"pictures": made}, separators=(",", ":")) + "\n")
    (folder / "single-vectors.bin").write_bytes(b"".join(blobs))


if __name__ == "__main__":
    main()
