"""Surrogate image encoders for attack generation: TAEF2 and TAESANA of madebyollin/taesd (MIT), ones trained here, and drawn ones."""

import copy

import torch
from torch import nn


def conv(n_in, n_out, **options):
    return nn.Conv2d(n_in, n_out, 3, padding=1, **options)


class Block(nn.Module):
    """Three convolutions around a skip; names of the parts are those of the published state dicts."""

    def __init__(self, n_in, n_out, pooled=False):
        super().__init__()
        self.conv = nn.Sequential(
            conv(n_in, n_out), nn.ReLU(), conv(n_out, n_out), nn.ReLU(), conv(n_out, n_out)
        )
        self.skip = nn.Conv2d(n_in, n_out, 1, bias=False) if n_in != n_out else nn.Identity()
        self.pool = None
        if pooled:
            wide = 4 * n_in
            self.pool = nn.Sequential(
                nn.Conv2d(n_in, wide, 1, bias=False),
                nn.GroupNorm(4, wide),
                nn.ReLU(),
                nn.Conv2d(wide, n_in, 1, bias=False),
            )

    def forward(self, x):
        if self.pool is not None:
            x = x + self.pool(x)
        return torch.relu(self.conv(x) + self.skip(x))


def halving(pooled=False):
    """Half the side, then three blocks."""
    return [conv(64, 64, stride=2, bias=False), *(Block(64, 64, pooled) for _ in range(3))]


def taef2():
    return nn.Sequential(conv(3, 64), Block(64, 64), *halving(), *halving(), *halving(True), conv(64, 32))


def taesana():
    first = [conv(3, 32, stride=2), nn.ReLU(), conv(32, 64, stride=2), nn.ReLU(), Block(64, 64)]
    return nn.Sequential(*first, *halving(), *halving(), *halving(), conv(64, 32))


def doubling(pooled=False):
    return [*(Block(64, 64, pooled) for _ in range(3)), nn.Upsample(scale_factor=2), conv(64, 64, bias=False)]


class Clamp(nn.Module):
    def forward(self, x):
        return torch.tanh(x / 3) * 3


def taef2_decoder():
    return nn.Sequential(
        Clamp(), conv(32, 64), nn.ReLU(), *doubling(True), *doubling(), *doubling(), Block(64, 64), conv(64, 3)
    )


def load(name, folder):
    """A frozen network with its published weights, which `folder` holds as NAME_encoder.pth or NAME_decoder.pth."""
    build = {"taef2": taef2, "taesana": taesana, "taef2_decoder": taef2_decoder}.get(name)
    if name.startswith("own-"):
        net = own_decoder() if name.endswith("_decoder") else own_encoder(name)
    else:
        net = build()
    file = f"{name}.pth" if name.endswith("_decoder") else f"{name}_encoder.pth"
    net.load_state_dict(torch.load(folder / file, map_location="cpu", weights_only=True))
    return net.float().eval().requires_grad_(False).to(memory_format=torch.channels_last)


OWN = {
    # Width, activation, kernel and stride of each layer: other lattices and reaches than the published ones have.
    "own-smooth": (40, nn.SiLU, ((3, 1), (3, 1), (3, 2), (3, 1), (3, 2), (3, 1), (3, 2))),
    "own-wide": (48, nn.ReLU, ((5, 2), (3, 1), (5, 2), (3, 1), (3, 2), (3, 1))),
    "own-patch": (96, nn.GELU, ((4, 4), (3, 1), (1, 1), (3, 2), (3, 1))),
    "own-deep": (32, nn.ReLU, ((3, 1), (3, 1), (3, 2), (3, 1), (3, 1), (3, 2), (3, 1), (3, 1), (3, 2), (3, 1), (3, 1))),
}

# Where TAESANA may be cut: after the layers that stand at a stride of 4, 8 and 16, and at its end (32).
CUTS = (5, 9, 13, 18)


def shaken(net, rng):
    """A relative of `net`: cut at one of its strides, each weight off by a tenth to a third of itself."""
    torch.manual_seed(rng.randint(0, 2**31 - 1))
    amount = rng.uniform(0.1, 0.35)
    relative = copy.deepcopy(net[: rng.choice(CUTS)])
    with torch.no_grad():
        for weight in relative.parameters():
            weight.mul_(1 + amount * torch.randn_like(weight))
    return relative


def drawn(rng):
    """An untrained encoder of stride 8. Its first kernels see mostly luma, as those of trained ones do."""
    torch.manual_seed(rng.randint(0, 2**31 - 1))
    width, kernel, act = rng.choice([16, 24, 32]), rng.choice([3, 4, 5]), rng.choice([nn.ReLU, nn.SiLU, nn.GELU])
    first = rng.choice([1, 2])
    stem = nn.Conv2d(3, width, kernel, first, kernel // 2)
    colour = torch.tensor([0.5, 0.8, 0.3]) + rng.uniform(0.2, 0.6) * torch.randn(width, 3)
    parts = [stem, act()]
    with torch.no_grad():
        stem.weight.copy_(torch.einsum("nc,nhw->nchw", colour, torch.randn(width, kernel, kernel)) / kernel)
        for _ in range(3 if first == 1 else 2):
            down, flat = (nn.Conv2d(width, width, 3, stride, 1) for stride in (2, 1))
            for layer in (down, flat):
                nn.init.kaiming_normal_(layer.weight)
            parts += [down, act(), flat, act()]
    return nn.Sequential(*parts, nn.Conv2d(width, rng.choice([4, 16, 32]), 3, padding=1))


def family(name, folder):
    """The encoder for each picture, of the picture's chance: always the same one, or a new one of a kind.

    `NAME~` shakes NAME for every picture, `drawn` draws a network for every picture.
    """
    frozen = lambda net: net.float().eval().requires_grad_(False).to(memory_format=torch.channels_last)
    if name == "drawn":
        return lambda rng: frozen(drawn(rng))
    if name.endswith("~"):
        net = load(name[:-1], folder)
        return lambda rng: frozen(shaken(net, rng))
    net = load(name, folder)
    return lambda rng: net


class OwnBlock(nn.Module):
    def __init__(self, width, act, kernel):
        super().__init__()
        self.body = nn.Sequential(
            nn.GroupNorm(8, width), act(), nn.Conv2d(width, width, kernel, padding=kernel // 2)
        )

    def forward(self, x):
        return x + self.body(x)


def own_encoder(name):
    """Small encoders that train_encoders.py trains on the training pictures."""
    width, act, layers = OWN[name]
    parts = []
    for place, (kernel, stride) in enumerate(layers):
        if place and stride == 1:
            parts.append(OwnBlock(width, act, kernel))
        else:
            pad = 0 if kernel == stride else kernel // 2
            parts += [nn.Conv2d(width if place else 3, width, kernel, stride, pad), act()]
    return nn.Sequential(*parts, nn.Conv2d(width, 16, 3, padding=1))


def own_decoder(width=48):
    up = lambda n_in: [nn.Upsample(scale_factor=2), nn.Conv2d(n_in, width, 3, padding=1), nn.SiLU()]
    return nn.Sequential(*up(16), OwnBlock(width, nn.SiLU, 3), *up(width), *up(width), nn.Conv2d(width, 3, 3, padding=1))
