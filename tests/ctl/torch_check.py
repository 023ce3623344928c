# SPDX-License-Identifier: GPL-3.0-or-later
"""What test_weights.py asks of a Python that has PyTorch: computes logits from an exported file.

    python3 torch_check.py pytorch|transformerlens WEIGHTS.safetensors LOGITS.npz

Prints one JSON object: the largest difference to the file's logits, and the share of sequences
that are answered right.
"""

import json
import os
import pathlib
import sys

import numpy as np
import torch

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "resources" / "python"))
import anchorlens_model  # noqa: E402


def lens_model(path):
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    from transformer_lens import HookedTransformer, HookedTransformerConfig
    tensors, metadata = anchorlens_model.read(path)
    model = HookedTransformer(HookedTransformerConfig(device="cpu", **json.loads(metadata["config"])))
    told = model.load_state_dict(tensors, strict=False)
    assert not told.unexpected_keys, told.unexpected_keys
    left = [name for name in told.missing_keys if not name.endswith((".mask", ".IGNORE"))]
    assert not left, left
    return model.eval()


def main():
    program, weights, expected_file = sys.argv[1:]
    expected = np.load(expected_file)
    tokens = torch.from_numpy(expected["tokens"])
    lengths = torch.from_numpy(expected["length"])
    torch.set_num_threads(1)
    with torch.no_grad():
        if program == "transformerlens":
            logits = lens_model(weights)(tokens)
        else:
            logits = anchorlens_model.load(weights)(tokens, lengths)
    if logits.shape[1] > 1:
        logits = logits[torch.arange(len(tokens)), lengths - 1]
    logits = logits.reshape(len(tokens), -1)
    right = logits.argmax(1) == torch.from_numpy(expected["target"])
    print(json.dumps({
        "difference": float((logits - torch.from_numpy(expected["logits"])).abs().max()),
        "largest": float(logits.abs().max()),
        "accuracy": float(right.double().mean()),
    }))


if __name__ == "__main__":
    main()
