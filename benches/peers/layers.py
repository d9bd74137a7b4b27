"""What the networks of several files share: blocks and features, and how weights of ours become theirs."""

import math
import re

import torch
import torch.nn as nn
import torch.nn.functional as F

# Parts of a module that are no part of our names.
UNNAMED = ("", "condition", "trunk")


def level_features(levels):
    """(…) -> (…, 128), sines and cosines of noise levels"""
    rates = 1000 * torch.exp(torch.arange(64) * (-math.log(10_000) / 64))
    angles = levels[..., None] * rates
    return torch.cat([angles.sin(), angles.cos()], -1)


class Modulated(nn.Module):
    """A residual perceptron, modulated by a condition."""

    def __init__(self, w):
        super().__init__()
        self.norm = nn.LayerNorm(w, elementwise_affine=False)
        self.modulation, self.up, self.down = nn.Linear(w, 3 * w), nn.Linear(w, w), nn.Linear(w, w)

    def forward(self, x, condition):
        shift, scale, gate = self.modulation(condition).chunk(3, -1)
        return x + gate * self.down(F.silu(self.up(self.norm(x) * (1 + scale) + shift)))


def linear(module, weights, name):
    module.weight.copy_(torch.as_tensor(weights[f"{name}.weight"].T))
    module.bias.copy_(torch.as_tensor(weights[f"{name}.bias"]))


def recurrent(module, weights, name, end):
    """Gates are in the same order. Our LSTM has one bias: the other is 0 and stays so."""
    parts = {"weight_ih": "input.weight", "bias_ih": "input.bias", "weight_hh": "recurrent.weight", "bias_hh": "recurrent.bias"}
    for theirs, ours in parts.items():
        parameter, value = getattr(module, f"{theirs}_l0{end}"), weights.get(f"{name}.{ours}")
        if value is None:
            parameter.zero_().requires_grad_(False)
        else:
            parameter.copy_(torch.as_tensor(value.T if value.ndim == 2 else value))


@torch.no_grad()
def take(net, weights, start):
    """Gives every parameter of a network the weight of ours that has its name behind `start`: `block.0.norm.weight` is our
    `block00.norm.gain`, `class_` our `class`. None of ours may be left."""
    left = {name for name in weights if name.startswith(f"{start}.")}
    for path, module in net.named_modules():
        words = [word.rstrip("_") for word in path.split(".") if word not in UNNAMED]
        name = re.sub(r"\.(\d+)", lambda match: f"{int(match[1]):02}", ".".join([start, *words]))
        if isinstance(module, nn.LSTM):
            for where, end in (("ahead", ""), ("back", "_reverse")):
                recurrent(module, weights, f"{name}.{where}", end)
                left -= {f"{name}.{where}.{part}" for part in ("input.weight", "input.bias", "recurrent.weight")}
            continue
        for part, parameter in module.named_parameters(recurse=False):
            if isinstance(module, nn.LayerNorm) and part == "weight":
                part = "gain"
            whole = name if isinstance(module, nn.Embedding) else f"{name}.{part}"
            value = weights[whole].T if isinstance(module, nn.Linear) else weights[whole]
            if value.shape != tuple(parameter.shape):
                raise ValueError(f"{whole}: {value.shape} is not {tuple(parameter.shape)}")
            parameter.copy_(torch.as_tensor(value))
            left.remove(whole)
    if left:
        raise ValueError(f"weights without a place: {sorted(left)}")


def count(weights, start):
    """How many blocks there are whose names begin so: `dit.block00`, `dit.block01` …"""
    return len({name[: len(start) + 2] for name in weights if name.startswith(start)})
