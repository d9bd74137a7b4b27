"""What tests/inception_golden.rs compares the network to: python3 inception.py makes inception.safetensors.

    python3 -m venv /tmp/peers && /tmp/peers/bin/pip install torch torchvision pytorch-fid clean-fid pillow safetensors

The network is that of pytorch-fid 0.3.0, with procedural weights in the place of its download; the resizing is pytorch-fid's own and
clean-fid 0.1.35's. Eight drawings by Pillow, as the renderer `kaist` makes them, and eight pictures of coloured noise. Made with torch
2.15, torchvision 0.29, Pillow 13.0, numpy 2.4 on one thread.
"""

import os
import warnings

import numpy as np
import pytorch_fid.inception
import torch
import torch.nn.functional as F
from cleanfid.resize import build_resizer
from PIL import Image, ImageDraw
from safetensors.numpy import save_file

import procedural

SIDE, COUNT = 299, 8
# Pixels that are compared: the corners, and others wherever the hash says.
PLACES = np.concatenate([[0, SIDE - 1, SIDE * (SIDE - 1), SIDE * SIDE - 1], procedural.bits("places", np.arange(252)) % np.uint64(SIDE * SIDE)])


def network(**options):
    """pytorch-fid's, with procedural weights."""
    shapes = pytorch_fid.inception._inception_v3(num_classes=1008, aux_logits=False, weights=None).state_dict()
    state = {n: v if n.endswith("num_batches_tracked") else torch.from_numpy(procedural.weight(n, tuple(v.shape))) for n, v in shapes.items()}
    pytorch_fid.inception.load_state_dict_from_url = lambda *_, **__: state
    return pytorch_fid.inception.InceptionV3(**options).eval()


def drawn(number):
    image = Image.new("L", (256, 256), 255)
    for stroke in procedural.drawing(number):
        ImageDraw.Draw(image).line(stroke, fill=0)
    return np.asarray(image.convert("RGB"))


def for_pytorch_fid(pictures):
    """As pytorch-fid's own forward pass begins: bytes by torchvision's ToTensor, bilinear, 2x - 1."""
    x = torch.from_numpy(np.stack(pictures).transpose(0, 3, 1, 2)).float().div(255)
    return 2 * F.interpolate(x, size=(SIDE, SIDE), mode="bilinear", align_corners=False) - 1


def for_clean_fid(pictures):
    """As clean-fid's InceptionV3W begins: Pillow's bicubic filter on floats, clipped, (x - 128) / 128."""
    resize = build_resizer("clean")
    return (torch.from_numpy(np.stack([resize(p) for p in pictures]).transpose(0, 3, 1, 2)) - 128) / 128


def main():
    warnings.simplefilter("ignore")
    torch.set_num_threads(1)
    pictures = [drawn(n) for n in range(COUNT)] + [procedural.picture(n) for n in range(COUNT)]
    whole, bare = network(), network(resize_input=False, normalize_input=False)
    out = {}
    with torch.no_grad():
        for name, inputs in [("pytorch-fid", for_pytorch_fid(pictures)), ("clean-fid", for_clean_fid(pictures))]:
            pixels = inputs.permute(0, 2, 3, 1).reshape(len(pictures), -1, 3)
            out[f"{name}.pixels"] = pixels[:, PLACES.astype(np.int64)].contiguous().numpy()
            out[f"{name}.features"] = bare(inputs)[0].flatten(1).numpy()
            print(name, "features from", out[f"{name}.features"].min(), "to", out[f"{name}.features"].max())
        # The same by the package's own front door.
        x = torch.from_numpy(np.stack(pictures).transpose(0, 3, 1, 2)).float().div(255)
        assert np.allclose(whole(x)[0].flatten(1).numpy(), out["pytorch-fid.features"], rtol=1e-5, atol=1e-6)
    save_file(out, os.path.join(os.path.dirname(os.path.abspath(__file__)), "inception.safetensors"))


if __name__ == "__main__":
    main()
