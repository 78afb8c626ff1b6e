"""Pictures made by arithmetic for the parity vectors, so that no one's work is committed with the tests."""

import numpy as np

from carriers import carrier, encoded, tiles_of
from edits import picture_of


def scene(side, seed):
    """Waves, an edge, a flat part, white noise: something in every feature."""
    rng = np.random.RandomState(seed)
    y, x = np.mgrid[0:side, 0:side].astype(np.float32)
    waves = 60 * np.sin(x / (5 + seed)) * np.cos(y / 11) + 40 * np.sin((x + y) / 23)
    picture = np.stack([128 + waves, 120 + 0.8 * waves + x / 4, 140 - 0.5 * waves + y / 5], -1)
    picture[: side // 4, : side // 3] = (255, 254, 255)
    picture[side // 2 :, side // 2 :] += 5 * rng.randn(side - side // 2, side - side // 2, 3)
    return picture_of(picture)


def pictures():
    yield tiles_of(scene(256, 1)), carrier("lossless")
    for side, seed, form, quality, subsampling in ((140, 2, "jpeg", 85, 2), (140, 3, "jpeg", 95, 0), (140, 4, "webp", 80, 2)):
        sent, way = encoded(scene(side, seed), form, quality, subsampling)
        yield tiles_of(sent), way
