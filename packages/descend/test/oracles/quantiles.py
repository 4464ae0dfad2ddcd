"""Quantiles of the normal and of Student's distribution with 25 digits, from 50-digit arithmetic (mpmath 1.3). Prints quantiles.json."""

import json

from mpmath import betainc, erfc, erfinv, exp, findroot, gamma, log, mp, mpf, nstr, pi, quad, sqrt

mp.dps = 50
SHARES = ["1e-300", "1e-30", "1e-9", "0.001", "0.02275", "0.074", "0.076", "0.25", "0.4999", "0.5", "0.75", "0.975", "0.9999"]
CONFIDENCES = ["0.05", "0.5", "0.6827", "0.8", "0.9", "0.95", "0.99", "0.999", "0.999999", "0.999999999"]
DEGREES = [0.5, 1, 2, 3, 4, 5, 7, 10, 30, 97, 431, 2000, 50000, 999999, 1000000, 123456789]


def normal(p):
    """Of the double nearest to p."""
    if p > mpf("1e-25"):
        return sqrt(2) * erfinv(2 * p - 1)
    return findroot(lambda z: log(erfc(-z / sqrt(2)) / 2) - log(p), -sqrt(-2 * log(p)))


def student(confidence, degrees):
    z = sqrt(2) * erfinv(confidence)
    n = mpf(degrees)
    if n >= 50000:
        constant = gamma((n + 1) / 2) / gamma(n / 2) / sqrt(n * pi)
        inside = lambda t: 2 * constant * quad(lambda s: (1 + s * s / n) ** (-(n + 1) / 2), [0, t / 2, t])
        return findroot(lambda t: inside(t) - confidence, z * (1 + (z**2 + 1) / (4 * n)))
    excess = lambda u: log(betainc(n / 2, mpf("0.5"), 0, n / (n + exp(2 * u)), regularized=True)) - log(1 - confidence)
    u = log(z)
    h = mpf("1e-20")
    for _ in range(80):
        step = excess(u) * 2 * h / (excess(u + h) - excess(u - h))
        u -= step
        if abs(step) < mpf("1e-35"):
            break
    return exp(u)


print(
    json.dumps(
        {
            "source": "mpmath 1.3, 50 digits; quantiles.py",
            "normal": [[float(p), nstr(normal(mpf(float(p))), 25)] for p in SHARES],
            "student": [[float(c), n, nstr(student(mpf(float(c)), n), 25)] for n in DEGREES for c in CONFIDENCES],
        }
    )
)
