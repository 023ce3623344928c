# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes the files of this folder: python3 make_fixtures.py, with PyTorch (2.11 was used) and NumPy.

What is in them is said where they are read: tests/core/import, tests/ctl/test_import.py.
"""

import json
import pathlib

import numpy as np
import torch

HERE = pathlib.Path(__file__).resolve().parent


def counted(*shape):
    return torch.arange(float(torch.Size(shape).numel())).reshape(shape)


def kinds():
    """Every type of storage, and tensors that are views of others. Value i is i, or i mod 2."""
    w = counted(4, 3)
    return {
        "float": w, "transposed": w.t(), "part": w[1:, 1:], "permuted": counted(2, 3, 4).permute(2, 0, 1),
        "double": w.double(), "half": w.half(), "bfloat16": w.bfloat16(), "long": w.long(),
        "int": w.int(), "short": w.short(), "char": w.char(), "byte": w.byte(), "bool": (w % 2).bool(),
        "parameter": torch.nn.Parameter(w), "scalar": torch.tensor(5.0), "empty": torch.zeros(0, 3),
        "small half": torch.tensor([6e-8, -1.5, 65504.0, float("inf")], dtype=torch.float16),
        "epoch": 3, "rate": 1e-3, "name": "text", "list": [1, [2.5, None]], "large": 1 << 40, "less": -7,
        "flag": True, "pair": (1, 2, 3, 4)}


def paper_weights(generator):
    """A state dict as the paper's code saves it: GPT, 2 layers, 1 head, d_model 4."""
    def normal(*shape):
        return torch.randn(*shape, generator=generator)
    weights = {"decoder.tgt_emb.weight": normal(45, 4), "decoder.pos_emb.weight": normal(8, 4)}
    for i in range(2):
        attention, mlp = f"decoder.layers.{i}.dec_self_attn.", f"decoder.layers.{i}.pos_ffn."
        for name in ["W_Q", "W_K", "W_V", "fc"]:
            weights[f"{attention}{name}.weight"] = normal(4, 4)
        weights.update({attention + "layernorm.weight": 1 + 0.1 * normal(4),
                        attention + "layernorm.bias": 0.1 * normal(4),
                        mlp + "fc.0.weight": normal(8, 4), mlp + "fc.2.weight": normal(4, 8),
                        mlp + "layernorm.weight": 1 + 0.1 * normal(4),
                        mlp + "layernorm.bias": 0.1 * normal(4)})
    weights.update({"projection.weight": normal(45, 4), "projection.bias": normal(45)})
    return weights


CONFIG = {
    "train_data_size": 40, "test_data_size": 60, "seq_len": 5, "data_min": 20, "data_max": 36,
    "data_mode": [1], "data_percent": [1.0], "data_name": ["full data"], "data_mask": [0],
    "target": "3x_to_x", "batch_size": 10, "vocab_size": 45, "max_pos": 8, "d_model": 4,
    "d_feedforward": 8, "d_k": 4, "d_v": 4, "n_layers": 2, "n_heads": 1, "clip": 1, "n_epoch": 3,
    "lr": 2e-05, "seed": 1, "scheduler": "GradualWarmupScheduler_CosineAnnealingLR", "model": "GPT",
    "optim": "AdamW", "save_model_epoch": 2}


def paper_run():
    folder = HERE / "paper"
    (folder / "model").mkdir(parents=True, exist_ok=True)
    (folder / "loss").mkdir(exist_ok=True)
    (folder / "config.json").write_text(json.dumps(CONFIG, indent=2) + "\n", encoding="utf-8")
    generator = torch.Generator().manual_seed(1)
    for name in ["ini", "0", "2"]:
        torch.save(paper_weights(generator), folder / "model" / f"model_{name}.pt")
    for name, values in {"train_loss_his": [3.5, 3.25, 3.0], "test_loss_his": [3.75, 3.5, 3.25],
                         "acc_epoch_his": [0, 2], "train_acc_his": [[0.25], [0.5]],
                         "test_acc_his": [[0.125], [0.375]]}.items():
        np.save(folder / "loss" / f"{name}.npy", np.array(values))


def main():
    torch.save(kinds(), HERE / "kinds.pt")
    nested = {"module." + name: value for name, value in {"a.weight": counted(2, 2),
                                                          "a.bias": counted(2)}.items()}
    linear = torch.nn.Linear(2, 1)
    optimizer = torch.optim.AdamW(linear.parameters())
    linear(torch.ones(1, 2)).sum().backward()
    optimizer.step()
    torch.save({"epoch": 7, "model": nested, "optimizer": optimizer.state_dict()}, HERE / "nested.pt")
    torch.save(torch.nn.Linear(2, 1), HERE / "whole_module.pt")
    torch.save({"a": counted(2)}, HERE / "old_format.pt", _use_new_zipfile_serialization=False)
    encoder = torch.nn.TransformerEncoderLayer(4, 1, 8, batch_first=True)
    encoder.load_state_dict({name: counted(*value.shape) / 100
                             for name, value in encoder.state_dict().items()})
    torch.save(encoder.state_dict(), HERE / "encoder_layer.pt")
    paper_run()


if __name__ == "__main__":
    main()
