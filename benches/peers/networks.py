"""The networks of benches/networks in PyTorch, eager, as a user of PyTorch would write them: padded batches, nn.Linear, autograd.

    cargo bench --bench networks -- train flagship --dump FOLDER        writes weights and batch
    python3 benches/peers/networks.py train flagship --dump FOLDER      trains on them, and prints the same line of JSON

The loss of the first step is the same to rounding, since network, weights and batch are. `ratios.py` runs both in turn.
"""

import argparse
import json
import resource
import time

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

import dit
import history_dit
import latent
import rnn
import seq2seq
from layers import Modulated, level_features
from unet1d import Unet1d

UNKNOWN = 2**32 - 1  # a token: the history is unknown


class Block(nn.Module):
    """A causal transformer block."""

    def __init__(self, d, heads):
        super().__init__()
        self.heads = heads
        self.norm_attention, self.norm_mlp = nn.LayerNorm(d), nn.LayerNorm(d)
        self.qkv, self.out = nn.Linear(d, 3 * d), nn.Linear(d, d)
        self.up, self.down = nn.Linear(d, 4 * d), nn.Linear(4 * d, d)

    def forward(self, x):  # (batch, tokens, d)
        batch, tokens, d = x.shape
        qkv = self.qkv(self.norm_attention(x)).view(batch, tokens, 3, self.heads, d // self.heads)
        q, k, v = qkv.permute(2, 0, 3, 1, 4)  # (batch, heads, tokens, head)
        mixed = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        x = x + self.out(mixed.transpose(1, 2).reshape(batch, tokens, d))
        return x + self.down(F.silu(self.up(self.norm_mlp(x))))


class Flagship(nn.Module):
    def __init__(self, codec, categories, d, layers, heads, w, depth, places):
        super().__init__()
        self.begin, self.category = nn.Parameter(torch.zeros(1, d)), nn.Embedding(categories, d)
        self.doubt, self.stroke_in, self.stroke_up = nn.Linear(1, d), nn.Linear(codec, d), nn.Linear(d, d)
        self.place = nn.Parameter(torch.zeros(places, d))
        self.block = nn.ModuleList(Block(d, heads) for _ in range(layers))
        self.norm, self.stop = nn.LayerNorm(d), nn.Linear(d, 1)
        self.unknown, self.told = nn.Parameter(torch.zeros(1, d)), nn.Embedding(categories + 1, w)
        self.x_in, self.state_in = nn.Linear(codec, w), nn.Linear(d, w)
        self.level_in, self.level_up = nn.Linear(128, w), nn.Linear(w, w)
        self.denoiser = nn.ModuleList(Modulated(w) for _ in range(depth))
        self.x_out, self.x_gate = nn.Linear(w, codec), nn.Linear(w, codec)

    @staticmethod
    def of(weights):
        """With the sizes and the numbers of our weights."""
        count = lambda start: len({name[: len(start) + 2] for name in weights if name.startswith(start)})
        d, w, codec = weights["history.begin"].shape[1], weights["denoiser.x_in.bias"].shape[0], weights["denoiser.x_in.weight"].shape[0]
        categories, places = len(weights["history.category"]), len(weights["history.place"])
        net = Flagship(codec, categories, d, count("history.block"), d // 32, w, count("denoiser.block"), places)
        with torch.no_grad():
            for name, parameter in net.named_parameters():
                parameter.copy_(torch.as_tensor(find(weights, name, parameter)))
        return net

    def history(self, strokes, categories, noise):  # (batch, strokes, codec) -> (batch, strokes + 1, d)
        begin = self.category(categories) + self.begin + self.doubt(noise[:, None])
        h = torch.cat([begin[:, None], self.stroke_up(F.silu(self.stroke_in(strokes)))], 1)
        h = h + self.place[: h.shape[1]]
        for block in self.block:
            h = block(h)
        return self.norm(h)

    def denoise(self, x, levels, states, categories):
        level = self.level_up(F.silu(self.level_in(level_features(levels))))
        condition = F.silu(self.state_in(states) + self.told(categories) + level)
        h = self.x_in(x)
        for block in self.denoiser:
            h = block(h, condition)
        return self.x_out(h) + self.x_gate(condition) * x

    def loss(self, batch):
        states = self.history(batch["strokes"], batch["categories"], batch["noise"])  # (batch, most + 1, d)
        mask, weight, share = batch["mask"], *batch["stop"]
        logits = self.stop(share * states + (1 - share) * states.detach())[..., 0][batch["tokens_mask"]]
        stop = F.binary_cross_entropy_with_logits(logits, batch["finished"])
        states = torch.where(batch["dropped"][:, None], self.unknown, states[:, :-1][mask])  # (rows, d)
        error = (self.denoise(batch["inputs"], batch["levels"], states, batch["row_categories"]) - batch["targets"]) ** 2
        return (error * batch["entry_weights"]).mean() + weight * stop

    @torch.no_grad()
    def draw(self, count, settings, strokes):
        """The loop of our prototype: the history is read anew for every stroke, both branches of guidance in one batch."""
        steps, rho, high, low = settings["steps"], settings["rho"], settings["sigma_max"], settings["sigma_min"]
        t = torch.arange(steps) / (steps - 1)
        sigmas = torch.cat([(high ** (1 / rho) + t * (low ** (1 / rho) - high ** (1 / rho))) ** rho, torch.zeros(1)])
        codec = self.x_in.in_features
        x, category, noise = torch.zeros(count, 0, codec), torch.zeros(count, dtype=torch.long), torch.full((count,), settings["history_noise"])
        for _ in range(strokes):
            state = self.history(x, category, noise)[:, -1]
            alive = torch.rand(count) >= torch.sigmoid(self.stop(state)[:, 0])
            if not alive.any():
                break
            states = torch.cat([state, self.unknown.expand(count, -1)])
            told = torch.cat([category, torch.full((count,), len(self.told.weight) - 1)])

            def predict(v, sigma):
                both = torch.cat([v, v]) / (1 + sigma**2).sqrt()
                f = self.denoise(both, (sigma.log() / 4).expand(2 * count), states, told)
                known, unknown = f.chunk(2)
                f = unknown + settings["guidance"] * (known - unknown)
                return v / (1 + sigma**2) + sigma / (1 + sigma**2).sqrt() * f

            v = torch.randn(count, codec) * sigmas[0]
            for now, then in zip(sigmas, sigmas[1:]):
                slope = (v - predict(v, now)) / now
                euler = v + (then - now) * slope
                v = euler if then == 0 else v + (then - now) * (slope + (euler - predict(euler, then)) / then) / 2
            x = torch.cat([x, v[:, None]], 1)
        return x


class Transformer(nn.Module):
    def __init__(self, width=128, layers=6, heads=4, numbers=8):
        super().__init__()
        self.first, self.last = nn.Linear(numbers, width), nn.Linear(width, numbers)
        self.block = nn.ModuleList(Block(width, heads) for _ in range(layers))

    @staticmethod
    def of(weights):
        net = Transformer()
        with torch.no_grad():
            for name, parameter in net.named_parameters():
                name = name.replace("first", "in").replace("last", "out") if not name.startswith("block") else name
                parameter.copy_(torch.as_tensor(find(weights, name, parameter)))
        return net

    def loss(self, batch):  # x and y (sequences, tokens, numbers)
        h = self.first(batch["x"])
        for block in self.block:
            h = block(h)
        return F.mse_loss(self.last(h), batch["y"])


def find(weights, name, parameter):
    """Our weight of a PyTorch name, in PyTorch's layout."""
    words = name.split(".")
    where = ""
    if words[0] in ("block", "denoiser") and words[1].isdigit():
        where = "denoiser." if words[0] == "denoiser" else ""
        words = [f"block{int(words[1]):02}"] + words[2:]
    norm = words[-2].startswith("norm") if len(words) > 1 else False
    if norm and words[-1] == "weight":
        words[-1] = "gain"
    if words[0] in ("category", "told"):
        return weights["denoiser.category" if words[0] == "told" else "history.category"]
    short = where + ".".join(words)
    value = next(weights[full] for full in (short, "history." + short, "denoiser." + short) if full in weights)
    return value.T if words[-1] == "weight" and not norm else value


def read(path):
    """The tensors of a safetensors file and its metadata: the header's length in 8 bytes, a JSON header, the numbers."""
    with open(path, "rb") as file:
        data = file.read()
    start = 8 + int.from_bytes(data[:8], "little")
    header = json.loads(data[8:start])
    metadata = header.pop("__metadata__", {})
    types = {"F32": np.float32, "F64": np.float64, "U32": np.uint32}
    out = {}
    for name, info in header.items():
        a, b = info["data_offsets"]
        out[name] = np.frombuffer(data[start + a : start + b], types[info["dtype"]]).reshape(info["shape"]).copy()
    return out, metadata


def part(tensors, prefix):
    return {name[len(prefix) :]: value for name, value in tensors.items() if name.startswith(prefix)}


def whole(tensors, name):
    """The shards of a batch, one behind the other."""
    shards = sorted({int(key.split(".")[1]) for key in tensors if key.startswith("batch.") and key.split(".")[1].isdigit()})
    return np.concatenate([tensors[f"batch.{shard}.{name}"] for shard in shards])


def flagship_batch(tensors):
    lengths = whole(tensors, "lengths").astype(np.int64)
    flat, most = whole(tensors, "history"), int(lengths.max())
    mask = np.arange(most)[None] < lengths[:, None]
    strokes = np.zeros((len(lengths), most, flat.shape[1]), np.float32)
    strokes[mask] = flat
    tokens_mask = np.arange(most + 1)[None] <= lengths[:, None]
    finished = (np.arange(most + 1)[None] == lengths[:, None])[tokens_mask].astype(np.float32)
    batch = {name: whole(tensors, name) for name in ("inputs", "levels", "targets", "noise")}
    batch |= dict(strokes=strokes, mask=mask, tokens_mask=tokens_mask, finished=finished, dropped=whole(tensors, "tokens") == UNKNOWN)
    batch |= {name: whole(tensors, name).astype(np.int64) for name in ("categories", "row_categories")}
    batch |= dict(entry_weights=tensors["batch.entry_weights"])
    batch = {name: torch.as_tensor(value) for name, value in batch.items()}
    batch["stop"] = tuple(float(v) for v in tensors["batch.stop"])
    return batch


def case(name, tensors):
    weights, of = part(tensors, "weights."), lambda key: whole(tensors, key)
    number = lambda key: tensors[f"batch.{key}"][0].item()
    if name == "flagship":
        return Flagship.of(weights), flagship_batch(tensors)
    if name == "transformer":
        x, y = (torch.as_tensor(of(key)).view(64, 96, 8) for key in "xy")
        return Transformer.of(weights), dict(x=x, y=y)
    if name in ("dit", "dit_pen"):
        batch = dit.batch(of) | dict(pen_weight=number("pen_weight"))
        return dit.Dit.of(weights, number("heads"), int(batch["lengths"].max())), batch
    if name == "history_dit":
        return history_dit.HistoryDit.of(weights, number("heads")), history_dit.batch(of) | dict(pen_weight=number("pen_weight"))
    if name == "latent":
        return latent.Latent.of(weights), latent.batch(of) | dict(kl_weight=number("kl_weight"))
    if name == "rnn_denoiser":
        return rnn.RnnDenoiser.of(weights), rnn.batch(of, ["x", "targets", "levels"])
    if name == "sketch_rnn":
        return rnn.SketchRnn.of(weights), rnn.batch(of, ["rows", "epsilon"]) | dict(kl_weight=number("kl_weight"))
    if name == "seq2seq":
        return seq2seq.Seq2seq.of(weights), seq2seq.batch(of)
    net = Unet1d(classes=len(weights["unet.class"]) - 1)
    net.load(weights)
    batch = {key: torch.as_tensor(whole(tensors, key).astype(np.int64 if key == "classes" else np.float32)) for key in
             ("x", "noise_target", "pen_target", "timesteps", "classes")}
    return net, batch


def train(options):
    net, batch = case(options.network, read(f"{options.dump}/{options.network}.safetensors")[0])
    average = AveragedModel(net, multi_avg_fn=get_ema_multi_avg_fn(0.998))
    optimiser = torch.optim.AdamW([p for p in net.parameters() if p.requires_grad], lr=1.2e-3, betas=(0.9, 0.99), weight_decay=0.05, fused=True)
    times, first = [], None
    for step in range(options.steps + 2):  # two to warm up
        begun = time.perf_counter()
        loss = net.loss(batch)
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        optimiser.step()
        average.update_parameters(net)
        first = loss.item() if first is None else first
        if step >= 2:
            times.append((time.perf_counter() - begun) * 1000)
    report(options, times, loss=first)


def draw(options):
    tensors, metadata = read(f"{options.dump}/draw-{options.network}.safetensors")
    net, settings = Flagship.of(part(tensors, "weights.")).eval(), json.loads(metadata["model"])["preset"]["draw"]
    times = []
    for step in range(options.steps + 1):
        begun = time.perf_counter()
        assert net.draw(options.count, settings, 24).shape[1] == 24
        if step >= 1:
            times.append((time.perf_counter() - begun) * 1000)
    report(options, times, count=options.count)


def report(options, times, **more):
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps(dict(network=options.network, threads=options.threads, ms=times, peak_mib=peak, **more)))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("what", choices=["train", "draw"])
    parser.add_argument("network")
    parser.add_argument("--dump", required=True)
    parser.add_argument("--steps", type=int, default=5)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--count", type=int, default=1)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(1)
    {"train": train, "draw": draw}[options.what](options)


if __name__ == "__main__":
    main()
