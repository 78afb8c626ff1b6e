"""Sends pictures through an autoencoder and back: the look of what models paint, a benign edit that has to stay benign.

usage: look.py PICTURES ENCODERS OUT --split NAME --count N
"""

import argparse
import csv
import random
from pathlib import Path

import torch
from PIL import Image

import encoders
from attacks import load, split_of, tensor


def main():
    parser = argparse.ArgumentParser()
    for name in ("pictures", "encoders", "out"):
        parser.add_argument(name, type=Path)
    parser.add_argument("--split", required=True)
    parser.add_argument("--count", type=int, required=True)
    parser.add_argument("--seed", type=int, default=5)
    options = parser.parse_args()
    torch.set_num_threads(1)
    (options.out / "look").mkdir(parents=True, exist_ok=True)
    files = sorted(row["file"] for row in csv.DictReader(open(options.pictures / "provenance.csv")))
    files = [file for file in files if split_of(file) == options.split]
    random.Random(options.seed).shuffle(files)
    encode, decode = (encoders.load(name, options.encoders) for name in ("taef2", "taef2_decoder"))
    for file in files[: options.count]:
        x = tensor(load(options.pictures / file, random.Random(f"{options.seed}:{file}")))
        with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
            y = decode(encode(x)).float().clamp(0, 1)
        seen = (y * 255).round()[0].permute(1, 2, 0).byte().numpy()
        Image.fromarray(seen).save(options.out / "look" / f"{file}.png", compress_level=1)


if __name__ == "__main__":
    main()
