"""Trains the two networks of this folder and writes them as ONNX files.

They regress the velocity of flow matching, x_t = (1 - t) x_0 + t eps and v = eps - x_0, from t = 1 (noise) to t = 0 (data):

  ring.onnx    a ring of eight Gaussians in the plane, radius 1 and standard deviation 0.1
  digits.onnx  the 1797 handwritten digits of examples/Digits, 8x8 pixels scaled to [-1, 1]

    python3 train.py        (Debian: python3-torch; ten minutes on one core)
"""
import math
import pathlib

import torch

HERE = pathlib.Path(__file__).parent


class Velocity(torch.nn.Module):
    """A residual perceptron of x and of sines of t."""

    FREQUENCIES = 8

    def __init__(self, dimension, width, blocks):
        super().__init__()
        self.register_buffer("frequencies", math.pi * 2.0 ** torch.arange(-1, self.FREQUENCIES - 1))
        self.first = torch.nn.Linear(dimension + 1 + 2 * self.FREQUENCIES, width)
        self.blocks = torch.nn.ModuleList(torch.nn.Linear(width, width) for _ in range(blocks))
        self.last = torch.nn.Linear(width, dimension)

    def forward(self, x, t):
        t = t.unsqueeze(1)
        angles = t * self.frequencies
        h = self.first(torch.cat([x, t, torch.sin(angles), torch.cos(angles)], 1))
        for block in self.blocks:
            h = h + block(torch.nn.functional.silu(h))
        return self.last(torch.nn.functional.silu(h))


def ring(count):
    angles = 2 * math.pi * torch.randint(8, (count,)) / 8
    return torch.stack([torch.cos(angles), torch.sin(angles)], 1) + 0.1 * torch.randn(count, 2)


def digits():
    lines = (HERE / "../../Digits/digits.csv").read_text().splitlines()[1:]
    data = torch.tensor([[float(value) for value in line.split(",")] for line in lines]) / 8 - 1
    return lambda count: data[torch.randint(len(data), (count,))]


def train(name, draw, width, blocks, steps, batch):
    torch.manual_seed(1)
    dimension = draw(1).shape[1]
    network = Velocity(dimension, width, blocks)
    mean = Velocity(dimension, width, blocks)
    mean.load_state_dict(network.state_dict())
    optimizer = torch.optim.Adam(network.parameters(), lr=1e-3)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, steps)
    for step in range(steps):
        data, noise, t = draw(batch), torch.randn(batch, dimension), torch.rand(batch)
        x = (1 - t).unsqueeze(1) * data + t.unsqueeze(1) * noise
        loss = (network(x, t) - (noise - data)).square().mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
        with torch.no_grad():
            for kept, value in zip(mean.parameters(), network.parameters()):
                kept.lerp_(value, 1e-3)
        if step % 1000 == 999:
            print(f"{name}: step {step + 1} of {steps}, loss {loss.item():.4f}", flush=True)
    mean.eval()
    axes = {"x": {0: "n"}, "t": {0: "n"}, "velocity": {0: "n"}}
    example = (torch.zeros(2, dimension), torch.zeros(2))
    torch.onnx.export(
        mean, example, str(HERE / f"{name}.onnx"), input_names=["x", "t"], output_names=["velocity"], dynamic_axes=axes, opset_version=16)


torch.set_num_threads(1)
train("ring", ring, width=128, blocks=3, steps=15000, batch=512)
train("digits", digits(), width=384, blocks=3, steps=15000, batch=256)
