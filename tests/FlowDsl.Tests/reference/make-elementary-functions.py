#!/usr/bin/env python3
"""Writes elementary-functions.csv, the values that PortableMath and SimdMath (exp2) are tested against. Needs mpmath.

Usage: make-elementary-functions.py [points per function] [seed] > elementary-functions.csv

Columns: function, x, y (the exponent of pow, else empty), value, residual. x and y are doubles and written so that they read
back exactly. value is the double nearest to f(x), from 60-digit arithmetic; residual is (f(x) - value) in units in the last
place of value, so that the error of a computed double c is (c - value) / ulp(value) - residual.
"""
import random
import struct
import sys

import mpmath as m
from mpmath import mpf

m.mp.dps = 60
points = int(sys.argv[1]) if len(sys.argv) > 1 else 240
rng = random.Random(int(sys.argv[2]) if len(sys.argv) > 2 else 20240601)


def ulp(value):
    value = abs(value)
    return mpf(2) ** max(int(m.floor(m.log(value, 2))) - 52, -1074) if value else mpf(2) ** -1074


def nearest(exact):
    """The nearest double; float() of a subnormal mpf may round twice."""
    if exact == 0:
        return 0.0
    unit = mpf(2) ** max(int(m.floor(m.log(abs(exact), 2))) - 52, -1074)
    return float(m.nint(exact / unit) * unit)


def neighbour(x, steps):
    bits = struct.unpack('<q', struct.pack('<d', x))[0]
    return struct.unpack('<d', struct.pack('<q', bits + steps))[0]


def around(values, steps=(-2, -1, 0, 1, 2)):
    return [neighbour(v, s) for v in values for s in steps]


def log_uniform(low, high):
    return 2.0 ** rng.uniform(low, high) if low > -1022 else float(mpf(2) ** rng.uniform(low, high))


def signed(x):
    return x if rng.random() < 0.5 else -x


def any_positive():
    return struct.unpack('<d', struct.pack('<q', rng.randrange(1, 0x7FEFFFFFFFFFFFFF)))[0]


def quantile(p):
    p = mpf(p)
    if p == mpf(1) / 2:
        return mpf(0)
    if p > mpf(1) / 2:
        return -quantile(1 - p)
    if p > mpf('0.02'):
        return -m.sqrt(2) * m.erfinv(1 - 2 * p)
    target, x = m.log(p), -m.sqrt(-2 * m.log(p))
    for _ in range(200):
        distribution = m.erfc(-x / m.sqrt(2)) / 2
        step = (m.log(distribution) - target) * distribution * m.sqrt(2 * m.pi) * m.exp(x * x / 2)
        x -= step
        if abs(step) < mpf(10) ** -50:
            return x
    raise ArithmeticError(p)


def emit(name, function, xs):
    for x in xs:
        arguments = x if isinstance(x, tuple) else (x,)
        with m.workdps(400 if name in ('sin', 'cos', 'tan') else 60):
            exact = function(*[mpf(a) for a in arguments])
        if abs(exact) >= mpf(2) ** 1024 - mpf(2) ** 970:
            continue
        value = nearest(exact)
        residual = (exact - mpf(value)) / ulp(exact)
        y = repr(arguments[1]) if len(arguments) > 1 else ''
        print(f'{name},{arguments[0]!r},{y},{value!r},{m.nstr(residual, 6)}')


def hardest_angles(count):
    """Doubles up to 2^20 nearest to multiples of pi/2: of each binary exponent, the best of the continued fraction's."""
    best = []
    for exponent in range(0, 20):
        unit = mpf(2) ** (exponent - 52)
        ratio = unit / (m.pi / 2)
        # Convergents h/k of ratio: k units are near h quarter turns.
        x, h0, h1, k0, k1 = ratio, 0, 1, 1, 0
        for _ in range(60):
            a = int(m.floor(x))
            h0, h1, k0, k1 = h1, a * h1 + h0, k1, a * k1 + k0
            if k1 >= 2 ** 53:
                break
            if k1 >= 2 ** 52:
                best.append(float(k1 * unit))
            multiple = -(-2 ** 52 // k1)
            if multiple * k1 < 2 ** 53 and k1 > 2 ** 44:
                best.append(float(multiple * k1 * unit))
            x = 1 / (x - a)
    return sorted(best, key=lambda v: abs(mpf(v) / (m.pi / 2) - m.nint(mpf(v) / (m.pi / 2))))[:count]


n = points
half_pi = 1.5707963267948966
angles = [rng.uniform(-7, 7) for _ in range(n // 3)] + [signed(log_uniform(-30, 20)) for _ in range(n // 3)] \
    + [rng.uniform(-1e5, 1e5) for _ in range(n // 6)] + around([half_pi * i for i in (0.5, 1, 1.5, 2, 3, 4, 5, 7, 100, 12345)], (-1, 0, 1)) \
    + hardest_angles(min(20, n)) + [1e-300, 5e-324, 1e5, 1048576.0]
emit('exp', m.exp, [rng.uniform(-745.2, 709.8) for _ in range(n // 3)] + [rng.uniform(-1, 1) for _ in range(n // 3)]
     + [signed(log_uniform(-60, 3)) for _ in range(n // 3)] + [rng.uniform(-745.2, -708) for _ in range(n // 6)]
     + around([709.782712893384, -708.3964185322641, -745.1332191019411, 0.34657359027997264, -0.34657359027997264])
     + [0.0, 1.0, -1.0, 5e-324, 1e-20])
emit('expm1', m.expm1, [rng.uniform(-38, 40) for _ in range(n // 4)] + [rng.uniform(-1.5, 1.5) for _ in range(n // 2)]
     + [signed(log_uniform(-70, 3)) for _ in range(n // 4)] + [rng.uniform(40, 709) for _ in range(n // 12)]
     + around([0.34657359027997264, -0.34657359027997264, 1.0397207708399179, -1.0397207708399179, 36.7, 37.4, -36.7, 709.782712893384])
     + [5e-324, -5e-324, 1e-300])
emit('log', m.log, [rng.uniform(0.5, 2) for _ in range(n // 2)] + [any_positive() for _ in range(n // 4)]
     + [1 + signed(log_uniform(-52, -1)) for _ in range(n // 4)]
     + around([0.7071067811865476, 1.4142135623730951, 2.0, 0.5, 0.75, 10.0, 2.2250738585072014e-308]) + [neighbour(1.0, i) for i in (-3, -2, -1, 1, 2, 3)]
     + [5e-324, 1e-323, 3e-310, 1.7976931348623157e308])
emit('log1p', m.log1p, [rng.uniform(-0.999, 2) for _ in range(n // 2)] + [signed(log_uniform(-70, -1)) for _ in range(n // 4)]
     + [any_positive() for _ in range(n // 8)] + [log_uniform(1, 60) for _ in range(n // 8)]
     + around([-0.29289321881345254, 0.41421356237309503, -0.29289, 0.41421, 1.0, -0.5, 1.8284271247461903]) + [neighbour(-1.0, -i) for i in (1, 2, 3)]
     + [5e-324, -5e-324, 1.7976931348623157e308])
emit('sin', m.sin, angles)
emit('cos', m.cos, angles)
emit('tan', m.tan, angles)
emit('atan', m.atan, [rng.uniform(-1.2, 1.2) for _ in range(n // 2)] + [signed(log_uniform(-40, 60)) for _ in range(n // 2)]
     + around([(2 * i + 1) / 32 for i in range(16)] + [1.0, 32.0, 1e9], (-1, 0, 1)) + [5e-324, 1e-300, 1.7976931348623157e308, -1e300])
pairs = [(any_positive(), rng.uniform(-1, 1)) for _ in range(n // 4)] + [(rng.uniform(0, 3), rng.uniform(-40, 40)) for _ in range(n // 4)]
while len(pairs) < n:
    x, size = any_positive(), rng.uniform(-745, 709)
    y = float(mpf(size) / m.log(x))
    if y == y and abs(y) < 1e300:
        pairs.append((x, y))
pairs += [(neighbour(1.0, i), signed(rng.uniform(1e15, 3e18))) for i in (-3, -2, -1, 1, 2, 3)]
pairs += [(2.0, 0.5), (0.5, -0.5), (2.0, -1074.0), (3.0, 1 / 7), (1 / 3, 7.0), (10.0, 308.0), (10.0, -323.0), (10.0, 22.0), (5e-324, 0.5), (1.7976931348623157e308, -0.5)]
emit('pow', lambda x, y: m.exp(y * m.log(x)), pairs)
emit('quantile', quantile, [rng.uniform(0, 1) for _ in range(n // 2)] + [log_uniform(-1073, -1) for _ in range(n // 4)] + [1 - log_uniform(-52, -2) for _ in range(n // 8)]
     + [0.5 + signed(log_uniform(-52, -2)) for _ in range(n // 8)]
     + around([0.075, 0.925, 1.3887943864964021e-11, 2.8e-53, 0.02275013194817921, 0.8413447460685429]) + [neighbour(0.5, i) for i in (-2, -1, 1, 2)]
     + [5e-324, 1e-323, 2.2250738585072014e-308, neighbour(1.0, -1)])
emit('exp2', lambda x: mpf(2) ** x, [rng.uniform(-1000, 0) for _ in range(n // 2)] + [rng.uniform(-3, 0) for _ in range(n // 3)]
     + [rng.uniform(0, 1022) for _ in range(n // 6)] + around([-0.5, 0.5, -1.5, -999.5]) + [-1000.0, -999.0, -1e-300, -1e-20, -1.0])
