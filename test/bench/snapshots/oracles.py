"""What the Python tools say of pictures and web archives, one JSON object a line: `oracles.py pictures|warcs`, paths on standard input."""
import json
import sys


def pictures(path):
    import imagehash
    import numpy
    import pdqhash
    from PIL import Image, ImageOps

    opened = Image.open(path)
    # As the guard sees it: upright, what is transparent over white.
    upright = ImageOps.exif_transpose(opened).convert("RGBA")
    white = Image.new("RGBA", upright.size, "white")
    seen = Image.alpha_composite(white, upright).convert("RGB")
    bits, quality = pdqhash.compute(numpy.asarray(seen))
    pdq = "%064x" % int("".join(str(bit) for bit in bits), 2)
    yield {
        "path": path,
        "asOpened": str(imagehash.phash(opened)),
        "phash": str(imagehash.phash(seen)),
        "pdq": pdq,
        "quality": int(quality),
        "side": max(seen.size),
    }


def warcs(path):
    from warcio.archiveiterator import ArchiveIterator
    from warcio.exceptions import ArchiveLoadFailed

    with open(path, "rb") as stream:
        try:
            for record in ArchiveIterator(stream, check_digests=True):
                field = record.rec_headers.get_header
                record.raw_stream.read() if record.raw_stream else None
                while record.raw_stream and record.raw_stream.read(65536):
                    pass
                problems = record.digest_checker.problems
                yield {
                    "path": path,
                    "type": record.rec_type,
                    "url": field("WARC-Target-URI"),
                    "date": field("WARC-Date"),
                    "digest": field("WARC-Payload-Digest"),
                    "passed": not any("payload" in problem for problem in problems),
                }
        except ArchiveLoadFailed as error:
            yield {"path": path, "error": str(error).strip().split("\n")[0]}


KINDS = {"pictures": pictures, "warcs": warcs}

for line in sys.stdin:
    for found in KINDS[sys.argv[1]](line.rstrip("\n")):
        print(json.dumps(found), flush=True)
