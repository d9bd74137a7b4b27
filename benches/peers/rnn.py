"""The recurrent systems of src/model/rnn_denoiser.rs and src/model/sketch_rnn.rs in PyTorch, as a user of PyTorch would write them: padded
batches, nn.GRU and nn.LSTM over packed sequences, eager. `networks.py` trains them."""

import math

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence, pad_sequence

from layers import level_features, linear, recurrent

NUMBERS = 3  # dx, dy, pen
PLACE = 4.0  # places are told in units of so many deviations
NARROWEST, CORRELATION = 0.03, 0.99  # of the mixture


def packed(x, lengths):
    return pack_padded_sequence(x, lengths, batch_first=True, enforce_sorted=False)


class RnnDenoiser(nn.Module):
    def __init__(self, categories, hidden, layers):
        super().__init__()
        width = 2 * hidden
        self.level_in, self.level_up = nn.Linear(128, hidden), nn.Linear(hidden, hidden)
        self.category = nn.Embedding(categories + 1, hidden)  # the last one: no category
        self.enter = nn.Linear(NUMBERS + 2, width)
        self.films = nn.ModuleList(nn.Linear(hidden, 2 * width) for _ in range(layers))
        self.layers = nn.ModuleList(nn.GRU(width, hidden, batch_first=True, bidirectional=True) for _ in range(layers))
        self.film, self.out, self.gate = nn.Linear(hidden, 2 * width), nn.Linear(width, NUMBERS), nn.Linear(width, NUMBERS)

    @staticmethod
    def of(weights):
        categories, hidden = weights["gru.category"].shape
        layers = len({name.split(".")[1] for name in weights if name.startswith("gru.layer")})
        net = RnnDenoiser(categories - 1, hidden, layers)
        with torch.no_grad():
            net.category.weight.copy_(torch.as_tensor(weights["gru.category"]))
            for name in ("level_in", "level_up", "enter", "film", "out", "gate"):
                linear(getattr(net, name), weights, f"gru.{name}")
            for i, (film, layer) in enumerate(zip(net.films, net.layers)):
                linear(film, weights, f"gru.layer{i:02}.film")
                for where, end in (("ahead", ""), ("back", "_reverse")):
                    recurrent(layer, weights, f"gru.layer{i:02}.{where}", end)
        return net

    def forward(self, x, lengths, levels, categories):
        """x (batch, most, 3), padded; lengths, c_noise and category of each drawing -> (batch, most, 3)"""
        level = self.level_up(F.silu(self.level_in(level_features(levels))))
        condition = F.silu(level + self.category(categories))  # (batch, hidden)
        h = self.enter(torch.cat([x, x[..., :2].cumsum(1) / PLACE], 2))  # (batch, most, width)
        for film, layer in zip(self.films, self.layers):
            out, _ = layer(packed(modulated(h, film(condition)), lengths))
            h = h + pad_packed_sequence(out, batch_first=True)[0]
        h = modulated(h, self.film(condition))
        return self.out(h) + self.gate(h) * x

    def loss(self, batch):
        said = self(batch["x"], batch["lengths"], batch["levels"], batch["categories"])
        error = ((said - batch["targets"]) ** 2)[batch["mask"]]  # (movements, 3)
        return error[:, :2].mean() + error[:, 2].mean()


def modulated(h, film):
    """h (batch, most, width), film (batch, 2 width)"""
    scale, shift = film.unsqueeze(1).chunk(2, -1)
    return F.layer_norm(h, h.shape[-1:]) * (1 + scale) + shift


class SketchRnn(nn.Module):
    def __init__(self, categories, told, encoder, decoder, latent, mixtures):
        super().__init__()
        self.category = nn.Embedding(categories, told)
        self.encoder = nn.LSTM(5, encoder, batch_first=True, bidirectional=True)
        self.mean, self.spread = nn.Linear(2 * encoder, latent), nn.Linear(2 * encoder, latent)
        self.begin = nn.Linear(told + latent, 2 * decoder)
        self.decoder = nn.LSTM(5 + told + latent, decoder, batch_first=True)
        self.say = nn.Linear(decoder, 6 * mixtures + 3)

    @staticmethod
    def of(weights):
        categories, told = weights["rnn.category"].shape
        encoder, latent = weights["rnn.mean.weight"].shape
        decoder, said = weights["rnn.say.weight"].shape
        net = SketchRnn(categories, told, encoder // 2, decoder, latent, (said - 3) // 6)
        with torch.no_grad():
            net.category.weight.copy_(torch.as_tensor(weights["rnn.category"]))
            for name in ("mean", "spread", "begin", "say"):
                linear(getattr(net, name), weights, f"rnn.{name}")
            recurrent(net.encoder, weights, "rnn.encoder.ahead", "")
            recurrent(net.encoder, weights, "rnn.encoder.back", "_reverse")
            recurrent(net.decoder, weights, "rnn.decoder", "")
            # The forget gate begins with 1 more.
            net.decoder.bias_hh_l0[decoder : 2 * decoder] = 1.0
        return net

    def loss(self, batch):
        return self.bound(batch)[0]

    def bound(self, batch):
        """The loss, and the latent vectors that were drawn, (batch, latent)."""
        rows, lengths, mask = batch["rows"], batch["lengths"], batch["mask"]  # (batch, most, 5)
        _, (last, _) = self.encoder(packed(rows, lengths))
        seen = torch.cat([last[0], last[1]], 1)  # (batch, 2 encoder)
        mean, spread = self.mean(seen), self.spread(seen)
        z = mean + (spread / 2).exp() * batch["epsilon"]  # (batch, latent)
        told = torch.cat([z, self.category(batch["categories"])], 1)
        before = F.pad(rows[:, :-1], (0, 0, 1, 0))  # (batch, most, 5)
        inputs = torch.cat([before, told.unsqueeze(1).expand(-1, rows.shape[1], -1)], 2)
        h, c = self.begin(told).tanh().chunk(2, -1)
        out, _ = self.decoder(packed(inputs, lengths), (h.unsqueeze(0).contiguous(), c.unsqueeze(0).contiguous()))
        said = self.say(pad_packed_sequence(out, batch_first=True)[0])[mask]  # (tokens, said)
        moved = torch.ones_like(mask)
        moved[:, 0] = False
        kl = (mean**2 + spread.exp() - spread - 1).sum() / 2 / z.numel()
        return mixture(said, rows[mask], moved[mask]) / len(said) + batch["kl_weight"] * kl, z


def mixture(said, rows, moved):
    """Minus the log likelihood of movements, where there are any, and pen: a sum."""
    m = (said.shape[1] - 3) // 6
    weights, x, y, wide, high, correlation = said[:, : 6 * m].split(m, 1)
    wide, high, correlation = wide.exp() + NARROWEST, high.exp() + NARROWEST, CORRELATION * correlation.tanh()
    x, y, rest = (rows[:, 0:1] - x) / wide, (rows[:, 1:2] - y) / high, 1 - correlation**2
    square = x**2 + y**2 - 2 * correlation * x * y
    density = -square / rest / 2 - wide.log() - high.log() - rest.log() / 2 - math.log(2 * math.pi)
    total = torch.logsumexp(density + weights, 1) - torch.logsumexp(weights, 1)
    return -(total * moved).sum() - (F.log_softmax(said[:, 6 * m :], 1) * rows[:, 2:]).sum()


def batch(whole, names):
    """Padded sequences of what has a row a movement, and the rest as it is. `whole(name)`: the shards of a batch, one behind the other."""
    lengths = torch.as_tensor(whole("lengths").astype(np.int64))
    pad = lambda name: pad_sequence(torch.split(torch.as_tensor(whole(name)), lengths.tolist()), batch_first=True)
    mask = torch.arange(int(lengths.max()))[None] < lengths[:, None]
    out = {name: pad(name) if name in ("x", "targets", "rows") else torch.as_tensor(whole(name)) for name in names}
    return out | dict(lengths=lengths, mask=mask, categories=torch.as_tensor(whole("categories").astype(np.int64)))
