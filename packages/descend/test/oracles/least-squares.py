"""Bounded and robust least squares by SciPy's trust-region reflective method, run to its last digits: least-squares.json.

The Jacobian is exact to rounding (complex steps). `value` is Σ C²·ρ((r/C)²), without SciPy's factor ½.
"""

import json
import pathlib

import numpy as np
import scipy
from scipy.optimize import least_squares

t = np.arange(40) / 8
decay = 2.5 * np.exp(-0.8 * t) + 0.3 + 0.01 * np.sin(7 * np.arange(40)) + np.where(np.arange(40) % 9 == 4, 1.5, 0)
u = np.arange(60) / 6
peak = 3 * np.exp(-(((u - 4) / 1.2) ** 2)) + 0.2 * u + 1 + 0.05 * np.cos(11 * np.arange(60)) + np.where(np.arange(60) % 13 == 5, -2.0, 0)

models = {
    "decay": (lambda p: p[0] * np.exp(-p[1] * t) + p[2] - decay, [1, 1, 0], t, decay),
    "peak": (lambda p: p[0] * np.exp(-(((u - p[1]) / p[2]) ** 2)) + p[3] * u + p[4] - peak, [2, 3.5, 1, 0, 0.5], u, peak),
}
INFINITY = np.inf
cases = []
for loss in ["linear", "soft_l1", "huber", "cauchy", "arctan"]:
    for scale in [1.0] if loss == "linear" else [0.05, 0.3]:
        cases.append(("decay", loss, scale, None))
        cases.append(("decay", loss, scale, [[-10, 10], [0.9, 5], [0, 0.4]]))
        cases.append(("decay", loss, scale, [[0, 2], [None, None], [0.5, 1]]))
        cases.append(("peak", loss, scale, None))
        cases.append(("peak", loss, scale, [[0, 2.5], [3, 3.9], [0.5, 5], [0, 1], [0, 1.5]]))

entries = []
for name, loss, scale, bounds in cases:
    residual, start, _, _ = models[name]
    lower = [-INFINITY if b is None or b[0] is None else b[0] for b in bounds or [None] * len(start)]
    upper = [INFINITY if b is None or b[1] is None else b[1] for b in bounds or [None] * len(start)]
    exact = dict(jac="cs", bounds=(lower, upper), ftol=3e-16, xtol=3e-16, gtol=3e-16, max_nfev=20000, x_scale="jac")
    begin = np.clip(start, lower, upper)
    # Losses that are not convex have several minima: they begin where a convex one ends, rounded, so that all methods look for the same one.
    if loss in ("cauchy", "arctan"):
        begin = np.clip(np.round(least_squares(residual, begin, loss="soft_l1", f_scale=scale, **exact).x, 3), lower, upper)
    best = least_squares(residual, begin, loss=loss, f_scale=scale, **exact)
    entries.append({"model": name, "start": list(begin), "loss": loss.replace("_", "-"), "scale": scale, "bounds": bounds, "value": 2 * best.cost, "params": list(best.x)})

data = {name: {"x": list(x), "y": list(y)} for name, (_, _, x, y) in models.items()}
out = pathlib.Path(__file__).with_suffix(".json")
out.write_text(json.dumps({"source": f"scipy {scipy.__version__} least_squares(method='trf')", "script": "least-squares.py", "data": data, "cases": entries}, indent=1) + "\n")
