"""The natural cubic spline through some points, by SciPy. Prints natural-spline.json."""

import json

import scipy
from scipy.interpolate import CubicSpline

knots = [0.0, 1.0, 2.5, 4.0, 6.0, 7.0]
values = [1.0, 3.0, -1.0, 2.0, 2.5, 0.0]
points = [0.0, 0.3, 1.0, 1.7, 2.0, 3.3, 4.9, 6.5, 7.0]
spline = CubicSpline(knots, values, bc_type="natural")
slopes = [float(spline(knots[0], 1)), float(spline(knots[-1], 1))]
print(json.dumps({"source": f"SciPy {scipy.__version__}; natural-spline.py", "knots": knots, "values": values, "points": points, "at": [float(spline(p)) for p in points], "slopes": slopes}))
