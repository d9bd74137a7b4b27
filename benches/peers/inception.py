"""Runs our Inception and PyTorch's in turn, A B A B, and prints how many times as fast ours is.

    python3 -m venv /tmp/peers && /tmp/peers/bin/pip install torch torchvision pytorch-fid clean-fid pillow safetensors
    /tmp/peers/bin/python benches/peers/inception.py [--pairs 5] [--threads 2] [--rounds 3]

Both have the same procedural weights and coloured noise of 256 x 256. PyTorch: the network of pytorch-fid 0.3, eval, no gradients, batches
of 16, its resizing among it; ours: the same, and the way from bytes to numbers. A ratio is that of the medians of all rounds; the spread
is that of the ratios of the single pairs.
"""

import argparse
import json
import os
import statistics
import sys
import time

from ratios import binary, run

BATCH = 16


def peer(options):
    sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../tests/golden"))
    import inception
    import numpy as np
    import procedural
    import torch

    torch.set_num_threads(options.threads)
    network = inception.network()
    pictures = np.stack([procedural.picture(n) for n in range(BATCH * options.threads)]).transpose(0, 3, 1, 2)
    batches = torch.from_numpy(pictures).float().div(255).split(BATCH)
    rates = []
    with torch.no_grad():
        for i in range(options.rounds + 1):
            begun = time.perf_counter()
            features = [network(x)[0] for x in batches]
            if i > 0:
                rates.append(len(pictures) / (time.perf_counter() - begun))
    total = sum(float(f.double().sum()) for f in features)
    print(json.dumps({"threads": options.threads, "images_per_sec": rates, "sum": total}))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--peer", action="store_true", help="PyTorch alone")
    options = parser.parse_args()
    if options.peer:
        return peer(options)
    more = ["--threads", str(options.threads), "--rounds", str(options.rounds)]
    commands = [[binary("inception"), *more], [sys.executable, os.path.abspath(__file__), "--peer", *more]]
    print("load before:", *os.getloadavg())
    pairs = [[run(command) for command in commands] for _ in range(options.pairs)]
    rates = [[rate for pair in pairs for rate in pair[side]["images_per_sec"]] for side in (0, 1)]
    ours, theirs = (statistics.median(side) for side in rates)
    ratios = [statistics.median(a["images_per_sec"]) / statistics.median(b["images_per_sec"]) for a, b in pairs]
    a, b = (pairs[0][side]["sum"] for side in (0, 1))
    print(f"ours {ours:.2f} images/s, PyTorch {theirs:.2f} images/s, {options.threads} threads")
    print(f"{ours / theirs:.2f} times as fast ({min(ratios):.2f} to {max(ratios):.2f}); sums of features differ by {abs(a - b) / b:.0e}")
    print("load after:", *os.getloadavg())


if __name__ == "__main__":
    main()
