"""Reads a file of drawings with Python's json, line by line, as most programs for this data set do.

    python3 benches/peers/parse.py FILE.ndjson

Prints the best of three rounds. Only the drawings are kept, as nested lists: the least that a program can do.
"""

import json
import os
import sys
import time


def read(path):
    with open(path, "rb") as file:
        return [json.loads(line)["drawing"] for line in file]


def main():
    path = sys.argv[1]
    size = os.path.getsize(path)
    best = None
    for _ in range(3):
        start = time.perf_counter()
        drawings = read(path)
        took = time.perf_counter() - start
        best = took if best is None else min(best, took)
        count = len(drawings)
        del drawings
    print(f"Python {sys.version.split()[0]}: {count} lines, {size / 1e6:.1f} MB in {best:.2f} s, {size / 1e6 / best:.1f} MB/s")


if __name__ == "__main__":
    main()
