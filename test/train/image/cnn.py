"""Trains the CNN of docs/adr/image-model.md on shards of dataset.py; writes a checkpoint and its curves.

usage: cnn.py DATA CHECKPOINT [--minutes M] [--seed S] [--resume]
"""

import argparse
import csv
import json
import time
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

# Kernel, stride, channels in, channels out.
LAYERS = [(3, 1, 3, 16), (3, 2, 16, 24), (3, 2, 24, 32), (3, 2, 32, 48), (3, 1, 48, 64)]
BAGS = 32
# Crops of a picture that one step sees, and their side: small ones while the filters are learnt, whole tiles at the end.
CROPS = 2
SMALL, WHOLE = 64, 128
# What is added to a benign sample's last loss for its chance to be drawn again.
EVENLY = 0.2


def first_kernels(random):
    """Differences of luma and both colour differences to start from, and random ones for the rest."""
    shapes = torch.tensor(
        [
            [[0, 0, 0], [0, -1, 1], [0, 0, 0]],
            [[0, 0, 0], [0, -1, 0], [0, 1, 0]],
            [[0, 0, 0], [1, -2, 1], [0, 0, 0]],
            [[-1, 2, -1], [2, -4, 2], [-1, 2, -1]],
        ],
        dtype=torch.float32,
    )
    mixes = torch.tensor([[0.3, 0.6, 0.1], [-0.2, -0.3, 0.5], [0.5, -0.4, -0.1]])
    kernels = torch.einsum("cr,khw->ckrhw", mixes, shapes / shapes.abs().sum((1, 2), keepdim=True)).flatten(0, 1)
    weight = random.clone()
    weight[: len(kernels)] = kernels
    return weight


class Network(nn.Module):
    def __init__(self):
        super().__init__()
        self.convs = nn.ModuleList(nn.Conv2d(i, o, k, s, bias=False) for k, s, i, o in LAYERS)
        self.norms = nn.ModuleList(nn.BatchNorm2d(o) for *_, o in LAYERS)
        self.scale = nn.BatchNorm1d(LAYERS[-1][3])
        self.hidden = nn.Linear(LAYERS[-1][3], 32)
        self.out = nn.Linear(32, 1)
        # Differences are cut at both ends, as residuals are for steganalysis: an edge must not drown what is small.
        nn.init.constant_(self.norms[0].weight, 4.0)
        nn.init.constant_(self.norms[0].bias, 3.0)
        with torch.no_grad():
            self.convs[0].weight.copy_(first_kernels(self.convs[0].weight))

    def kernel(self, place):
        weight = self.convs[place].weight
        # The first layer sees differences only: what a picture shows must not matter.
        return weight - weight.mean((2, 3), keepdim=True) if place == 0 else weight

    def maps(self, x):
        for place, (kernel, stride, *_) in enumerate(LAYERS):
            # TensorFlow's "same": stride 2 on even sides pads right and below.
            if stride == 2:
                x = F.pad(x, (0, 1, 0, 1))
            x = F.relu6(self.norms[place](F.conv2d(x, self.kernel(place), None, stride, 2 - stride)))
        return x

    def head(self, means):
        return self.out(torch.relu(self.hidden(self.scale(means)))).squeeze(-1)

    def forward(self, tiles):
        """Logits of tiles [n] and of pictures [bags] of tiles [bags, t, 3, h, w]."""
        bags, count = tiles.shape[:2]
        means = self.maps(tiles.flatten(0, 1)).mean((2, 3))
        picture = means.view(bags, count, -1).mean(1)
        both = self.head(torch.cat([means, picture]))
        return both[: bags * count].view(bags, count), both[bags * count :]


def centred(tiles):
    """float [.., 3, h, w] of uint8 [.., h, w, 3]."""
    return ((torch.from_numpy(tiles).float() - 127.5) / 32).movedim(-1, -3)


class Shards:
    """All samples of one split; shards that appear later are taken up by `refresh`."""

    def __init__(self, folder, split, post="random"):
        self.pattern = f"{split}-{post}-*.npz"
        self.folder = folder
        self.seen, self.tiles, self.counts, self.features, self.meta = set(), [], [], [], []

    def refresh(self):
        for path in sorted(self.folder.glob(self.pattern)):
            if path.name in self.seen:
                continue
            shard = np.load(path)
            self.seen.add(path.name)
            self.tiles += list(shard["tiles"])
            self.counts += list(shard["counts"])
            self.features += list(shard["features"])
            self.meta += json.loads(str(shard["meta"]))
        return self

    def labels(self):
        return np.array([meta["attacked"] for meta in self.meta])


def drawn(labels, losses, rng, bags):
    """Half attacked, half not; benign samples the more often, the more the network was wrong about them."""
    attacked, benign = np.where(labels)[0], np.where(~labels)[0]
    odds = EVENLY + losses[benign]
    return np.concatenate([rng.choice(attacked, bags // 2), rng.choice(benign, bags // 2, p=odds / odds.sum())])


def batch(shards, labels, picks, rng, side):
    """Tiles cut on the grid of JPEG's blocks, mirrored and turned."""
    crops = []
    for pick in picks:
        order = rng.permutation(shards.counts[pick])
        y, x = rng.integers(0, (WHOLE - side) // 8 + 1, 2) * 8
        chosen = shards.tiles[pick][np.resize(order, CROPS), y : y + side, x : x + side]
        turned = np.rot90(chosen, rng.integers(4), (1, 2))
        crops.append(turned[:, :, ::-1] if rng.random() < 0.5 else turned)
    return centred(np.stack(crops)), torch.from_numpy(labels[picks].astype(np.float32))


def logits(network, tiles, counts, chunk=16, precise=False):
    """[n, 4] tile logits and [n] picture logits of uint8 [n, 4, h, w, 3]; convolutions in bfloat16 unless `precise`."""
    network.eval()
    each, whole = [], []
    with torch.no_grad():
        for start in range(0, len(tiles), chunk):
            part = centred(np.stack(tiles[start : start + chunk]))
            with torch.autocast("cpu", torch.bfloat16, enabled=not precise):
                maps = network.maps(part.flatten(0, 1).contiguous(memory_format=torch.channels_last))
            means = maps.float().mean((2, 3))
            means = means.view(len(part), 4, -1)
            # Pictures with fewer tiles repeat them; a picture's mean is over its own.
            own = torch.tensor(counts[start : start + chunk])
            weight = (torch.arange(4)[None] < own[:, None]).float()
            picture = (means * weight[..., None]).sum(1) / own[:, None]
            each.append(network.head(means.flatten(0, 1)).view(-1, 4).numpy())
            whole.append(network.head(picture).numpy())
    return np.concatenate(each), np.concatenate(whole)


def recall_at(scores, truth, rate):
    benign = np.sort(scores[~truth])
    threshold = benign[-max(1, int(np.ceil(rate * len(benign))))]
    return float((scores[truth] > threshold).mean())


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("data", type=Path)
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("--minutes", type=float, default=8, help="of processor time")
    parser.add_argument("--rate", type=float, default=4e-3)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--resume", action="store_true")
    options = parser.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(options.seed)
    network = Network().to(memory_format=torch.channels_last)
    if options.resume:
        network.load_state_dict(torch.load(options.checkpoint, weights_only=True))
    train, held = Shards(options.data, "train").refresh(), Shards(options.data, "validation").refresh()
    labels = train.labels()
    optimiser = torch.optim.AdamW(network.parameters(), options.rate, weight_decay=1e-3)
    rng = np.random.default_rng(options.seed)
    step, running, checked, loaded = 0, [], 0, len(train.seen)
    losses = np.ones(len(labels))
    sheet = open(options.checkpoint.with_suffix(".csv"), "a" if options.resume else "w", newline="")
    while (spent := time.process_time() / 60 / options.minutes) < 1:
        # Up over the first twentieth, then down to nothing along a cosine.
        for group in optimiser.param_groups:
            group["lr"] = options.rate * min(1, spent / 0.05) * (0.5 + 0.5 * np.cos(np.pi * spent)) + 1e-5
        network.train()
        last = spent > 0.85
        picks = drawn(labels, losses, rng, BAGS // 2 if last else BAGS)
        crops, truth = batch(train, labels, picks, rng, WHOLE if last else SMALL)
        with torch.autocast("cpu", torch.bfloat16):
            each, whole = network(crops)
        each, whole = each.float(), whole.float()
        smooth = truth * 0.98 + 0.01
        of_picture = F.binary_cross_entropy_with_logits(whole, smooth, reduction="none")
        losses[picks] = 0.5 * losses[picks] + 0.5 * of_picture.detach().numpy()
        loss = of_picture.mean() + 0.5 * F.binary_cross_entropy_with_logits(
            each, smooth[:, None].expand_as(each)
        )
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(network.parameters(), 2.0)
        optimiser.step()
        step += 1
        running.append(loss.item())
        if spent > checked + 0.1:
            checked = spent
            truth_held = held.labels()[:200]
            _, scores = logits(network, held.tiles[:200], held.counts[:200])
            check = F.binary_cross_entropy_with_logits(torch.tensor(scores), torch.tensor(truth_held).float())
            row = [step, f"{time.process_time() / 60:.2f}", f"{np.mean(running[-200:]):.4f}", f"{check.item():.4f}"]
            csv.writer(sheet).writerow([*row, f"{recall_at(scores, truth_held, 0.02):.3f}"])
            sheet.flush()
            print(*row, f"{recall_at(scores, truth_held, 0.02):.3f}", len(train.meta), flush=True)
            torch.save(network.state_dict(), options.checkpoint)
            if len(train.refresh().seen) > loaded:
                loaded, labels = len(train.seen), train.labels()
                losses = np.append(losses, np.ones(len(labels) - len(losses)))
    torch.save(network.state_dict(), options.checkpoint)


if __name__ == "__main__":
    main()
