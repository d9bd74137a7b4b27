"""The small sequence-to-sequence network in PyTorch: nn.LSTM over packed sequences, attention over padded ones with a mask.

Ours is src/model/seq2seq.rs; the loss is that of src/model/seq2seq/head.rs for a mixture.
"""

import math

import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence, pad_sequence

EMBEDDING, READ = 64, 7
NARROWEST, CORRELATION = 0.03, 0.99


class Seq2seq(nn.Module):
    def __init__(self, categories, encoder, decoder, mixtures):
        super().__init__()
        seen = 2 * encoder
        self.mixtures = mixtures
        self.category, self.embed = nn.Embedding(categories, EMBEDDING), nn.Linear(READ, EMBEDDING)
        self.reader = nn.LSTM(EMBEDDING, encoder, 2, batch_first=True, bidirectional=True)
        self.keys, self.begin = nn.Linear(seen, 2 * seen), nn.Linear(seen, 4 * decoder)
        self.writer0 = nn.LSTM(EMBEDDING, decoder, batch_first=True)
        self.writer1 = nn.LSTM(decoder + seen, decoder, batch_first=True)
        self.ask, self.say = nn.Linear(decoder, seen), nn.Linear(decoder, 6 * mixtures + 3)

    @classmethod
    def of(cls, weights):
        decoder, width = weights["seq2seq.say.weight"].shape
        net = cls(len(weights["seq2seq.category"]), len(weights["seq2seq.reader0.ahead.recurrent.weight"]), decoder, (width - 3) // 6)
        net.load({name.removeprefix("seq2seq."): torch.as_tensor(value) for name, value in weights.items()})
        return net

    @torch.no_grad()
    def load(self, ours):
        self.category.weight.copy_(ours["category"])
        for name in ("embed", "keys", "begin", "ask", "say"):
            layer = getattr(self, name)
            layer.weight.copy_(ours[f"{name}.weight"].T)
            layer.bias.copy_(ours[f"{name}.bias"])
        for layer in (0, 1):
            lstm(self.reader, f"l{layer}", ours, f"reader{layer}.ahead")
            lstm(self.reader, f"l{layer}_reverse", ours, f"reader{layer}.back")
        lstm(self.writer0, "l0", ours, "writer0", remembering=True)
        lstm(self.writer1, "l0", ours, "writer1", remembering=True)

    def embedded(self, points, categories):  # (drawings, tokens, 7)
        return self.embed(points) + self.category(categories)[:, None]

    def run(self, net, x, lengths, before=None):  # (drawings, tokens, inputs)
        said, last = net(pack_padded_sequence(x, lengths, batch_first=True, enforce_sorted=False), before)
        return pad_packed_sequence(said, batch_first=True)[0], last

    def forward(self, read, read_lengths, before, lengths, categories):
        seen, (h, _) = self.run(self.reader, self.embedded(read, categories), read_lengths)  # (drawings, tokens, 2 encoder)
        begin = torch.tanh(self.begin(torch.cat([h[2], h[3]], 1))).chunk(4, 1)  # (drawings, decoder) each
        begin = [part[None].contiguous() for part in begin]
        low, _ = self.run(self.writer0, self.embedded(before, categories), lengths, (begin[0], begin[1]))  # (drawings, tokens, decoder)
        keys, values = self.keys(seen).chunk(2, -1)  # (drawings, tokens, 2 encoder) both
        there = torch.arange(read.shape[1])[None] < read_lengths[:, None]  # (drawings, tokens)
        told = F.scaled_dot_product_attention(self.ask(low), keys, values, attn_mask=there[:, None])  # (drawings, tokens, 2 encoder)
        high, _ = self.run(self.writer1, torch.cat([low, told], -1), lengths, (begin[2], begin[3]))  # (drawings, tokens, decoder)
        return self.say(high)

    def loss(self, batch):
        said = self(*(batch[name] for name in ("read", "read_lengths", "before", "lengths", "categories")))
        there = torch.arange(said.shape[1])[None] < batch["lengths"][:, None]  # (drawings, tokens)
        said, rows, m = said[there], batch["rows"], self.mixtures  # (tokens, width), (tokens, 5)
        weight, x, y, wide, high, correlation = said[:, : 6 * m].split(m, 1)  # (tokens, m) each
        wide, high, correlation = wide.exp() + NARROWEST, high.exp() + NARROWEST, CORRELATION * correlation.tanh()
        x, y, rest = (rows[:, :1] - x) / wide, (rows[:, 1:2] - y) / high, 1 - correlation**2
        square = (x**2 + y**2 - 2 * correlation * x * y) / rest
        density = -0.5 * square - wide.log() - high.log() - 0.5 * rest.log() - math.log(2 * math.pi)
        movement = -torch.logsumexp(density + weight.log_softmax(1), 1).sum()
        pen = -(said[:, 6 * m :].log_softmax(1) * rows[:, 2:]).sum()
        return (movement + pen) / len(rows)


def lstm(net, name, ours, whose, remembering=False):
    """One direction of a layer: ours has a single bias; a remembering one has 1 more in that of the forget gate."""
    getattr(net, f"weight_ih_{name}").copy_(ours[f"{whose}.input.weight"].T)
    getattr(net, f"weight_hh_{name}").copy_(ours[f"{whose}.recurrent.weight"].T)
    bias, hidden = ours[f"{whose}.input.bias"].clone(), net.hidden_size
    if remembering:
        bias[hidden : 2 * hidden] += 1
    getattr(net, f"bias_ih_{name}").copy_(bias)
    getattr(net, f"bias_hh_{name}").zero_()


def padded(flat, lengths):  # (tokens, n) -> (drawings, most tokens, n)
    return pad_sequence(torch.as_tensor(flat).split(lengths.tolist()), batch_first=True)


def batch(whole):
    """`whole(name)`: the numbers of that name, of all shards."""
    lengths, read_lengths = (torch.as_tensor(whole(name).astype("int64")) for name in ("lengths", "read_lengths"))
    return dict(
        read=padded(whole("read"), read_lengths),
        read_lengths=read_lengths,
        before=padded(whole("before"), lengths),
        lengths=lengths,
        rows=torch.as_tensor(whole("rows")),
        categories=torch.as_tensor(whole("categories").astype("int64")),
    )
