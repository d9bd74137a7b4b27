"""Runs our networks and PyTorch's in turn, A B A B, and prints how many times as fast ours are.

    python3 -m venv /tmp/peers && /tmp/peers/bin/pip install torch numpy
    /tmp/peers/bin/python benches/peers/ratios.py [--pairs 5] [--only train-flagship …]

For a quiet run close everything else, plug a laptop in, and let the machine cool down; the load before and after is printed. A ratio is
that of the medians of all timed steps; the spread is that of the ratios of the single pairs. Where we are less than half as fast, the row
says so. `--only` takes any of the cases below, and a step's without its "train-" too: `--only sketch_rnn seq2seq`.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile

CASES = {
    "train-flagship": ["train", "flagship", "--steps", "12"],
    "train-transformer": ["train", "transformer", "--steps", "6"],
    "train-unet1d": ["train", "unet1d", "--steps", "8"],
    "train-dit": ["train", "dit", "--steps", "8"],
    "train-dit_pen": ["train", "dit_pen", "--steps", "8"],
    "train-history_dit": ["train", "history_dit", "--steps", "8"],
    "train-latent": ["train", "latent", "--steps", "8"],
    "train-rnn_denoiser": ["train", "rnn_denoiser", "--steps", "8"],
    "train-sketch_rnn": ["train", "sketch_rnn", "--steps", "8"],
    "train-seq2seq": ["train", "seq2seq", "--steps", "8"],
    "draw-1": ["draw", "quick", "--count", "1", "--steps", "5"],
    "draw-16": ["draw", "quick", "--count", "16", "--steps", "3"],
    "draw-64": ["draw", "quick", "--count", "64", "--steps", "2"],
}

# A ratio below this is no matter of tuning.
TOO_SLOW = 0.5


def case(name):
    """A case by its name; that of a step may be left without its "train-"."""
    return name if name in CASES else f"train-{name}"


def run(command):
    out = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return json.loads(out.strip().splitlines()[-1])


def binary(bench):
    """The built bench of that name."""
    command = ["cargo", "bench", "--no-run", "--bench", bench, "--message-format=json"]
    out = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    messages = [json.loads(line) for line in out.splitlines() if line.startswith("{")]
    return next(m["executable"] for m in messages if m.get("executable") and m["target"]["name"] == bench)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--only", nargs="*", type=case, choices=list(CASES), default=list(CASES))
    options = parser.parse_args()
    ours = binary("networks")
    peer = [sys.executable, os.path.join(os.path.dirname(os.path.abspath(__file__)), "networks.py")]
    print("load before:", *os.getloadavg())
    with tempfile.TemporaryDirectory() as dump:
        more = ["--threads", str(options.threads), "--dump", dump]
        print("| what | ours, ms | PyTorch, ms | times as fast (spread of pairs) | ours, MiB | PyTorch, MiB | loss, relative difference |")
        print("|---|---:|---:|---:|---:|---:|---:|")
        for name in options.only:
            pairs = [(run([ours, *CASES[name], *more]), run([*peer, *CASES[name], *more])) for _ in range(options.pairs)]
            row(name, pairs)
        gemm = run([ours, "gemm", "any", "--steps", "20", *more])["gflop_per_sec"]
    print(f"\nproducts of matrices by themselves, {options.threads} threads: {gemm:.0f} GFLOP/s")
    print("load after:", *os.getloadavg())


def row(name, pairs):
    ms = [statistics.median(t for pair in pairs for t in pair[side]["ms"]) for side in (0, 1)]
    ratios = [statistics.median(b["ms"]) / statistics.median(a["ms"]) for a, b in pairs]
    memory = [max(pair[side]["peak_mib"] or 0 for pair in pairs) for side in (0, 1)]
    a, b = pairs[0]
    loss = f"{abs(a['loss'] - b['loss']) / b['loss']:.0e}" if "loss" in a else ""
    if a.get("gflop"):
        name += f" ({a['gflop'] / ms[0] * 1000:.0f} GFLOP/s)"
    ratio = ms[1] / ms[0]
    spread = f"{ratio:.2f} ({min(ratios):.2f} to {max(ratios):.2f})"
    if ratio < TOO_SLOW:
        spread += f" < {TOO_SLOW}: needs a better formulation"
    print(f"| {name} | {ms[0]:.1f} | {ms[1]:.1f} | {spread} | {memory[0]:.0f} | {memory[1]:.0f} | {loss} |", flush=True)


if __name__ == "__main__":
    main()
