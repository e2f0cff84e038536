"""A mixture sampler by NumPy or PyTorch, for coefficients known at run time: the peer of a benchmark, driven through pipes.

Samples are held by coordinate, a chunk at a time; an evaluation is two matrix products with a softmax between them. Arguments: the
module. Standard input: a line of JSON that describes the data, the tables and the starts as little-endian floats, then commands:
"run COUNT" integrates the first samples and answers with the seconds it took, "states COUNT" answers with the floats they became.
"""
import json
import sys
import time

import numpy

Chunks = [256, 512, 1024, 2048, 4096, 8192, 16384]


class Table:
    """An evaluation: state x + input y + sum r_k (constant_k + factor_k y), r the softmax of bias + linear features(y)."""

    def __init__(self, numbers, kind, d, count, convert):
        features = {"Shared": 0, "Diagonal": d, "Full": d * (d + 1) // 2}[kind]
        factors = {"Shared": 0, "Diagonal": d, "Full": d * d}[kind]
        self.state, self.input, self.memory = (float(number) for number in numbers[:3])
        sizes = [count, count * d, count * features, count * d, count * factors]
        bias, linear, quadratic, constants, factor = numpy.split(numbers[3:], numpy.cumsum(sizes)[:-1])
        self.bias = convert(bias.reshape(count, 1))
        self.logits = convert(numpy.hstack([linear.reshape(count, d), quadratic.reshape(count, features)]))
        self.slopes = convert(numpy.vstack([constants.reshape(count, d).T, factor.reshape(count, factors).T]))


class NumPySampler:
    def __init__(self, kind, d):
        self.kind, self.d = kind, d

    @staticmethod
    def convert(values):
        return numpy.ascontiguousarray(values, dtype=numpy.float32)

    def load(self, samples):
        return numpy.ascontiguousarray(samples.T)

    def unload(self, x, samples):
        samples[:] = x.T

    def evaluate(self, table, x, y):
        d = self.d
        features = y
        if self.kind == "Diagonal":
            features = numpy.concatenate([y, y * y])
        elif self.kind == "Full":
            features = numpy.concatenate([y] + [y[i:] * y[i] for i in range(d)])
        weights = table.logits @ features
        weights += table.bias
        weights -= weights.max(axis=0)
        numpy.exp(weights, out=weights)
        sums = table.slopes @ weights
        sums *= 1 / weights.sum(axis=0)
        slope = sums[:d]
        if self.kind == "Diagonal":
            slope += sums[d:] * y
        elif self.kind == "Full":
            factors = sums[d:].reshape(d, d, -1)
            for j in range(d):
                slope += factors[:, j] * y[j]
        slope += table.state * x
        if table.input != 0:
            slope += table.input * y
        return slope


class TorchSampler:
    def __init__(self, kind, d):
        self.kind, self.d = kind, d

    @staticmethod
    def convert(values):
        return torch.from_numpy(numpy.ascontiguousarray(values, dtype=numpy.float32))

    def load(self, samples):
        return torch.from_numpy(samples).t().contiguous()

    def unload(self, x, samples):
        torch.from_numpy(samples).copy_(x.t())

    def evaluate(self, table, x, y):
        d = self.d
        features = y
        if self.kind == "Diagonal":
            features = torch.cat([y, y * y])
        elif self.kind == "Full":
            features = torch.cat([y] + [y[i:] * y[i] for i in range(d)])
        weights = torch.softmax(torch.addmm(table.bias, table.logits, features), 0)
        base = torch.mul(x, table.state)
        if table.input != 0:
            base.add_(y, alpha=table.input)
        if self.kind == "Shared":
            return base.addmm_(table.slopes, weights)
        sums = torch.mm(table.slopes, weights)
        base.add_(sums[:d])
        if self.kind == "Diagonal":
            return base.addcmul_(sums[d:], y)
        factors = sums[d:].view(d, d, -1)
        for j in range(d):
            base.addcmul_(factors[:, j], y[j])
        return base


def heun(sampler, tables, x):
    for first_stage, second_stage in zip(tables[::2], tables[1::2]):
        x = sampler.evaluate(second_stage, x, sampler.evaluate(first_stage, x, x))
    return x


def multistep(sampler, tables, x):
    slope = None
    for table in tables:
        earlier, slope = slope, sampler.evaluate(table, x, x)
        x = table.keep * x + slope
        if earlier is not None:
            x += table.memory * earlier
    return x


def main():
    header = json.loads(sys.stdin.buffer.readline())
    kind, d, count, evaluations = header["kind"], header["dimension"], header["components"], header["evaluations"]
    tables = numpy.frombuffer(read(header["table"] * evaluations), dtype="<f4").reshape(evaluations, -1)
    starts = numpy.frombuffer(read(header["samples"] * d), dtype="<f4").reshape(-1, d)
    states = starts.copy()
    sampler = (TorchSampler if sys.argv[1] == "torch" else NumPySampler)(kind, d)
    tables = [Table(numbers, kind, d, count, sampler.convert) for numbers in tables]
    integrate = {"heun": heun, "multistep": multistep}[header["method"]]
    if integrate is multistep:
        # Its slope, which a later step uses again, has the multiple of x in it.
        for table in tables:
            table.keep, table.state, table.input = table.state, table.input, 0

    def run(samples, chunk):
        states[:samples] = starts[:samples]
        begin = time.perf_counter()
        for first in range(0, samples, chunk):
            part = states[first:min(first + chunk, samples)]
            sampler.unload(integrate(sampler, tables, sampler.load(part)), part)
        return time.perf_counter() - begin

    chunks = [chunk for chunk in Chunks if chunk <= len(starts)]
    times = {chunk: min(run(len(starts), chunk) for _ in range(3)) for chunk in chunks}
    chunk = min(times, key=times.get)
    answer(json.dumps({"chunk": chunk}))
    for line in sys.stdin.buffer:
        command, samples = line.split()
        if command == b"run":
            answer(repr(run(int(samples), chunk)))
        else:
            sys.stdout.buffer.write(states[:int(samples)].tobytes())
            sys.stdout.buffer.flush()


def read(floats):
    return sys.stdin.buffer.read(4 * floats)


def answer(text):
    sys.stdout.buffer.write(text.encode() + b"\n")
    sys.stdout.buffer.flush()


if sys.argv[1] == "torch":
    import torch

    torch.set_num_threads(1)
    with torch.inference_mode():
        main()
else:
    main()
