"""Writes wide-variances.json: Dormand and Prince's method in the canonical chart for variances 1e-8 and 1e8, with 80 digits.

The mixture is ½ N(0, 1e-8) + ½ N(1, 1e8) under the Ornstein-Uhlenbeck process a = exp(-t), s² = 1 - a². Near the data the chart's clock
(v + s²/a²)^(-1/2), v = 5e7, has no digit of s² in double precision; here it has them all.
"""
import json
from mpmath import exp, mp, mpf, sqrt

mp.dps = 80
VARIANCES, MEANS = [mpf("1e-8"), mpf("1e8")], [mpf(0), mpf(1)]
V = (mpf(1e-8) + mpf(1e8)) / 2
TIMES = [3, 1, 0.3, 0.05, 0.005, 1e-4, 1e-6, 1e-8, 1e-10, 0]
STARTS = [0.1, -0.7, 1.9, 300.0, -800.0]
NODES = [0, mpf(1) / 5, mpf(3) / 10, mpf(4) / 5, mpf(8) / 9, 1]
ROWS = [
    [],
    [mpf(1) / 5],
    [mpf(3) / 40, mpf(9) / 40],
    [mpf(44) / 45, mpf(-56) / 15, mpf(32) / 9],
    [mpf(19372) / 6561, mpf(-25360) / 2187, mpf(64448) / 6561, mpf(-212) / 729],
    [mpf(9017) / 3168, mpf(-355) / 33, mpf(46732) / 5247, mpf(49) / 176, mpf(-5103) / 18656],
]
WEIGHTS = [mpf(35) / 384, 0, mpf(500) / 1113, mpf(125) / 192, mpf(-2187) / 6784, mpf(11) / 84]


def at(t):
    a = exp(-mpf(t))
    return a, 1 - a * a


def field(a, s2, x):
    """Σ r_k (μ_k + a (σ_k² - v) C_k⁻¹ (x - aμ_k))."""
    spreads = [a * a * variance + s2 for variance in VARIANCES]
    densities = [exp(-(x - a * m) ** 2 / (2 * c)) / sqrt(c) for m, c in zip(MEANS, spreads)]
    total = sum(densities)
    return sum(p / total * (m + a * (variance - V) / c * (x - a * m)) for p, m, variance, c in zip(densities, MEANS, VARIANCES, spreads))


def step(x, before, after):
    (a0, s0), (a1, s1) = at(before), at(after)
    scale = lambda a, s2: sqrt(a * a * V + s2)
    start, h = a0 / scale(a0, s0), a1 / scale(a1, s1) - a0 / scale(a0, s0)
    z, slopes = x / scale(a0, s0), []
    for node, row in zip(NODES, ROWS):
        clock = start + node * h
        # clock = (v + r²)^(-1/2), r² = s²/a² = 1/a² - 1.
        a = 1 / sqrt(1 + 1 / clock**2 - V)
        s2 = 1 - a * a
        slopes.append(field(a, s2, scale(a, s2) * (z + h * sum(c * f for c, f in zip(row, slopes)))))
    return scale(a1, s1) * (z + h * sum(w * f for w, f in zip(WEIGHTS, slopes)))


def run(x):
    for before, after in zip(TIMES, TIMES[1:]):
        x = step(x, before, after)
    return float(x)


if __name__ == "__main__":
    ends = [run(mpf(x)) for x in STARTS]
    with open("wide-variances.json", "w") as file:
        json.dump({"times": TIMES, "starts": STARTS, "ends": ends}, file, indent=2)
        file.write("\n")
