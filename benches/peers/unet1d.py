"""The U-Net of src/model/unet1d.rs in PyTorch, as a user of PyTorch would write it: channels first, nn.Conv1d, eager.
`networks.py` trains it."""

import math

import torch
import torch.nn as nn
import torch.nn.functional as F

PEN = 0.01  # weight of the pen's loss


def waves(at, half):
    """(n) -> (n, 2 half), sines and cosines"""
    rates = torch.exp(torch.arange(half, device=at.device) * (-math.log(10_000) / half))
    angles = at[:, None] * rates
    return torch.cat([angles.sin(), angles.cos()], dim=1)


class ChannelNorm(nn.LayerNorm):
    """Layer norm over the channels of (batch, channels, length)."""

    def forward(self, x):
        return super().forward(x.transpose(1, 2)).transpose(1, 2)


class ResBlock(nn.Module):
    def __init__(self, inputs, outputs, condition):
        super().__init__()
        self.norm = ChannelNorm(inputs)
        self.conv_in = nn.Conv1d(inputs, outputs, 3, padding=1)
        self.film = nn.Linear(condition, 2 * outputs)
        self.norm_film = ChannelNorm(outputs, elementwise_affine=False)
        self.conv_out = nn.Conv1d(outputs, outputs, 3, padding=1)
        self.skip = nn.Conv1d(inputs, outputs, 1) if inputs != outputs else nn.Identity()

    def forward(self, x, condition):
        h = self.conv_in(F.silu(self.norm(x)))  # (batch, out, length)
        scale, shift = self.film(condition).unsqueeze(2).chunk(2, dim=1)  # (batch, out, 1)
        h = self.norm_film(h) * (1 + scale) + shift  # (batch, out, length)
        return self.skip(x) + self.conv_out(F.silu(h))


class Unet1d(nn.Module):
    def __init__(self, base=32, multipliers=(1, 2, 4), blocks=1, heads=4, classes=10):
        super().__init__()
        self.base, self.heads = base, heads
        condition = 4 * base
        widths = [base * multiplier for multiplier in multipliers]
        lowest = widths[-1]

        def level(inputs, outputs):
            return nn.ModuleList(ResBlock(outputs if i else inputs, outputs, condition) for i in range(blocks))

        self.time_in = nn.Linear(base, condition)
        self.time_up = nn.Linear(condition, condition)
        self.classes = nn.Embedding(classes + 1, condition)  # the last one: no class
        self.conv_in = nn.Conv1d(2, base, 3, padding=1)
        self.down = nn.ModuleList(level(a, b) for a, b in zip([base] + widths, widths))
        self.before = ResBlock(lowest, lowest, condition)
        self.attention_norm = ChannelNorm(lowest)
        self.qkv = nn.Linear(lowest, 3 * lowest)
        self.attention_out = nn.Linear(lowest, lowest)
        self.after = ResBlock(lowest, lowest, condition)
        self.up = nn.ModuleList(level(below + width, width) for width, below in zip(widths, widths[1:]))
        self.norm_out = ChannelNorm(widths[0])
        self.noise = nn.Conv1d(widths[0], 2, 3, padding=1)
        self.pen = nn.Conv1d(widths[0], 2, 1)  # lifted, over

    def forward(self, x, timesteps, classes):
        """x (batch, 2, length), timesteps (batch), classes (batch) -> noise (batch, 2, length), pen logits (batch, 2, length)"""
        condition = self.condition(timesteps, classes)
        h = self.conv_in(x)
        seen = []
        for i, blocks in enumerate(self.down):
            if i:
                seen.append(h)
                h = F.avg_pool1d(h, 2)
            for block in blocks:
                h = block(h, condition)
        h = self.before(h, condition)
        h = h + self.attend(h)
        h = self.after(h, condition)
        for blocks in reversed(self.up):
            h = torch.cat([F.interpolate(h, scale_factor=2, mode="nearest"), seen.pop()], dim=1)
            for block in blocks:
                h = block(h, condition)
        features = F.silu(self.norm_out(h))
        return self.noise(features), self.pen(features)

    def condition(self, timesteps, classes):
        features = waves(timesteps, self.base // 2)  # (batch, base)
        return F.silu(self.time_up(F.silu(self.time_in(features))) + self.classes(classes))

    def attend(self, x):
        batch, width, points = x.shape
        places = waves(torch.arange(points, device=x.device), width // 2)  # (points, width)
        qkv = self.qkv(self.attention_norm(x).transpose(1, 2) + places)  # (batch, points, 3 width)
        q, k, v = qkv.view(batch, points, 3, self.heads, width // self.heads).permute(2, 0, 3, 1, 4)  # (batch, heads, points, head)
        mixed = F.scaled_dot_product_attention(q, k, v).transpose(1, 2).reshape(batch, points, width)
        return self.attention_out(mixed).transpose(1, 2)

    def loss(self, batch):
        """Of a batch as src/model/unet1d.rs has it, channels last, all of whose points are inside the drawings."""
        noise, pen = self(batch["x"].transpose(1, 2), batch["timesteps"], batch["classes"])
        pen_loss = F.binary_cross_entropy_with_logits(pen, batch["pen_target"].transpose(1, 2))
        return F.mse_loss(noise, batch["noise_target"].transpose(1, 2)) + 2 * PEN * pen_loss

    def named(self):
        """Our name of each parameter, the parameter, and the module that it belongs to."""
        names = {"classes": "class", "before": "middle.before", "after": "middle.after", "attention_norm": "middle.norm"}
        names |= {"qkv": "middle.qkv", "attention_out": "middle.out"}
        for path, module in self.named_modules():
            for part, parameter in module.named_parameters(recurse=False):
                words = path.split(".")
                if words[0] in ("down", "up"):  # down.1.0.norm is our down1.block00.norm
                    words = [words[0] + words[1], f"block{int(words[2]):02}"] + words[3:]
                words[0] = names.get(words[0], words[0])
                if isinstance(module, nn.LayerNorm) and part == "weight":
                    part = "gain"
                last = [] if isinstance(module, nn.Embedding) else [part]
                yield ".".join(["unet"] + words + last), parameter, module

    def load(self, tensors):
        """Takes the weights from ours, by our names."""
        left = set(tensors)
        with torch.no_grad():
            for name, parameter, module in self.named():
                parameter.copy_(torch.as_tensor(as_theirs(tensors[name], module)))
                left.remove(name)
        if left:
            raise ValueError(f"weights without a place: {sorted(left)}")


def as_theirs(value, module):
    """Our layout of a weight as PyTorch's."""
    if value.ndim == 1 or isinstance(module, nn.Embedding):
        return value
    if isinstance(module, nn.Conv1d):  # (kernel * in, out) -> (out, in, kernel)
        return value.reshape(module.kernel_size[0], module.in_channels, module.out_channels).transpose(2, 1, 0)
    return value.T  # (in, out) -> (out, in)
