"""Linear regression by full-batch gradient descent in NumPy. Arguments: folder, rows, epochs, samples, learning rate, columns."""
import json
import sys
import time

import numpy as np

folder, rows, epochs, samples, rate, columns = sys.argv[1], *map(int, sys.argv[2:5]), float(sys.argv[5]), int(sys.argv[6])
x64 = np.fromfile(f"{folder}/x.f64").reshape(rows, columns)
y64 = np.fromfile(f"{folder}/y.f64")


def descend(x, y):
    w, b = np.zeros(x.shape[1], x.dtype), x.dtype.type(0)
    for _ in range(epochs):
        error = x @ w + b - y
        loss = float(error @ error) / rows
        w -= x.dtype.type(rate * 2 / rows) * (x.T @ error)
        b -= x.dtype.type(rate * 2 / rows) * error.sum()
    return loss


for dtype in (np.float64, np.float32):
    x, y = x64.astype(dtype), y64.astype(dtype)
    times = []
    for sample in range(-1, samples):
        start = time.perf_counter()
        check = descend(x, y)
        if sample >= 0:
            times.append((time.perf_counter() - start) / epochs * 1e3)
    print(json.dumps({"case": np.dtype(dtype).name, "unit": "ms/epoch", "samples": times, "check": check}))
