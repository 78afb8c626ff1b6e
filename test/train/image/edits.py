"""What people and programs do to pictures without wanting to poison anybody: the benign half of the training data."""

import io

import numpy as np
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter
from scipy.ndimage import gaussian_filter


def values(picture):
    return np.asarray(picture).astype(np.float32)


def picture_of(array):
    return Image.fromarray(np.clip(np.round(array), 0, 255).astype(np.uint8))


def jpeg(picture, quality, subsampling=2):
    sink = io.BytesIO()
    picture.save(sink, "JPEG", quality=quality, subsampling=subsampling)
    return Image.open(sink).convert("RGB")


def noise_of(rng, shape):
    return np.random.RandomState(rng.randint(0, 2**31 - 1)).standard_normal(shape).astype(np.float32)


def smooth_noise(rng, shape, sigma):
    """Unit variance, blurred over the first two axes."""
    noise = noise_of(rng, shape)
    blurred = gaussian_filter(noise, (sigma, sigma) + (0,) * (len(shape) - 2))
    return blurred / blurred.std()


def noise_luma(p, rng):
    a = values(p)
    return picture_of(a + noise_of(rng, a.shape[:2])[..., None] * rng.uniform(2, 9))


def noise_rgb(p, rng):
    a = values(p)
    return picture_of(a + noise_of(rng, a.shape) * rng.uniform(1.5, 9))


def noise_camera(p, rng):
    """Shot and read noise on a colour filter array, demosaiced by a small blur."""
    a = values(p)
    noise = noise_of(rng, a.shape) * np.sqrt(rng.uniform(0.01, 0.2) * a + rng.uniform(1, 6))
    return picture_of(a + 1.5 * gaussian_filter(noise, (rng.uniform(0.3, 0.8),) * 2 + (0,)))


def noise_uniform(p, rng):
    """Every channel moved by plus or minus the same amount at random: the amplitude of an attack, none of its aim."""
    a = values(p)
    return picture_of(a + np.sign(noise_of(rng, a.shape)) * rng.uniform(2, 8))


def grain(p, rng):
    a = values(p)
    noise = smooth_noise(rng, a.shape[:2], rng.uniform(0.6, 1.6))[..., None] * rng.uniform(3, 10)
    return picture_of(a + noise * (1 - np.abs(a.mean(2, keepdims=True) / 127.5 - 1) * 0.6))


def colour_blotches(p, rng):
    a = values(p)
    return picture_of(a + smooth_noise(rng, a.shape, rng.uniform(0.8, 3)) * rng.uniform(2, 8))


def sharpen(p, rng):
    return p.filter(ImageFilter.UnsharpMask(rng.uniform(0.6, 2.5), rng.randint(60, 220), rng.randint(0, 3)))


def denoise(p, rng):
    return p.filter(rng.choice([ImageFilter.MedianFilter(3), ImageFilter.GaussianBlur(rng.uniform(0.5, 1.5)), ImageFilter.ModeFilter(3)]))


def upscale(p, rng):
    width, height = p.size
    factor = rng.uniform(1.3, 2.5)
    part = p.crop((0, 0, int(width / factor), int(height / factor)))
    return part.resize(p.size, rng.choice([Image.BILINEAR, Image.BICUBIC, Image.LANCZOS, Image.NEAREST]))


def upscale_sharp(p, rng):
    """As scalers for photos do it: enlarged, edges steepened, a little noise put back."""
    big = sharpen(upscale(p, rng), rng)
    return noise_luma(big, rng) if rng.random() < 0.3 else big


def dither(p, rng):
    colours = rng.choice([16, 32, 64, 128, 256])
    method = rng.choice([Image.Dither.FLOYDSTEINBERG, Image.Dither.NONE])
    return p.convert("P", palette=Image.ADAPTIVE, colors=colours, dither=method).convert("RGB")


def dither_ordered(p, rng):
    a = values(p)
    board = np.array([[0, 8, 2, 10], [12, 4, 14, 6], [3, 11, 1, 9], [15, 7, 13, 5]]) / 16 - 0.5
    step = 256 / rng.choice([8, 16, 32])
    tiled = np.tile(board, (a.shape[0] // 4 + 1, a.shape[1] // 4 + 1))[: a.shape[0], : a.shape[1], None]
    return picture_of(np.round((a + tiled * step) / step) * step)


def halftone(p, rng):
    a = values(p)
    period, angle = rng.uniform(3, 8), rng.uniform(0, 1.57)
    y, x = np.mgrid[0 : a.shape[0], 0 : a.shape[1]] * (6.283 / period)
    u, v = x * np.cos(angle) + y * np.sin(angle), y * np.cos(angle) - x * np.sin(angle)
    shift = [0, 0, 0] if rng.random() < 0.5 else [0, 1.3, 2.6]
    screen = np.stack([np.sin(u + s) + np.sin(v + s) for s in shift], -1)
    return picture_of(a + screen * rng.uniform(4, 20))


def watermark(p, rng):
    layer = Image.new("RGBA", p.size, (0, 0, 0, 0))
    draw = ImageDraw.Draw(layer)
    for y in range(0, p.size[1], rng.choice([24, 40, 64])):
        draw.text((rng.randint(0, 60), y), "SAMPLE (c) studio " * 5, fill=(255, 255, 255, rng.randint(40, 140)))
    return Image.alpha_composite(p.convert("RGBA"), layer).convert("RGB")


def screenshot(p, rng):
    """The picture scaled into a window with bars, text and flat colours."""
    width, height = p.size
    tone = rng.choice([(255, 255, 255), (32, 33, 36), (246, 248, 250), (12, 20, 40)])
    page = Image.new("RGB", p.size, tone)
    draw = ImageDraw.Draw(page)
    ink = (20, 20, 20) if sum(tone) > 380 else (230, 230, 230)
    for y in range(0, height, 14):
        draw.text((rng.randint(2, 20), y), "The quick brown fox 0123456789 " * 2, fill=ink)
    part = p.resize((int(width * rng.uniform(0.5, 0.9)), int(height * rng.uniform(0.5, 0.9))), Image.BICUBIC)
    page.paste(part, (rng.randint(0, width // 8), rng.randint(0, height // 8)))
    return page


def scan(p, rng):
    """Turned a little, unevenly lit, paper grain."""
    turned = p.rotate(rng.uniform(-3, 3), Image.BICUBIC, fillcolor=(240, 238, 230))
    a = values(turned)
    light = 1 + smooth_noise(rng, a.shape[:2], 40)[..., None] * 0.02
    return picture_of(a * light + smooth_noise(rng, a.shape[:2], 0.7)[..., None] * rng.uniform(1, 4))


def hidden_bits(p, rng):
    """Least significant bits replaced, as steganography does."""
    a = np.asarray(p).copy()
    bits = rng.choice([1, 1, 2])
    noise = np.random.RandomState(rng.randint(0, 2**31 - 1)).randint(0, 2**bits, a.shape)
    return Image.fromarray((a & (255 - (2**bits - 1))) | noise.astype(np.uint8))


def spread_spectrum(p, rng):
    """A robust invisible watermark: a band-limited pattern over the whole picture, stronger where it is busy."""
    a = values(p)
    noise = noise_of(rng, a.shape[:2])
    band = gaussian_filter(noise, 1) - gaussian_filter(noise, 2.5)
    grey = a.mean(2)
    busy = np.sqrt(gaussian_filter((grey - gaussian_filter(grey, 2)) ** 2, 3))
    weight = np.clip(busy / (busy.mean() + 1e-3), 0.3, 2) if rng.random() < 0.6 else np.ones_like(grey)
    return picture_of(a + (band / band.std() * weight)[..., None] * rng.uniform(1, 4))


def gamma(p, rng):
    return picture_of(255 * (values(p) / 255) ** rng.uniform(0.6, 1.6))


def saturate(p, rng):
    return ImageEnhance.Color(p).enhance(rng.uniform(0.2, 2))


def contrast(p, rng):
    return ImageEnhance.Contrast(p).enhance(rng.uniform(0.6, 1.7))


def chain(p, rng):
    """Saved again and again, at times cut in between so that the grids differ."""
    for _ in range(rng.randint(1, 3)):
        p = jpeg(p, rng.randint(30, 95), rng.choice([0, 2]))
        if rng.random() < 0.5:
            x, y = rng.randint(0, 7), rng.randint(0, 7)
            p = Image.fromarray(np.roll(np.asarray(p), (-y, -x), (0, 1)))
    return p


EDITS = {
    edit.__name__: edit
    for edit in (
        noise_luma, noise_rgb, noise_camera, noise_uniform, grain, colour_blotches, sharpen, denoise, upscale,
        upscale_sharp, dither, dither_ordered, halftone, watermark, screenshot, scan, hidden_bits, spread_spectrum,
        gamma, saturate, contrast, chain,
    )
}  # fmt: skip
