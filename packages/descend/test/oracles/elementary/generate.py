"""Reference values of the elementary functions: python3 generate.py writes one <function>.json beside this file.

Made with mpmath (arithmetic of 300 bits and more, raised for huge angles). Each file holds
  float64: rows [x, (y,) value, residual], value the exact result rounded to float64, residual = (exact − value)/ulp(value) to 3 digits,
  float32: rows [x, (y,) value] with float32 arguments and the exact result rounded to float64.
Arguments: a seeded spread over the range, both ends, and hard cases (multiples of π/2 in float64, zeros, thresholds of the methods).
"""
import json
import math
import pathlib
import random
import struct

from mpmath import mp, mpf
import mpmath

mp.prec = 300


def wide(f):
    """With enough bits to reduce an angle of the size of x."""

    def g(x):
        mp.prec = 1500
        value = f(x)
        mp.prec = 300
        return +value

    return g


def softplus(x):
    return max(x, mpf(0)) + mpmath.log1p(mpmath.exp(-abs(x)))


def lgamma(x):
    return mpmath.log(abs(mpmath.gamma(x))) if x < 0 else mpmath.loggamma(x)


FUNCTIONS = {
    "exp": mpmath.exp, "expm1": mpmath.expm1, "log": mpmath.log, "log1p": mpmath.log1p,
    "sin": wide(mpmath.sin), "cos": wide(mpmath.cos), "tan": wide(mpmath.tan),
    "asin": mpmath.asin, "acos": mpmath.acos, "atan": mpmath.atan, "atan2": mpmath.atan2,
    "sinh": mpmath.sinh, "cosh": mpmath.cosh, "tanh": mpmath.tanh,
    "sigmoid": lambda x: 1 / (1 + mpmath.exp(-x)), "softplus": softplus,
    "erf": mpmath.erf, "lgamma": lgamma, "digamma": lambda x: mpmath.psi(0, x), "pow": mpmath.power,
}

rng = random.Random(20260)


def uniform(low, high, count):
    return [rng.uniform(low, high) for _ in range(count)]


def spread(low, high, count, signs=True):
    """Uniform in the logarithm."""
    return [math.exp(rng.uniform(math.log(low), math.log(high))) * (rng.choice([-1, 1]) if signs else 1) for _ in range(count)]


def around(*centers):
    return [x for c in centers for x in (math.nextafter(c, -math.inf), c, math.nextafter(c, math.inf))]


ANGLES = [math.pi / 4, math.pi / 2, math.pi, 3 * math.pi / 2, 11.0, 22.0, 355.0, 103993.0, 99999.9, 1e5, 100001.0, 2.0**30, 1e15, 2.0**53, 1e22,
          6381956970095103.0 * 2.0**797, 5.319372648326541416707296656673541083813475031793921822105998164685e255, 1.7976931348623157e308, 823549.6, 2.0**1023]
ARGUMENTS = {
    "exp": uniform(-708, 709.7, 40) + uniform(-1, 1, 30) + uniform(-745, -708, 15) + spread(1e-20, 1, 10) + around(0.34657359027997264, -0.34657359027997264, 1.0, -745.1332191019411, 709.782712893384, -708.3964185322641),
    "expm1": uniform(-1, 1, 50) + uniform(-40, 700, 30) + spread(1e-300, 1e-3, 20) + around(0.34657359027997264, -0.34657359027997264, -37.0, 709.7),
    "log": spread(1e-308, 1e308, 30, False) + uniform(0.5, 2, 50) + spread(5e-324, 2e-308, 10, False) + around(0.7071067811865476, 1.4142135623730951, 2.0, 0.5),
    "log1p": uniform(-0.999, 1, 50) + spread(1e-300, 0.9, 30) + spread(1, 1e308, 20, False) + around(0.41421356237309503, -0.2928932188134525, 1.0),
    "sin": uniform(-4, 4, 40) + uniform(-1e5, 1e5, 30) + spread(1e5, 1e308, 20) + spread(1e-300, 1e-3, 10) + ANGLES,
    "cos": uniform(-4, 4, 40) + uniform(-1e5, 1e5, 30) + spread(1e5, 1e308, 20) + ANGLES,
    "tan": uniform(-4, 4, 40) + uniform(-1e5, 1e5, 30) + spread(1e5, 1e308, 20) + spread(1e-300, 1e-3, 10) + ANGLES,
    "asin": uniform(-1, 1, 70) + spread(1e-300, 1, 30) + around(0.5, -0.5) + [1.0, -1.0, math.nextafter(1, 0)],
    "acos": uniform(-1, 1, 70) + spread(1e-20, 1, 20) + around(0.5, -0.5) + [-1.0, math.nextafter(1, 0), math.nextafter(-1, 0)],
    "atan": uniform(-4, 4, 60) + spread(1e-300, 1e300, 30) + around(7 / 16, 11 / 16, 19 / 16, 39 / 16, 1.0),
    "sinh": uniform(-2, 2, 50) + uniform(-710, 710, 30) + spread(1e-300, 1, 15) + around(1.0, 710.4758600739439),
    "cosh": uniform(-2, 2, 50) + uniform(-710, 710, 30) + around(1.0, 710.4758600739439),
    "tanh": uniform(-2, 2, 60) + uniform(-22, 22, 30) + spread(1e-300, 1, 15) + around(0.7, 22.0),
    "sigmoid": uniform(-2, 2, 40) + uniform(-40, 40, 40) + uniform(-745, -40, 20) + around(-700.0, -708.5),
    "softplus": uniform(-2, 2, 40) + uniform(-40, 40, 40) + uniform(-745, 745, 20) + around(-700.0, 700.0),
    "erf": uniform(-1, 1, 50) + uniform(-6, 6, 40) + spread(1e-300, 1, 15) + around(0.8, 5.9),
    "lgamma": uniform(0.001, 4, 50) + uniform(4, 200, 25) + spread(1e-300, 1e305, 20, False) + around(1.0625, 0.9375, 8.0),
    "digamma": uniform(0.001, 1.4, 30) + uniform(1.5, 200, 40) + spread(1e-300, 1e305, 20, False) + around(8.0, 1.0),
}


def pairs():
    for x in spread(0.5, 2, 40, False) + spread(1e-3, 1e3, 30, False) + spread(1e-307, 1e307, 30, False):
        yield x, rng.uniform(-745, 709) / math.log(x)
    for base in (-1.5, -2.0, -0.1, -3.0):
        for power in (-5.0, 3.0, 8.0, 101.0):
            yield base, power
    for x, y in ((10.0, 22.0), (10.0, -323.0), (2.0, -1074.0), (2.0, 1023.0), (1.0000000000000002, 3e18), (0.9999999999999999, 6e18), (5e-324, 0.5), (3e-320, -0.9)):
        yield x, y


def angles_of_points():
    for y in uniform(-4, 4, 40):
        yield y, rng.uniform(-4, 4)
    for y in spread(1e-300, 1e300, 30):
        yield y, spread(1e-300, 1e300, 1)[0]
    for y, x in ((1.0, -1.0), (5e-324, 5e-324), (5e-324, -5e-324), (1e308, 1e308), (-1e308, 1e-308), (1e-308, 3.0), (7.0, 16.0), (11.0, 16.0), (-1.0, 1e300)):
        yield y, x


def nearest(exact):
    """The nearest float64 (a subnormal may be rounded twice)."""
    with mpmath.workprec(53):
        return float(+exact)


def row64(function, arguments):
    exact = function(*map(mpf, arguments))
    value = nearest(exact)
    if math.isinf(value) or exact == 0:
        return [*arguments, ("Infinity" if value > 0 else "-Infinity") if math.isinf(value) else value, 0]
    if value == 0:
        return [*arguments, value, round(float(exact / mpf(2) ** -1074), 3)]
    return [*arguments, value, round(float((exact - mpf(value)) / mpf(math.ulp(value))), 3)]


def to_float32(x):
    return struct.unpack("<f", struct.pack("<f", x))[0]


def in_float32(arguments):
    return all(abs(x) < 3e38 and (abs(x) > 1e-37 or x == 0) for x in arguments)


def main():
    for name, function in FUNCTIONS.items():
        tuples = list(pairs()) if name == "pow" else list(angles_of_points()) if name == "atan2" else [(x,) for x in ARGUMENTS[name]]
        rows = [row64(function, t) for t in tuples]
        short = [tuple(map(to_float32, t)) for t in tuples if in_float32(t)][::2]
        rows32 = []
        for t in short:
            exact = function(*map(mpf, t))
            if not (1e-44 < abs(exact) < 3.4e38):
                continue
            rows32.append([*t, nearest(exact)])
        text = ",\n    ".join(json.dumps(r, separators=(",", ":")) for r in rows)
        text32 = ",\n    ".join(json.dumps(r, separators=(",", ":")) for r in rows32)
        source = f"mpmath {mpmath.__version__}, 300 bits; generate.py"
        out = f'{{\n  "function": "{name}",\n  "source": "{source}",\n  "float64": [\n    {text}\n  ],\n  "float32": [\n    {text32}\n  ]\n}}\n'
        (pathlib.Path(__file__).parent / f"{name}.json").write_text(out)


main()
