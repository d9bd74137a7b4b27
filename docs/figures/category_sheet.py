"""Draws a sheet of a model's unselected drawings, a row or two columns a category: numbers 0 and up of a seed, none left out.

  python3 docs/figures/category_sheet.py DENOODLE MODEL OUT.png [--seed 1] [--count 5] CATEGORY...

DENOODLE is the program, MODEL what it takes as --model. Without categories it takes 40 of all that the model knows: every eighth and a bit,
by alphabet, so that nobody has picked them. needs: matplotlib
"""
import argparse
import json
import subprocess
import tempfile
import textwrap
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt

MOST = 40
arguments = argparse.ArgumentParser()
for name in ["denoodle", "model", "out"]:
    arguments.add_argument(name)
arguments.add_argument("--seed", default="1")
arguments.add_argument("--count", type=int, default=5)
arguments.add_argument("categories", nargs="*")
arguments = arguments.parse_args()


def known():
    """Forty of the model's categories, spread over the alphabet."""
    facts = json.loads(subprocess.run([arguments.denoodle, "doctor", "--model", arguments.model, "--json"], check=True, capture_output=True).stdout)
    names = sorted(facts["categories"], key=str.lower)
    return [names[i * len(names) // MOST] for i in range(min(MOST, len(names)))]


def drawings(category):
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "drawn.ndjson"
        words = [arguments.denoodle, "draw", "--model", arguments.model, "--category", category, "--count", str(arguments.count)]
        subprocess.run([*words, "--seed", arguments.seed, "--out", out], check=True, capture_output=True)
        return [json.loads(line)["drawing"] for line in open(out)]


categories = arguments.categories or known()
across = 2 if len(categories) > 8 else 1
rows = -(-len(categories) // across)
cell, name = 0.8, 1.5
width, height = across * (name + cell * arguments.count), rows * cell
figure = plt.figure(figsize=(width, height), facecolor="white")
for place, category in enumerate(categories):
    left, top = place // rows * (name + cell * arguments.count), place % rows * cell
    figure.text((left + name - 0.1) / width, 1 - (top + cell / 2) / height, textwrap.fill(category, 15), ha="right", va="center", fontsize=9)
    for i, drawing in enumerate(drawings(category)):
        box = [(left + name + i * cell) / width, 1 - (top + cell) / height, cell / width, cell / height]
        axes = figure.add_axes(box)
        axes.axis("off")
        for xs, ys, *_ in drawing:
            axes.plot(xs, ys, color="black", linewidth=0.9, solid_capstyle="round", solid_joinstyle="round")
        x, y = [[v for stroke in drawing for v in stroke[k]] for k in (0, 1)]
        middle, half = [(min(v) + max(v)) / 2 for v in (x, y)], max(max(x) - min(x), max(y) - min(y), 1) * 0.58
        axes.set_xlim(middle[0] - half, middle[0] + half)
        axes.set_ylim(middle[1] + half, middle[1] - half)
metadata = {"Source": "drawn by Denoodle, which learnt from The Quick, Draw! Dataset, made available by Google, Inc. under CC BY 4.0"}
figure.savefig(arguments.out, dpi=110, metadata=metadata)
