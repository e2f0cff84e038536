#!/usr/bin/env python3
"""Draws the packages' icon, icon.png beside this file: density of a mixture of two modes, and the paths along which noise flows to them.

Needs nothing but Python: `python3 docs/icon/draw.py`. The same bytes every time.
"""
import math
import pathlib
import struct
import zlib

SIZE = 128
MODES = ((-0.46, 0.34, 0.35), (0.46, -0.34, 0.65))
WIDTH = 0.2
PAPER, INK, PATH = (250, 250, 247), (24, 78, 119), (217, 93, 57)


def density(x, y):
    return sum(w * math.exp(-((x - a) ** 2 + (y - b) ** 2) / (2 * WIDTH ** 2)) for a, b, w in MODES) / 0.65


def paths():
    """The probability-flow ODE of a variance-exploding process, from a circle of noise down to the modes, by Euler's method."""
    points = []
    for start in range(12):
        angle = 2 * math.pi * (start + 0.5) / 12
        x, y, s = 0.92 * math.cos(angle), 0.92 * math.sin(angle), 0.9
        while s > 0.01:
            variance = WIDTH ** 2 + s * s
            shares = [w * math.exp(-((x - a) ** 2 + (y - b) ** 2) / (2 * variance)) for a, b, w in MODES]
            mean = [sum(r * m[i] for r, m in zip(shares, MODES)) / sum(shares) for i in (0, 1)]
            step = 0.004
            x, y, s = x - step * s * (x - mean[0]) / variance, y - step * s * (y - mean[1]) / variance, s - step
            points.append((x, y))
    return points


def main():
    near = {}
    for x, y in paths():
        near.setdefault((int((x + 1) * SIZE / 2), int((y + 1) * SIZE / 2)), []).append((x, y))
    rows = bytearray()
    for i in range(SIZE):
        rows.append(0)
        for j in range(SIZE):
            x, y = 2 * (j + 0.5) / SIZE - 1, 2 * (i + 0.5) / SIZE - 1
            shade = min(1.0, density(x, y)) ** 0.8
            colour = [p + shade * (q - p) for p, q in zip(PAPER, INK)]
            close = [p for a in (-1, 0, 1) for b in (-1, 0, 1) for p in near.get((j + a, i + b), ())]
            distance = min((math.hypot(x - p[0], y - p[1]) for p in close), default=1.0) * SIZE / 2
            cover = max(0.0, min(1.0, 1.4 - distance))
            colour = [c + 0.85 * cover * (q - c) for c, q in zip(colour, PATH)]
            # A disc, its edge smoothed over one pixel.
            alpha = max(0.0, min(1.0, (1 - math.hypot(x, y)) * SIZE / 2 + 0.5))
            rows += bytes(round(c) for c in colour) + bytes([round(255 * alpha)])

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", SIZE, SIZE, 8, 6, 0, 0, 0)
    png = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(rows), 9)) + chunk(b"IEND", b"")
    pathlib.Path(__file__).with_name("icon.png").write_bytes(png)


main()
