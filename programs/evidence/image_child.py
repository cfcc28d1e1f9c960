"""Run by images.py as a program of its own: reads a hostile picture, prints a new one of the same pixels.

A refusal is an exit status. Imports nothing of ours: it must start fast and hold little.
"""

import contextlib
import enum
import io
import json
import os
import resource
import signal
import sys

from PIL import Image, ImageOps

_QUALITY = 88
# Exit statuses; images._refusal has their sentences. 1 and 2 are Python's own.
Refusal = enum.IntEnum("Refusal", "TOO_MANY_PIXELS BROKEN TOO_MUCH", start=3)


def encoded_again(raw: bytes, job: dict) -> bytes:
    image = Image.open(io.BytesIO(raw), formats=[job["format"]])
    if image.width * image.height > job["pixels"]:
        os._exit(Refusal.TOO_MANY_PIXELS)
    if job["format"] == "PNG":  # decoding alone does not look at the checksums
        Image.open(io.BytesIO(raw), formats=["PNG"]).verify()
    side = job["side"]
    if max(image.size) > side:
        image.draft(None, (side, side))
        if image.mode == "P":
            image = image.convert("RGBA")
        image.thumbnail((side, side))
    image.load()
    with contextlib.suppress(Exception):  # EXIF that cannot be read asks for no turn
        image = ImageOps.exif_transpose(image)
    if image.mode.startswith(("I", "F")):  # 16 bits a channel: PNG's L holds 8
        image = image.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    fresh = io.BytesIO()
    if job["format"] == "JPEG":
        image = image if image.mode in ("L", "RGB") else image.convert("RGB")
        image.info = {}
        image.save(fresh, "JPEG", quality=_QUALITY)
    else:
        image.info = {name: image.info[name] for name in ("transparency",) if name in image.info}
        image.save(fresh, "PNG")
    return fresh.getvalue()


def main():
    job = json.loads(sys.argv[1])
    for resource_name, most in job["process"].items():
        resource.setrlimit(getattr(resource, resource_name), (most, most))
    signal.alarm(job["seconds"])  # ends this process also where nobody is left to end it
    Image.MAX_IMAGE_PIXELS = None  # our own limit, which refuses instead of warning
    status = 0
    try:
        fresh = encoded_again(sys.stdin.buffer.read(), job)
        if len(fresh) > job["process"]["RLIMIT_FSIZE"]:
            os._exit(Refusal.TOO_MUCH)
        sys.stdout.buffer.write(fresh)
        sys.stdout.buffer.flush()
    except MemoryError:
        status = Refusal.TOO_MUCH
    except BaseException:  # whatever a decoder may raise
        status = Refusal.BROKEN
    os._exit(status)


if __name__ == "__main__":
    main()
