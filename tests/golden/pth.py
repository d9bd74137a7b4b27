"""Small PyTorch files for tests/inception_weights.rs: python3 pth.py makes old.pth and new.pth (made with torch 2.15)."""

import collections
import os

import torch

numbers = torch.arange(12, dtype=torch.float32) / 8
state = collections.OrderedDict(
    {
        "a.weight": numbers.reshape(2, 3, 1, 2),
        "a.turned": numbers[:6].reshape(2, 3).t(),  # Not in order; of the same storage as the first.
        "a.part": numbers[4:6],
        "a.num_batches_tracked": torch.tensor(7),
        "b.bias": torch.tensor([-1.5, 0, 1e-20]),
        "b.parameter": torch.nn.Parameter(torch.full((2,), 7.0)),
        "b.scalar": torch.tensor(2.5),
    }
)
state._metadata = collections.OrderedDict({"": {"version": 1}, "a": {"version": 2}})
for name, later in [("old.pth", False), ("new.pth", True)]:
    torch.save(state, os.path.join(os.path.dirname(os.path.abspath(__file__)), name), _use_new_zipfile_serialization=later)
