"""The first number of the stream (seed 7, Order, 0), by ChaCha8 written from its definition (Bernstein 2008). Checked in src/util/rng.rs.

tests/golden/metrics.py draws from the same streams.
"""
import itertools
import struct


def fnv1a(name):
    h = 0xCBF29CE484222325
    for byte in name.encode():
        h = (h ^ byte) * 0x100000001B3 % 2**64
    return h


def chacha8(key, block=0):
    """The 16 words of one block; the nonce is 0."""
    state = [*struct.unpack("<4I", b"expand 32-byte k"), *struct.unpack("<8I", key), block % 2**32, block >> 32, 0, 0]
    x = state[:]
    rotate = lambda v, n: (v << n | v >> (32 - n)) % 2**32

    def quarter(a, b, c, d):
        for to, plus, turn, by in ((a, b, d, 16), (c, d, b, 12), (a, b, d, 8), (c, d, b, 7)):
            x[to] = (x[to] + x[plus]) % 2**32
            x[turn] = rotate(x[turn] ^ x[to], by)

    for _ in range(4):
        for column in range(4):
            quarter(column, 4 + column, 8 + column, 12 + column)
        for i in range(4):
            quarter(i, 4 + (i + 1) % 4, 8 + (i + 2) % 4, 12 + (i + 3) % 4)
    return [(a + b) % 2**32 for a, b in zip(x, state)]


def key(seed, name, index):
    return struct.pack("<4Q", seed, fnv1a(name), index, 0)


def numbers(seed, name, index):
    """The stream's numbers of 64 bits, without end."""
    for block in itertools.count():
        words = chacha8(key(seed, name, index), block)
        yield from (low | high << 32 for low, high in zip(words[::2], words[1::2]))


if __name__ == "__main__":
    print(next(numbers(7, "Order", 0)))
