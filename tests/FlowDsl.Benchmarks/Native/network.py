# A training step and a forward pass of a multilayer perceptron in PyTorch's eager mode, timed by the script itself.
# Header (one line of JSON): sizes of the layers, batch. Then a line "train" or "infer" a turn; answers with seconds.
import json
import sys
import time

import torch

header = json.loads(sys.stdin.readline())
torch.set_num_threads(1)
torch.manual_seed(1)
sizes, batch = header["sizes"], header["batch"]
layers = []
for i in range(len(sizes) - 1):
    layers.append(torch.nn.Linear(sizes[i], sizes[i + 1]))
    if i < len(sizes) - 2:
        layers.append(torch.nn.ReLU())
network = torch.nn.Sequential(*layers)
optimizer = torch.optim.AdamW(network.parameters(), lr=1e-3, weight_decay=0)
x, y = torch.randn(batch, sizes[0]), torch.randn(batch, sizes[-1])


def train():
    optimizer.zero_grad()
    loss = torch.nn.functional.mse_loss(network(x), y)
    loss.backward()
    torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
    optimizer.step()


def infer():
    with torch.inference_mode():
        network(x)


print(torch.__version__, flush=True)
for line in sys.stdin:
    turn = train if line.strip() == "train" else infer
    began = time.perf_counter()
    turn()
    print(time.perf_counter() - began, flush=True)
