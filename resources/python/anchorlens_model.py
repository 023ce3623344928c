# SPDX-License-Identifier: GPL-3.0-or-later
"""Loads weights exported by Anchorlens into a plain PyTorch module.

One file, PyTorch and the standard library. It reads what
`anchorctl export RUN --weights FILE --names pytorch` writes:

    import anchorlens_model
    model = anchorlens_model.load("weights.safetensors")
    logits = model(tokens)            # tokens [batch, pos], logits [batch, pos, d_vocab]

Sequences shorter than the longest are padded with token 0 on the right; `model(tokens, lengths)`
then leaves padding out. The kinds lstm and mlp answer for the last token only: [batch, 1, d_vocab].
"""

import json
import math
import struct

import torch
from torch import nn
from torch.nn import functional


class Layer(nn.Module):
    """One block of the transformer; which parts it has is what the experiment says."""

    def __init__(self, c):
        super().__init__()
        self.c, wide, bias = c, c["n_heads"] * c["d_head"], c["attention_biases"]
        self.attn = nn.ModuleDict({n: nn.Linear(c["d_model"], wide, bias) for n in "qkv"})
        if c["attention_output"]:
            self.attn["o"] = nn.Linear(wide, c["d_model"], bias)
        if c["mlp"]:
            self.mlp = feed_forward(c, c["d_mlp"], c["mlp_biases"])
        for name in ["ln1", "ln2"][:1 + c["mlp"]] if c["norm"] != "none" else []:
            setattr(self, name, nn.LayerNorm(c["d_model"]))

    def attend(self, x, blocked):
        q, k, v = (self.attn[n](x).unflatten(2, (self.c["n_heads"], -1)).transpose(1, 2) for n in "qkv")
        scores = q @ k.transpose(2, 3) / math.sqrt(self.c["d_head"])
        v = v.masked_fill(blocked[:, :, -1, :, None], 0)  # what the last row cannot see is padding
        ahead = max(-self.c["shift_values_by"], 0)
        v = functional.pad(v, (0, 0, self.c["shift_values_by"] + ahead, ahead))
        v = v[:, :, ahead:ahead + x.shape[1]]
        out = (scores.masked_fill(blocked, -math.inf).softmax(-1) @ v).transpose(1, 2).flatten(2)
        return self.attn["o"](out) if self.c["attention_output"] else out

    def sublayer(self, x, compute, norm):
        out = compute(norm(x) if self.c["norm"] == "pre" else x)
        out = x + out if self.c["residual"] else out
        return norm(out) if self.c["norm"] == "post" else out

    def forward(self, x, blocked):
        x = self.sublayer(x, lambda y: self.attend(y, blocked), getattr(self, "ln1", None))
        return self.sublayer(x, self.mlp, getattr(self, "ln2", None)) if self.c["mlp"] else x


class Model(nn.Module):
    """`experiment` is the object of an experiment file."""

    def __init__(self, experiment):
        super().__init__()
        self.c = c = {**experiment["model"], "d_vocab": experiment["task"]["d_vocab"]}
        length = experiment["task"]["seq_len"]
        self.embed = nn.Embedding(c["d_vocab"], c["d_model"])
        if c["kind"] == "transformer":
            if c["positions"] != "none":
                self.positions = nn.Embedding(c["n_ctx"], c["d_model"])
            self.layers = nn.ModuleList(Layer(c) for _ in range(c["n_layers"]))
        elif c["kind"] == "lstm":
            self.lstm = nn.LSTM(c["d_model"], c["d_model"], c["n_layers"], batch_first=True)
        else:
            self.input = nn.Linear(c["d_model"] * (max(length) if isinstance(length, list) else length),
                                   c["d_model"])
            self.layers = nn.ModuleList(Block(c) for _ in range(c["n_layers"]))
        if c["norm"] == "pre" and c["kind"] != "lstm":
            self.ln_final = nn.LayerNorm(c["d_model"])
        self.unembed = nn.Linear(c["d_model"], c["d_vocab"], c["unembedding_bias"])

    def forward(self, tokens, lengths=None):
        batch, pos = tokens.shape
        real = torch.arange(pos) < (torch.full((batch,), pos) if lengths is None else lengths)[:, None]
        x = self.embed(tokens)
        if self.c["kind"] == "lstm":
            x = self.lstm(x)[0][torch.arange(batch), real.sum(1) - 1][:, None]
        elif self.c["kind"] == "mlp":
            x = self.input((x * real[:, :, None]).flatten(1))[:, None]
            for layer in self.layers:
                x = layer(x)
        else:
            blocked = ~real[:, None, None, :]
            if self.c["mask"] == "causal":
                blocked = blocked | torch.ones(pos, pos, dtype=torch.bool).triu(1)
            if self.c["positions"] != "none":
                x = x + self.positions.weight[:pos]
            for layer in self.layers:
                x = layer(x, blocked)
        return self.unembed(self.ln_final(x) if hasattr(self, "ln_final") else x)


class Block(nn.Module):
    """One residual block of the kind mlp."""

    def __init__(self, c):
        super().__init__()
        self.c, self.mlp = c, feed_forward(c, 4 * c["d_model"], True)
        if c["norm"] != "none":
            self.ln1 = nn.LayerNorm(c["d_model"])

    def forward(self, x):
        x = x + self.mlp(self.ln1(x) if self.c["norm"] == "pre" else x)
        return self.ln1(x) if self.c["norm"] == "post" else x


def feed_forward(c, width, bias):
    activation = nn.ReLU() if c["activation"] == "relu" else nn.GELU()
    return nn.Sequential(nn.Linear(c["d_model"], width, bias), activation,
                         nn.Linear(width, c["d_model"], bias))


def read(path):
    """({name: tensor}, {key: text}): the tensors (float32) and metadata of a safetensors file."""
    with open(path, "rb") as file:
        data = bytearray(file.read())
    (size,) = struct.unpack_from("<Q", data)
    header = json.loads(data[8:8 + size])
    metadata = header.pop("__metadata__", {})
    tensors = {}
    for name, entry in header.items():
        if entry["dtype"] != "F32":
            raise ValueError(f"{path}: {name} is of type {entry['dtype']}, not F32")
        begin, end = entry["data_offsets"]
        part = torch.frombuffer(data, dtype=torch.float32, count=(end - begin) // 4,
                                offset=8 + size + begin)
        tensors[name] = part.reshape(entry["shape"]).clone()
    return tensors, metadata


def load(path):
    """The model of a file that was exported with `--names pytorch`, in evaluation mode."""
    tensors, metadata = read(path)
    if metadata.get("names") != "pytorch":
        raise ValueError(f"{path}: not exported with --names pytorch")
    model = Model(json.loads(metadata["experiment"]))
    model.load_state_dict(tensors)
    return model.eval()
