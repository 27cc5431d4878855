"""Prints, as JSON, SciPy's microseconds an iteration outside the function: chained Rosenbrock in n variables."""

import json
import time
import warnings

import numpy as np
from scipy.optimize import minimize, rosen, rosen_der, rosen_hess

warnings.filterwarnings("ignore")


def per_iteration(method, n, iterations):
    start = np.where(np.arange(n) % 2 == 0, -1.2, 1.0)
    extra = {"hess": rosen_hess} if method.startswith("trust") else {}
    times = []
    for _ in range(9):
        began = time.perf_counter()
        end = minimize(
            rosen, start, jac=rosen_der, method=method, options={"maxiter": iterations}, tol=1e-8, **extra
        )
        whole = time.perf_counter() - began
        began = time.perf_counter()
        for _ in range(end.nfev):
            rosen(end.x)
        for _ in range(end.njev):
            rosen_der(end.x)
        for _ in range(end.nhev if extra else 0):
            rosen_hess(end.x)
        times.append((whole - (time.perf_counter() - began)) / end.nit)
    return 1e6 * sorted(times)[len(times) // 2]


cases = {"BFGS": [2, 10, 100], "L-BFGS-B": [2, 10, 100, 1000], "trust-exact": [2, 10]}
print(json.dumps({m: {str(n): per_iteration(m, n, 200) for n in ns} for m, ns in cases.items()}))
