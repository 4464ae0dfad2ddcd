"""Ulp errors of a function against MPFR. Called by measure-ulps.mjs: reads records from standard input, writes JSON lines.

A request is one JSON line {op, format, count, arity} followed by count·arity arguments and count results, float64 little-endian
(float32 values widened). The answer: the largest error in ulps of the exact value's binade, where it is, and the
largest |error|/max(1, |exact value|). Needs gmpy2 (MPFR).
"""
import json
import math
import struct
import sys

import gmpy2
from gmpy2 import mpfr

CONTEXT = gmpy2.context(precision=140, emax=1 << 28, emin=-(1 << 28))
gmpy2.set_context(CONTEXT)


def softplus(x):
    return max(x, mpfr(0)) + gmpy2.log1p(gmpy2.exp(-abs(x)))


FUNCTIONS = {
    "exp": gmpy2.exp, "expm1": gmpy2.expm1, "log": gmpy2.log, "log1p": gmpy2.log1p, "sin": gmpy2.sin, "cos": gmpy2.cos, "tan": gmpy2.tan,
    "asin": gmpy2.asin, "acos": gmpy2.acos, "atan": gmpy2.atan, "atan2": gmpy2.atan2, "sinh": gmpy2.sinh, "cosh": gmpy2.cosh,
    "tanh": gmpy2.tanh, "erf": gmpy2.erf, "lgamma": lambda x: gmpy2.lgamma(x)[0], "digamma": gmpy2.digamma,
    "sigmoid": lambda x: 1 / (1 + gmpy2.exp(-x)), "softplus": softplus, "pow": lambda x, y: x**y,
}
FORMATS = {"float64": (53, -1074, 1024), "float32": (24, -149, 128)}


def ulp_error(exact, computed, digits, smallest, limit):
    if exact == 0:
        return 0.0 if computed == 0 else math.inf
    exponent = gmpy2.get_exp(exact)  # 2^(exponent-1) <= |exact| < 2^exponent
    unit = max(exponent - digits, smallest)
    if math.isinf(computed):
        # Correct if the exact value rounds to infinity.
        bound = mpfr(2) ** limit - mpfr(2) ** (limit - digits - 1)
        return 0.0 if abs(exact) >= bound and (exact > 0) == (computed > 0) else math.inf
    if math.isnan(computed):
        return math.inf
    return float(abs(mpfr(computed) - exact) / mpfr(2) ** unit)


def main():
    source = sys.stdin.buffer
    while True:
        line = source.readline()
        if not line:
            return
        request = json.loads(line)
        count, arity = request["count"], request["arity"]
        values = struct.unpack(f"<{count * (arity + 1)}d", source.read(8 * count * (arity + 1)))
        function = FUNCTIONS[request["op"]]
        digits, smallest, limit = FORMATS[request["format"]]
        largest, where, mixed = -1.0, [], 0.0
        for i in range(count):
            arguments = values[i * arity : (i + 1) * arity]
            exact = function(*map(mpfr, arguments))
            computed = values[count * arity + i]
            error = ulp_error(exact, computed, digits, smallest, limit)
            if error > largest:
                largest, where = error, list(arguments)
            if math.isfinite(computed):
                mixed = max(mixed, float(abs(mpfr(computed) - exact) / max(1, abs(exact))))
        print(json.dumps({"ulps": largest if math.isfinite(largest) else "infinite", "at": where, "mixed": mixed}), flush=True)


main()
