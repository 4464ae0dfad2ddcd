"""Derives the coefficients in src/numeric/special-coefficients.ts and prints them.

Polynomials and rational functions are fitted in 60-digit arithmetic by linearized least squares at Chebyshev points, reweighted until
the error of p/q itself (not of p - f q) is what is made small; the largest relative error on a dense grid is printed with each.
Needs mpmath (the Debian package python3-mpmath).
"""

from mpmath import mp, mpf, matrix, lu_solve, cos, pi, erf, erfc, exp, loggamma, digamma, log, findroot, sqrt, nstr

mp.dps = 60


def fit(f, a, b, m, n, weight=lambda t: 1, rounds=4):
    """p of degree m over q of degree n (q(0) = 1) near f on [a, b]; weight(t) multiplies the error."""
    count = 3 * (m + n + 1)
    points = [(a + b) / 2 + (b - a) / 2 * cos(pi * (2 * i + 1) / (2 * count)) for i in range(count)]
    values = [f(t) for t in points]
    q = [mpf(1)] + [mpf(0)] * n
    for _ in range(rounds if n > 0 else 1):
        rows, right = [], []
        for t, v in zip(points, values):
            w = weight(t) / sum(c * t**k for k, c in enumerate(q))
            rows.append([w * t**k for k in range(m + 1)] + [-w * v * t**k for k in range(1, n + 1)])
            right.append(w * v)
        solution = lu_solve(matrix(rows), matrix(right))  # least squares by the normal equations; 60 digits bear it
        p = [solution[k] for k in range(m + 1)]
        q = [mpf(1)] + [solution[m + k] for k in range(1, n + 1)]
    # The coefficients are used as doubles: measure with doubles.
    p, q = [mpf(float(c)) for c in p], [mpf(float(c)) for c in q]
    worst = mpf(0)
    for i in range(1001):
        t = a + (b - a) * i / 1000
        v = f(t)
        approximation = sum(c * t**k for k, c in enumerate(p)) / sum(c * t**k for k, c in enumerate(q))
        worst = max(worst, abs((approximation - v) * weight(t)))
    return p, q, worst


def show(name, p, q, worst):
    print(f"// {name}: largest weighted error {nstr(worst, 3)}")
    print("  numerator: [" + ", ".join(repr(float(c)) for c in p) + "],")
    if len(q) > 1:
        print("  denominator: [" + ", ".join(repr(float(c)) for c in q) + "],")


# erf(x) = x + x (c + z p(z)) with z = x^2, |x| < 1; the weight is the size of the correction beside x.
small = lambda z: (2 / sqrt(pi) - 1) if z == 0 else erf(sqrt(z)) / sqrt(z) - 1
show("erfSmall (in x^2)", *fit(small, mpf(0), mpf(1), 11, 0))

# erf(x) = 1 - exp(-x^2) r(t), t = (x - 2) / (x + 2), 1 <= x < 6; the error counts beside 1.
def scaled_complement(t):
    x = 2 * (1 + t) / (1 - t)
    return exp(x * x) * erfc(x)
def complement_weight(t):
    x = 2 * (1 + t) / (1 - t)
    return exp(-x * x)
show("erfLarge (in t)", *fit(scaled_complement, mpf(-1) / 3, mpf(1) / 2, 13, 0, complement_weight))

# log gamma(1 + y) = y (y - 1) r(y): both roots are factors, so r is smooth and has no zero. Relative errors.
def between_roots(y):
    if abs(y) < 1e-25:
        return -digamma(1)
    if abs(y - 1) < 1e-25:
        return digamma(2)
    return loggamma(1 + y) / (y * (y - 1))
show("lgammaRoots (in y), 0 <= y < 3/2", *fit(between_roots, mpf(0), mpf(3) / 2, 6, 7, lambda y: 1 / between_roots(y)))
f = lambda s: between_roots(s - mpf(1) / 2)
show("lgammaBelowOne (in y + 1/2), -1/2 <= y < 0", *fit(f, mpf(0), mpf(1) / 2, 5, 6, lambda s: 1 / f(s)))

# log gamma(x) = (x - 2) r(x - 5/2), 5/2 <= x < 8.
f = lambda u: loggamma(u + mpf(5) / 2) / (u + mpf(1) / 2)
show("lgammaMiddle (in x - 5/2)", *fit(f, mpf(0), mpf(11) / 2, 7, 7, lambda u: 1 / f(u)))

# log gamma(x) = (x - 1/2)(log x - 1) + w(1/x^2)/x + constant, x >= 8; w of the Stirling series, fitted.
def stirling(z):
    if z == 0:
        return mpf(1) / 12
    x = 1 / sqrt(z)
    return (loggamma(x) - (x - mpf(1) / 2) * log(x) + x - log(2 * pi) / 2) * x
show("lgammaLarge (in 1/x^2)", *fit(stirling, mpf(0), mpf(1) / 64, 6, 0))
print("// constant:", repr(float(log(2 * pi) / 2 - mpf(1) / 2)))

# digamma(x) = (x - x0) r(x - 1), 1 <= x <= 2, with the root x0 as a sum of two doubles.
root = findroot(digamma, mpf("1.4616321449683623"))
high = mpf(float(root))
print("// digamma root:", repr(float(high)), "+", repr(float(root - high)))
def digamma_ratio(y):
    x = 1 + y
    return digamma(x) / (x - root)
show("digammaMiddle (in x - 1)", *fit(digamma_ratio, mpf(0), mpf(1), 6, 6, lambda y: 1 / digamma_ratio(y)))

# digamma(x) = log x - 1/(2x) - z r(z), z = 1/x^2, x >= 10.
def digamma_tail(z):
    if z == 0:
        return mpf(1) / 12
    x = 1 / sqrt(z)
    return (log(x) - 1 / (2 * x) - digamma(x)) / z
show("digammaLarge (in 1/x^2)", *fit(digamma_tail, mpf(0), mpf(1) / 100, 6, 0))
