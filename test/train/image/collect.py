"""Puts the training pictures together: a folder of pictures with provenance, and what three public repositories add.

usage: collect.py PICTURES CLONES OUT

PICTURES holds pictures and provenance.csv. CLONES holds git clones named MonetGAN (WyattBlair77), pop-os-wallpapers and
elementary-wallpapers. OUT receives all pictures and provenance.csv; pictures.csv beside this script lists what came out,
with hashes. Of every wallpaper six parts are cut, most of them after it was made smaller: `NAME~K` share their split.
"""

import csv
import hashlib
import random
import shutil
import sys
from pathlib import Path

from PIL import Image

COLUMNS = ["file", "category", "repo", "path", "licence", "sha256"]
# Repository, folder, licence, and which files of the folder it is true of.
WALLPAPERS = [
    ("pop-os/wallpapers", "original", "Unsplash, CC0 (before June 2017; README of the repository)", "kate-hazen nick-nazzaro"),
    ("elementary/wallpapers", "backgrounds", "Unsplash licence (free to use, change and pass on)", "odin"),
]
SIDE = 512
# Longest side before a part is cut; 0 leaves the picture as it is.
SIZES = [0, 0, 1920, 1280, 1024, 800]


def parts(picture, rng):
    for k, longest in enumerate(SIZES):
        factor = longest / max(picture.size) if longest else 1
        part = picture
        if factor < 1:
            size = [round(side * factor) for side in picture.size]
            part = picture.resize(size, Image.LANCZOS if k % 2 else Image.BICUBIC)
        side = min(SIDE, *part.size)
        left, top = (rng.randint(0, (length - side) // 8) * 8 for length in part.size)
        yield part.crop((left, top, left + side, top + side))


def main():
    pictures, clones, out = map(Path, sys.argv[1:])
    out.mkdir(parents=True, exist_ok=True)
    rows = []

    def add(name, *about):
        rows.append([name, *about, hashlib.sha256((out / name).read_bytes()).hexdigest()])

    for row in csv.DictReader(open(pictures / "provenance.csv")):
        shutil.copy(pictures / row["file"], out / row["file"])
        add(row["file"], row["category"], row["repo"], row["path"], row["licence"])
    for path in sorted((clones / "MonetGAN/dataset/monet_jpg").glob("*.jpg")):
        name = f"monet-{path.stem}_painting.jpg"
        shutil.copy(path, out / name)
        licence = "public domain by age: Claude Monet, 1840-1926"
        add(name, "painting", "WyattBlair77/MonetGAN", f"dataset/monet_jpg/{path.name}", licence)
    rng = random.Random(5)
    for repo, folder, licence, others in WALLPAPERS:
        for path in sorted((clones / repo.replace("/", "-") / folder).glob("*.jpg")):
            if any(path.name.startswith(other) for other in others.split()):
                continue
            for k, part in enumerate(parts(Image.open(path).convert("RGB"), rng)):
                name = f"wallpaper-{path.stem.replace(' ', '-').replace(',', '')}~{k}_photo.png"
                part.save(out / name, compress_level=3)
                add(name, "photo", repo, f"{folder}/{path.name}", licence)
    with open(out / "provenance.csv", "w", newline="") as sheet:
        csv.writer(sheet).writerows([COLUMNS, *rows])


if __name__ == "__main__":
    main()
