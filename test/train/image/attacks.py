"""Makes pairs of clean and attacked pictures: the published objectives of protection tools against surrogate encoders.

usage: attacks.py PICTURES ENCODERS OUT --encoder NAME --count N [--start K] [--split train|validation|test] [--steps S]

PICTURES holds pictures and provenance.csv (column `file`), ENCODERS the encoders' state dicts. NAME is an
encoder of encoders.py, or `taesana~` or `drawn`: another one for each picture, seen through random shifts. OUT receives
clean/ID.png, attacked/ID.png and pairs-ENCODER-SPLIT-START.csv. Equal arguments give equal pictures.
"""

import argparse
import csv
import random
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image

import encoders

SIDE = 256
# Objective, budgets in 1/255, share. Nightshade's release works at 0.04 to 0.05 of full scale (10 to 13 of 255).
KINDS = [
    ("nightshade", (4, 8, 10, 13, 16), 0.26),
    ("nightshade-masked", (4, 8, 12, 16), 0.18),
    ("glaze", (4, 5, 8, 12), 0.14),
    ("mist", (4, 8, 16), 0.11),
    ("photoguard", (4, 8, 16), 0.11),
    ("advdm", (4, 8, 12), 0.10),
    ("anti-dreambooth", (4, 8, 12), 0.10),
]
MASKED = ("nightshade-masked", "glaze")


def split_of(file):
    """Test, validation or training by the picture, so that no base picture stands on two sides."""
    source = file.split("~")[0]  # parts of one picture are named NAME~1, NAME~2
    draw = random.Random(f"split:{source}").random()
    return "test" if draw < 0.3 else "validation" if draw < 0.45 else "train"


def load(path, rng, side=SIDE):
    """A square part, at times of the picture made smaller first: most pictures on the web were."""
    picture = Image.open(path).convert("RGBA")
    picture = Image.alpha_composite(Image.new("RGBA", picture.size, "white"), picture).convert("RGB")
    short = min(picture.size)
    if short >= 560 and rng.random() < 0.5 or short < side:
        scale = (rng.choice([512, 400]) if short >= 560 else side + 8) / short
        size = tuple(max(side, round(length * scale)) for length in picture.size)
        picture = picture.resize(size, rng.choice([Image.BICUBIC, Image.LANCZOS, Image.BILINEAR]))
    width, height = picture.size
    left, top = rng.randint(0, (width - side) // 8) * 8, rng.randint(0, (height - side) // 8) * 8
    return picture.crop((left, top, left + side, top + side))


def tensor(picture):
    planes = torch.from_numpy(np.array(picture, np.float32) / 255).permute(2, 0, 1)[None]
    return planes.to(memory_format=torch.channels_last)


def scaled(x, side, method="bilinear"):
    return x if x.shape[-1] == side else F.interpolate(x, (side, side), mode=method, align_corners=False)


def mist_target(side, rng):
    y, x = np.mgrid[0:side, 0:side]
    period = rng.choice([16, 24, 32])
    board = ((x // period + y // period) % 2) * 1.0
    wave = (np.sin(x * 6.28 / rng.choice([5, 9, 13])) * np.sin(y * 6.28 / rng.choice([5, 9, 13])) > 0) * 1.0
    return torch.tensor(np.stack([board, np.abs(board - wave), wave]), dtype=torch.float32)[None]


def texture_weight(x):
    """Larger budget where texture hides it, as perceptual bounds allow."""
    box = lambda a, n: F.avg_pool2d(a, n, 1, n // 2, count_include_pad=False)
    grey = x.mean(1, keepdim=True)
    local = box((grey - box(grey, 5)) ** 2, 9).sqrt()
    return (local / (local.mean() + 1e-4)).clamp(0.35, 1.6)


class Attacker:
    def __init__(self, encoder, precise, shifting=False):
        self.encoder = encoder
        self.precise = precise
        self.shifting = shifting

    def encode(self, x):
        with torch.autocast("cpu", torch.bfloat16, enabled=not self.precise):
            return self.encoder(x).float()

    def target(self, kind, x, other, rng):
        own = self.encode(x)
        if kind == "photoguard":
            return torch.zeros_like(own)
        if kind in ("advdm", "anti-dreambooth"):
            return own
        if kind == "mist":
            return self.encode(mist_target(x.shape[-1], rng))
        wanted = self.encode(other)
        if kind != "glaze":
            return wanted
        # Style transfer by the statistics of the latent (AdaIN): the content stays, the style is another picture's.
        mean, std = own.mean((2, 3), keepdim=True), own.std((2, 3), keepdim=True) + 1e-5
        return (own - mean) / std * wanted.std((2, 3), keepdim=True) + wanted.mean((2, 3), keepdim=True)

    def gradient(self, kind, d, x, target):
        d = d.detach().requires_grad_(True)
        seen = (x + d).clamp(0, 1)
        if kind == "anti-dreambooth":
            # The model to be fooled is fine-tuned on noisy copies: the attack holds in expectation over noise.
            seen = seen + 0.06 * torch.randn_like(seen)
        if self.shifting:
            # In expectation over shifts of whole strides' parts, so that the encoder's lattice leaves no mark.
            y, x = torch.randint(0, 2, (2,)).tolist()
            seen = torch.roll(seen, (y, x), (2, 3))
        loss = ((self.encode(seen) - target) ** 2).mean()
        if kind in ("advdm", "anti-dreambooth"):
            loss = -loss
        return torch.autograd.grad(loss, d)[0]

    def attack(self, kind, x, other, epsilon, steps, rng):
        torch.manual_seed(rng.randint(0, 2**31 - 1))
        random_start = kind in ("advdm", "photoguard", "anti-dreambooth")
        d = (torch.rand_like(x) * 2 - 1) * epsilon if random_start else torch.zeros_like(x)
        with torch.no_grad():
            target = self.target(kind, x, other, rng)
        bound = epsilon * texture_weight(x) if kind in MASKED else torch.full_like(x, epsilon)
        momentum = 0
        for step in range(steps):
            g = self.gradient(kind, d, x, target)
            if kind in MASKED:
                momentum = 0.7 * momentum + g / (g.abs().mean() + 1e-12)
                d = d - epsilon * (1.2 - 1.1 * step / steps) * 0.35 * momentum.clamp(-3, 3) / 1.5
            else:
                d = d - epsilon * (0.5 - 0.45 * step / steps) * g.sign()
            d = torch.minimum(torch.maximum(d, -bound), bound)
        return d


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("pictures", type=Path)
    parser.add_argument("encoders", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--encoder", required=True)
    parser.add_argument("--count", type=int, required=True)
    parser.add_argument("--start", type=int, default=0)
    parser.add_argument("--split", default="train")
    parser.add_argument("--seed", type=int, default=11)
    parser.add_argument("--steps", type=int, default=16)
    parser.add_argument("--side", type=int, default=SIDE, help="of the pictures made; larger ones are cut from large pictures only")
    parser.add_argument("--precise", action="store_true", help="32-bit arithmetic instead of bfloat16")
    options = parser.parse_args()
    torch.set_num_threads(1)
    for folder in ("clean", "attacked"):
        (options.out / folder).mkdir(parents=True, exist_ok=True)
    files = sorted(row["file"] for row in csv.DictReader(open(options.pictures / "provenance.csv")))
    files = [file for file in files if split_of(file) == options.split]
    if options.side > SIDE:
        files = [file for file in files if min(Image.open(options.pictures / file).size) >= options.side]
    random.Random(f"{options.seed}:{options.encoder}").shuffle(files)
    encoder_of = encoders.family(options.encoder, options.encoders)
    label = f"{options.encoder}-{options.split}" + (f"-{options.side}" if options.side != SIDE else "")
    with open(options.out / f"pairs-{label}-{options.start}.csv", "w", newline="") as sheet:
        rows = csv.writer(sheet)
        rows.writerow("id,base,split,kind,encoder,epsilon,scale,psnr".split(","))
        for k in range(options.start, options.start + options.count):
            base = files[k % len(files)]
            rng = random.Random(f"{options.seed}:{label}:{k}")
            kind = rng.choices([kind for kind, *_ in KINDS], [share for *_, share in KINDS])[0]
            epsilon = rng.choice(next(budgets for name, budgets, _ in KINDS if name == kind))
            # Some tools work at a fixed size and bring the perturbation up to the picture's own.
            scale = rng.choices([1, 1.6], [0.7, 0.3])[0]
            side = round(options.side / scale)
            attacker = Attacker(encoder_of(rng), options.precise, options.encoder.endswith("~") and rng.random() < 0.5)
            picture = load(options.pictures / base, rng, options.side)
            other = load(options.pictures / rng.choice(files), rng, options.side)
            x = tensor(picture)
            d = attacker.attack(
                kind, scaled(x, side), scaled(tensor(other), side), epsilon / 255, options.steps, rng
            )
            d = scaled(d, options.side, rng.choice(["bicubic", "bilinear"]))
            attacked = ((x + d).clamp(0, 1) * 255).round()[0].permute(1, 2, 0).byte().numpy()
            name = f"{label}-{k:04d}"
            picture.save(options.out / "clean" / f"{name}.png", compress_level=1)
            Image.fromarray(attacked).save(options.out / "attacked" / f"{name}.png", compress_level=1)
            error = ((attacked.astype(float) - np.asarray(picture)) ** 2).mean()
            psnr = 10 * np.log10(65025 / max(error, 1e-9))
            rows.writerow([name, base, options.split, kind, options.encoder, epsilon, scale, f"{psnr:.1f}"])
            sheet.flush()


if __name__ == "__main__":
    main()
