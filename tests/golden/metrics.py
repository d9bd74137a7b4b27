"""What tests/eval_golden.rs compares the scores to: python3 metrics.py > metrics.json (made with numpy 2.4, scipy 1.17,
torch-fidelity 0.4, prdc 0.2).

Each reference is the definition, by another way than the program's, and beside it what the package of that score gives. Features come from an integer generator that the test
has too. The subsets of the kernel distance are drawn as `denoodle::eval::kernel::subset` documents.
"""
import contextlib
import itertools
import json
import sys

import numpy as np
import torch
from prdc import compute_prdc
from scipy.linalg import sqrtm
from scipy.spatial.distance import cdist
from scipy.stats import wasserstein_distance
from torch_fidelity.metric_fid import fid_features_to_statistics, fid_statistics_to_metric
from torch_fidelity.metric_kid import kernel_mmd

from streams import numbers


def features(seed, rows, width, shift, spread):
    """(rows, width): neighbouring columns share a uniform number, so that they correlate; all are moved by `shift`."""
    state, out = seed, np.empty((rows, width))
    for i in range(rows):
        u = []
        for _ in range(width + 1):
            state = (state * 6364136223846793005 + 1442695040888963407) % 2**64
            u.append((state >> 11) / 2**53)
        for j in range(width):
            out[i, j] = spread * (u[j] + 0.5 * u[j + 1]) + shift * (1 + j % 3)
    return out


def means_part(a, b):
    return float(((a.mean(0) - b.mean(0)) ** 2).sum())


def frechet_sqrtm(a, b):
    """The usual form: scipy's square root of the product, which is not symmetric."""
    s, t = np.cov(a, rowvar=False), np.cov(b, rowvar=False)
    return means_part(a, b) + float(np.trace(s) + np.trace(t) - 2 * np.trace(sqrtm(s @ t).real))


def frechet_nuclear(a, b):
    """Straight from the centred rows, without a covariance: Tr (S1^½ S2 S1^½)^½ is the sum of the singular values of A Bᵀ."""
    x, y = ((m - m.mean(0)) / np.sqrt(len(m) - 1) for m in (a, b))
    root = np.linalg.svd(x @ y.T, compute_uv=False).sum()
    return means_part(a, b) + float((x**2).sum() + (y**2).sum() - 2 * root)


def subset(seed, index, counts, size):
    stream, out = numbers(seed, "Subset", index), []
    for n in counts:
        rows = list(range(n))
        for i in range(min(size, n)):
            j = i + (next(stream) * (n - i) >> 64)
            rows[i], rows[j] = rows[j], rows[i]
        out.append(rows[:size])
    return out


def mmd2(x, y):
    kernel = lambda p, q: (p @ q.T / p.shape[1] + 1) ** 3
    off_diagonal = lambda k: (k.sum() - np.trace(k)) / (len(k) * (len(k) - 1))
    return float(off_diagonal(kernel(x, x)) + off_diagonal(kernel(y, y)) - 2 * kernel(x, y).mean())


def coverage(real, fake, k):
    radius = lambda m: np.sort(cdist(m, m), axis=1)[:, k]  # Column 0 is the row itself.
    d, r, f = cdist(real, fake), radius(real), radius(fake)
    inside = d <= r[:, None]
    shares = inside.any(0), (d <= f[None, :]).any(1), inside.sum(0) / k, inside.any(1)
    return dict(zip(("precision", "recall", "density", "coverage"), (float(share.mean()) for share in shares)))


def torch_fidelity_fid(a, b):
    x, y = (fid_features_to_statistics(torch.from_numpy(m)) for m in (a, b))
    return fid_statistics_to_metric(x, y, False)["frechet_inception_distance"]


def torch_fidelity_mmd2(x, y):
    settings = dict(kid_kernel="poly", kid_kernel_poly_degree=3, kid_kernel_poly_gamma=None, kid_kernel_poly_coef0=1)
    return float(kernel_mmd(x, y, **settings))


def prdc(real, fake, k):
    with contextlib.redirect_stdout(sys.stderr):  # It tells its counts.
        scores = compute_prdc(real_features=real, fake_features=fake, nearest_k=k)
    return {name: float(value) for name, value in scores.items()}


SETS = {
    "plain": (dict(seed=1, rows=300, width=12, shift=0.0, spread=1.0), dict(seed=2, rows=250, width=12, shift=0.02, spread=0.9)),
    "wide": (dict(seed=3, rows=400, width=64, shift=0.0, spread=1.0), dict(seed=4, rows=300, width=64, shift=-0.05, spread=1.2)),
    "few": (dict(seed=5, rows=20, width=32, shift=0.0, spread=1.0), dict(seed=6, rows=24, width=32, shift=0.1, spread=0.8)),
}
KID_SEED, KID_SUBSETS, KID_SIZE = 11, 100, 50

out = {"kid": {"seed": KID_SEED, "subsets": KID_SUBSETS, "size": KID_SIZE}, "sets": {}}
for name, (make_a, make_b) in SETS.items():
    a, b = features(**make_a), features(**make_b)
    size = min(KID_SIZE, len(a), len(b))
    picks = [subset(KID_SEED, index, (len(a), len(b)), size) for index in range(KID_SUBSETS)]
    values = np.array([mmd2(a[p], b[q]) for p, q in picks])
    packaged = np.array([torch_fidelity_mmd2(a[p], b[q]) for p, q in picks])
    out["sets"][name] = {
        "a": make_a,
        "b": make_b,
        "frechet_sqrtm": None if name == "few" else frechet_sqrtm(a, b),  # The square root of a singular matrix is not to be had.
        "frechet_nuclear": frechet_nuclear(a, b),
        "frechet_torch_fidelity": None if name == "few" else torch_fidelity_fid(a, b),
        "kid_torch_fidelity": float(packaged.mean()),
        "kid_mean": float(values.mean()),
        "kid_deviation": float(values.std()),
        "kid_whole": mmd2(a, b),
        "coverage": {str(k): coverage(a, b, k) for k in (1, 3, 5)},
        "prdc": {str(k): prdc(a, b, k) for k in (3, 5)},
        "nearest": float(np.median(cdist(b, a).min(1))),
        "wasserstein": [wasserstein_distance(a[:, i], b[:, j]) for i, j in itertools.product(range(2), range(2))],
        # Whole numbers, so that many values are equal.
        "wasserstein_whole": wasserstein_distance(np.floor(9 * a[:, 0]), np.floor(9 * b[:, 1])),
    }
print(json.dumps(out, indent=1))
