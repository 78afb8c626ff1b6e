"""Sends pictures on their way through the web: resized, encoded, decoded again; and cuts the tiles that are judged."""

import io

import numpy as np
from PIL import Image

from edits import jpeg

TILE = 128


def carrier(form, quality=100, subsampled=False):
    return {"form": form, "quality": quality, "subsampled": subsampled}


def encoded(picture, form, quality, subsampling):
    """The picture after one encoding, and what its decoder knows of it."""
    if form == "png":
        return picture, carrier("lossless")
    if form == "jpeg":
        return jpeg(picture, quality, subsampling), carrier("jpeg", quality, subsampling == 2)
    sink = io.BytesIO()
    options = {"speed": 9, "subsampling": "4:2:0"} if form == "avif" else {"method": 1}
    picture.save(sink, form.upper(), quality=quality, **options)
    return Image.open(sink).convert("RGB"), carrier("other", 80, True)


def resized(picture, factor, method):
    size = tuple(max(TILE, round(side * factor)) for side in picture.size)
    return picture.resize(size, method)


METHODS = [Image.BICUBIC, Image.LANCZOS, Image.BILINEAR]


def draw_post(picture, rng):
    """A random way: (picture, carrier, resized)."""
    scaled = rng.random() < 0.3
    if scaled:
        picture = resized(picture, rng.choice([0.5, 0.6, 0.75, 0.75, 0.9, 1.25, 1.5]), rng.choice(METHODS))
    if rng.random() < 0.12:
        picture = jpeg(picture, rng.randint(75, 98), rng.choice([0, 2]))
    if rng.random() < 0.15:
        x, y = rng.randint(0, 15), rng.randint(0, 15)
        picture = picture.crop((x, y, max(x + TILE, picture.size[0]), max(y + TILE, picture.size[1])))
    u = rng.random()
    if u < 0.38:
        return *encoded(picture, "png", 100, 0), scaled
    if u < 0.86:
        return *encoded(picture, "jpeg", rng.choice([75, 85, 85, 90, 95, 95, rng.randint(70, 98)]), rng.choice([0, 2, 2])), scaled
    if u < 0.95:
        return *encoded(picture, "webp", rng.randint(60, 97), 2), scaled
    return *encoded(picture, "avif", rng.randint(50, 90), 2), scaled


# Named ways of the tables: post-processing that the targets name.
POSTS = {
    "lossless": lambda p, rng: (*encoded(p, "png", 100, 0), False),
    "resize 0.75": lambda p, rng: (*encoded(resized(p, 0.75, rng.choice(METHODS)), "png", 100, 0), True),
    "jpeg 95": lambda p, rng: (*encoded(p, "jpeg", 95, 2), False),
    "jpeg 95 4:4:4": lambda p, rng: (*encoded(p, "jpeg", 95, 0), False),
    "jpeg 85": lambda p, rng: (*encoded(p, "jpeg", 85, 2), False),
    "jpeg 75": lambda p, rng: (*encoded(p, "jpeg", 75, 2), False),
    "webp 80": lambda p, rng: (*encoded(p, "webp", 80, 2), False),
    "avif 70": lambda p, rng: (*encoded(p, "avif", 70, 2), False),
    "resize 0.75 jpeg 85": lambda p, rng: (*encoded(resized(p, 0.75, Image.LANCZOS), "jpeg", 85, 2), True),
}


def origins(length):
    if length < TILE:
        return []
    if length < 160:
        starts = [(length - TILE) // 2]
    else:
        starts = [min(max(int(length * part / 4) - TILE // 2, 0), length - TILE) for part in (1, 3)]
    return [start // 8 * 8 for start in starts]


def tiles_of(picture):
    """Up to four tiles in reading order, as docs/adr/image-model.md says: uint8 [tiles, 128, 128, 3]."""
    a = np.asarray(picture)
    places = [(y, x) for y in origins(a.shape[0]) for x in origins(a.shape[1])]
    return np.stack([a[y : y + TILE, x : x + TILE] for y, x in places])
