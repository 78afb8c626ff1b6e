"""Trains small autoencoders on the training pictures: further encoders to attack, and decoders for an AI-made look.

usage: train_encoders.py PICTURES OUT [--steps N] [--seed S] [--only NAME]
"""

import argparse
import csv
import random
import time
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image

import encoders
from attacks import split_of

CROP = 96
BATCH = 12


def crops(files, folder, rng):
    pictures = [np.asarray(Image.open(folder / file).convert("RGB")) for file in files]
    while True:
        batch = []
        for picture in rng.choices(pictures, k=BATCH):
            height, width, _ = picture.shape
            y, x = rng.randint(0, height - CROP), rng.randint(0, width - CROP)
            part = picture[y : y + CROP, x : x + CROP]
            batch.append(part[:, :: rng.choice([1, -1])])
        yield torch.from_numpy(np.stack(batch).astype(np.float32) / 255).permute(0, 3, 1, 2)


def edges(x):
    return torch.cat([(x[..., 1:] - x[..., :-1]).flatten(), (x[..., 1:, :] - x[..., :-1, :]).flatten()])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("pictures", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--steps", type=int, default=400)
    parser.add_argument("--seed", type=int, default=3)
    parser.add_argument("--only", choices=list(encoders.OWN))
    options = parser.parse_args()
    torch.set_num_threads(1)
    options.out.mkdir(parents=True, exist_ok=True)
    files = sorted(row["file"] for row in csv.DictReader(open(options.pictures / "provenance.csv")))
    files = [file for file in files if split_of(file) == "train"]
    for place, name in enumerate(encoders.OWN):
        if options.only not in (None, name):
            continue
        torch.manual_seed(options.seed + place)
        encoder = encoders.own_encoder(name).to(memory_format=torch.channels_last)
        decoder = encoders.own_decoder().to(memory_format=torch.channels_last)
        weights = [*encoder.parameters(), *decoder.parameters()]
        optimiser = torch.optim.AdamW(weights, 1e-3, weight_decay=1e-4)
        schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, 1.2e-3, options.steps)
        batches = crops(files, options.pictures, random.Random(options.seed))
        began = time.process_time()
        for step in range(options.steps):
            x = next(batches).contiguous(memory_format=torch.channels_last)
            with torch.autocast("cpu", torch.bfloat16):
                z = encoder(x)
                y = decoder(z + 0.05 * torch.randn_like(z)).float()
            error = (y - x).abs().mean()
            loss = error + (edges(y) - edges(x)).abs().mean() + 1e-3 * (z.float() ** 2).mean()
            optimiser.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(weights, 1.0)
            optimiser.step()
            schedule.step()
            if step % 50 == 49:
                print(name, step + 1, f"error {error.item():.4f}", f"{time.process_time() - began:.0f} s", flush=True)
        torch.save(encoder.state_dict(), options.out / f"{name}_encoder.pth")
        torch.save(decoder.state_dict(), options.out / f"{name}_decoder.pth")


if __name__ == "__main__":
    main()
