"""Fits NIST's reference sets with SciPy's least_squares: python scipy_regression.py nist.json

Prints JSON: for each way of fitting, for each set and start, the parameters and the milliseconds of one fit.
The models and their Jacobians are the ones of src/problems/regression-*.ts, written with numpy.
"""

import json
import sys
import time
import warnings

import numpy as np
import scipy
from scipy.optimize import least_squares

warnings.filterwarnings("ignore")
np.seterr(all="ignore")


def columns(*parts):
    return np.stack(np.broadcast_arrays(*parts), axis=1)


def saturation(b, x):
    e = np.exp(-b[1] * x)
    return -b[0] * np.expm1(-b[1] * x), lambda: columns(-np.expm1(-b[1] * x), b[0] * x * e)


def power_saturation(k):
    def model(b, x):
        base = np.log1p(b[1] * x / k)
        return -b[0] * np.expm1(-k * base), lambda: columns(
            -np.expm1(-k * base), b[0] * x * np.exp(-(k + 1) * base)
        )

    return model


def exponential_over_line(b, x):
    line = b[1] + b[2] * x
    value = np.exp(-b[0] * x) / line
    return value, lambda: columns(-x * value, -value / line, -x * value / line)


def exponential_sum(b, x):
    powers = [np.exp(-b[k] * x) for k in (1, 3, 5)]
    value = sum(b[2 * k] * p for k, p in enumerate(powers))
    return value, lambda: columns(*(c for k, p in enumerate(powers) for c in (p, -b[2 * k] * x * p)))


def offset_exponentials(b, x):
    first, second = np.exp(-b[3] * x), np.exp(-b[4] * x)
    return b[0] + b[1] * first + b[2] * second, lambda: columns(
        np.ones_like(x), first, second, -x * b[1] * first, -x * b[2] * second
    )


def peaks_on_decay(b, x):
    decay = np.exp(-b[1] * x)
    z = [(x - b[k + 1]) / b[k + 2] for k in (2, 5)]
    p = [np.exp(-zk * zk) for zk in z]
    value = b[0] * decay + b[2] * p[0] + b[5] * p[1]

    def jacobian():
        parts = [decay, -x * b[0] * decay]
        for i, k in enumerate((2, 5)):
            slope = 2 * z[i] * b[k] * p[i] / b[k + 2]
            parts += [p[i], slope, z[i] * slope]
        return columns(*parts)

    return value, jacobian


def peak(b, x):
    z = (x - b[2]) / b[1]
    p = np.exp(-z * z / 2) / b[1]
    return b[0] * p, lambda: columns(p, (z * z - 1) * b[0] * p / b[1], z * b[0] * p / b[1])


def reciprocal_exponential(b, x):
    shifted = x + b[2]
    p = np.exp(b[1] / shifted)
    return b[0] * p, lambda: columns(p, b[0] * p / shifted, -b[1] * b[0] * p / shifted**2)


def aging_line(b, x):
    e = np.exp(-b[2] * x[:, 1])
    return b[0] - b[1] * x[:, 0] * e, lambda: columns(
        np.ones(len(x)), -x[:, 0] * e, b[1] * x[:, 0] * x[:, 1] * e
    )


def logistic(b, x):
    p = np.exp(b[1] - b[2] * x)
    slope = -b[0] / (1 + p) / (1 + 1 / p)
    return b[0] / (1 + p), lambda: columns(1 / (1 + p), slope, -x * slope)


def generalized_logistic(b, x):
    p = np.exp(b[1] - b[2] * x)
    unit = (1 + p) ** (-1 / b[3])
    slope = -b[0] * unit / (1 + 1 / p) / b[3]
    return b[0] * unit, lambda: columns(unit, slope, -x * slope, b[0] * unit * np.log1p(p) / b[3] ** 2)


def rational(p, q):
    def model(b, x):
        powers = np.vander(x, max(p, q) + 1, increasing=True)
        above = powers[:, : p + 1] @ b[: p + 1]
        below = 1 + powers[:, 1 : q + 1] @ b[p + 1 :]
        return above / below, lambda: np.hstack(
            [powers[:, : p + 1] / below[:, None], -powers[:, 1 : q + 1] * (above / below**2)[:, None]]
        )

    return model


def enzyme_reaction(b, x):
    below = x * (x + b[2]) + b[3]
    first = x * (x + b[1]) / below
    return b[0] * first, lambda: columns(
        first, b[0] * x / below, -b[0] * first * x / below, -b[0] * first / below
    )


def power(b, x):
    p = x ** b[1]
    return b[0] * p, lambda: columns(p, b[0] * p * np.log(x))


def shifted_power(b, x):
    shifted = b[1] + x
    p = shifted ** (-1 / b[2])
    return b[0] * p, lambda: columns(p, -b[0] * p / (b[2] * shifted), b[0] * p * np.log(shifted) / b[2] ** 2)


def arctangent_on_line(b, x):
    shifted = x - b[3]
    scale = 1 / (np.pi * (shifted**2 + b[2] ** 2))
    return b[0] - b[1] * x - np.arctan(b[2] / shifted) / np.pi, lambda: columns(
        np.ones_like(x), -x, -shifted * scale, -b[2] * scale
    )


def three_cycles(b, x):
    periods = (12, b[3], b[6])
    angles = [2 * np.pi * x / period for period in periods]
    waves = [(np.cos(a), np.sin(a)) for a in angles]
    amplitudes = ((b[1], b[2]), (b[4], b[5]), (b[7], b[8]))
    value = b[0] + sum(c * wc + s * ws for (c, s), (wc, ws) in zip(amplitudes, waves))

    def jacobian():
        parts = [np.ones_like(x), *waves[0]]
        for k in (1, 2):
            (c, s), (wc, ws) = amplitudes[k], waves[k]
            parts += [(c * ws - s * wc) * angles[k] / periods[k], wc, ws]
        return columns(*parts)

    return value, jacobian


MODELS = {
    "Chwirut1": exponential_over_line,
    "Chwirut2": exponential_over_line,
    "DanWood": power,
    "Gauss1": peaks_on_decay,
    "Gauss2": peaks_on_decay,
    "Lanczos3": exponential_sum,
    "Misra1a": saturation,
    "Misra1b": power_saturation(2),
    "ENSO": three_cycles,
    "Gauss3": peaks_on_decay,
    "Hahn1": rational(3, 3),
    "Kirby2": rational(2, 2),
    "Lanczos1": exponential_sum,
    "Lanczos2": exponential_sum,
    "MGH17": offset_exponentials,
    "Misra1c": power_saturation(0.5),
    "Misra1d": power_saturation(1),
    "Nelson": aging_line,
    "Roszman1": arctangent_on_line,
    "Bennett5": shifted_power,
    "BoxBOD": saturation,
    "Eckerle4": peak,
    "MGH09": enzyme_reaction,
    "MGH10": reciprocal_exponential,
    "Rat42": logistic,
    "Rat43": generalized_logistic,
    "Thurber": rational(3, 3),
}

TIGHT = {"ftol": 1e-15, "xtol": 1e-15, "gtol": 1e-15, "max_nfev": 10_000}
WAYS = {
    "lm": {"method": "lm", **TIGHT},
    "trf": {"method": "trf", **TIGHT},
    "lm, differences": {"method": "lm", "jac": "2-point", **TIGHT},
    "trf, differences": {"method": "trf", "jac": "3-point", **TIGHT},
}


def fit(model, x, y, start, options):
    def residuals(b):
        return model(b, x)[0] - y

    def jacobian(b):
        return model(b, x)[1]()

    settings = {"jac": jacobian, **options}
    try:
        least_squares(residuals, start, **settings)  # the first one warms up
        begin = time.perf_counter()
        found = least_squares(residuals, start, **settings).x
        return {"x": [float(b) for b in found], "milliseconds": 1e3 * (time.perf_counter() - begin)}
    except Exception as error:
        return {"x": None, "milliseconds": None, "message": repr(error)}


with open(sys.argv[1], encoding="utf-8") as file:
    sets = json.load(file)["sets"]
answers = {"version": scipy.__version__, "ways": {name: [] for name in WAYS}}
for each in sets:
    x, y = np.array(each["x"]), np.array(each["y"])
    if each["name"] == "Nelson":
        y = np.log(y)
    for start in each["starts"]:
        for name, options in WAYS.items():
            answers["ways"][name].append(fit(MODELS[each["name"]], x, y, np.array(start), options))
print(json.dumps(answers))
