"""The diffusion transformers over points of src/model/dit.rs in PyTorch, as a user of PyTorch would write them: padded batches, a mask for
the attention, eager. `networks.py` trains them."""

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.nn.utils.rnn import pad_sequence

from layers import count, take
from unet1d import waves


def modulated(x, scale, shift):
    return F.layer_norm(x, x.shape[-1:]) * (1 + scale) + shift


class Adaptive(nn.Module):
    """A transformer block that a condition modulates."""

    def __init__(self, d, heads):
        super().__init__()
        self.heads = heads
        self.modulation = nn.Linear(d, 6 * d)
        self.qkv, self.out = nn.Linear(d, 3 * d), nn.Linear(d, d)
        self.up, self.down = nn.Linear(d, 4 * d), nn.Linear(4 * d, d)

    def forward(self, x, condition, there):  # (batch, tokens, d), (batch, d), (batch, tokens)
        batch, tokens, d = x.shape
        modulation = self.modulation(condition).unsqueeze(1)  # (batch, 1, 6 d)
        shift, scale, gate, shift_up, scale_up, gate_up = modulation.chunk(6, -1)
        qkv = self.qkv(modulated(x, scale, shift)).view(batch, tokens, 3, self.heads, d // self.heads)
        q, k, v = qkv.permute(2, 0, 3, 1, 4)  # (batch, heads, tokens, head)
        mixed = F.scaled_dot_product_attention(q, k, v, attn_mask=there[:, None, None])
        x = x + gate * self.out(mixed.transpose(1, 2).reshape(batch, tokens, d))
        return x + gate_up * self.down(F.silu(self.up(modulated(x, scale_up, shift_up))))


class Condition(nn.Module):
    """Time and class of a sequence."""

    def __init__(self, d, classes):
        super().__init__()
        self.time_in, self.time_up = nn.Linear(d, d), nn.Linear(d, d)
        self.class_ = nn.Embedding(classes + 1, d)  # the last one: no class

    def forward(self, timesteps, classes):  # (batch) both
        features = waves(timesteps, self.time_in.in_features // 2)  # (batch, d)
        return self.time_up(F.silu(self.time_in(features))) + self.class_(classes)


class Trunk(nn.Module):
    """The transformer, over tokens that are told their places from both ends."""

    def __init__(self, numbers, most, d, layers, heads):
        super().__init__()
        self.token_in, self.last = nn.Linear(numbers, d), nn.Linear(d, 2 * d)
        self.block = nn.ModuleList(Adaptive(d, heads) for _ in range(layers))
        self.register_buffer("places", waves(torch.arange(most), d // 4), persistent=False)  # (most, d / 2)

    def forward(self, tokens, lengths, condition, between=lambda i, h: h):
        """tokens (batch, most, numbers), padded; condition (batch, d); `between` is done to what comes before block number i."""
        batch, most, _ = tokens.shape
        at, condition = torch.arange(most), F.silu(condition)
        there = at < lengths[:, None]  # (batch, most)
        behind = self.places[(lengths[:, None] - 1 - at).clamp(min=0)]  # (batch, most, d / 2)
        h = self.token_in(tokens) + torch.cat([self.places[:most].expand(batch, -1, -1), behind], -1)
        for i, block in enumerate(self.block):
            h = block(between(i, h), condition, there)
        shift, scale = self.last(condition).unsqueeze(1).chunk(2, -1)
        return modulated(h, scale, shift)


class Dit(nn.Module):
    def __init__(self, given, classes, most, d, layers, heads):
        super().__init__()
        self.trunk = Trunk(5 if given else 2, most, d, layers, heads)
        self.condition = Condition(d, classes)
        self.noise = nn.Linear(d, 2)
        self.pen = None if given else nn.Linear(d, 3)

    @staticmethod
    def of(weights, heads, most):
        classes, d = weights["dit.class"].shape
        net = Dit("dit.pen.weight" not in weights, classes - 1, most, d, count(weights, "dit.block"), heads)
        take(net, weights, "dit")
        return net

    def loss(self, batch):
        x, lengths, there = batch["x"], batch["lengths"], batch["there"]  # (batch, most, 2), (batch), (batch, most)
        tokens = torch.cat([x, batch["pen"]], -1) if self.pen is None else x
        features = self.trunk(tokens, lengths, self.condition(batch["timesteps"], batch["classes"]))  # (batch, most, d)
        moved = batch["moved"]  # (batch, most)
        noise = F.mse_loss(self.noise(features)[moved], batch["noise_target"][moved])
        if self.pen is None:
            return noise
        return noise + batch["pen_weight"] * F.cross_entropy(self.pen(features)[there], batch["does"])


def batch(whole):
    """`whole(name)`: the numbers of that name, of all shards."""
    lengths = torch.as_tensor(whole("lengths").astype(np.int64))
    pad = lambda name: pad_sequence(torch.as_tensor(whole(name)).split(lengths.tolist()), batch_first=True)
    at = torch.arange(int(lengths.max()))
    there = at < lengths[:, None]
    return dict(
        x=pad("x"),
        noise_target=pad("noise_target"),
        pen=pad("pen"),
        does=torch.as_tensor(whole("pen")).argmax(1),
        lengths=lengths,
        there=there,
        moved=there & (at > 0),
        timesteps=torch.as_tensor(whole("timesteps")),
        classes=torch.as_tensor(whole("classes").astype(np.int64)),
    )
