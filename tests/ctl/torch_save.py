# SPDX-License-Identifier: GPL-3.0-or-later
"""What test_import.py asks of a Python that has PyTorch.

    python3 torch_save.py save WEIGHTS.safetensors FILE.pt
        saves exported weights with torch.save under the names of the paper's code
    python3 torch_save.py compare WEIGHTS.safetensors FILE.pt LOGITS.npz
        computes logits from FILE.pt: one JSON object with the largest difference and the accuracy
"""

import json
import pathlib
import sys

import numpy as np
import torch

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "resources" / "python"))
import anchorlens_model  # noqa: E402

STEMS = {"attn.q": "dec_self_attn.W_Q", "attn.k": "dec_self_attn.W_K", "attn.v": "dec_self_attn.W_V",
         "attn.o": "dec_self_attn.fc", "ln1": "dec_self_attn.layernorm", "mlp.0": "pos_ffn.fc.0",
         "mlp.2": "pos_ffn.fc.2", "ln2": "pos_ffn.layernorm"}


def their_name(name):
    stem, _, kind = name.rpartition(".")
    if stem.startswith("layers."):
        _, layer, part = stem.split(".", 2)
        return f"decoder.layers.{layer}.{STEMS[part]}.{kind}"
    outside = {"embed": "decoder.tgt_emb", "positions": "decoder.pos_emb", "unembed": "projection"}
    return f"{outside[stem]}.{kind}"


def main():
    command, weights, saved, *logits_file = sys.argv[1:]
    tensors, metadata = anchorlens_model.read(weights)
    if command == "save":
        torch.save({their_name(name): tensor for name, tensor in tensors.items()}, saved)
        return
    theirs = torch.load(saved, weights_only=True)
    model = anchorlens_model.Model(json.loads(metadata["experiment"])).eval()
    model.load_state_dict({name: theirs[their_name(name)] for name in tensors})
    expected = np.load(logits_file[0])
    with torch.no_grad():
        logits = model(torch.from_numpy(expected["tokens"]))[:, -1]
    right = logits.argmax(1) == torch.from_numpy(expected["target"])
    print(json.dumps({
        "difference": float((logits - torch.from_numpy(expected["logits"])).abs().max()),
        "accuracy": float(right.double().mean())}))


if __name__ == "__main__":
    main()
