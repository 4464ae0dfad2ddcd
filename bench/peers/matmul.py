"""Matrix products by NumPy. Arguments: samples, then triples m n k. Prints one JSON line a measurement."""
import json
import sys
import time

import numpy as np

samples = int(sys.argv[1])
numbers = list(map(int, sys.argv[2:]))
for m, n, k in zip(numbers[0::3], numbers[1::3], numbers[2::3]):
    for dtype in (np.float32, np.float64):
        a = (np.arange(m * k) % 7 - 3).astype(dtype).reshape(m, k)
        b = (np.arange(k * n) % 5 - 2).astype(dtype).reshape(k, n)
        c = np.empty((m, n), dtype)
        work = 2.0 * m * n * k
        repeats = 1 + int(1e9 / work)
        rates = []
        for sample in range(-1, samples):
            start = time.perf_counter()
            for _ in range(repeats):
                np.matmul(a, b, out=c)
            if sample >= 0:
                rates.append(work * repeats / (time.perf_counter() - start) / 1e9)
        print(json.dumps({"case": f"{np.dtype(dtype).name} {m}x{k}x{n}", "unit": "GFLOP/s", "samples": rates, "check": float(c.sum(dtype=np.float64))}))
