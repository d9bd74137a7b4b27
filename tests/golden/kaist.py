"""Hashes of drawings rendered by Pillow (made with 13.0), one a line: the first 8 bytes of the SHA-256 of 256 x 256 grey bytes, in hex.

    python3 kaist.py                 > kaist.txt      640 drawings made up by `drawing`; tests/raster_kaist.rs makes the same
    python3 kaist.py cat.ndjson.gz   > kaist_cat.txt  the first 500 drawings of a file in the data set's simplified form
"""
import gzip
import hashlib
import itertools
import json
import sys

from PIL import Image, ImageDraw


class Lcg:
    """Knuth's MMIX generator: 64 bits of state, of which the upper 31 are given."""

    def __init__(self, state):
        self.state = state

    def pick(self, low, high):
        """low..=high"""
        self.state = (self.state * 6364136223846793005 + 1442695040888963407) % 2**64
        return low + (self.state >> 33) % (high - low + 1)


def stroke(lcg):
    kind = lcg.pick(0, 8)
    if kind == 0:  # A single point.
        return [(lcg.pick(0, 255), lcg.pick(0, 255))]
    if kind == 1:  # No length.
        return [(lcg.pick(0, 255), lcg.pick(0, 255))] * lcg.pick(2, 3)
    low, high = {2: (-60, 315), 3: (-3000, 3000), 4: (120, 128)}.get(kind, (0, 255))
    x, y = lcg.pick(low, high), lcg.pick(low, high)
    points = [(x, y)]
    for _ in range(lcg.pick(1, 8)):
        if kind == 5:  # Flat.
            x, y = lcg.pick(0, 255), y + lcg.pick(-2, 2)
        elif kind == 6:  # Steep.
            x, y = x + lcg.pick(-2, 2), lcg.pick(0, 255)
        else:
            x, y = lcg.pick(low, high), lcg.pick(low, high)
        points.append((x, y))
    if kind == 7:  # There and back.
        points += points[::-1]
    return points


def drawing(number):
    lcg = Lcg(number)
    return [stroke(lcg) for _ in range(lcg.pick(1, 6))]


def digest(strokes):
    image = Image.new("L", (256, 256), 255)
    draw = ImageDraw.Draw(image)
    for points in strokes:
        draw.line(points, fill=0)
    return hashlib.sha256(image.tobytes()).hexdigest()[:16]


if len(sys.argv) > 1:
    with gzip.open(sys.argv[1], "rt") as lines:
        for line in itertools.islice(lines, 500):
            print(digest([list(zip(*axes)) for axes in json.loads(line)["drawing"]]))
else:
    for number in range(640):
        print(digest(drawing(number)))
