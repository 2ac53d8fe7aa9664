# calculus.py - the calls of calculus.theta, by SciPy
# SPDX-License-Identifier: GPL-3.0-or-later
import math
import time
import warnings

import numpy as np
from scipy.integrate import dblquad, quad, solve_ivp
from scipy.optimize import brentq

warnings.simplefilter("ignore")
inf = math.inf


def rate(name, n, exact, f):
    start = time.perf_counter()
    for _ in range(n):
        y = f()
    seconds = (time.perf_counter() - start) / n
    exact = np.asarray(exact, float)
    error = np.max(np.abs(np.asarray(y) - exact)) / np.max(np.abs(exact))
    print(f"time {name} {seconds:.9f} {error:.1e}")


def integral(f, a, b):
    return quad(f, a, b, epsabs=0, epsrel=1e-12, limit=200)[0]


def solve(f, y0, span, method="RK45"):
    return solve_ivp(f, span, y0, method=method, rtol=1e-8, atol=1e-13).y[:, -1]


def lotka(t, y):
    return [1.5 * y[0] - y[0] * y[1], y[0] * y[1] - 3 * y[1]]


def robertson(t, y):
    a, b = 0.04 * y[0] - 1e4 * y[1] * y[2], 3e7 * y[1] ** 2
    return [-a, a - b, b]


def walk(rng=np.random.default_rng(1)):
    x, h = np.zeros(100000), 5 / 100
    for _ in range(100):
        x += -x * h + math.sqrt(2 * h) * rng.standard_normal(100000)
    return round(x.std())


rate("integral_exp", 2000, math.e - 1, lambda: integral(lambda x: math.exp(x), 0, 1))
rate("integral_bell", 1000, math.sqrt(math.pi), lambda: integral(lambda x: math.exp(-x * x), -inf, inf))
rate("integral_bell_at_1000", 100, math.sqrt(math.pi), lambda: integral(lambda x: math.exp(-((x - 1000) ** 2)), -inf, inf))
rate("integral_inverse_root", 1000, 2, lambda: integral(lambda x: 1 / math.sqrt(x), 0, 1))
rate("integral_strong_pole", 500, 10, lambda: integral(lambda x: (1 - x) ** -0.9, 0, 1))
rate("integral_kink", 500, 0.29, lambda: integral(lambda x: abs(x - 0.3), 0, 1))
rate("integral_wave", 500, (1 - math.cos(100)) / 100, lambda: integral(lambda x: math.sin(100 * x), 0, 1))
rate("integral_sinc", 100, math.pi / 2, lambda: integral(lambda x: math.sin(x) / x, 0, inf))
rate("integral_power_tail", 500, 10, lambda: integral(lambda x: x**-1.1, 1, inf))
rate("integral_double", 2, math.pi,
     lambda: dblquad(lambda y, x: math.exp(-x * x - y * y), -inf, inf, -inf, inf, epsabs=0, epsrel=1e-12)[0])
rate("root_cosine", 5000, 0.7390851332151607, lambda: brentq(lambda x: math.cos(x) - x, 0, 1, xtol=1e-15))
rate("ode_oscillator", 5, [math.cos(20), -math.sin(20)], lambda: solve(lambda t, y: [y[1], -y[0]], [1, 0], (0, 20)))
rate("ode_lotka_there_and_back", 3, [10, 5], lambda: solve(lotka, solve(lotka, [10, 5], (0, 15)), (15, 0)))
rate("ode_van_der_pol_stiff", 2, [1.706167732170483, -8.928097010248e-4],
     lambda: solve(lambda t, y: [y[1], 1000 * (1 - y[0] ** 2) * y[1] - y[0]], [2, 0], (0, 2000), "Radau"))
rate("ode_robertson_stiff", 3, [0.7158270687, 9.185534764e-6, 0.2841637457],
     lambda: solve(robertson, [1, 0, 0], (0, 40), "Radau"))
rate("ode_cloud_2000", 5, math.exp(-0.5), lambda: solve(lambda t, y: -t * y, np.ones(4000), (0, 1)))
rate("sde_cloud_100000", 3, 1, walk)
