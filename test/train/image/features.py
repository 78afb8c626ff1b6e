"""The 122 numbers of a picture's tiles, as docs/adr/image-model.md defines them (screen/image computes the same)."""

import numpy as np

TILE = 128
COUNT = 122
LAGS = [(0, 1), (1, 0), (1, 1), (0, 2), (2, 0), (0, 4), (4, 0)]
DCT = np.array(
    [[np.sqrt((1 if u == 0 else 2) / 8) * np.cos(np.pi * u * (2 * k + 1) / 16) for k in range(8)] for u in range(8)],
    np.float32,
)
BOTH = np.kron(DCT, DCT).astype(np.float32)
BAND = np.add.outer(np.arange(8), np.arange(8)).ravel()
BANDS = [np.where((BAND >= low) & (BAND <= high))[0] for low, high in ((1, 2), (3, 4), (5, 6), (7, 8), (9, 10), (11, 14))]


def log(x):
    return np.log(x + 0.05)


def channels(tiles):
    r, g, b = (tiles[..., k].astype(np.float32) for k in range(3))
    y = 0.299 * r + 0.587 * g + 0.114 * b
    return (r, g, b), (y, 0.564 * (b - y), 0.713 * (r - y))


def block_energies(plane):
    """[blocks, 6] of [tiles, 128, 128]."""
    blocks = plane.reshape(-1, TILE // 8, 8, TILE // 8, 8).transpose(0, 1, 3, 2, 4).reshape(-1, 64)
    terms = (blocks @ BOTH.T) ** 2
    return np.stack([terms[:, band].mean(1) for band in BANDS], 1)


def of_blocks(ycc, clipped):
    energies = [block_energies(plane) for plane in ycc]
    share = clipped.reshape(-1, TILE // 8, 8, TILE // 8, 8).sum((2, 4)).ravel()
    keep = np.where(share <= 24)[0]
    if len(keep) < 32:
        keep = np.arange(len(share))
    order = keep[np.argsort(energies[0][keep].sum(1), kind="stable")]
    third, middle = len(order) // 3, len(order) // 2
    out = []
    for e in energies:
        quiet, busy = e[order[:third]].mean(0), e[order[-third:]].mean(0)
        median = np.partition(e[order], middle, 0)[middle]
        out.append(np.stack([log(quiet), log(busy) - log(quiet), log(median)], 1).ravel())
    return np.concatenate(out)


def residual(c):
    sides = c[:, :-2, 1:-1] + c[:, 2:, 1:-1] + c[:, 1:-1, :-2] + c[:, 1:-1, 2:]
    corners = c[:, :-2, :-2] + c[:, :-2, 2:] + c[:, 2:, :-2] + c[:, 2:, 2:]
    return (4 * c[:, 1:-1, 1:-1] - 2 * sides + corners) / 4


def correlation(a, b):
    n = a.size / 100
    return (a * b).sum() / np.sqrt(((a * a).sum() + n) * ((b * b).sum() + n))


def of_residuals(rgb, ycc):
    out = []
    r = [residual(plane) for plane in ycc]
    for plane in r:
        size = np.abs(plane)
        mean = size.mean()
        out += [
            log(mean),
            np.log(np.sqrt((plane * plane).mean()) / (mean + 0.01) + 0.01),
            (size < 0.25).mean(),
            (size < 1).mean(),
        ]
    for plane in (r[0], r[2]):
        square = (plane * plane).mean() + 0.01
        height, width = plane.shape[1:]
        for dy, dx in LAGS:
            out.append((plane[:, : height - dy, : width - dx] * plane[:, dy:, dx:]).mean() / square)
    colour = [residual(plane) for plane in rgb]
    for planes in (colour, r):
        out += [correlation(planes[i], planes[j]) for i, j in ((0, 1), (0, 2), (1, 2))]
    return np.array(out)


def co_occurrence(plane):
    levels = np.floor(plane + 0.5)
    counts = np.zeros(25)
    for d in (np.diff(levels, axis=2), np.diff(levels, axis=1).transpose(0, 2, 1)):
        d = np.clip(d, -2, 2).astype(np.int64) + 2
        counts += np.bincount((5 * d[..., :-1] + d[..., 1:]).ravel(), minlength=25)
    both = counts + counts[::-1]
    both[12] /= 2
    return np.sqrt(both[:13] / counts.sum())


def grid(plane):
    out = []
    for d in (np.abs(np.diff(plane, axis=2)).mean((0, 1)), np.abs(np.diff(plane, axis=1)).mean((0, 2))):
        edge = np.arange(len(d)) % 8 == 7
        out.append(np.log((d[edge].mean() + 0.05) / (d[~edge].mean() + 0.05)))
    return out


def of_carrier(carrier):
    form, quality, subsampled = carrier["form"], carrier["quality"], carrier["subsampled"]
    return [form == "lossless", quality / 100, subsampled, form == "other"]


def features(tiles, carrier):
    """float32 [122] of uint8 [tiles, 128, 128, 3]."""
    rgb, ycc = channels(tiles)
    clipped = ((tiles < 2) | (tiles > 253)).any(-1)
    same = (tiles[:, :, :-1] == tiles[:, :, 1:]).all(-1).mean()
    parts = [
        of_blocks(ycc, clipped),
        of_residuals(rgb, ycc),
        co_occurrence(ycc[0]),
        co_occurrence(ycc[2]),
        grid(ycc[0]),
        grid(ycc[2]),
        [clipped.mean(), same],
        of_carrier(carrier),
    ]
    return np.concatenate([np.asarray(part, np.float64).ravel() for part in parts]).astype(np.float32)
