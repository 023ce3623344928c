# SPDX-License-Identifier: GPL-3.0-or-later
"""The transformer of an experiment in PyTorch, in float64, with interventions: written from
docs/format_tensors.md and docs/causal_tests.md, for comparison with anchorctl intervene.

Takes its weights from an exported safetensors file and its sequences from run.sqlite, whose shown
sequences must be the whole probe.
"""

import json
import os
import sqlite3

import torch

import ctl


def load_weights(path):
    _, tensors = ctl.read_safetensors(path)
    return {name: torch.frombuffer(bytearray(data), dtype=torch.float32).view(shape).double()
            for name, (_, shape, data) in tensors.items()}


class Reference:
    def __init__(self, run, weights):
        with open(os.path.join(run, "experiment.json"), encoding="utf-8") as file:
            self.model = json.load(file)["model"]
        self.weights = load_weights(weights)
        connection = sqlite3.connect(os.path.join(run, "run.sqlite"))
        names = [name for (name,) in connection.execute("SELECT name FROM task_roles ORDER BY id")]
        rows = connection.execute(
            "SELECT tokens, roles, answers FROM shown_sequences ORDER BY id").fetchall()
        connection.close()
        self.tokens = torch.tensor([json.loads(row[0]) for row in rows])
        self.roles = [[names[role].split(":")[0] for role in json.loads(row[1])] for row in rows]
        self.answers = torch.tensor([json.loads(row[2])[0][0] for row in rows])

    def places(self, sequence, place):
        length = self.tokens.shape[1]
        if place == "*":
            return range(length)
        if place == "reader":
            return [length - 1]
        if isinstance(place, int):
            return [place]
        return [p for p in range(length) if self.roles[sequence][p] == place]

    def mask(self, edges):
        """[layer, n, head, reader, source]: 1 where an edge is named."""
        n, length = self.tokens.shape
        mask = torch.zeros(self.model["n_layers"], n, self.model["n_heads"], length, length).bool()
        for layer, head, readers, sources in edges:
            heads = range(self.model["n_heads"]) if head is None else [head]
            for i in range(n):
                for q in self.places(i, readers):
                    for k in self.places(i, sources):
                        for h in heads:
                            mask[layer, i, h, q, k] = True
        return mask

    def norm(self, x, name):
        return torch.nn.functional.layer_norm(
            x, x.shape[-1:], self.weights[f"{name}.weight"], self.weights[f"{name}.bias"], 1e-5)

    def linear(self, x, name):
        return torch.nn.functional.linear(
            x, self.weights[f"{name}.weight"], self.weights.get(f"{name}.bias"))

    def heads(self, x):
        return x.unflatten(-1, (self.model["n_heads"], -1)).transpose(1, 2)

    def attention(self, x, layer, change):
        """Output of the attention of a layer; change(layer, pattern), change(layer, z)."""
        name = f"layers.{layer}.attn"
        q, k, v = (self.heads(self.linear(x, f"{name}.{part}")) for part in "qkv")
        length = x.shape[1]
        scores = q @ k.transpose(2, 3) / self.model["d_head"] ** 0.5
        if self.model["mask"] == "causal":
            scores = scores.masked_fill(torch.ones(length, length).triu(1).bool(), -torch.inf)
        shift = self.model["shift_values_by"]
        if shift:
            v = v.roll(shift, 2)
            v[:, :, slice(0, shift) if shift > 0 else slice(shift, None)] = 0
        z = change["z"](layer, change["pattern"](layer, scores.softmax(-1)) @ v)
        out = z.transpose(1, 2).flatten(2)
        return self.linear(out, f"{name}.o") if self.model["attention_output"] else out

    def logits(self, change):
        model = self.model
        x = self.weights["embed.weight"][self.tokens]
        if model["positions"] == "learned":
            x = x + self.weights["positions.weight"][:x.shape[1]]

        def join(x, sublayer, norm):
            out = sublayer(self.norm(x, norm) if model["norm"] == "pre" else x)
            total = x + out if model["residual"] else out
            return self.norm(total, norm) if model["norm"] == "post" else total

        def mlp(x, layer):
            hidden = self.linear(x, f"layers.{layer}.mlp.in")
            hidden = hidden.relu() if model["activation"] == "relu" else torch.nn.functional.gelu(hidden)
            return self.linear(hidden, f"layers.{layer}.mlp.out")

        for layer in range(model["n_layers"]):
            x = join(x, lambda y: self.attention(y, layer, change), f"layers.{layer}.ln1")
            if model["mlp"]:
                x = join(x, lambda y: mlp(y, layer), f"layers.{layer}.ln2")
        x = x[:, -1]
        if model["norm"] == "pre":
            x = self.norm(x, "ln_final")
        return self.linear(x, "unembed")

    def outputs(self):
        """z of every layer in the unchanged model."""
        kept = {}
        self.logits({"pattern": lambda layer, pattern: pattern,
                     "z": lambda layer, z: kept.setdefault(layer, z)})
        return kept

    def numbers(self, zero=(), mean=(), patch=(), early=None, cut=None, keep=None, scaled=False):
        """Accuracy, loss and logit difference with these changes."""
        own = self.outputs()
        named = self.mask(cut or keep or [])
        other = {}
        if early:
            weights, self.weights = self.weights, load_weights(early)
            other, self.weights = self.outputs(), weights

        def pattern(layer, a):
            if cut is None and keep is None:
                return a
            gone = named[layer] if keep is None else ~named[layer]
            left = a.masked_fill(gone, 0)
            if not scaled:
                return left
            total = left.sum(-1, keepdim=True)
            return torch.where(gone.any(-1, keepdim=True) & (total > 0), left / total, left)

        def z(layer, z):
            z = z.clone()
            for head in range(self.model["n_heads"]):
                if (layer, head) in zero:
                    z[:, head] = 0
                if (layer, head) in mean:
                    z[:, head] = own[layer][:, head].mean(0)
                if (layer, head) in patch:
                    z[:, head] = other[layer][:, head]
            return z

        logits = self.logits({"pattern": pattern, "z": z})
        rows = torch.arange(len(self.answers))
        right = logits[rows, self.answers]
        others = logits.clone()
        others[rows, self.answers] = -torch.inf
        return {
            "accuracy": (logits.argmax(-1) == self.answers).double().mean().item(),
            "loss": torch.nn.functional.cross_entropy(logits, self.answers).item(),
            "logit_difference": (right - others.max(-1).values).mean().item(),
        }
