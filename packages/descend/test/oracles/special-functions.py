"""Writes special-functions.json: values of the special functions at seeded points, from 40-digit arithmetic.

Each row is [x, f(x)]: x is the exact double, f(x) the double nearest to the true value. Needs mpmath.
"""

import json
import random
from pathlib import Path

from mpmath import mp, mpf, erf, exp, log1p, loggamma, psi

mp.dps = 40
rng = random.Random(20)


def sample(*parts):
    """count points of each range: uniform, or log-uniform in size where low and high are both positive and far apart."""
    points = []
    for low, high, count in parts:
        for _ in range(count):
            wide = low > 0 and high / low > 100
            points.append(low * (high / low) ** rng.random() if wide else rng.uniform(low, high))
    return points


functions = {
    "sigmoid": (lambda x: 1 / (1 + exp(-x)), sample((-40, 40, 200), (-700, -40, 30), (1e-12, 1, 20))),
    "softplus": (lambda x: log1p(exp(x)), sample((-40, 40, 200), (-700, -40, 30), (40, 1e4, 20))),
    "erf": (erf, sample((-1, 1, 100), (0.9, 6, 200), (1e-300, 1, 40), (-8, 0, 40))),
    "lgamma": (lambda x: loggamma(x).real, sample((1e-300, 1e-3, 20), (0, 0.5, 60), (0.5, 1.5, 120), (1.5, 2.5, 120), (2.5, 8, 120), (8, 100, 60), (100, 1e15, 40))),
    "digamma": (lambda x: psi(0, x), sample((1e-300, 1e-3, 20), (0, 1, 80), (1, 2, 120), (1.45, 1.47, 60), (2, 10, 160), (10, 100, 60), (100, 1e15, 40))),
    "lgammaBelowZero": (lambda x: loggamma(x).real, sample((-1, 0, 60), (-30, -1, 100))),
    "digammaBelowZero": (lambda x: psi(0, x), sample((-1, 0, 60), (-30, -1, 100))),
}
near_roots = [1 + s * 2.0**-k for k in range(2, 50, 6) for s in (-1, 1)] + [2 + s * 2.0**-k for k in range(2, 50, 6) for s in (-1, 1)]
functions["lgamma"][1].extend(near_roots)

table = {name: [[x, float(f(mpf(x)))] for x in points] for name, (f, points) in functions.items()}
document = {
    "source": "mpmath, 40 digits, rounded to the nearest double; points from Python's random.Random(20)",
    "script": "special-functions.py",
    "functions": table,
}
text = json.dumps(document).replace("]], ", "]],\n ").replace("], [", "],\n [")
Path(__file__).with_name("special-functions.json").write_text(text + "\n")
