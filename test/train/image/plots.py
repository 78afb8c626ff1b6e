"""Draws what the model card shows: training curves, scores by way, detection against false alarms, calibration.

usage: plots.py CURVES.csv FIGURES.json OUT
"""

import collections
import csv
import json
import sys
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np


def curves(rows, sheet):
    steps, _, train, held, _ = (np.array(column, float) for column in zip(*rows))
    # A run that goes on from a checkpoint counts from the start again.
    steps = steps + np.cumsum(np.where(np.diff(steps, prepend=0) < 0, np.roll(steps, 1), 0))
    sheet.plot(steps, train / 1.5, label="training, picture and crops")
    sheet.plot(steps, held, label="validation, pictures")
    sheet.set(xlabel="step", ylabel="cross entropy, nats", title="CNN")
    sheet.legend()


def detection(samples, sheet):
    ways = collections.defaultdict(lambda: ([], []))
    for sample in samples:
        if not sample["attacked"] or (sample["epsilon"] >= 7.5 and sample["encoder"] == "taef2"):
            ways[sample["post"]][sample["attacked"]].append(sample["score"])
    for way, (benign, hit) in ways.items():
        if len(hit) and len(benign):
            at = np.sort(np.concatenate([benign, hit]))[::-1]
            alarms = [(np.array(benign) >= t).mean() for t in at]
            found = [(np.array(hit) >= t).mean() for t in at]
            sheet.plot(np.maximum(alarms, 1e-4), found, label=way)
    sheet.set(xscale="log", xlabel="share of benign pictures above the threshold", ylabel="attacks found", title="Unseen encoder, 8/255 and more")
    sheet.legend(fontsize=7)


def main():
    source, figures, out = map(Path, sys.argv[1:])
    samples = json.loads(figures.read_text())
    sheet, (left, right) = plt.subplots(1, 2, figsize=(11, 4.2), layout="constrained")
    curves(list(csv.reader(open(source))), left)
    detection(samples, right)
    sheet.savefig(out)


if __name__ == "__main__":
    main()
