"""Diffusion over Sketch-RNN's latent vector, src/model/latent.rs, in PyTorch, as a user of PyTorch would write it. `networks.py` trains it."""

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

import rnn
from layers import Modulated, count, level_features, take


class Prior(nn.Module):
    """The denoiser of latent vectors."""

    def __init__(self, categories, latent, w, depth):
        super().__init__()
        self.level_in, self.level_up = nn.Linear(128, w), nn.Linear(w, w)
        self.category = nn.Embedding(categories + 1, w)  # the last one: no category
        self.enter = nn.Linear(latent, w)
        self.block = nn.ModuleList(Modulated(w) for _ in range(depth))
        self.out, self.gate = nn.Linear(w, latent), nn.Linear(w, latent)

    def forward(self, x, levels, categories):  # (…, latent), (…), (…) -> (…, latent)
        level = self.level_up(F.silu(self.level_in(level_features(levels))))
        condition = F.silu(level + self.category(categories))
        h = self.enter(x)
        for block in self.block:
            h = block(h, condition)
        return self.out(h) + self.gate(condition) * x


class Latent(nn.Module):
    def __init__(self, sketch_rnn, prior):
        super().__init__()
        self.sketch_rnn, self.prior = sketch_rnn, prior

    @staticmethod
    def of(weights):
        (categories, w), latent = weights["prior.category"].shape, len(weights["prior.enter.weight"])
        prior = Prior(categories - 1, latent, w, count(weights, "prior.block"))
        take(prior, weights, "prior")
        return Latent(rnn.SketchRnn.of(weights), prior)

    def loss(self, batch):
        bound, z = self.sketch_rnn.bound(batch)  # z (drawings, latent)
        # No gradient of the denoiser reaches Sketch-RNN; each vector is denoised at several levels.
        clean = z.detach().unsqueeze(1)  # (drawings, 1, latent)
        noisy = clean + batch["noise"]  # (drawings, draws, latent)
        targets = (clean - batch["skip"] * noisy) * batch["out"]
        return bound + F.mse_loss(self.prior(batch["input"] * noisy, batch["levels"], batch["row_categories"]), targets)


def batch(whole):
    """`whole(name)`: the numbers of that name, of all shards."""
    out = rnn.batch(whole, ["rows", "epsilon", "noise", "input", "skip", "out"])
    out["levels"] = torch.as_tensor(whole("levels"))[..., 0]  # (drawings, draws)
    out["row_categories"] = torch.as_tensor(whole("row_categories").astype(np.int64))[..., 0]  # (drawings, draws)
    return out
