"""Writes samples for the single-picture model: tiles, features and what is known of each, in shards.

usage: dataset.py PICTURES ATTACKS OUT --split train|validation|test --count N [--post NAME] [--seed S] [--start K]
         [--not-encoder NAME] [--grid [--benign N]]

Training and validation samples take random ways; with --post, all take the named one. With --grid the benign samples are every
picture clean and with every edit, and the attacked ones every attack once, as the tables need.
OUT/SPLIT[-POST]-K.npz holds tiles [N, 4, 128, 128, 3], counts [N], features [N, 122] and meta (JSON).
"""

import argparse
import csv
import json
import random
from pathlib import Path

import numpy as np
from PIL import Image

from attacks import load, split_of
from carriers import POSTS, draw_post, tiles_of
from edits import EDITS
from features import features

SHARD = 500
# An attack that left less than this behind changed nothing (a flat picture, a vanished gradient): it is as good as clean.
MOST_PSNR = 60
# Edits that an attacked picture may have gone through as well.
LATER = ("sharpen", "gamma", "saturate", "contrast", "watermark", "noise_luma", "grain", "denoise", "upscale")


def read_attacks(folder, split, left_out=()):
    rows = [row for path in sorted(folder.glob("pairs-*.csv")) for row in csv.DictReader(open(path)) if row["psnr"] and float(row["psnr"]) < MOST_PSNR]
    return [row for row in rows if split_of(row["base"]) == split and row["encoder"] not in left_out]


def attacked(row, folder, rng, vary):
    """The attacked picture; varied, its perturbation mirrored, turned and made stronger or weaker."""
    clean, hit = (Image.open(folder / part / f"{row['id']}.png").convert("RGB") for part in ("clean", "attacked"))
    epsilon = float(row["epsilon"])
    if not vary:
        return hit, epsilon
    base = np.asarray(clean).astype(np.float32)
    delta = np.asarray(hit) - base
    factor = rng.uniform(max(0.55, 3.5 / epsilon), 1.25)
    mixed = base + delta * factor
    if rng.random() < 0.5:
        mixed = mixed[:, ::-1]
    mixed = np.rot90(mixed, rng.randint(0, 3))
    return Image.fromarray(np.clip(np.round(mixed), 0, 255).astype(np.uint8)), epsilon * factor


# Benign edits that come nearest to an attack: drawn twice as often as the others.
HARD = ("noise_uniform", "noise_rgb", "noise_camera", "dither", "dither_ordered", "grain", "colour_blotches", "sharpen")
# Share of benign samples without any edit.
UNTOUCHED = 0.15


class Source:
    def __init__(self, options):
        self.options = options
        rows = sorted(csv.DictReader(open(options.pictures / "provenance.csv")), key=lambda row: row["file"])
        self.bases = [(row["file"], row["category"]) for row in rows if split_of(row["file"]) == options.split]
        self.kinds = dict(self.bases)
        self.attacks = read_attacks(options.attacks, options.split, options.not_encoder)

    def hit(self, row, rng, vary):
        picture, epsilon = attacked(row, self.options.attacks, rng, vary)
        edit = rng.choice(LATER) if vary and rng.random() < 0.25 else "none"
        if edit != "none":
            picture = EDITS[edit](picture, rng)
        about = {"attacked": True, "base": row["base"], "kind": row["kind"], "encoder": row["encoder"]}
        return picture, {**about, "epsilon": epsilon, "edit": edit, "scale": float(row["scale"]), "id": row["id"]}

    def benign(self, base, category, edit, rng):
        picture = load(self.options.pictures / base, rng)
        if edit == "ai_look":
            picture = Image.open(self.options.attacks / "look" / f"{base}.png").convert("RGB")
        elif edit != "none":
            picture = EDITS[edit](picture, rng)
        about = {"attacked": False, "base": base, "category": category, "edit": edit}
        return picture, {**about, "kind": "none", "encoder": "none", "epsilon": 0}

    def looks(self, base):
        return (self.options.attacks / "look" / f"{base}.png").exists()

    def drawn(self, rng):
        if rng.random() < self.options.attacked:
            return self.hit(rng.choice(self.attacks), rng, True)
        base, category = rng.choice(self.bases)
        choices = [*EDITS, *HARD, *(["ai_look"] * 2 if self.looks(base) else [])]
        edit = "none" if rng.random() < UNTOUCHED else rng.choice(choices)
        picture, about = self.benign(base, category, edit, rng)
        if edit not in ("none", "ai_look") and rng.random() < 0.15:
            picture = EDITS[rng.choice(list(EDITS))](picture, rng)
        return picture, about

    def every(self):
        """All attacks, and all benign samples in random order."""
        edits = lambda base: ("none", *EDITS, *(["ai_look"] if self.looks(base) else []))
        benign = [(*base, edit) for base in self.bases for edit in edits(base[0])]
        random.Random(self.options.seed).shuffle(benign)
        hits = [lambda rng, row=row: self.hit(row, rng, False) for row in self.attacks]
        rest = [lambda rng, case=case: self.benign(*case, rng) for case in benign[: self.options.benign]]
        return hits + rest


def sample(picture, about, post, rng):
    way = POSTS[post] if post else draw_post
    sent, carrier, scaled = way(picture, rng)
    tiles = tiles_of(sent)
    meta = {**about, "carrier": carrier, "resized": scaled, "post": post or "random", "size": sent.size}
    fill = np.resize(np.arange(len(tiles)), 4)
    return tiles[fill], len(tiles), features(tiles, carrier), meta


def write(path, samples):
    tiles, counts, numbers, meta = zip(*samples)
    # Training takes shards up while they come: they appear whole.
    part = path.with_name(f".{path.name}")
    np.savez(part, tiles=np.stack(tiles), counts=np.array(counts), features=np.stack(numbers), meta=json.dumps(meta))
    part.rename(path)


def main():
    parser = argparse.ArgumentParser()
    for name in ("pictures", "attacks", "out"):
        parser.add_argument(name, type=Path)
    parser.add_argument("--split", required=True)
    parser.add_argument("--count", type=int, default=10**9)
    parser.add_argument("--start", type=int, default=0)
    parser.add_argument("--post")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--not-encoder", nargs="*", default=[])
    parser.add_argument("--attacked", type=float, default=0.5, help="share of attacked pictures in a random set")
    parser.add_argument("--grid", action="store_true")
    parser.add_argument("--benign", type=int, default=10**9, help="with --grid: benign samples at most, drawn at random")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    source = Source(options)
    label = f"{options.split}-{(options.post or 'random').replace(' ', '_').replace(':', '')}"
    plan = source.every() if options.grid else [source.drawn] * (options.start + options.count)
    batch, last = [], min(len(plan), options.start + options.count)
    for k in range(options.start, last):
        rng = random.Random(f"{options.seed}:{label}:{k}")
        batch.append(sample(*plan[k](rng), options.post, rng))
        if len(batch) == SHARD or k == last - 1:
            write(options.out / f"{label}-{options.seed}-{k + 1 - len(batch):06d}.npz", batch)
            batch = []


if __name__ == "__main__":
    main()
