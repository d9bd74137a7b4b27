"""Numbers that need no file: tests and benches in both languages make the same weights and pictures from names.

Number `index` of `name` is the finaliser of splitmix64 (Steele et al. 2014) over the name's FNV-1a hash plus (index + 1) steps of the
golden ratio, all modulo 2**64; `tests/procedural/mod.rs` is its twin.
"""

import numpy as np


def bits(name, index):
    """64 bits a number; `index` is an array."""
    hashed = 0xCBF29CE484222325
    for byte in name.encode():
        hashed = ((hashed ^ byte) * 0x100000001B3) % 2**64
    z = np.uint64(hashed) + (np.asarray(index, dtype=np.uint64) + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


def uniform(name, count):
    """The first `count` numbers of a name, in [0, 1), exact in single precision."""
    return (bits(name, np.arange(count)) >> np.uint64(40)).astype(np.float64) / 2**24


def weight(name, shape):
    """A parameter of the network: scaled so that neither the signal nor what is left of a picture dies on the way."""
    u = uniform(name, int(np.prod(shape)))
    if name.endswith("conv.weight"):
        values = (2 * u - 1) * np.sqrt(6 / np.prod(shape[1:]))  # He et al. 2015, uniform.
    elif name.endswith(("bn.weight", "bn.running_var")):
        values = 0.8 + 0.4 * u
    elif name.endswith(("bn.bias", "bn.running_mean")):
        values = 0.2 * u - 0.1
    else:
        values = 0.02 * u - 0.01
    return values.astype(np.float32).reshape(shape)


def picture(number):
    """Coloured noise: (256, 256, 3) bytes."""
    return (bits(f"picture {number}", np.arange(256 * 256 * 3)) >> np.uint64(56)).astype(np.uint8).reshape(256, 256, 3)


def drawing(number):
    """Strokes that wander about: 3 to 6 of 12 points each, whole numbers from 0 to 255."""
    byte = lambda i: int(bits(f"drawing {number}", i) >> np.uint64(56))
    strokes = []
    for s in range(3 + number % 4):
        at = [byte(100 * s), byte(100 * s + 1)]
        stroke = [tuple(at)]
        for p in range(1, 12):
            at = [min(255, max(0, at[axis] + byte(100 * s + 2 * p + axis) % 81 - 40)) for axis in range(2)]
            stroke.append(tuple(at))
        strokes.append(stroke)
    return strokes
