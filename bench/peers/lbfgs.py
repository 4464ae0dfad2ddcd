"""L-BFGS-B by SciPy on Rosenbrock's function of 1000 variables from (-1.2, 1, ...). Argument: samples. Prints a JSON line a case."""
import json
import sys
import time

import numpy as np

try:
    from scipy.optimize import minimize
except ImportError:
    sys.exit(3)

samples = int(sys.argv[1])
start = np.tile([-1.2, 1.0], 500)


def separable(x):
    a, b = x[0::2], x[1::2]
    t, u = b - a * a, 1 - a
    g = np.empty_like(x)
    g[0::2] = -400 * a * t - 2 * u
    g[1::2] = 200 * t
    return 100 * (t @ t) + u @ u, g


def chained(x):
    a, b = x[:-1], x[1:]
    t, u = b - a * a, 1 - a
    g = np.zeros_like(x)
    g[:-1] = -400 * a * t - 2 * u
    g[1:] += 200 * t
    return 100 * (t @ t) + u @ u, g


options = {"gtol": 1e-6, "ftol": 0, "maxcor": 10, "maxiter": 100000, "maxfun": 1000000}
for objective in (separable, chained):
    times = []
    for sample in range(samples + 1):
        begun = time.perf_counter()
        result = minimize(objective, start, jac=True, method="L-BFGS-B", options=options)
        times.append((time.perf_counter() - begun) * 1e3)
    print(json.dumps({"case": objective.__name__, "unit": "ms", "samples": times[1:], "check": float(result.fun)}))
