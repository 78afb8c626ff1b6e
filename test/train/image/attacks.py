"""Makes pairs of clean and attacked pictures: the published objectives of protection tools against surrogate encoders.

usage: attacks.py PICTURES ENCODERS OUT --encoder taef2|taesana --count N [--start K] [--seed S]

PICTURES holds pictures and provenance.csv (column `file`), ENCODERS the encoders' state dicts. OUT receives
clean/ID.png, attacked/ID.png and pairs-ENCODER-START.csv. Equal arguments give equal pictures.
"""

import argparse
import csv
import random
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
from PIL import Image

import encoders

SIDE = 256
# Objective, budgets in 1/255, share. Nightshade's release works at 0.04 to 0.05 of full scale (10 to 13 of 255).
KINDS = [
    ("nightshade", (4, 8, 10, 13, 16), 0.28),
    ("nightshade-masked", (4, 8, 12, 16), 0.22),
    ("glaze", (3, 5, 9), 0.14),
    ("mist", (4, 8, 16), 0.12),
    ("photoguard", (4, 8, 16), 0.12),
    ("advdm", (4, 8), 0.12),
]
MASKED = ("nightshade-masked", "glaze")


def split_of(file):
    """Test, validation or training by the picture, so that no base picture stands on two sides."""
    draw = random.Random(f"split:{file}").random()
    return "test" if draw < 0.3 else "validation" if draw < 0.45 else "train"


def load(path, rng):
    picture = Image.open(path).convert("RGB")
    short = min(picture.size)
    if short >= 560 and rng.random() < 0.5 or short < SIDE:
        scale = (rng.choice([512, 400]) if short >= 560 else SIDE + 8) / short
        size = tuple(max(SIDE, round(side * scale)) for side in picture.size)
        picture = picture.resize(size, rng.choice([Image.BICUBIC, Image.LANCZOS, Image.BILINEAR]))
    width, height = picture.size
    left, top = rng.randint(0, (width - SIDE) // 8) * 8, rng.randint(0, (height - SIDE) // 8) * 8
    return picture.crop((left, top, left + SIDE, top + SIDE))


def tensor(picture):
    return jnp.asarray(np.asarray(picture, np.float32)).transpose(2, 0, 1)[None] / 255


def scaled(x, side, method):
    return x if x.shape[-1] == side else jax.image.resize(x, (1, 3, side, side), method)


def mist_target(side, rng):
    y, x = np.mgrid[0:side, 0:side]
    period = rng.choice([16, 24, 32])
    board = ((x // period + y // period) % 2) * 1.0
    wave = (np.sin(x * 6.28 / rng.choice([5, 9, 13])) * np.sin(y * 6.28 / rng.choice([5, 9, 13])) > 0) * 1.0
    return jnp.asarray(np.stack([board, np.abs(board - wave), wave]), jnp.float32)[None]


def texture_weight(x):
    """Larger budget where texture hides it, as perceptual bounds allow."""
    box = lambda a, n: jax.lax.reduce_window(a, 0.0, jax.lax.add, (1, 1, n, n), (1, 1, 1, 1), "SAME") / (n * n)
    grey = x.mean(1, keepdims=True)
    local = jnp.sqrt(box((grey - box(grey, 5)) ** 2, 9))
    return jnp.clip(local / (local.mean() + 1e-4), 0.35, 1.6)


class Attacker:
    def __init__(self, encode):
        self.encode = jax.jit(encode)
        loss = lambda d, x, z, sign: sign * ((encode(jnp.clip(x + d, 0, 1)) - z) ** 2).mean()
        self.gradient = jax.jit(jax.grad(loss))

    def target(self, kind, x, other, rng):
        own = self.encode(x)
        if kind == "photoguard":
            return jnp.zeros_like(own)
        if kind == "advdm":
            return own
        if kind == "mist":
            return self.encode(mist_target(x.shape[-1], rng))
        wanted = self.encode(other)
        if kind != "glaze":
            return wanted
        # Style transfer by the statistics of the latent (AdaIN): the content stays, the style is another picture's.
        mean, std = own.mean((2, 3), keepdims=True), own.std((2, 3), keepdims=True) + 1e-5
        return (own - mean) / std * wanted.std((2, 3), keepdims=True) + wanted.mean((2, 3), keepdims=True)

    def attack(self, kind, x, other, epsilon, steps, rng):
        start = np.random.RandomState(rng.randint(0, 2**31 - 1)).uniform(-1, 1, x.shape) * epsilon
        d = jnp.asarray(start, jnp.float32) if kind in ("advdm", "photoguard") else jnp.zeros_like(x)
        target = self.target(kind, x, other, rng)
        sign = -1.0 if kind == "advdm" else 1.0
        bound = epsilon * texture_weight(x) if kind in MASKED else epsilon
        momentum = 0
        for step in range(steps):
            g = self.gradient(d, x, target, sign)
            if kind in MASKED:
                momentum = 0.7 * momentum + g / (jnp.abs(g).mean() + 1e-12)
                d = d - epsilon * (1.2 - 1.1 * step / steps) * 0.35 * jnp.clip(momentum, -3, 3) / 1.5
            else:
                d = d - epsilon * (0.5 - 0.45 * step / steps) * jnp.sign(g)
            d = jnp.clip(d, -bound, bound)
        return d


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("pictures", type=Path)
    parser.add_argument("encoders", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--encoder", choices=["taef2", "taesana"], required=True)
    parser.add_argument("--count", type=int, required=True)
    parser.add_argument("--start", type=int, default=0)
    parser.add_argument("--seed", type=int, default=11)
    parser.add_argument("--steps", type=int, default=16)
    options = parser.parse_args()
    for folder in ("clean", "attacked"):
        (options.out / folder).mkdir(parents=True, exist_ok=True)
    files = sorted(row["file"] for row in csv.DictReader(open(options.pictures / "provenance.csv")))
    random.Random(f"{options.seed}:{options.encoder}").shuffle(files)
    attacker = Attacker(getattr(encoders, options.encoder)(options.encoders / f"{options.encoder}_encoder.pth"))
    with open(options.out / f"pairs-{options.encoder}-{options.start}.csv", "w", newline="") as sheet:
        rows = csv.writer(sheet)
        rows.writerow("id,base,split,kind,encoder,epsilon,scale,psnr".split(","))
        for k in range(options.start, options.start + options.count):
            base = files[k % len(files)]
            rng = random.Random(f"{options.seed}:{options.encoder}:{k}")
            kind = rng.choices([kind for kind, *_ in KINDS], [share for *_, share in KINDS])[0]
            epsilon = rng.choice(next(budgets for name, budgets, _ in KINDS if name == kind))
            # Some tools work at a fixed size and bring the perturbation up to the picture's own.
            scale = rng.choices([1, 1.6], [0.7, 0.3])[0]
            side = int(SIDE / scale)
            picture = load(options.pictures / base, rng)
            other = load(options.pictures / rng.choice(files), rng)
            x = tensor(picture)
            d = attacker.attack(
                kind, scaled(x, side, "linear"), scaled(tensor(other), side, "linear"), epsilon / 255, options.steps, rng
            )
            d = scaled(d, SIDE, rng.choice(["cubic", "linear"]))
            attacked = np.asarray(jnp.round(jnp.clip(x + d, 0, 1) * 255))[0].transpose(1, 2, 0).astype(np.uint8)
            name = f"{options.encoder}-{k:04d}"
            picture.save(options.out / "clean" / f"{name}.png")
            Image.fromarray(attacked).save(options.out / "attacked" / f"{name}.png")
            error = ((attacked.astype(float) - np.asarray(picture)) ** 2).mean()
            psnr = 10 * np.log10(65025 / max(error, 1e-9))
            rows.writerow([name, base, split_of(base), kind, options.encoder, epsilon, scale, f"{psnr:.1f}"])
            sheet.flush()


if __name__ == "__main__":
    main()
