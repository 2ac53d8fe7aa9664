# sampling.py - the draws of sampling.theta, by NumPy's default_rng
# SPDX-License-Identifier: GPL-3.0-or-later
import time

import numpy as np

rng = np.random.default_rng(1)
samplers = {
    "uniform": lambda n: rng.uniform(0, 1, n),
    "normal": lambda n: rng.normal(0, 1, n),
    "exponential": lambda n: rng.exponential(1, n),
    "gamma": lambda n: rng.gamma(3, 0.5, n),
}
for name, draw in samplers.items():
    for n in (10000, 1000000, 10000000):
        start = time.perf_counter()
        for _ in range(10000000 // n):
            x = draw(n)
        print(f"time {name}_{n} {time.perf_counter() - start:.6f}")
