"""Yeo and Johnson's λ of a skewed column and of one of both signs, by SciPy. Prints scaling.json."""

import json

import numpy
import scipy
from scipy.optimize import minimize_scalar
from scipy.stats import yeojohnson, yeojohnson_llf

i = numpy.arange(40)
columns = {
    "skewed": numpy.exp(1.5 * numpy.sin(1.7 * i) + 0.02 * i),
    "both": 4 * numpy.sin(2.3 * i) ** 3 - 1 + 0.3 * numpy.cos(i),
}


def fitted(x):
    best = minimize_scalar(lambda power: -yeojohnson_llf(power, x), bracket=(-2, 2), method="brent", options={"xtol": 1e-13}).x
    y = yeojohnson(x, best)
    return {"x": list(x), "lambda": float(best), "y": list((y - y.mean()) / y.std())}


print(json.dumps({"source": f"SciPy {scipy.__version__}; scaling.py", **{name: fitted(x) for name, x in columns.items()}}))
