"""
SciPy's quasi-Newton methods on the problems of More, Garbow and Hillstrom, and how many gradients they ask for.

Arguments: the JSON list of problems {name, start, minima}, and the command that answers for them (tools/answer-problems.mjs). Prints a JSON line a problem
and method: gradients in all, those until the first value within 1e-8 of a minimum (relative to max(1, |minimum|)), and the gap at the end.
"""
import json
import subprocess
import sys

import numpy as np

try:
    from scipy.optimize import minimize
except ImportError:
    sys.exit(3)

problems = json.loads(sys.argv[1])
answerer = subprocess.Popen(sys.argv[2:], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
# As tight as rounding lets them go, so that none stops short
settings = [
    ("L-BFGS-B", {"ftol": 0, "gtol": 1e-8, "maxcor": 10, "maxiter": 3000, "maxfun": 20000}),
    ("BFGS", {"gtol": 1e-8, "maxiter": 3000}),
]

for k, problem in enumerate(problems):
    for method, options in settings:
        asked, reached = 0, None

        def gap(value):
            return min(abs(value - m) / max(1, abs(m)) for m in problem["minima"])

        def objective(x):
            global asked, reached
            answerer.stdin.write(json.dumps({"problem": k, "x": x.tolist()}) + "\n")
            answerer.stdin.flush()
            answer = json.loads(answerer.stdout.readline())
            asked += 1
            if reached is None and gap(answer["value"]) <= 1e-8:
                reached = asked
            return answer["value"], np.array(answer["gradient"])

        with np.errstate(all="ignore"):
            result = minimize(objective, problem["start"], jac=True, method=method, options=options)
        line = {"problem": problem["name"], "who": method, "asked": asked, "reached": reached, "gap": gap(result.fun)}
        print(json.dumps(line))
