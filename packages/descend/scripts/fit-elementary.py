"""Fits the polynomials of the elementary functions and writes src/wasm/math/coefficients.ts.

Method: Remez exchange in 400-bit arithmetic (Muller, Elementary Functions, 3rd ed., section 3.4), absolute error of the
factor that is fitted, then each coefficient rounded to the format. Run: python3 fit-elementary.py (needs mpmath).
"""
import math
import pathlib
import struct

from mpmath import mp, mpf, matrix, lu_solve, cos, pi, exp, log, sin, sqrt, asin, atan, atanh, tanh, sinh, erf, erfc, euler, loggamma, psi

mp.prec = 400


def to_format(value, bits):
    if bits == 64:
        return float(value)
    return struct.unpack("<f", struct.pack("<f", float(value)))[0]


def horner(coefficients, x):
    total = mpf(0)
    for c in reversed(coefficients):
        total = total * x + c
    return total


def remez(f, degree, low, high, rounds=12):
    """The polynomial of this degree with the smallest maximal error on [low, high]."""
    low, high = mpf(low), mpf(high)
    middle, half = (low + high) / 2, (high - low) / 2
    n = degree + 2
    nodes = [middle - half * cos(pi * i / (n - 1)) for i in range(n)]
    grid = [middle - half * cos(pi * i / (12 * n)) for i in range(12 * n + 1)]
    values = [f(x) for x in grid]
    for _ in range(rounds):
        a = matrix(n, n)
        b = matrix(n, 1)
        for i, x in enumerate(nodes):
            t = (x - middle) / half
            for j in range(degree + 1):
                a[i, j] = t**j
            a[i, degree + 1] = (-1) ** i
            b[i] = f(x)
        solution = lu_solve(a, b)
        scaled = [solution[j] for j in range(degree + 1)]
        error = [v - horner(scaled, (x - middle) / half) for x, v in zip(grid, values)]
        # One extremum from every run of equal sign.
        extrema = []
        for x, e in zip(grid, error):
            if extrema and (extrema[-1][1] > 0) == (e > 0):
                if abs(e) > abs(extrema[-1][1]):
                    extrema[-1] = (x, e)
            else:
                extrema.append((x, e))
        while len(extrema) > n:
            extrema.pop(0 if abs(extrema[0][1]) < abs(extrema[-1][1]) else -1)
        if len(extrema) < n:
            break
        largest = max(abs(e) for _, e in extrema)
        nodes = [x for x, _ in extrema]
        if largest < abs(solution[degree + 1]) * mpf("1.01"):
            break
    return [c for c in unscale(scaled, middle, half)]


def unscale(scaled, middle, half):
    """Coefficients in x of a polynomial in (x - middle)/half."""
    result = [mpf(0)]
    for c in reversed(scaled):
        shifted = [mpf(0)] * (len(result) + 1)
        for i, r in enumerate(result):
            shifted[i + 1] += r / half
            shifted[i] -= r * middle / half
        shifted[0] += c
        result = shifted
    return result[: len(scaled)]


def rational(f, p, q, low, high):
    """P/Q with deg P = p, deg Q = q, Q(0) = 1, equal to f at Chebyshev nodes."""
    n = p + q + 1
    a = matrix(n, n)
    b = matrix(n, 1)
    for i in range(n):
        x = (mpf(low) + high) / 2 - (mpf(high) - low) / 2 * cos(pi * (2 * i + 1) / (2 * n))
        v = f(x)
        for j in range(p + 1):
            a[i, j] = x**j
        for j in range(1, q + 1):
            a[i, p + j] = -v * x**j
        b[i] = v
    solution = lu_solve(a, b)
    return [solution[i] for i in range(p + 1)], [mpf(1)] + [solution[p + j] for j in range(1, q + 1)]


def safe(f):
    """The function with a removable singularity at 0 filled in."""
    return lambda x: f(x) if abs(x) > mpf(2) ** -60 else f(mpf(2) ** -60)


def worst(approximation, f, low, high, count=400):
    low, high = mpf(low), mpf(high)
    points = [low + (high - low) * i / count for i in range(count + 1)]
    return max(abs(approximation(x) - f(x)) for x in points)


entries = []


def add(name, meaning, coefficients, bits):
    entries.append((name, meaning, [to_format(c, bits) for c in coefficients]))


def reaches_one(coefficients):
    """Whether f·(π + f²·P(f²)) at f = 1/2 is 1 in float64, by Horner's rule: π is 1.2e-16 more than its float64."""
    total = 0.0
    for c in reversed([math.pi] + coefficients):
        total = 0.25 * total + c
    return 0.5 * total == 1


def fit(name, meaning, f, degree, low, high, bits=64, raise_peak=None):
    """`raise_peak`: the second coefficient is raised unit by unit in the last place until this holds of them."""
    f = safe(f)
    coefficients = remez(f, degree, low, high)
    while raise_peak is not None and not raise_peak([to_format(c, bits) for c in coefficients]):
        coefficients[1] = mpf(math.nextafter(to_format(coefficients[1], bits), math.inf))
    rounded = [mpf(to_format(c, bits)) for c in coefficients]
    error = worst(lambda x: horner(rounded, x), f, low, high)
    text = f"error ≤ 2^{float(log(error, 2)):.1f}"
    print(f"{name:24} degree {degree:2} {text}  exact {float(log(worst(lambda x: horner(coefficients, x), f, low, high), 2)):.1f}")
    add(name, f"{meaning}; {text}", coefficients, bits)
    return coefficients


def root(f):
    """f as a function of the square of its argument."""
    return lambda z: f(sqrt(z))


def all_fits():
    ln2half = mpf("0.34661")
    quarter = mpf("0.6170")
    exponential = lambda r: (exp(r) - 1 - r) / r**2
    exponential_long = lambda r: (exp(r) - 1 - r - r**2 / 2) / r**3 * 2
    sine = root(lambda r: (sin(r) / r - 1) / r**2)
    cosine = root(lambda r: (cos(r) - 1 + r**2 / 2) / r**4)
    logarithm = root(lambda s: (2 * atanh(s) / s - 2) / s**2)
    arctangent = root(lambda t: (atan(t) / t - 1) / t**2)
    arcsine = root(lambda t: (asin(t) / t - 1) / t**2)
    hyperbolic_sine = root(lambda t: (sinh(t) / t - 1) / t**2)
    hyperbolic_tangent = root(lambda t: (tanh(t) / t - 1) / t**2)
    fit("EXP", "(eʳ − 1 − r)/r² on |r| ≤ ln 2/2", exponential, 9, -ln2half, ln2half)
    fit("EXP_LONG", "(eʳ − 1 − r − r²/2)/(r³/2) on |r| ≤ ln 2/2, where eˣ is carried beyond the format", exponential_long, 9, -ln2half, ln2half)
    fit("SIN", "(sin r/r − 1)/r² in r², |r| ≤ π/4", sine, 5, 0, quarter)
    fit("SIN_LONG", "as SIN, closer, for the tangent", sine, 6, 0, quarter)
    fit("COS", "(cos r − 1 + r²/2)/r⁴ in r², |r| ≤ π/4", cosine, 5, 0, quarter)
    fit("SIN_HALF_TURN", "as SIN, for |r| ≤ π/2", sine, 7, 0, mpf("2.4675"))
    fit("SIN_PI", "(sin πf/f − π)/f² in f², |f| ≤ 1/2, and sin π/2 = 1", root(lambda f: (sin(pi * f) / f - pi) / f**2), 7, 0, mpf("0.25"), raise_peak=reaches_one)
    fit("LOG", "(2 artanh s/s − 2)/s² in s², |s| ≤ 3 − 2√2", logarithm, 6, 0, mpf("0.02945"))
    log_tail = root(lambda s: (((2 * atanh(s) / s - 2) / s**2 - mpf(2) / 3) / s**2 - mpf(2) / 5) / s**2)
    fit("LOG_TAIL", "2/7 + 2/9 s² + …, the rest of 2 artanh s/s, in s²", log_tail, 6, 0, mpf("0.02945"))
    fit("ATAN", "(arctan t/t − 1)/t² in t², |t| ≤ 7/16", arctangent, 11, 0, mpf(49) / 256)
    fit("ASIN", "(arcsin t/t − 1)/t² in t², |t| ≤ 1/2", arcsine, 12, 0, mpf(1) / 4)
    fit("SINH", "(sinh t/t − 1)/t² in t², |t| ≤ 1", hyperbolic_sine, 7, 0, 1)
    fit("ERF", "erf t/t − 1 in t², |t| ≤ 0.8", root(lambda t: erf(t) / t - 1), 11, 0, mpf("0.64"))
    # u is 0 where erfc x is largest, so that the rounding errors of the polynomial are small there.
    from_u = lambda u: (3 * u + mpf("0.875")) / (1 - u)
    erf_tail = fit("ERF_TAIL", "erfc x·exp x² in u = (x − 0.875)/(x + 3), 0.8 ≤ x ≤ 6", lambda u: erfc(from_u(u)) * exp(from_u(u) ** 2), 16, mpf("-0.075") / mpf("3.8"), mpf("5.125") / 9)
    add("ERF_TAIL_LOW", "what rounding took from the constant term of ERF_TAIL", [erf_tail[0] - mpf(float(erf_tail[0]))], 64)
    p, q = rational(safe(hyperbolic_tangent), 2, 3, 0, mpf("0.49"))
    print("TANH", float(log(worst(lambda x: horner(p, x) / horner(q, x), safe(hyperbolic_tangent), 0, mpf("0.49")), 2)))
    add("TANH_P", "numerator of (tanh t/t − 1)/t² in t², |t| ≤ 0.7", p, 64)
    add("TANH_Q", "its denominator", q, 64)
    # Stirling series: (log Γ(x) − (x − ½) log x + x − ½ log 2π)·x and (log x − 1/(2x) − ψ(x))·x², in 1/x², x ≥ 8
    gamma_rest = lambda w: (lambda x: ((loggamma(x) - (x - mpf(1) / 2) * log(x) + x - log(2 * pi) / 2) * x - mpf(1) / 12) * x**2)(1 / sqrt(w))
    digamma_rest = lambda w: (lambda x: (log(x) - 1 / (2 * x) - psi(0, x)) * x**2)(1 / sqrt(w))
    fit("LGAMMA_STIRLING", "((log Γ(x) − (x − ½) log x + x − ½ log 2π)·x − 1/12)·x² in 1/x², x ≥ 8", gamma_rest, 6, mpf(2) ** -30, mpf(1) / 64)
    fit("DIGAMMA_STIRLING", "(log x − 1/(2x) − ψ(x))·x² in 1/x², x ≥ 8", digamma_rest, 8, mpf(2) ** -30, mpf(1) / 64)
    near_one = lambda t: (loggamma(1 + t) / t + euler) / t
    near_two = lambda t: (loggamma(2 + t) / t - 1 + euler) / t
    fit("LGAMMA_ONE", "(log Γ(1 + t)/t + γ)/t, |t| ≤ 1/16", near_one, 10, mpf(-1) / 16, mpf(1) / 16)
    fit("LGAMMA_TWO", "(log Γ(2 + t)/t − 1 + γ)/t, |t| ≤ 1/16", near_two, 9, mpf(-1) / 16, mpf(1) / 16)
    # float32
    fit("EXP_32", "as EXP", exponential, 4, -ln2half, ln2half, 32)
    fit("EXP_LONG_32", "as EXP_LONG", exponential_long, 4, -ln2half, ln2half, 32)
    fit("SIN_32", "as SIN", sine, 2, 0, quarter, 32)
    fit("COS_32", "as COS", cosine, 2, 0, quarter, 32)
    fit("LOG_32", "as LOG", logarithm, 2, 0, mpf("0.02945"), 32)
    fit("ERF_32", "erf t/t − 1 in t², |t| ≤ 0.8", root(lambda t: erf(t) / t - 1), 5, 0, mpf("0.64"), 32)
    fit("ERF_TAIL_32", "erfc x·exp x² in u = (x − 0.875)/(x + 3), 0.8 ≤ x ≤ 4", lambda u: erfc(from_u(u)) * exp(from_u(u) ** 2), 6, mpf("-0.075") / mpf("3.8"), mpf("3.125") / 7, 32)
    fit("TANH_32", "(tanh t/t − 1)/t² in t², |t| ≤ 0.625", hyperbolic_tangent, 4, 0, mpf("0.390625"), 32)


def write():
    target = pathlib.Path(__file__).parent.parent / "src/wasm/math/coefficients.ts"
    lines = [
        "/**",
        " * Coefficients of the elementary functions, constant term first.",
        " *",
        " * Made by scripts/fit-elementary.py: Remez exchange in 400-bit arithmetic, each coefficient then rounded to its format.",
        " * The error stated is that of the rounded polynomial, absolute, for the function in the comment.",
        " */",
        "",
        "// biome-ignore-all format: tables",
    ]
    for name, meaning, values in entries:
        lines += ["", f"/** {meaning}. */", f"export const {name}: readonly number[] = ["]
        row = "  "
        for v in values:
            item = f"{v!r}, "
            if len(row) + len(item) > 130:
                lines.append(row.rstrip())
                row = "  "
            row += item
        lines += [row.rstrip(), "];"]
    target.write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    all_fits()
    write()
