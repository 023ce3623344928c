#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""One training step in PyTorch, the ways a researcher would write it; run_bench.py drives it.

    peers.py PEER SHAPE PRECISION

reads a number of seconds a line on standard input, trains for so long, and answers with the median
milliseconds of a step. The sequences lie ready in memory: making them is not counted.

The model is that of the presets: post-LN, ReLU, causal, learned positions, no biases but the
unembedding's; cross-entropy at the last position; AdamW; gradient norm clipped at 1.
"""

import statistics
import sys
import time

import torch
from torch import nn
from torch.nn import functional as F

SHAPES = {
    "paper": dict(n_layers=4, n_heads=4, d_model=400, d_head=64, d_mlp=1200, batch=50),
    "demo": dict(n_layers=2, n_heads=1, d_model=64, d_head=64, d_mlp=256, batch=128),
}
D_VOCAB, N_CTX, SEQ_LEN = 201, 20, 9


class PlainLayer(nn.Module):
    """Separate projections and every position, as a first reading of the equations gives it."""

    def __init__(self, s):
        super().__init__()
        d, h = s["d_model"], s["n_heads"] * s["d_head"]
        self.heads, self.d_head = s["n_heads"], s["d_head"]
        self.q, self.k, self.v = (nn.Linear(d, h, bias=False) for _ in range(3))
        self.o = nn.Linear(h, d, bias=False)
        self.up = nn.Linear(d, s["d_mlp"], bias=False)
        self.down = nn.Linear(s["d_mlp"], d, bias=False)
        self.ln1, self.ln2 = nn.LayerNorm(d), nn.LayerNorm(d)

    def forward(self, x, last):
        batch, length, _ = x.shape

        def split(y):
            return y.view(batch, length, self.heads, self.d_head).transpose(1, 2)

        q, k, v = split(self.q(x)), split(self.k(x)), split(self.v(x))
        scores = q @ k.transpose(2, 3) / self.d_head**0.5
        hidden = torch.ones(length, length, dtype=torch.bool).triu(1)
        pattern = scores.masked_fill(hidden, float("-inf")).softmax(-1)
        z = (pattern @ v).transpose(1, 2).reshape(batch, length, -1)
        x = self.ln1(x + self.o(z))
        return self.ln2(x + self.down(F.relu(self.up(x))))


class BestLayer(nn.Module):
    """One projection for all three, the fused attention, and in the last layer one row only."""

    def __init__(self, s):
        super().__init__()
        d, self.h = s["d_model"], s["n_heads"] * s["d_head"]
        self.heads, self.d_head = s["n_heads"], s["d_head"]
        self.qkv = nn.Linear(d, 3 * self.h, bias=False)
        self.o = nn.Linear(self.h, d, bias=False)
        self.up = nn.Linear(d, s["d_mlp"], bias=False)
        self.down = nn.Linear(s["d_mlp"], d, bias=False)
        self.ln1, self.ln2 = nn.LayerNorm(d), nn.LayerNorm(d)

    def forward(self, x, last):
        batch, length, _ = x.shape

        def split(y):
            return y.view(batch, -1, self.heads, self.d_head).transpose(1, 2)

        if last:
            kv = F.linear(x, self.qkv.weight[self.h :])
            x = x[:, -1:]
            q = F.linear(x, self.qkv.weight[: self.h])
            k, v = kv.chunk(2, dim=-1)
        else:
            q, k, v = self.qkv(x).chunk(3, dim=-1)
        z = F.scaled_dot_product_attention(split(q), split(k), split(v), is_causal=not last)
        x = self.ln1(x + self.o(z.transpose(1, 2).reshape(batch, x.shape[1], -1)))
        return self.ln2(x + self.down(F.relu(self.up(x))))


class Transformer(nn.Module):
    def __init__(self, s, layer):
        super().__init__()
        self.embed = nn.Embedding(D_VOCAB, s["d_model"])
        self.positions = nn.Parameter(torch.randn(N_CTX, s["d_model"]))
        self.layers = nn.ModuleList(layer(s) for _ in range(s["n_layers"]))
        self.unembed = nn.Linear(s["d_model"], D_VOCAB)

    def forward(self, tokens):
        x = self.embed(tokens) + self.positions[: tokens.shape[1]]
        for i, layer in enumerate(self.layers):
            x = layer(x, i + 1 == len(self.layers))
        return self.unembed(x[:, -1])


class PlainTransformer(Transformer):
    """Unembeds every position and takes the last one of the result."""

    def forward(self, tokens):
        x = self.embed(tokens) + self.positions[: tokens.shape[1]]
        for layer in self.layers:
            x = layer(x, False)
        return self.unembed(x)[:, -1]


class Training:
    def __init__(self, peer, shape, precision):
        s = SHAPES[shape]
        torch.manual_seed(1)
        plain = peer == "paper"
        self.model = PlainTransformer(s, PlainLayer) if plain else Transformer(s, BestLayer)
        self.parameters = list(self.model.parameters())
        self.optimizer = torch.optim.AdamW(
            self.parameters, lr=2e-4, weight_decay=0.01,
            **(dict(foreach=False) if plain else dict(fused=True)))
        self.foreach = not plain
        self.precision = precision
        self.forward = self.loss
        if peer == "compile":
            self.forward = torch.compile(self.loss, fullgraph=True)
        tokens = torch.randint(20, 101, (64, s["batch"], SEQ_LEN))
        place = torch.randint(0, SEQ_LEN - 2, (64, s["batch"]))
        tokens.scatter_(2, place.unsqueeze(2), 1)
        self.batches = [(t, t.gather(1, p.unsqueeze(1) + 1).squeeze(1))
                        for t, p in zip(tokens, place)]
        self.done = 0

    def loss(self, tokens, targets):
        with torch.autocast("cpu", torch.bfloat16, enabled=self.precision == "bfloat16"):
            logits = self.model(tokens)
        return F.cross_entropy(logits.float(), targets)

    def step(self):
        tokens, targets = self.batches[self.done % len(self.batches)]
        self.done += 1
        self.optimizer.zero_grad(set_to_none=True)
        loss = self.forward(tokens, targets)
        loss.backward()
        nn.utils.clip_grad_norm_(self.parameters, 1.0, foreach=self.foreach)
        self.optimizer.step()
        return loss.item()

    def run(self, seconds):
        times, end = [], time.perf_counter() + seconds
        while time.perf_counter() < end or not times:
            start = time.perf_counter()
            self.step()
            times.append(time.perf_counter() - start)
        return 1e3 * statistics.median(times)


def main():
    peer, shape, precision = sys.argv[1:4]
    torch.set_num_threads(1)
    torch.set_flush_denormal(True)
    training = Training(peer, shape, precision)
    training.run(1.0)  # warm-up; compiles
    print("ready", flush=True)
    for line in sys.stdin:
        print(training.run(float(line)), flush=True)


if __name__ == "__main__":
    main()
