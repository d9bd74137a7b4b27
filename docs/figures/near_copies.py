"""How many drawings lie nearer to a training drawing than test drawings do: copies that a median does not see.

    denoodle draw --model bus --count 1000 --seed 1 --out buses.ndjson
    python3 docs/figures/near_copies.py --drawings DIR --subset DIR --category bus buses.ndjson …

Needs numpy. A drawing is a picture of 32 x 32, fitted, blurred and of length 1; the distance is Euclid's, to the nearest training drawing or
its mirror image. Printed for each file: the distances at 1 %, 5 %, 25 % and 50 %, and the shares that are nearer than the nearest test drawing
and nearer than one test drawing in twenty (5 % where nothing is copied).
"""

import argparse
import gzip
import json
import pathlib

import numpy as np

SIDE = 32
MARGIN = 3
BLUR = 1.2


def drawings(path):
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt") as lines:
        return [json.loads(line)["drawing"] for line in lines if line.strip()]


def picture(drawing):
    """-> (SIDE * SIDE), of length 1"""
    points = []
    for x, y, *_ in drawing:
        line = np.stack([x, y], 1).astype(float)
        points.append(line[:1])
        for a, b in zip(line, line[1:]):
            t = np.linspace(0, 1, int(np.hypot(*(b - a)) / 2) + 2)[:, None]
            points.append(a * (1 - t) + b * t)
    points = np.concatenate(points)
    low, high = points.min(0), points.max(0)
    points = (points - (low + high) / 2) / max((high - low).max(), 1) * (SIDE - 2 * MARGIN) + SIDE / 2
    column, row = points.astype(int).clip(0, SIDE - 1).T
    image = np.zeros((SIDE, SIDE))
    image[row, column] = 1
    kernel = np.exp(-(np.arange(-3, 4) ** 2) / (2 * BLUR**2))
    for axis in (0, 1):
        image = np.apply_along_axis(lambda line: np.convolve(line, kernel / kernel.sum(), "same"), axis, image)
    return image.ravel() / np.linalg.norm(image)


def pictures(all_of_them):
    return np.array([picture(drawing) for drawing in all_of_them if drawing])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--drawings", type=pathlib.Path, required=True)
    parser.add_argument("--subset", type=pathlib.Path, required=True)
    parser.add_argument("--category", required=True)
    parser.add_argument("files", nargs="+", type=pathlib.Path)
    options = parser.parse_args()
    real = drawings(next(options.drawings.glob(f"{options.category}.ndjson*")))
    split = json.loads((options.subset / options.category / "indices.json").read_text())
    train = pictures([real[i] for i in split["train"]])
    mirrored = train.reshape(-1, SIDE, SIDE)[:, :, ::-1].reshape(len(train), -1)
    train = np.concatenate([train, mirrored])

    def nearest(these):
        return np.sqrt(np.maximum(2 - 2 * these @ train.T, 0)).min(1)

    test = nearest(pictures([real[i] for i in split["test"]]))
    def row(name, found):
        quantiles = np.quantile(found, [0.01, 0.05, 0.25, 0.5]).round(3)
        shares = [f"{(found < limit).mean():.1%}" for limit in (test.min(), np.quantile(test, 0.05))]
        print(name, *quantiles, *shares, sep="\t")

    print("drawings", "1 %", "5 %", "25 %", "50 %", "nearer than all test drawings", "than one in twenty", sep="\t")
    row("test drawings", test)
    for path in options.files:
        row(path, nearest(pictures(drawings(path))))


if __name__ == "__main__":
    main()
