"""Runs SciPy's minimize on functions that another process evaluates.

Over the pipe goes binary data in native order. Out: an int32 kind (0 value, 1 gradient, 2 Hessian), an int32
problem, then x as float64. In: the answer as float64. At the end an int32 -1, an int32 length and the results
as JSON. The one argument lists the problems and methods as JSON.
"""

import json
import os
import struct
import sys
import warnings

import numpy as np
import scipy
from scipy.optimize import minimize

warnings.filterwarnings("ignore")
OUT, IN = os.dup(1), 0
os.dup2(2, 1)


def ask(kind, problem, x, count):
    x = np.ascontiguousarray(x, dtype=np.float64)
    os.write(OUT, struct.pack("=ii", kind, problem) + x.tobytes())
    wanted, data = 8 * count, b""
    while len(data) < wanted:
        data += os.read(IN, wanted - len(data))
    return np.frombuffer(data, dtype=np.float64)


def run(method, options, problem, start):
    n = len(start)
    calls = {"value": 0, "gradient": 0, "hessian": 0}

    def value(x):
        calls["value"] += 1
        return ask(0, problem, x, 1)[0]

    def gradient(x):
        calls["gradient"] += 1
        return ask(1, problem, x, n).copy()

    def hessian(x):
        calls["hessian"] += 1
        return ask(2, problem, x, n * n).reshape(n, n).copy()

    try:
        extra = {"hess": hessian} if method.startswith("trust") or method == "Newton-CG" else {}
        result = minimize(value, start, jac=gradient, method=method, options=options, **extra)
        return {"x": list(map(float, result.x)), "calls": calls, "message": str(result.message)}
    except Exception as error:
        return {"x": None, "calls": calls, "message": repr(error)}


asked = json.loads(sys.argv[1])
answers = {"version": scipy.__version__}
for name, (method, options) in asked["methods"].items():
    answers[name] = [run(method, options, i, start) for i, start in enumerate(asked["starts"])]
text = json.dumps(answers).encode()
os.write(OUT, struct.pack("=ii", -1, len(text)))
while text:
    text = text[os.write(OUT, text) :]
