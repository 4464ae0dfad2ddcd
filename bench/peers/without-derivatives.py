"""SciPy's searches without derivatives: values until within 1e-8 of the lowest. Arguments: seeds, limit. Prints a JSON line a problem and method."""
import json
import math
import sys

try:
    from scipy.optimize import Bounds, differential_evolution, dual_annealing, minimize
except ImportError:
    sys.exit(3)

seeds, limit = int(sys.argv[1]), int(sys.argv[2])


def rosenbrock(x):
    return (1 - x[0]) ** 2 + 100 * (x[1] - x[0] * x[0]) ** 2


def beale(p):
    x, y = p
    return (1.5 - x + x * y) ** 2 + (2.25 - x + x * y**2) ** 2 + (2.625 - x + x * y**3) ** 2


def powell_singular(p):
    a, b, c, d = p
    return (a + 10 * b) ** 2 + 5 * (c - d) ** 2 + (b - 2 * c) ** 4 + 10 * (a - d) ** 4


def sphere(x):
    return sum((v - 1) ** 2 for v in x)


def kinks(x):
    return sum((i + 1) * abs(v - i) for i, v in enumerate(x))


def rastrigin(x):
    return 10 * len(x) + sum(v * v - 10 * math.cos(2 * math.pi * v) for v in x)


problems = [
    ("Rosenbrock", rosenbrock, [-1.2, 1.0], (-5, 10)),
    ("Beale", beale, [1.0, 1.0], (-4.5, 4.5)),
    ("Powell singular", powell_singular, [3.0, -1.0, 0.0, 1.0], (-4, 5)),
    ("sphere of 5", sphere, [2.0, -3.0, 4.0, 0.0, 5.0], (-10, 10)),
    ("kinks of 3", kinks, [4.0, -2.0, 5.0], (-10, 10)),
    ("Rastrigin of 2", rastrigin, [3.0, -4.0], (-5.12, 5.12)),
    ("Rastrigin of 5", rastrigin, [3.0, -4.0, 2.0, 1.0, 3.0], (-5.12, 5.12)),
]


class Reached(Exception):
    pass


class Exhausted(Exception):
    pass


def values(run, f):
    """Values until the target, or None."""
    count = 0

    def counted(x):
        nonlocal count
        count += 1
        if f(x) <= 1e-8:
            raise Reached
        if count >= limit:
            raise Exhausted
        return f(x)

    try:
        run(counted)
    except Reached:
        return count
    except Exhausted:
        pass
    return None


tight = {"xatol": 1e-10, "fatol": 1e-14, "maxiter": 10**6, "maxfev": 10**6}
for name, f, start, (low, high) in problems:
    box = [(low, high)] * len(start)
    runs = {
        "nelderMead": [lambda g: minimize(g, start, method="Nelder-Mead", bounds=box, options=tight)],
        "powell": [lambda g: minimize(g, start, method="Powell", bounds=box, options={"xtol": 1e-10, "ftol": 1e-14, "maxfev": 10**6})],
        "differentialEvolution": [
            lambda g, seed=seed: differential_evolution(g, box, x0=start, strategy="rand1bin", updating="deferred", tol=1e-12, polish=False, rng=seed)
            for seed in range(seeds)
        ],
        "simulatedAnnealing": [
            lambda g, seed=seed: dual_annealing(g, box, x0=start, no_local_search=True, maxfun=limit, maxiter=10**6, rng=seed) for seed in range(seeds)
        ],
    }
    for method, each in runs.items():
        print(json.dumps({"problem": name, "method": method, "who": "SciPy", "counts": [values(run, f) for run in each]}))
