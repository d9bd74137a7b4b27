"""The diffusion transformer stroke by stroke of src/model/history_dit.rs in PyTorch, as a user of PyTorch would write it: strokes padded to
the longest one, drawings to the one of the most strokes, eager. `networks.py` trains it."""

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence, pad_sequence

from dit import Condition, Trunk
from layers import count, take

ROW = 5  # numbers of a point as it is read


class Pool(nn.Module):
    """Attention by which rows become one; the query is learnt."""

    def __init__(self, inputs, d):
        super().__init__()
        self.query, self.rows = nn.Parameter(torch.zeros(1, d)), nn.Linear(inputs, 2 * d)

    def forward(self, rows, query, **mask):  # (batch, n, inputs), (batch, queries, d) -> (batch, queries, d)
        k, v = self.rows(rows).unsqueeze(1).chunk(2, -1)  # (batch, 1, n, d)
        return F.scaled_dot_product_attention(query.unsqueeze(1), k, v, **mask).squeeze(1)


class Look(nn.Module):
    """Attention of a stroke's points to the strokes before it."""

    def __init__(self, d, heads):
        super().__init__()
        self.heads, self.norm = heads, nn.LayerNorm(d)
        self.query, self.memory, self.out = nn.Linear(d, d), nn.Linear(d, 2 * d), nn.Linear(d, d)

    def forward(self, h, memory, drawing, seen):
        """h (strokes, points, d), memory (drawings, tokens, d), the drawing of each stroke, and what it sees of it, (strokes, tokens)."""
        strokes, points, d = h.shape
        q = self.query(self.norm(h)).view(strokes, points, self.heads, -1).transpose(1, 2)  # (strokes, heads, points, head)
        kv = self.memory(memory)[drawing].view(strokes, -1, 2, self.heads, d // self.heads)
        k, v = kv.permute(2, 0, 3, 1, 4)  # (strokes, heads, tokens, head)
        mixed = F.scaled_dot_product_attention(q, k, v, attn_mask=seen[:, None, None])
        return h + self.out(mixed.transpose(1, 2).reshape(strokes, points, d))


class HistoryDit(nn.Module):
    def __init__(self, classes, most_points, most_strokes, reader, d, layers, heads):
        super().__init__()
        self.reader, self.stroke = nn.LSTM(ROW, reader, batch_first=True, bidirectional=True), Pool(2 * reader, d)
        self.begin, self.doubt = nn.Parameter(torch.zeros(1, d)), nn.Linear(1, d)
        self.place, self.norm = nn.Parameter(torch.zeros(1 + most_strokes, d)), nn.LayerNorm(d)
        self.history = Pool(d, d)
        # By their names of ours, two of which are words of Python.
        self.count = nn.ModuleDict({"class": nn.Embedding(classes, d), "in": nn.Linear(d, d), "out": nn.Linear(d, 1 + most_points)})
        self.condition, self.pen = Condition(d, classes), nn.Linear(2, d)
        self.look = nn.ModuleList(Look(d, heads) for _ in range(layers))
        self.trunk, self.noise = Trunk(2, most_points, d, layers, heads), nn.Linear(d, 2)

    @staticmethod
    def of(weights, heads):
        classes, most_points = len(weights["history_dit.count.class"]), len(weights["history_dit.count.out.bias"]) - 1
        (places, d), reader = weights["history_dit.place"].shape, len(weights["history_dit.reader.ahead.recurrent.weight"])
        net = HistoryDit(classes, most_points, places - 1, reader, d, count(weights, "history_dit.block"), heads)
        take(net, weights, "history_dit")
        return net

    def read(self, points, lengths, there):  # (strokes, most, 5), (strokes), (strokes, most) -> (strokes, d)
        said, _ = self.reader(pack_padded_sequence(points, lengths, batch_first=True, enforce_sorted=False))
        said = pad_packed_sequence(said, batch_first=True)[0]  # (strokes, most, 2 reader)
        query = self.stroke.query.expand(len(points), 1, -1)
        return self.stroke(said, query, attn_mask=there[:, None, None]).squeeze(1)

    def memory(self, strokes, before, noise):  # (strokes, d), (drawings, most), (drawings) -> (drawings, 1 + most, d)
        begin = self.doubt(noise[:, None]) + self.begin  # (drawings, d)
        padded = strokes.new_zeros(*before.shape, strokes.shape[1])
        padded[before] = strokes
        tokens = torch.cat([begin[:, None], padded], 1)
        return self.norm(tokens + self.place[: tokens.shape[1]])

    def counts(self, memory, classes):
        """Of how many points the next stroke is, behind every token: (drawings, tokens, d) -> (drawings, tokens, 1 + most points)"""
        class_ = self.count["class"](classes).unsqueeze(1)  # (drawings, 1, d)
        query = (class_ + self.history.query).expand(-1, memory.shape[1], -1)
        pooled = self.history(memory, query, is_causal=True)  # (drawings, tokens, d)
        return self.count["out"](F.silu(self.count["in"](pooled + class_)))

    def loss(self, batch):
        there, moved, tokens = batch["there"], batch["moved"], batch["tokens"]
        read = self.read(batch["points"], batch["lengths"], there)  # (strokes, d)
        memory = self.memory(read, tokens[:, 1:], batch["noise"])  # (drawings, tokens, d)
        condition = self.condition(batch["timesteps"], batch["classes"]) + self.pen(batch["pens"])  # (strokes, d)
        look = lambda i, h: self.look[i](h, memory, batch["drawing"], batch["seen"])
        said = self.noise(self.trunk(batch["x"], batch["lengths"], condition, look))  # (strokes, most, 2)
        noise = F.mse_loss(said[moved], batch["noise_target"][moved])
        pen = F.cross_entropy(self.counts(memory, batch["drawn"])[tokens], batch["next"])
        return noise + batch["pen_weight"] * pen


def batch(whole):
    """`whole(name)`: the numbers of that name, of all shards."""
    lengths, strokes, classes, drawn, following = (
        torch.as_tensor(whole(name).astype(np.int64)) for name in ("lengths", "strokes", "classes", "drawn", "next")
    )
    pad = lambda name: pad_sequence(torch.as_tensor(whole(name)).split(lengths.tolist()), batch_first=True)
    there = torch.arange(int(lengths.max())) < lengths[:, None]  # (strokes, most)
    token = torch.arange(int(strokes.max()) + 1)
    # Stroke number k of a drawing sees the token that begins it, and k strokes.
    number = torch.cat([torch.arange(n) for n in strokes.tolist()])
    return dict(
        points=pad("points"),
        lengths=lengths,
        there=there,
        x=pad("x"),
        noise_target=pad("noise_target"),
        moved=pad("moved")[..., 0] > 0,
        pens=torch.as_tensor(whole("pens")),
        noise=torch.as_tensor(whole("noise")),
        timesteps=torch.as_tensor(whole("timesteps")),
        classes=classes,
        drawn=drawn,
        next=following,
        drawing=torch.arange(len(strokes)).repeat_interleave(strokes),
        seen=token <= number[:, None],  # (strokes, tokens)
        tokens=token <= strokes[:, None],  # (drawings, tokens)
    )
