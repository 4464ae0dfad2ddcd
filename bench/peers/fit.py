"""A nonlinear fit by SciPy's curve_fit (MINPACK). Argument: samples. Prints one JSON line."""
import json
import sys
import time

import numpy as np

try:
    from scipy.optimize import curve_fit
except ImportError:
    sys.exit(3)

samples = int(sys.argv[1])
x = np.arange(1000) / 100
y = 3 * np.exp(-0.7 * x) + 1 + 0.05 * np.sin(np.arange(1000) * 12.9898)


def decay(t, a, k, c):
    return a * np.exp(-k * t) + c


params = curve_fit(decay, x, y, p0=[1, 1, 0])[0]
times = []
for sample in range(samples):
    start = time.perf_counter()
    for _ in range(100):
        params = curve_fit(decay, x, y, p0=[1, 1, 0])[0]
    times.append((time.perf_counter() - start) * 10)
print(json.dumps({"case": "the same function again", "unit": "ms", "samples": times, "check": float(params[1])}))
