"""What PyTorch's LSTM and GRU cost: forward and backward of a packed batch, the sizes of benches/recurrent.rs.

    python3 benches/peers/recurrent.py [--threads 2] [--rounds 10]

Prints a line of JSON for each network, with the milliseconds of every round.
"""

import argparse
import json
import time

import numpy as np
import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_sequence

BATCH, INPUTS, HIDDEN = 64, 133, 256


def step(network, packed, weights):
    packed.data.grad = None
    network.zero_grad(set_to_none=True)
    out, _ = network(packed)
    (out.data * weights).sum().backward()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=10)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(1)
    lengths = np.random.default_rng(1).integers(40, 97, BATCH)
    for name, kind in [("lstm", nn.LSTM), ("gru", nn.GRU)]:
        network = kind(INPUTS, HIDDEN, batch_first=True)
        x = pad_sequence([torch.randn(n, INPUTS) for n in lengths], batch_first=True).requires_grad_()
        # Packed once, as ours is: what is timed is the network.
        packed = pack_padded_sequence(x, torch.as_tensor(lengths), batch_first=True, enforce_sorted=False)
        packed = packed._replace(data=packed.data.detach().requires_grad_())
        weights = torch.randn(int(lengths.sum()), HIDDEN)
        for _ in range(3):
            step(network, packed, weights)
        took = []
        for _ in range(options.rounds):
            start = time.perf_counter()
            step(network, packed, weights)
            took.append(round((time.perf_counter() - start) * 1e3, 2))
        print(json.dumps({"network": name, "threads": options.threads, "step_ms": took}))


if __name__ == "__main__":
    main()
