"""Sine and cosine of products of a factor and a number: python3 sine-of-multiples.py writes sine-of-multiples.json beside this file.

Made with mpmath in 1500 bits: rows [factor, u, sin(factor·u), cos(factor·u)], factor and u exact float64 numbers, the product exact, the results
rounded to float64. Arguments: a seeded spread, and places where sine or cosine is small or 1.
"""
import json
import math
import pathlib
import random

import mpmath
from mpmath import mp, mpf

mp.prec = 1500
rng = random.Random(4711)

factors = [2 * math.pi, math.pi, -math.pi / 2, 1.0, 3.0, -0.1, 1e-3, 1e5, 2.0**40, -1e-300, 1e250]
rows = []
for factor in factors:
    turn = 2 * math.pi / abs(factor)
    near = [k * turn / 4 for k in (0, 1, -1, 2, -2, 3, 4, -5, 6, 17, 100, -1023)]
    near += [rng.uniform(-3, 3) * turn for _ in range(12)] + [rng.uniform(-1000, 1000) * turn for _ in range(4)]
    near += [math.exp(rng.uniform(-300, 0)) * turn for _ in range(3)]
    for u in near:
        for x in (u, math.nextafter(u, math.inf)):
            if x != 0 and abs(x) < 2.3e-308:
                continue
            angle = mpf(factor) * mpf(x)
            rows.append([factor, x, float(mpmath.sin(angle)), float(mpmath.cos(angle))])
pathlib.Path(__file__).with_suffix(".json").write_text("[\n" + ",\n".join(json.dumps(row) for row in rows) + "\n]\n")
