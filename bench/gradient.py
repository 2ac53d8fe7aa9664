# The same gradients by torch, in double precision on one thread
import math
import time

import torch

torch.set_num_threads(1)
torch.set_default_dtype(torch.float64)


def seconds(f, x):
    calls = 2000 if len(x) <= 1000 else 50
    points = [x.clone().requires_grad_(), (x + 0.01).requires_grad_()]
    torch.autograd.grad(f(points[0]), points[0])
    start = time.perf_counter()
    for i in range(calls):
        point = points[i % 2]
        torch.autograd.grad(f(point), point)
    return (time.perf_counter() - start) / calls


def normal(x):
    z = (x - 0.3) / 1.2
    return (-0.5 * z * z - math.log(1.2) - 0.5 * math.log(2 * math.pi)).sum()


functions = {
    "squares": lambda x: (x**2).sum(),
    "dot": lambda x: x @ x,
    "wave": lambda x: (torch.sin(x) * x).sum(),
    "bell": lambda x: torch.exp(-(x**2)).sum(),
    "tanh": lambda x: torch.tanh(x).sum(),
    "log": lambda x: torch.log(x).sum(),
    "quotient": lambda x: (x / (1 + x**2)).sum(),
    "prod": lambda x: (1.5 * x).prod(),
    "lgamma": lambda x: torch.lgamma(x).sum(),
    "cumsum": lambda x: (torch.cumsum(x, 0) ** 2).sum(),
    "logsumexp": lambda x: torch.logsumexp(x, 0),
    "softmax": lambda x: (torch.softmax(x, 0) ** 2).sum(),
    "norm": lambda x: torch.linalg.vector_norm(x),
    "variance": lambda x: x.var(),
    "max": lambda x: x.max(),
    "sort": lambda x: (torch.sort(x).values * x).sum(),
    "where": lambda x: torch.where(x > 0.5, x**2, -x).sum(),
    "normal": normal,
    "rosenbrock": lambda x: (100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2).sum(),
    "mixture": lambda x: torch.log(0.3 * torch.exp(-((x - 1) ** 2) / 2) + 0.7 * torch.exp(-((x + 2) ** 2) / 2)).sum(),
}
for name, f in functions.items():
    for n in (10, 1000, 100000):
        x = 0.5 + torch.sin(torch.arange(1.0, n + 1)) / 4
        print(f"time {name}_{n} {seconds(f, x):.9f}")
y = torch.tensor([0.2, -1, 3.1, 0.5, 1.4])
parameters = lambda p: (p[1::2] ** 2 / 2 + ((y - p[0::2]) * torch.exp(-p[1::2])) ** 2 / 2 + p[1::2]).sum()
print(f"time parameters_10 {seconds(parameters, 0.5 + torch.sin(torch.arange(1.0, 11)) / 4):.9f}")
