"""Runs SciPy's L-BFGS-B and trf in boxes, on functions that another process evaluates.

The pipe is that of scipy_zoo.py, with kinds 3 (residuals) and 4 (Jacobian) besides. The one argument lists starts,
bounds, and how many residuals each problem has, 0 for none.
"""

import json
import os
import struct
import sys
import warnings

import numpy as np
import scipy
from scipy.optimize import least_squares, minimize

warnings.filterwarnings("ignore")
OUT, IN = os.dup(1), 0
os.dup2(2, 1)


def ask(kind, problem, x, count):
    x = np.ascontiguousarray(x, dtype=np.float64)
    os.write(OUT, struct.pack("=ii", kind, problem) + x.tobytes())
    wanted, data = 8 * count, b""
    while len(data) < wanted:
        data += os.read(IN, wanted - len(data))
    return np.frombuffer(data, dtype=np.float64).copy()


def ends(bounds, none):
    return np.array([none if bound is None else bound for bound in bounds], dtype=float)


def run(call):
    calls = {"value": 0, "gradient": 0}
    try:
        result = call(calls)
        return {"x": list(map(float, result.x)), "calls": calls, "message": str(result.message)}
    except Exception as error:
        return {"x": None, "calls": calls, "message": repr(error)}


def minimized(i, start, lower, upper, options):
    n = len(start)

    def call(calls):
        def both(x):
            calls["value"] += 1
            calls["gradient"] += 1
            return ask(0, i, x, 1)[0], ask(1, i, x, n)

        return minimize(both, start, jac=True, method="L-BFGS-B", bounds=list(zip(lower, upper)), options=options)

    return run(call)


def fitted(i, m, start, lower, upper, options):
    n = len(start)

    def call(calls):
        def residuals(x):
            calls["value"] += 1
            return ask(3, i, x, m)

        def jacobian(x):
            calls["gradient"] += 1
            return ask(4, i, x, m * n).reshape(m, n)

        return least_squares(residuals, start, jac=jacobian, bounds=(lower, upper), method="trf", **options)

    return run(call)


asked = json.loads(sys.argv[1])
answers = {"version": scipy.__version__, "lbfgsb": [], "trf": []}
for i, (start, m) in enumerate(zip(asked["starts"], asked["counts"])):
    lower, upper = ends(asked["lower"][i], -np.inf), ends(asked["upper"][i], np.inf)
    start = np.array(start, dtype=float)
    answers["lbfgsb"].append(minimized(i, start, lower, upper, asked["lbfgsb"]))
    answers["trf"].append(fitted(i, m, start, lower, upper, asked["trf"]) if m else None)
text = json.dumps(answers).encode()
os.write(OUT, struct.pack("=ii", -1, len(text)))
while text:
    text = text[os.write(OUT, text) :]
