#!/usr/bin/env python3
"""Writes hostile-points.json: point functions where direct formulas lose their digits. Needs mpmath.

Usage: make-hostile-points.py > hostile-points.json

All inputs are doubles, written so that they read back exactly. Each value comes as [value, conditioning]: the value has 20
digits from 60-digit arithmetic, and the conditioning is how much it moves, summed over the inputs, when one input after the
other moves by half a unit in its last place (of the largest entry, for the entries of a full covariance and for the
coordinates beside one, since rotations mix them). Inputs are the coordinates, means, weights, variances, t, a and s². No
algorithm in double precision can promise less than a few times that.
"""
import json
import sys
from itertools import chain

from mpmath import mp, mpf
import mpmath as m

mp.dps = 60
HALF_ULP = mpf(2) ** -53


# ---- the process: a and s² are functions of t, but rounded on their own, so they are inputs as well ----

def signal_and_noise(process, t):
    kind = process['kind']
    t = mpf(t)
    if kind == 'ou':
        beta, sigma = mpf(process['beta']), mpf(process['sigma'])
        return m.exp(-beta * t), -sigma ** 2 * m.expm1(-2 * beta * t)
    return (mpf(1), t * t) if kind == 've' else (1 - t, t * t)


def rates(process, t, a, s2):
    """a', s s'."""
    if process['kind'] == 'ou':
        beta, sigma = mpf(process['beta']), mpf(process['sigma'])
        return -beta * a, beta * sigma ** 2 * a * a
    return (mpf(0), t) if process['kind'] == 've' else (mpf(-1), t)


# ---- the mixture as a flat list of inputs, each with the size of its rounding ----

class Inputs:
    def __init__(self, case, t, x):
        d = len(x)
        self.d, self.count, self.process = d, len(case['weights']), case['process']
        a, s2 = signal_and_noise(case['process'], t)
        self.values, self.sizes = [], []
        full = any(c['kind'] == 'full' for c in case['covariances'])
        for v in x:
            self.add(v, max(abs(u) for u in x) if full else abs(v))
        self.add(t, abs(t))
        self.add(a, a)
        self.add(s2, s2)
        for w in case['weights']:
            self.add(w, w)
        for mean in case['means']:
            for v in mean:
                self.add(v, max(abs(u) for u in mean) if full else abs(v))
        self.slots = []
        for covariance in case['covariances']:
            kind, value = covariance['kind'], covariance['value']
            start = len(self.values)
            if kind == 'iso':
                self.add(value, value)
            elif kind == 'diag':
                for v in value:
                    self.add(v, v)
            else:
                largest = max(abs(v) for v in value)
                for i in range(d):
                    for j in range(i + 1):
                        self.add(value[i * d + j], largest)
            self.slots.append((kind, start))

    def add(self, value, size):
        self.values.append(mpf(value))
        self.sizes.append(mpf(size))

    def unpack(self, values):
        d, k = self.d, self.count
        x, (t, a, s2), at = values[:d], values[d:d + 3], d + 3
        weights, at = values[at:at + k], at + k
        means = [values[at + i * d:at + (i + 1) * d] for i in range(k)]
        matrices = []
        for kind, start in self.slots:
            matrix = m.zeros(d)
            for i in range(d):
                if kind == 'iso':
                    matrix[i, i] = values[start]
                elif kind == 'diag':
                    matrix[i, i] = values[start + i]
                else:
                    for j in range(i + 1):
                        matrix[i, j] = matrix[j, i] = values[start + i * (i + 1) // 2 + j]
            matrices.append(matrix)
        return x, t, a, s2, weights, means, matrices


def evaluate(inputs, values, direction):
    x, t, a, s2, weights, means, matrices = inputs.unpack(values)
    d, k = inputs.d, inputs.count
    da, sds = rates(inputs.process, t, a, s2)
    x = m.matrix(x)
    direction = m.matrix(direction)
    identity = m.eye(d)
    precisions, us, logits = [], [], []
    for w, mean, matrix in zip(weights, means, matrices):
        c = a * a * matrix + s2 * identity
        precision = c ** -1
        y = x - a * m.matrix(mean)
        u = precision * y
        precisions.append(precision)
        us.append(u)
        logits.append(m.log(w) - m.log(m.det(c)) / 2 - (y.T * u)[0] / 2)
    greatest = max(logits)
    exps = [m.exp(l - greatest) for l in logits]
    total = sum(exps)
    r = [e / total for e in exps]
    logp = greatest + m.log(total) - mpf(d) / 2 * m.log(2 * m.pi)
    ubar = m.zeros(d, 1)
    mean = m.zeros(d, 1)
    for i in range(k):
        ubar += r[i] * us[i]
        mean += r[i] * (m.matrix(means[i]) + a * matrices[i] * us[i])
    velocity = da * mean + sds * ubar
    # ∇v = Σ r_k (a a' Σ_k + s s' I) C_k⁻¹ + (a' s² - a s s') a Cov_r(e), where a (e_k - e_j) = u_j - u_k; e_k is formed
    # directly, so that a = 0 needs no limit.
    es = []
    for i in range(k):
        right = m.matrix(means[i]) - m.matrix(means[0]) + a * (matrices[i] - matrices[0]) * us[0]
        es.append(precisions[i] * right)
    ebar = m.zeros(d, 1)
    for i in range(k):
        ebar += r[i] * es[i]
    contrast = da * s2 - a * sds
    jvp = m.zeros(d, 1)
    for i in range(k):
        jvp += r[i] * ((a * da * matrices[i] + sds * identity) * (precisions[i] * direction))
        jvp += contrast * a * r[i] * ((es[i] - ebar).T * direction)[0] * (es[i] - ebar)
    return [logp] + r + list(-ubar) + list(velocity) + list(mean) + list(jvp)


def point(case, t, x):
    d, k = len(x), len(case['weights'])
    direction = [1.0, -0.5, 0.75][:d]
    inputs = Inputs(case, t, x)
    base = evaluate(inputs, inputs.values, direction)
    conditioning = [mpf(0)] * len(base)
    for i, (value, size) in enumerate(zip(inputs.values, inputs.sizes)):
        if size == 0:
            continue
        moved = list(inputs.values)
        # A tenth of the change, scaled up: the derivative, not what a large step would do.
        moved[i] = value + size * HALF_ULP * mpf('1e-6')
        other = evaluate(inputs, moved, direction)
        conditioning = [c + abs(o - b) * mpf('1e6') for c, o, b in zip(conditioning, other, base)]
    pairs = [[m.nstr(v, 20), m.nstr(c, 3)] for v, c in zip(base, conditioning)]
    names = ['responsibilities'] * k + ['score'] * d + ['velocity'] * d + ['mean'] * d + ['jvp'] * d
    result = {'t': repr(float(t)), 'x': [repr(v) for v in x], 'logp': [pairs[0]]}
    for name, pair in zip(names, pairs[1:]):
        result.setdefault(name, []).append(pair)
    return result


# ---- points ----

def boundary(case, t, along, radius):
    """The double nearest to a point of equal responsibilities on the sphere |x| = radius, searched around a direction."""
    def difference(angle):
        c, s = m.cos(angle), m.sin(angle)
        x = [radius * (along[0] * c - along[1] * s), radius * (along[1] * c + along[0] * s)] + [0] * (len(along) - 2)
        inputs = Inputs(case, t, [0.0] * len(along))
        values = list(inputs.values)
        values[:len(along)] = x
        r = evaluate(inputs, values, [0] * len(along))
        return None if r[1] == 0 or r[2] == 0 else m.log(r[1]) - m.log(r[2]), [float(v) for v in x]
    low, high = mpf(-1) / 2, mpf(1) / 2
    sign_low = difference(low)[0]
    sign_high = difference(high)[0]
    if sign_low * sign_high > 0:
        # Noise has blurred the components: there is no boundary near.
        return [float(radius * v) for v in along]
    for _ in range(160):
        middle = (low + high) / 2
        if difference(middle)[0] * sign_low > 0:
            low = middle
        else:
            high = middle
    return difference(low)[1]


def iso(v):
    return {'kind': 'iso', 'value': v}


def diag(*v):
    return {'kind': 'diag', 'value': list(v)}


def full(*v):
    return {'kind': 'full', 'value': list(v)}


OU = {'kind': 'ou', 'beta': 1.0, 'sigma': 1.0}
OU2 = {'kind': 'ou', 'beta': 0.75, 'sigma': 1.5}
VE = {'kind': 've'}
LINEAR = {'kind': 'linear'}
PAIR = [[1.2, 0.9], [-1.2, -0.9]]
ACROSS = [0.6, -0.8]
TILTED = full(0.25, 0.125, 0.125, 0.5)
NEARLY = full(0.25, 0.125 + 2.0 ** -33, 0.125 + 2.0 ** -33, 0.5)
FAR = [[60.0, 80.0], [-6000.0, 8000.0], [8.0e5, 6.0e5]]
NEAR = [[0.3, 0.4], [1.25, 0.875], [-2.0, 0.5]]
SMALL_TIMES = [0.0, 1e-12, 1e-8, 1e-3]


def case(name, process, covariances, weights=None, means=None, times=(), points=(), edge=None, radii=(1e2, 1e4, 1e6)):
    weights = weights or [0.25, 0.75]
    means = means or PAIR
    result = {'name': name, 'process': process, 'weights': weights, 'means': means, 'covariances': covariances}
    result['points'] = [point(result, t, x) for t in times for x in points]
    if edge:
        result['points'] += [point(result, t, boundary(result, t, edge, r)) for t in times for r in radii]
    for key in ('weights',):
        result[key] = [repr(w) for w in weights]
    result['means'] = [[repr(v) for v in mean] for mean in means]
    result['covariances'] = [dict(c, value=repr(c['value']) if c['kind'] == 'iso' else [repr(v) for v in c['value']]) for c in covariances]
    print(name, len(result['points']), file=sys.stderr)
    return result


def nearly(v, bits):
    return v * (1 + 2.0 ** -bits)


cases = [
    case('iso equal', OU, [iso(0.04), iso(0.04)], times=[1e-3, 0.3, 3.0], points=NEAR + FAR, edge=ACROSS),
    case('iso nearly equal', OU, [iso(0.04), iso(nearly(0.04, 40))], times=[1e-3, 0.3], points=FAR, edge=ACROSS),
    case('iso unequal', OU, [iso(0.04), iso(0.05)], times=[1e-3, 0.3, 20.0], points=NEAR + FAR),
    case('iso small times', OU, [iso(0.04), iso(0.09)], times=SMALL_TIMES, points=NEAR[:2] + FAR[1:2]),
    case('iso tiny equal', OU, [iso(1e-8), iso(1e-8)], times=[0.0, 1e-8, 1e-3], points=[[1.2001, 0.9], [0.0, 1e-9], [3e-9, -4e-9]] + FAR[::2], edge=ACROSS),
    case('iso tiny unequal', OU, [iso(1e-8), iso(2e-8)], times=[0.0, 1e-12, 1e-3], points=[[1.2001, 0.9], [0.125, 1e-9]] + FAR[::2]),
    case('iso tiny and wide', OU, [iso(1e-8), iso(1.0)], times=[0.0, 1e-10, 1e-3], points=[[1.2001, 0.9], [1.2, 0.9001], [0.0, 0.0]] + FAR[:1]),
    case('diag equal', OU, [diag(0.04, 0.5), diag(0.04, 0.5)], times=[0.0, 1e-3, 0.3], points=NEAR[:1] + FAR, edge=[0.0, 1.0]),
    case('diag nearly equal', OU, [diag(0.04, 0.5), diag(nearly(0.04, 36), nearly(0.5, 38))], times=[1e-3, 0.3], points=FAR),
    case('diag crossing', OU, [diag(0.05, 0.6), diag(0.6, 0.05)], means=[[1.0, 0.0], [-1.0, 0.0]], times=[1e-12, 0.05, 1.0], points=NEAR[:1] + FAR[:1], edge=[0.70710678, 0.70710678]),
    case('diag tiny', OU, [diag(1e-8, 0.5), diag(0.5, 1e-8)], times=[0.0, 1e-8], points=[[1.2001, 0.9], [-1.2, -0.90001], [1.2, 0.5]] + FAR[:1]),
    case('full equal', OU, [TILTED, TILTED], times=[0.0, 1e-3, 0.3], points=NEAR[:1] + FAR, edge=[-0.2, 1.0]),
    case('full nearly equal', OU, [TILTED, NEARLY], times=[1e-3, 0.3], points=FAR),
    case('full crossing', OU, [TILTED, full(0.5, -0.125, -0.125, 0.25)], times=[1e-8, 0.05, 1.0], points=NEAR[:1] + FAR[:1], edge=[1.0, 0.2]),
    case('full small scale', OU, [full(2e-8, 1e-8, 1e-8, 3e-8), full(3e-8, -1e-8, -1e-8, 2e-8)], times=[0.0, 1e-8, 1e-3], points=[[1.2001, 0.9], [-1.2, -0.9002]] + FAR[:1]),
    case('full beside iso', OU, [TILTED, iso(0.3)], times=[0.0, 1e-3, 3.0], points=NEAR + FAR[::2]),
    case('identical', OU, [iso(0.04), iso(0.04)], means=[[1.2, 0.9], [1.2, 0.9]], times=[0.0, 1e-3, 1.0], points=NEAR[:2] + FAR[::2]),
    case('identical full', OU, [TILTED, TILTED], means=[[1.2, 0.9], [1.2, 0.9]], times=[1e-3], points=NEAR[:1] + FAR[::2]),
    case('near means', OU, [iso(0.04), iso(0.04)], means=[[1.2, 0.9], [1.2 + 2.0 ** -40, 0.9]], times=[0.0, 1e-3, 1.0], points=NEAR[:2] + FAR),
    case('zero variance', OU, [iso(0.0), iso(0.0)], times=[1e-12, 1e-8, 1e-3, 1.0], points=NEAR[:1] + [[0.0, 0.0], [1.2000001, 0.9]] + FAR[:1]),
    case('zero and positive', OU, [iso(0.0), iso(0.04)], times=[1e-12, 1e-8, 1e-3, 1.0], points=NEAR[:1] + [[1.2000001, 0.9]] + FAR[:1]),
    case('zero along an axis', OU, [diag(0.0, 0.25), diag(0.25, 0.0)], times=[1e-8, 1e-3, 1.0], points=NEAR[:1] + [[1.2001, 0.3]] + FAR[:1]),
    case('light component', OU, [iso(0.04), iso(0.09)], weights=[1 - 1e-12, 1e-12], times=[0.0, 0.3, 3.0], points=NEAR + [[-1.2, -0.9]] + FAR[:1]),
    case('light full', OU, [TILTED, full(0.5, -0.125, -0.125, 0.75)], weights=[1 - 1e-12, 1e-12], times=[0.0, 0.3], points=NEAR[:1] + [[-1.2, -0.9]] + FAR[:2]),
    case('ou of other scale', OU2, [iso(0.04), diag(2.25, 3.0)], times=[0.0, 1e-8, 0.3, 3.0], points=NEAR[:1] + FAR[::2]),
    case('exploding iso', VE, [iso(0.04), iso(0.04)], times=[0.0, 1e-3, 80.0], points=NEAR[:1] + FAR, edge=ACROSS),
    case('exploding diag', VE, [diag(0.04, 0.5), diag(0.06, 0.7)], times=[1e-12, 0.3, 80.0], points=NEAR[:1] + FAR[::2]),
    case('exploding full', VE, [TILTED, full(0.5, -0.125, -0.125, 0.25)], times=[0.0, 0.3, 80.0], points=NEAR[:1] + FAR[::2]),
    case('linear iso', LINEAR, [iso(0.04), iso(0.05)], times=[0.0, 1e-12, 0.5, 1.0], points=NEAR[:2] + FAR[::2]),
    case('linear diag', LINEAR, [diag(0.04, 0.5), diag(0.06, 0.7)], times=[1e-8, 0.999999, 1.0], points=NEAR[:1] + FAR[:1]),
    case('linear full', LINEAR, [TILTED, full(0.5, -0.125, -0.125, 0.25)], times=[0.0, 1e-3, 1.0], points=NEAR[:1] + FAR[::2]),
]
print('{"cases":[')
for i, c in enumerate(cases):
    points = c.pop('points')
    print(json.dumps(c)[:-1] + ', "points":[')
    print(',\n'.join(json.dumps(p, separators=(',', ':')) for p in points))
    print(']}' + (',' if i + 1 < len(cases) else ''))
print(']}')
