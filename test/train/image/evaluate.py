"""Measures the shipped single-picture model on test samples: recall and false alarms at the thresholds of its calibration.

usage: evaluate.py DATA MODEL CHECKPOINT OUT

DATA holds test-*.npz of dataset.py --grid, MODEL single-model.json. OUT receives figures.json, figures.md and plots.
"""

import argparse
import collections
import json
from pathlib import Path

import numpy as np
import torch

import cnn
from carriers import POSTS
from features import COUNT
from fuse import numbers_of
from wilson import wilson


def forest_scores(forest, values):
    """As trees.ts: nodes of feature (-1 for a leaf), threshold or value, right child; the left one is next."""
    scores = np.full(len(values), forest["base"])
    for flat in forest["trees"]:
        nodes = np.array(flat).reshape(-1, 3)
        at = np.zeros(len(values), int)
        while (inner := nodes[at, 0] >= 0).any():
            rows = np.where(inner)[0]
            node = nodes[at[rows]]
            left = values[rows, node[:, 0].astype(int)] <= node[:, 1]
            at[rows] = np.where(left, at[rows] + 1, node[:, 2].astype(int) // 3)
        scores += nodes[at, 1]
    return scores


def row_for(rows, carrier, again):
    for row in rows:
        low, high = row["quality"]
        if (
            row["carrier"] == carrier["form"]
            and low <= carrier["quality"] < high
            and row["subsampled"] in (None, carrier["subsampled"])
            and row["resampled"] in (None, bool(again))
        ):
            return row
    return None


def thresholds(model, shards, again):
    out = []
    for meta, count, resampled in zip(shards.meta, shards.counts, again):
        row = row_for(model["calibration"] if count == 4 else model["small"], meta["carrier"], resampled)
        out.append(np.inf if row is None or row["threshold"] is None else row["threshold"])
    return np.array(out)


def share(hits):
    hits = np.asarray(hits)
    low, high = wilson(int(hits.sum()), len(hits))
    return f"{100 * hits.mean():.1f} % ({100 * low:.1f} to {100 * high:.1f}), {int(hits.sum())} of {len(hits)}" if len(hits) else "none"


BANDS = [("3.5 to 6", 3.5, 6), ("7 to 9", 7, 9.5), ("10 to 13", 9.5, 13.5), ("14 and more", 13.5, 99)]


def main():
    parser = argparse.ArgumentParser()
    for name in ("data", "model", "checkpoint", "out"):
        parser.add_argument(name, type=Path)
    options = parser.parse_args()
    torch.set_num_threads(1)
    options.out.mkdir(parents=True, exist_ok=True)
    model = json.loads(options.model.read_text())
    network = cnn.Network().to(memory_format=torch.channels_last)
    network.load_state_dict(torch.load(options.checkpoint, weights_only=True))
    lines, saved, alarms_by = [], [], collections.defaultdict(list)
    for post in POSTS:
        shards = cnn.Shards(options.data, "test", post.replace(" ", "_").replace(":", "")).refresh()
        if not shards.meta:
            continue
        values, _ = numbers_of(shards, network)
        again = values[:, :COUNT] @ np.array(model["resampled"]["weights"]) + model["resampled"]["bias"] > 0
        scores = forest_scores(model["forest"], values)
        hit = scores >= thresholds(model, shards, again)
        truth = shards.labels()
        lines += ["", f"### {post}", f"cannot tell: {share(~np.isfinite(thresholds(model, shards, again)))}", f"false alarms: {share(hit[~truth])}"]
        # What the scores could do with a threshold of the test's own: how much of a miss is calibration.
        benign = np.sort(scores[~truth])
        oracle = benign[-max(1, int(np.ceil(0.001 * len(benign))))] if len(benign) else np.inf
        encoders = np.array([meta["encoder"] for meta in shards.meta])
        epsilon = np.array([meta["epsilon"] for meta in shards.meta])
        for encoder in sorted(set(encoders[truth])):
            for label, low, high in BANDS:
                pick = truth & (encoders == encoder) & (epsilon >= low) & (epsilon < high)
                lines.append(f"{encoder}, {label}: {share(hit[pick])}; at a threshold of 0.1 % on these pictures {100 * (scores[pick] > oracle).mean() if pick.any() else 0:.1f} %")
        for meta, score, found in zip(shards.meta, scores, hit):
            saved.append({**meta, "score": round(float(score), 3), "hit": bool(found)})
            if not meta["attacked"]:
                alarms_by["edit " + meta["edit"]].append(found)
                alarms_by["kind " + meta["category"]].append(found)
            else:
                alarms_by[f"attack {meta['encoder']} {meta['kind']} {post}"].append(found)
    lines += ["", "### by edit, kind and attack"] + [f"{key}: {share(value)}" for key, value in sorted(alarms_by.items())]
    (options.out / "figures.md").write_text("\n".join(lines) + "\n")
    (options.out / "figures.json").write_text(json.dumps(saved))
    print("\n".join(lines))


if __name__ == "__main__":
    main()
