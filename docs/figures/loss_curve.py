"""Draws docs/loss-curve.png from a run's metrics.jsonl and, if given, the log of a PyTorch run of the same network.

  python3 docs/figures/loss_curve.py RUN/metrics.jsonl OUT.png [PEER.log]

A line of the peer's log reads "<step> <seconds> s diffusion <loss> stop <loss> <n> drawings/s", losses averaged over the 100 steps before; its
batch is 128. needs: matplotlib
"""
import json
import re
import sys

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt

BATCH = 128
rows = [json.loads(line) for line in open(sys.argv[1])]
train = [r for r in rows if r["kind"] == "train"]
test = [r for r in rows if r["kind"] == "test"]
peer = [re.match(r"(\d+) \d+ s diffusion ([\d.]+) stop ([\d.]+)", line) for line in open(sys.argv[3])] if len(sys.argv) > 3 else []
peer = [(int(m[1]) * BATCH, float(m[2]), float(m[3])) for m in peer if m]


def hundreds(key):
    """Means over 100 steps, as the peer's log has them, at the drawings seen by then."""
    parts = [train[i : i + 100] for i in range(0, len(train) - 99, 100)]
    return [p[-1]["drawings"] for p in parts], [sum(r[key] for r in p) / len(p) for p in parts]


figure, axes = plt.subplots(1, 2, figsize=(11, 4), constrained_layout=True)
for axis, key, column in zip(axes, ("diffusion", "stop"), (1, 2)):
    axis.plot(*hundreds(key), color="#1f5f99", label="Denoodle, training")
    axis.plot([r["drawings"] for r in test], [r[key] for r in test], color="#c05020", label="Denoodle, test (averaged weights)")
    if peer:
        axis.plot([p[0] for p in peer], [p[column] for p in peer], "o-", ms=3, color="#777777", label="PyTorch prototype, training")
    axis.set(xlabel="drawings seen, thousands", ylabel=f"{key} loss", xscale="log")
    ticks = [1e4, 2e4, 5e4, 1e5, 2e5, 5e5, 1e6]
    axis.set_xticks(ticks, [f"{t / 1000:.0f}" for t in ticks])
    axis.minorticks_off()
    axis.set_xlim(train[0]["drawings"] * 80, train[-1]["drawings"] * 1.1)
    axis.grid(alpha=0.3)
    axis.legend(frameon=False)
figure.savefig(sys.argv[2], dpi=110)
