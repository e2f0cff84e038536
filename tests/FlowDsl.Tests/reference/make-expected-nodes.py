#!/usr/bin/env python3
"""Writes expected-stability-nodes.json: converged ExpectedStability grids. Needs numpy.

Usage: make-expected-nodes.py > expected-stability-nodes.json

c(t) = ∫ E‖∇v(x, t)‖₂ dt over x ~ p_t divided into 8 equal shares. The expectation is a tensor rule of the trapezium over ±7
standard deviations of each component (d = 1: 801 points, d = 2: 61² points), or normal draws in more dimensions (fixed seed; other
seeds' nodes differ by up to 3e-3); the integral is Simpson's rule on 257 times (65 in more than 2 dimensions) equal in log t, or in
log(t + 1e-2 σ_min) where t starts at 0. The norm is the largest absolute eigenvalue of the Jacobian, in more than 3 dimensions
from the Gram matrix of the components' deviations.
"""
import json
import os
import sys

import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))


def load(name):
    with open(os.path.join(HERE, name + '.json')) as f:
        case = json.load(f)
    d = case['dim']
    weights = np.array([float(w) for w in case['weights']])
    means = np.array([[float(v) for v in mean] for mean in case['means']])
    covariances = []
    for c in case['covariances']:
        if c['kind'] == 'iso':
            covariances.append(float(c['value']) * np.eye(d))
        elif c['kind'] == 'diag':
            covariances.append(np.diag([float(v) for v in c['value']]))
        else:
            covariances.append(np.array([[float(v) for v in row] for row in c['value']]))
    return weights, means, np.array(covariances)


def ou(t):
    return np.exp(-t), -np.expm1(-2 * t), -np.exp(-t), np.exp(-2 * t)


def exploding(t):
    return 1.0, t * t, 0.0, t


def linear(t):
    return 1 - t, t * t, -1.0, t


def rule(d):
    if d == 1:
        z = np.linspace(-7, 7, 801)
        p = np.exp(-z * z / 2)
        return z[:, None], p / p.sum()
    if d == 2:
        z = np.linspace(-7, 7, 61)
        p = np.exp(-z * z / 2)
        p /= p.sum()
        return np.array([[a, b] for a in z for b in z]), np.array([a * b for a in p for b in p])
    z = np.random.default_rng(1).standard_normal((4000 if d == 3 else 20000, d))
    z = np.concatenate([z, -z])
    return z, np.full(len(z), 1 / len(z))


def expected_norm(mixture, process, t, points, probabilities):
    weights, means, covariances = mixture
    a, s2, da, sds = process(t)
    k, d = means.shape
    cs = a * a * covariances + s2 * np.eye(d)
    precisions = np.linalg.inv(cs)
    roots = np.linalg.cholesky(cs)
    logdets = np.linalg.slogdet(cs)[1]
    linear_parts = np.array([(a * da * covariances[i] + sds * np.eye(d)) @ precisions[i] for i in range(k)])
    variances = covariances[:, 0, 0]
    total = 0.0
    if d > 3:
        # Isotropic: ∇v = Σ r_k f_k I + a matrix of rank below K.
        spreads = a * a * variances + s2
        factors = (a * da * variances + sds) / spreads
        for j in range(k):
            x = a * means[j] + np.sqrt(spreads[j]) * points
            y = x[:, None] - a * means[None]
            u = y / spreads[:, None]
            logits = np.log(weights) - 0.5 * d * np.log(spreads) - 0.5 * (y * u).sum(2)
            r = np.exp(logits - logits.max(1, keepdims=True))
            r /= r.sum(1, keepdims=True)
            centred = (u - np.einsum('nk,nki->ni', r, u)[:, None]) * np.sqrt(r)[:, :, None]
            gram = (da * s2 - a * sds) / a * np.linalg.eigvalsh(np.einsum('nki,nli->nkl', centred, centred))
            base = r @ factors
            total += weights[j] * (probabilities @ np.maximum(np.abs(base), np.abs(base[:, None] + gram).max(1)))
        return total
    for j in range(k):
        x = a * means[j] + points @ roots[j].T
        y = x[:, None, :] - a * means[None]
        u = np.einsum('kij,nkj->nki', precisions, y)
        logits = np.log(weights) - 0.5 * logdets - 0.5 * np.einsum('nki,nki->nk', y, u)
        r = np.exp(logits - logits.max(1, keepdims=True))
        r /= r.sum(1, keepdims=True)
        centred = u - np.einsum('nk,nki->ni', r, u)[:, None, :]
        # contrast·a Cov_r(e) = (a' s² - a s s')/a Cov_r(u)
        factor = (da * s2 - a * sds) / a
        jacobian = np.einsum('nk,kij->nij', r, linear_parts) + factor * np.einsum('nk,nki,nkj->nij', r, centred, centred)
        norms = np.abs(np.linalg.eigvalsh(jacobian)).max(1) if d > 1 else np.abs(jacobian[:, 0, 0])
        total += weights[j] * (probabilities @ norms)
    return total


def nodes(mixture, process, start, end, steps=8, count=257):
    points, probabilities = rule(mixture[1].shape[1])
    if mixture[1].shape[1] > 2:
        count = 65
    least = np.sqrt(np.linalg.eigvalsh(mixture[2]).min())
    shift = 0.0 if end > 0 else 1e-2 * least
    s = np.linspace(np.log(end + shift), np.log(start + shift), count)
    t = np.exp(s) - shift
    t[0], t[-1] = end, start
    if process is linear and start == 1:
        # The covariance of u over a is 0/0 at pure noise: a hair before it.
        t[-1] = 1 - 1e-9
    w = np.array([expected_norm(mixture, process, v, points, probabilities) for v in t]) * (t + shift)
    # Cumulative Simpson: exact integrals of the parabolas through neighbours, averaged over the two that cover a panel.
    h = s[1] - s[0]
    panels = np.empty(count - 1)
    left = h * (5 * w[:-2] + 8 * w[1:-1] - w[2:]) / 12
    right = h * (-w[:-2] + 8 * w[1:-1] + 5 * w[2:]) / 12
    panels[0], panels[-1] = left[0], right[-1]
    panels[1:-1] = 0.5 * (left[1:] + right[:-1])
    c = np.concatenate([[0], np.cumsum(panels)])
    # The inverse by cubic Hermite interpolation of c, whose slope is w.
    result = [start]
    for i in range(1, steps):
        target = c[-1] * (1 - i / steps)
        j = min(np.searchsorted(c, target) - 1, count - 2)
        low, high = 0.0, 1.0
        for _ in range(60):
            q = 0.5 * (low + high)
            value = (1 + 2 * q) * (1 - q) ** 2 * c[j] + q * (1 - q) ** 2 * h * w[j] + q * q * (3 - 2 * q) * c[j + 1] + q * q * (q - 1) * h * w[j + 1]
            low, high = (q, high) if value < target else (low, q)
        result.append(np.exp(s[j] + low * h) - shift)
    return [repr(float(v)) for v in result] + [repr(float(end))], repr(float(c[-1]))


PROCESSES = {
    'ou': (ou, 3.0, 1e-3),
    'ou from data': (ou, 3.0, 0.0),
    'exploding': (exploding, 80.0, 0.002),
    'linear': (linear, 1.0, 1e-3),
}
NAMES = ['iso_two_1d', 'iso_unequal_1d', 'single_full_2d', 'product_diag_2d', 'ring8_iso_2d', 'faithful_full_2d', 'shared_full_3d', 'iso_d16']

grids = []
for name in NAMES:
    mixture = load(name)
    for key, (process, start, end) in PROCESSES.items():
        if mixture[1].shape[1] == 16 and key != 'ou':
            continue
        times, integral = nodes(mixture, process, start, end)
        grids.append({'mixture': name, 'process': key, 'integral': integral, 'times': times})
        print(name, key, integral, file=sys.stderr)
print('{"grids":[\n' + ',\n'.join(json.dumps(g) for g in grids) + '\n]}')
