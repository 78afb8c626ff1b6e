"""Attacks that know the screen: shaped into busy regions, kept to low frequencies, or steered past the screen's own network.

usage: adaptive.py PICTURES ENCODERS OUT CHECKPOINT [--encoder NAME] [--count N]

Writes pairs as attacks.py does, on test pictures, 8 and 12 of 255, kinds `plain`, `shaped`, `low-pass` and `through-network`:
the same pictures and targets each, so that the drop is the adaptation's.
"""

import argparse
import csv
import random
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image

import cnn
import encoders
from attacks import SIDE, load, split_of, tensor, texture_weight

KINDS = ("plain", "shaped", "low-pass", "through-network")
# Share of the latent's loss and of the screen's logit in one step of `through-network`.
EVASION = 0.5


def blurred(d, sigma=2.0):
    at = torch.arange(-6, 7, dtype=torch.float32)
    line = torch.exp(-(at**2) / (2 * sigma**2))
    line = (line / line.sum()).view(1, 1, 1, -1).expand(3, 1, 1, -1)
    d = F.conv2d(F.pad(d, (6, 6, 0, 0), "reflect"), line, groups=3)
    return F.conv2d(F.pad(d, (0, 0, 6, 6), "reflect"), line.transpose(2, 3), groups=3)


def screen_logit(network, seen):
    """Picture logit of the four tiles, differentiable."""
    tiles = [seen[:, :, y : y + 128, x : x + 128] for y in (0, 128) for x in (0, 128)]
    centred = (torch.cat(tiles) * 255 - 127.5) / 32
    return network.head(network.maps(centred).mean((2, 3)).mean(0, keepdim=True)).sum()


def attack(kind, encoder, network, x, target, epsilon, steps):
    d = torch.zeros_like(x)
    bound = torch.full_like(x, epsilon)
    if kind == "shaped":
        # Three halves of the budget where the picture is busy, almost none where it is quiet.
        bound = epsilon * (texture_weight(x) - 0.3).clamp(0.05, 1.5)
    for step in range(steps):
        d = d.detach().requires_grad_(True)
        moved = blurred(d) * 2 if kind == "low-pass" else d
        seen = (x + moved).clamp(0, 1)
        g = torch.autograd.grad(((encoder(seen) - target) ** 2).mean(), d, retain_graph=kind == "through-network")[0]
        if kind == "through-network":
            away = torch.autograd.grad(screen_logit(network, seen), d)[0]
            g = (1 - EVASION) * g / (g.abs().mean() + 1e-12) + EVASION * away / (away.abs().mean() + 1e-12)
        d = d - epsilon * (0.5 - 0.45 * step / steps) * g.sign()
        d = torch.minimum(torch.maximum(d, -bound), bound)
    return ((blurred(d) * 2).clamp(-epsilon, epsilon) if kind == "low-pass" else d).detach()


def main():
    parser = argparse.ArgumentParser()
    for name in ("pictures", "encoders", "out", "checkpoint"):
        parser.add_argument(name, type=Path)
    parser.add_argument("--encoder", default="taesana")
    parser.add_argument("--count", type=int, default=40)
    parser.add_argument("--steps", type=int, default=20)
    parser.add_argument("--seed", type=int, default=17)
    options = parser.parse_args()
    torch.set_num_threads(1)
    for folder in ("clean", "attacked"):
        (options.out / folder).mkdir(parents=True, exist_ok=True)
    encoder = encoders.load(options.encoder, options.encoders)
    network = cnn.Network().to(memory_format=torch.channels_last)
    network.load_state_dict(torch.load(options.checkpoint, weights_only=True))
    network.eval().requires_grad_(False)
    files = sorted(row["file"] for row in csv.DictReader(open(options.pictures / "provenance.csv")))
    files = [file for file in files if split_of(file) == "test"]
    random.Random(options.seed).shuffle(files)
    with open(options.out / f"pairs-adaptive-{options.encoder}.csv", "w", newline="") as sheet:
        rows = csv.writer(sheet)
        rows.writerow("id,base,split,kind,encoder,epsilon,scale,psnr".split(","))
        for k, base in enumerate(files[: options.count]):
            rng = random.Random(f"{options.seed}:{k}")
            picture, epsilon = load(options.pictures / base, rng), rng.choice([8, 12])
            x = tensor(picture)
            with torch.no_grad():
                target = encoder(tensor(load(options.pictures / rng.choice(files), rng, SIDE)))
            for kind in KINDS:
                d = attack(kind, encoder, network, x, target, epsilon / 255, options.steps)
                hit = ((x + d).clamp(0, 1) * 255).round()[0].permute(1, 2, 0).byte().numpy()
                name = f"adaptive-{options.encoder}-{kind}-{k:03d}"
                picture.save(options.out / "clean" / f"{name}.png", compress_level=1)
                Image.fromarray(hit).save(options.out / "attacked" / f"{name}.png", compress_level=1)
                with torch.no_grad():
                    # How near the latent came to what was wanted, 1 all the way: an evasion that no longer attacks is none.
                    start, end = encoder(x), encoder(tensor(Image.fromarray(hit)))
                    gain = 1 - ((end - target) ** 2).mean() / ((start - target) ** 2).mean()
                error = ((hit.astype(float) - np.asarray(picture)) ** 2).mean()
                psnr = 10 * np.log10(65025 / max(error, 1e-9))
                rows.writerow([name, base, "test", f"{kind}", f"adaptive-{options.encoder}", epsilon, round(float(gain), 3), f"{psnr:.1f}"])
                sheet.flush()


if __name__ == "__main__":
    main()
