# SPDX-License-Identifier: GPL-3.0-or-later
"""A training with changes in plain PyTorch, in float32: written from docs/interventions.md, for
comparison with anchorctl train --change.

    python3 training_reference.py WEIGHTS.safetensors DATA.npz LOGITS.npz CHANGES STEPS

Begins with weights that were exported with `--names pytorch` before the first step, and takes a
step on all of the data STEPS times. Changes: [[step, "freeze" | "ablate", layer, head] or
[step, "rate", factor], ...]. Prints one JSON object: the loss of every step before its update, and
the largest difference to the file's logits at the end, beside the largest of them.
"""

import json
import pathlib
import sys

import numpy as np
import torch
from torch.nn import functional

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "resources" / "python"))
import anchorlens_model  # noqa: E402


def parts_of_head(model, layer, head):
    """(parameter, index) of what belongs to one head."""
    attn, width = model.layers[layer].attn, model.c["d_head"]
    own = slice(head * width, (head + 1) * width)
    for name in "qkv":
        yield attn[name].weight, own
        if attn[name].bias is not None:
            yield attn[name].bias, own
    yield attn["o"].weight, (slice(None), own)


def ablate(model, layer, head):
    width = model.c["d_head"]
    keep = torch.ones(model.c["n_heads"] * width)
    keep[head * width:(head + 1) * width] = 0
    model.layers[layer].attn["o"].register_forward_pre_hook(lambda _, inputs: inputs[0] * keep)


def optimizer(model, training):
    assert training["optimizer"] in ("adam", "adamw")
    kind = torch.optim.AdamW if training["optimizer"] == "adamw" else torch.optim.Adam
    return kind(model.parameters(), lr=training["learning_rate"], eps=training["eps"],
                betas=tuple(training["betas"]), weight_decay=training["weight_decay"])


def learning_rate(training, step):
    """Steps and epochs agree: all of the data are one batch."""
    schedule, peak = training["schedule"], training["learning_rate"]
    assert schedule["kind"] == "constant"
    if step >= schedule["warmup"]:
        return peak
    return schedule["start"] + (peak - schedule["start"]) * step / schedule["warmup"]


class Training:
    def __init__(self, model, training):
        self.model, self.settings = model, training
        self.limit = training["clip_norm"]
        self.optimizer = optimizer(model, training)
        self.steps, self.factor = 0, 1.0
        self.frozen = []

    def change(self, kind, *what):
        if kind == "rate":
            self.factor *= what[0]
        elif kind == "ablate":
            ablate(self.model, *what)
        else:
            self.frozen += list(parts_of_head(self.model, *what))

    def step(self, tokens, targets):
        for group in self.optimizer.param_groups:
            group["lr"] = self.factor * learning_rate(self.settings, self.steps)
        self.steps += 1
        self.optimizer.zero_grad()
        loss = functional.cross_entropy(self.model(tokens)[:, -1], targets)
        loss.backward()
        for parameter, index in self.frozen:
            parameter.grad[index] = 0
        if self.limit is not None:
            torch.nn.utils.clip_grad_norm_(self.model.parameters(), self.limit)
        kept = [values[index].detach().clone() for values, index in self.standing()]
        self.optimizer.step()
        with torch.no_grad():
            for (values, index), before in zip(self.standing(), kept):
                values[index] = before
        return float(loss.detach())

    def standing(self):
        """Frozen weights and their moments, which are there after the first step."""
        for parameter, index in self.frozen:
            yield parameter, index
            for name in ("exp_avg", "exp_avg_sq"):
                yield self.optimizer.state[parameter][name], index


def main():
    weights, data, logits_file, changes, steps = sys.argv[1:]
    torch.set_num_threads(1)
    model = anchorlens_model.load(weights)
    experiment = json.loads(anchorlens_model.read(weights)[1]["experiment"])
    samples, expected = np.load(data), np.load(logits_file)
    tokens = torch.from_numpy(samples["tokens"]).long()
    targets = torch.from_numpy(samples["targets"]).long()
    training = Training(model, experiment["training"])
    losses = []
    for step in range(int(steps)):
        for change in json.loads(changes):
            if change[0] == step:
                training.change(*change[1:])
        losses.append(training.step(tokens, targets))
    with torch.no_grad():
        logits = model(torch.from_numpy(expected["tokens"]).long())[:, -1]
    wanted = torch.from_numpy(expected["logits"])
    print(json.dumps({"losses": losses, "difference": float((logits - wanted).abs().max()),
                      "largest": float(wanted.abs().max())}))


if __name__ == "__main__":
    main()
