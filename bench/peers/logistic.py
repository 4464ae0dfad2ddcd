"""Logistic regression in mini-batches in NumPy, float32. Arguments: folder, rows, epochs, samples, columns, batch."""
import json
import sys
import time

import numpy as np

folder, rows, epochs, samples, columns, batch = sys.argv[1], *map(int, sys.argv[2:7])
x = np.fromfile(f"{folder}/x.f32", np.float32).reshape(rows, columns)
y = np.fromfile(f"{folder}/y.f32", np.float32)
f = np.float32


def train(adam):
    w, b = np.zeros(columns, f), f(0)
    m, v, mb, vb = np.zeros(columns, f), np.zeros(columns, f), f(0), f(0)
    power1 = power2 = 1.0
    for _ in range(epochs):
        for first in range(0, rows - batch + 1, batch):
            rows_of_batch = x[first : first + batch]
            error = (1 / (1 + np.exp(-(rows_of_batch @ w + b))) - y[first : first + batch]) * f(1 / batch)
            g, gb = rows_of_batch.T @ error, error.sum()
            if adam:
                power1, power2 = power1 * 0.9, power2 * 0.999
                c1, c2 = f(1e-3 / (1 - power1)), f(1 / (1 - power2))
                m += f(0.1) * (g - m)
                v += f(0.001) * (g * g - v)
                mb += f(0.1) * (gb - mb)
                vb += f(0.001) * (gb * gb - vb)
                w -= c1 * m / (np.sqrt(v * c2) + f(1e-8))
                b -= c1 * mb / (np.sqrt(vb * c2) + f(1e-8))
            else:
                m = f(0.9) * m + g
                mb = f(0.9) * mb + gb
                w -= f(0.1) * m
                b -= f(0.1) * mb
    return w, b


for adam in (False, True):
    times = []
    for sample in range(-1, samples):
        start = time.perf_counter()
        w, b = train(adam)
        if sample >= 0:
            times.append((time.perf_counter() - start) / epochs * 1e3)
    z = (x @ w + b).astype(np.float64)
    loss = float(np.mean(np.logaddexp(0, z) - z * y))
    print(json.dumps({"case": "adam" if adam else "momentum", "unit": "ms/epoch", "samples": times, "check": loss}))
