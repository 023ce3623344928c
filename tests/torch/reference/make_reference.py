#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes the values that tests/torch/tst_reference.cpp compares the engine with.

    python3 -m venv venv && venv/bin/pip install torch==2.11.0 numpy safetensors
    venv/bin/python tests/torch/reference/make_reference.py tests/data/reference

A plain PyTorch model for each case, written without looking at the engine's: modules of torch.nn,
all positions in every layer, optimisers of torch.optim. It computes in float64, so that what
differs is the engine's rounding alone. Weights and sequences come from formulas. One safetensors
file a case, numbers in float32 unless said:

    metadata experiment    the experiment file (JSON) that the engine gets
    w.NAME                 initial weights under the engine's names
    tokens, lengths, targets           [n, seq_len], [n], [n] (I64)
    answer_tokens, answer_p            [n, 2] (I64, F64): the true distribution
    logits                 [n, d_vocab] at the reader
    soft_losses            [n] (F64): cross-entropy against the true distribution
    pattern.LAYER          [n, head, query_pos, key_pos]; rows of padding are 0 (transformer)
    g.NAME                 gradient of the mean cross-entropy against targets
    losses, norms, rates   [10] (F64): of ten optimiser steps on all n sequences
    p.NAME                 weights after them
"""

import json
import math
import pathlib
import sys

import numpy as np
import torch
from safetensors.numpy import save_file
from torch import nn
from torch.nn import functional as F

D_VOCAB = 23
N = 6

MODEL = {
    "kind": "transformer", "n_layers": 2, "n_heads": 2, "d_model": 12, "d_head": 5, "d_mlp": 16,
    "n_ctx": 9, "mask": "causal", "norm": "post", "activation": "relu", "positions": "learned",
    "residual": True, "mlp": True, "attention_output": True, "attention_biases": False,
    "mlp_biases": False, "unembedding_bias": True, "shift_values_by": 0,
}
TRAINING = {
    "optimizer": "adamw", "learning_rate": 1e-2, "weight_decay": 0.01, "betas": [0.9, 0.999],
    "eps": 1e-8, "momentum": 0.0, "batch_size": N, "epochs": None, "steps": 10, "clip_norm": 1.0,
    "schedule": {"kind": "warmup_cosine", "unit": "steps", "warmup": 4, "decay": 5, "start": 1e-3,
                 "end": 2e-3},
}
LENGTHS = [7]


def case(model=None, training=None, lengths=None, scale=1.0, soft=False):
    return {"model": MODEL | (model or {}), "training": TRAINING | (training or {}),
            "lengths": lengths or LENGTHS, "scale": scale, "soft": soft}


CONSTANT = {"kind": "constant", "unit": "steps", "warmup": 0, "decay": 0, "start": 0.0, "end": 0.0}
CASES = {
    "post": case(),
    "pre": case({"norm": "pre"}),
    "no_norm": case({"norm": "none"}),
    "no_residual": case({"residual": False}),
    "pre_no_residual": case({"norm": "pre", "residual": False}),
    "no_mlp": case({"mlp": False}),
    "no_output_projection": case({"attention_output": False, "d_head": 6}),
    "biases": case({"attention_biases": True, "mlp_biases": True}),
    "no_unembedding_bias": case({"unembedding_bias": False}),
    "full_mask": case({"mask": "none"}),
    "gelu_pre": case({"norm": "pre", "activation": "gelu", "mlp_biases": True}),
    "sinusoidal": case({"positions": "sinusoidal"}),
    "no_positions": case({"positions": "none", "n_layers": 3}),
    "shifted_values": case({"shift_values_by": 1}),
    "one_layer_shifted": case({"n_layers": 1, "shift_values_by": 2, "attention_biases": True}),
    "one_head_wide": case({"n_heads": 1, "d_head": 7, "d_model": 6}),
    "padding": case(lengths=[7, 5, 3]),
    "padding_full_mask": case({"mask": "none", "norm": "pre"}, lengths=[7, 5, 3]),
    "padding_shifted_biases": case({"shift_values_by": 1, "attention_biases": True},
                                   lengths=[7, 5, 3]),
    "shifted_back": case({"shift_values_by": -1}),
    "one_layer_shifted_back": case({"n_layers": 1, "shift_values_by": -2,
                                    "attention_biases": True}),
    "padding_shifted_back": case({"shift_values_by": -1, "attention_biases": True},
                                 lengths=[7, 5, 3]),
    "soft_targets": case(soft=True),
    "large_weights": case(scale=1.5),
    "small_weights": case({"norm": "pre"}, scale=0.05),
    "lstm": case({"kind": "lstm"}),
    "lstm_padding": case({"kind": "lstm", "n_layers": 1}, lengths=[7, 5, 3]),
    "mlp": case({"kind": "mlp"}),
    "mlp_pre_padding": case({"kind": "mlp", "norm": "pre", "activation": "gelu"},
                            lengths=[7, 5, 3]),
    "mlp_no_norm": case({"kind": "mlp", "norm": "none"}),
    "adam": case(training={"optimizer": "adam", "weight_decay": 0.1, "betas": [0.8, 0.99]}),
    "sgd": case(training={"optimizer": "sgd", "learning_rate": 0.3, "schedule": CONSTANT}),
    "sgd_momentum": case(training={"optimizer": "sgd", "learning_rate": 0.1, "momentum": 0.9,
                                   "clip_norm": None, "schedule": CONSTANT}),
    "epoch_schedule": case(training={
        "schedule": {"kind": "constant", "unit": "epochs", "warmup": 6, "decay": 0, "start": 0.0,
                     "end": 0.0}}),
}


class Attention(nn.Module):
    def __init__(self, m):
        super().__init__()
        d_heads = m["n_heads"] * m["d_head"]
        bias = m["attention_biases"]
        self.m = m
        self.q = nn.Linear(m["d_model"], d_heads, bias=bias)
        self.k = nn.Linear(m["d_model"], d_heads, bias=bias)
        self.v = nn.Linear(m["d_model"], d_heads, bias=bias)
        self.o = nn.Linear(d_heads, m["d_model"], bias=bias) if m["attention_output"] else None

    def forward(self, x, allowed):
        m = self.m
        n, T, _ = x.shape

        def heads(y):
            return y.reshape(n, T, m["n_heads"], m["d_head"]).transpose(1, 2)

        q, k, v = heads(self.q(x)), heads(self.k(x)), heads(self.v(x))
        if m["shift_values_by"]:
            source = torch.arange(T) - m["shift_values_by"]
            real = allowed[:, -1]  # the last row is allowed all but padding
            there = (source >= 0) & (source < real.sum(1, keepdim=True))
            v = v[:, :, source.clamp(0, T - 1)] * there[:, None, :, None]
        scores = torch.einsum("bhqd,bhkd->bhqk", q, k) / math.sqrt(m["d_head"])
        pattern = scores.masked_fill(~allowed[:, None], float("-inf")).softmax(-1)
        z = torch.einsum("bhqk,bhkd->bhqd", pattern, v).transpose(1, 2).reshape(n, T, -1)
        return (self.o(z) if self.o is not None else z), pattern


class Mlp(nn.Module):
    def __init__(self, d_model, d_mlp, bias, activation):
        super().__init__()
        self.into = nn.Linear(d_model, d_mlp, bias=bias)
        self.out = nn.Linear(d_mlp, d_model, bias=bias)
        self.act = nn.ReLU() if activation == "relu" else nn.GELU()

    def forward(self, x):
        return self.out(self.act(self.into(x)))


class Sublayer(nn.Module):
    """One of attention and MLP with its residual connection and norm."""

    def __init__(self, m):
        super().__init__()
        self.m = m
        self.ln = nn.LayerNorm(m["d_model"]) if m["norm"] != "none" else nn.Identity()

    def forward(self, x, f):
        y = f(self.ln(x)) if self.m["norm"] == "pre" else f(x)
        y = x + y if self.m["residual"] else y
        return self.ln(y) if self.m["norm"] == "post" else y


class Layer(nn.Module):
    def __init__(self, m):
        super().__init__()
        self.attn = Attention(m)
        self.around_attn = Sublayer(m)
        if m["mlp"]:
            self.mlp = Mlp(m["d_model"], m["d_mlp"], m["mlp_biases"], m["activation"])
            self.around_mlp = Sublayer(m)

    def forward(self, x, allowed):
        kept = []

        def attend(y):
            out, pattern = self.attn(y, allowed)
            kept.append(pattern)
            return out

        x = self.around_attn(x, attend)
        if hasattr(self, "mlp"):
            x = self.around_mlp(x, self.mlp)
        return x, kept[0]


def sinusoids(n_ctx, d_model):
    position = torch.arange(n_ctx, dtype=torch.float64)[:, None]
    rate = torch.exp(torch.arange(0, d_model, 2, dtype=torch.float64) * (-math.log(10000.0) / d_model))
    table = torch.zeros(n_ctx, d_model, dtype=torch.float64)
    table[:, 0::2] = torch.sin(position * rate)
    table[:, 1::2] = torch.cos(position * rate)
    return table


class Transformer(nn.Module):
    def __init__(self, m, seq_len):
        super().__init__()
        self.m = m
        self.embed = nn.Embedding(D_VOCAB, m["d_model"])
        if m["positions"] == "learned":
            self.positions = nn.Embedding(m["n_ctx"], m["d_model"])
        self.layers = nn.ModuleList(Layer(m) for _ in range(m["n_layers"]))
        if m["norm"] == "pre":
            self.ln_final = nn.LayerNorm(m["d_model"])
        self.unembed = nn.Linear(m["d_model"], D_VOCAB, bias=m["unembedding_bias"])

    def forward(self, tokens, lengths):
        n, T = tokens.shape
        x = self.embed(tokens)
        if self.m["positions"] == "learned":
            x = x + self.positions(torch.arange(T))
        elif self.m["positions"] == "sinusoidal":
            x = x + sinusoids(self.m["n_ctx"], self.m["d_model"])[:T]
        real = torch.arange(T)[None] < lengths[:, None]
        allowed = real[:, None, :].expand(n, T, T)
        if self.m["mask"] == "causal":
            allowed = allowed & torch.ones(T, T, dtype=torch.bool).tril()
        patterns = []
        for layer in self.layers:
            x, pattern = layer(x, allowed)
            patterns.append(pattern * real[:, None, :, None])
        if hasattr(self, "ln_final"):
            x = self.ln_final(x)
        logits = self.unembed(x)
        return logits[torch.arange(n), lengths - 1], torch.stack(patterns, dim=1)


class Lstm(nn.Module):
    def __init__(self, m, seq_len):
        super().__init__()
        self.embed = nn.Embedding(D_VOCAB, m["d_model"])
        self.lstm = nn.LSTM(m["d_model"], m["d_model"], m["n_layers"], batch_first=True)
        self.unembed = nn.Linear(m["d_model"], D_VOCAB, bias=m["unembedding_bias"])

    def forward(self, tokens, lengths):
        out, _ = self.lstm(self.embed(tokens))
        return self.unembed(out[torch.arange(len(tokens)), lengths - 1]), None


class FlatMlp(nn.Module):
    def __init__(self, m, seq_len):
        super().__init__()
        self.m = m
        d = m["d_model"]
        self.embed = nn.Embedding(D_VOCAB, d)
        self.input = nn.Linear(seq_len * d, d)
        self.blocks = nn.ModuleList(Mlp(d, 4 * d, True, m["activation"]) for _ in range(m["n_layers"]))
        self.around = nn.ModuleList(Sublayer(m | {"residual": True}) for _ in range(m["n_layers"]))
        if m["norm"] == "pre":
            self.ln_final = nn.LayerNorm(d)
        self.unembed = nn.Linear(d, D_VOCAB, bias=m["unembedding_bias"])

    def forward(self, tokens, lengths):
        real = torch.arange(tokens.shape[1])[None] < lengths[:, None]
        x = self.input((self.embed(tokens) * real[:, :, None]).flatten(1))
        for around, block in zip(self.around, self.blocks):
            x = around(x, block)
        if hasattr(self, "ln_final"):
            x = self.ln_final(x)
        return self.unembed(x), None


def native_name(name):
    """PyTorch's name of a parameter here to the engine's."""
    parts = name.split(".")
    if parts[0] == "lstm":
        kind, part, layer = parts[1].split("_")  # weight_ih_l0
        return f"layers.{layer[1:]}.lstm.{part}.{kind}"
    if parts[0] == "blocks":
        return f"layers.{parts[1]}.mlp.{'in' if parts[2] == 'into' else 'out'}.{parts[3]}"
    if parts[0] == "around":
        return f"layers.{parts[1]}.ln1.{parts[3]}"
    return (name.replace("around_attn.ln", "ln1").replace("around_mlp.ln", "ln2")
            .replace("mlp.into", "mlp.in"))


def formula(name, shape, scale):
    """Weights without a generator: a sine along the flat index."""
    phase = sum(map(ord, name)) % 97
    wave = np.sin(phase + 0.7 * np.arange(int(np.prod(shape)))).reshape(shape)
    if ".ln" in name or name.startswith("ln_"):
        return (1.0 + 0.2 * wave if name.endswith("weight") else 0.1 * wave).astype(np.float32)
    if name.startswith(("embed", "positions")):
        return (scale * wave).astype(np.float32)
    return (scale * wave / math.sqrt(shape[-1])).astype(np.float32)


def sequences(lengths, soft):
    T = max(lengths)
    length = np.array([lengths[i % len(lengths)] for i in range(N)])
    tokens = np.array([[1 + (7 * i + 5 * j + i * j) % (D_VOCAB - 1) for j in range(T)] for i in range(N)])
    tokens[np.arange(T)[None] >= length[:, None]] = 0
    targets = np.array([1 + (5 * i + 3) % (D_VOCAB - 2) for i in range(N)])
    answers = np.stack([targets, targets + 1], axis=1)
    p = np.array([[0.8, 0.2] if soft else [1.0, 0.0]] * N)
    return tokens, length, targets, answers, p


def learning_rate(training, t):
    s = training["schedule"]
    peak = training["learning_rate"]
    if t < s["warmup"]:
        return s["start"] + (peak - s["start"]) * t / s["warmup"]
    if s["kind"] == "constant":
        return peak
    done = min(1.0, (t - s["warmup"]) / s["decay"])
    return s["end"] + (peak - s["end"]) * 0.5 * (1 + math.cos(math.pi * done))


def optimizer(parameters, training):
    common = {"lr": training["learning_rate"], "weight_decay": training["weight_decay"]}
    if training["optimizer"] == "sgd":
        return torch.optim.SGD(parameters, momentum=training["momentum"], **common)
    kind = torch.optim.AdamW if training["optimizer"] == "adamw" else torch.optim.Adam
    return kind(parameters, betas=tuple(training["betas"]), eps=training["eps"], **common)


def ten_steps(model, training, tokens, lengths, targets):
    """Losses and gradient norms of ten steps, each on all sequences (so step and epoch agree)."""
    opt = optimizer(model.parameters(), training)
    losses, norms = [], []
    for step in range(10):
        for group in opt.param_groups:
            group["lr"] = learning_rate(training, step)
        opt.zero_grad()
        loss = F.cross_entropy(model(tokens, lengths)[0], targets)
        loss.backward()
        limit = training["clip_norm"] if training["clip_norm"] is not None else float("inf")
        norms.append(float(nn.utils.clip_grad_norm_(model.parameters(), limit)))
        losses.append(float(loss.detach()))
        opt.step()
    return losses, norms


def experiment(name, spec):
    return {
        "format": "anchorlens-experiment", "format_version": 1, "name": name,
        "task": {"seq_len": spec["lengths"], "d_vocab": D_VOCAB, "noise": [[10, 20]],
                 "forms": [{"pattern": "* 3 x * -> x"}],
                 "held_out": [{"rule": "residue", "key": "x", "of": "key", "modulus": 8,
                               "remainder": 0}]},
        "data": {"n_train": N, "n_test": N},
        "model": spec["model"], "training": spec["training"],
    }


def arrays(spec):
    m = spec["model"]
    tokens, lengths, targets, answers, p = sequences(spec["lengths"], spec["soft"])
    kind = {"transformer": Transformer, "lstm": Lstm, "mlp": FlatMlp}[m["kind"]]
    model = kind(m, tokens.shape[1]).double()
    with torch.no_grad():
        for name, value in model.named_parameters():
            value.copy_(torch.from_numpy(formula(native_name(name), value.shape, spec["scale"])))

    def named(prefix, values):
        return {prefix + native_name(name): value.detach().float().numpy() for name, value in values}

    out = {"tokens": tokens, "lengths": lengths, "targets": targets, "answer_tokens": answers,
           "answer_p": p} | named("w.", model.named_parameters())
    inputs = [torch.from_numpy(a) for a in (tokens, lengths, targets)]
    logits, pattern = model(inputs[0], inputs[1])
    out["logits"] = logits.detach().float().numpy()
    log_q = logits.detach().log_softmax(-1).numpy()
    out["soft_losses"] = -(p * np.take_along_axis(log_q, answers, axis=1)).sum(-1)
    if pattern is not None:
        out |= {f"pattern.{i}": one.detach().float().numpy() for i, one in enumerate(pattern.unbind(1))}
    F.cross_entropy(logits, inputs[2]).backward()
    out |= named("g.", ((name, value.grad) for name, value in model.named_parameters()))
    losses, norms = ten_steps(model, spec["training"], *inputs)
    out |= named("p.", model.named_parameters())
    rates = [learning_rate(spec["training"], t) for t in range(10)]
    return out | {"losses": np.array(losses), "norms": np.array(norms), "rates": np.array(rates)}


def main():
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(1)
    for name, spec in CASES.items():
        values = {key: np.ascontiguousarray(value) for key, value in arrays(spec).items()}
        metadata = {"experiment": json.dumps(experiment(name, spec)), "torch": torch.__version__,
                    "made_by": "tests/torch/reference/make_reference.py"}
        save_file(values, folder / f"{name}.safetensors", metadata=metadata)
        print(f"{name}: losses {values['losses'][0]:.4f} .. {values['losses'][-1]:.4f}, "
              f"norm {values['norms'][0]:.3f}")


if __name__ == "__main__":
    main()
