"""Reads lines `operation n` and answers each with LAPACK's median time in microseconds, on one thread."""

import os
import sys
import time

os.environ["OPENBLAS_NUM_THREADS"] = os.environ["MKL_NUM_THREADS"] = os.environ["OMP_NUM_THREADS"] = "1"
import numpy as np
from scipy.linalg import lapack

random = np.random.default_rng(1)


def work(operation, n):
    a = np.asfortranarray(random.uniform(-1, 1, (n, n)))
    symmetric = np.asfortranarray(a + a.T)
    definite = np.asfortranarray(a @ a.T + np.eye(n))
    return {
        "product": lambda: np.dot(a, a),
        "cholesky": lambda: lapack.dpotrf(definite, lower=1),
        "symmetric eigen": lambda: lapack.dsyevd(symmetric),
        "svd": lambda: lapack.dgesdd(a, full_matrices=0),
        "lu": lambda: lapack.dgetrf(a),
        "pivoted qr": lambda: lapack.dgeqp3(a),
        "definite inverse": lambda: lapack.dpotri(lapack.dpotrf(definite, lower=1)[0], lower=1),
    }[operation]


print("ready", flush=True)
for line in sys.stdin:
    operation, n = line.rsplit(" ", 1)
    run = work(operation, int(n))
    calls = 1
    while True:
        begin = time.perf_counter()
        for _ in range(calls):
            run()
        if time.perf_counter() - begin > 1e-3:
            break
        calls *= 2
    times = []
    begin = time.perf_counter()
    while len(times) < 3 or time.perf_counter() - begin < 0.06:
        start = time.perf_counter()
        for _ in range(calls):
            run()
        times.append((time.perf_counter() - start) / calls)
    print(sorted(times)[len(times) // 2] * 1e6, flush=True)
