# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads the run that tst_python_reader made and compares every number with its formula
(run_fixture.cpp). Usage: check_python_reader.py FOLDER_OF_THE_READER RUN N_STEPS"""

import math
import sys

try:
    import numpy as np
except ImportError as error:
    print(f"NumPy is missing: {error}")
    sys.exit(77)

sys.path.insert(0, sys.argv[1])
import anchorlens_run  # noqa: E402

run = anchorlens_run.Run(sys.argv[2])
n_steps = int(sys.argv[3])
heads = [(layer, head) for layer in range(2) for head in range(2)]


def same(found, expected):
    assert np.array_equal(np.asarray(found), np.asarray(expected), equal_nan=True), (found, expected)


status = run.status()
assert status["state"] == "training" and status["step"] == n_steps, status
assert run.provenance()["version"] == "0.1.0", run.provenance()
assert run.experiment["name"] == "made up"
assert [event["text"] for event in run.events()] == ["Training began.", "\u00e4 'quoted' text"]
assert run.roles() == ["noise", "anchor:3", "key:x"]
assert run.groups() == [
    {"name": "seen", "split": "train", "kind": "seen", "form": 0},
    {"name": "held_out", "split": "test", "kind": "held_out_keys", "form": 0},
]
shown = run.shown()
assert len(shown) == 2 and shown[1]["group"] == 1
same(shown[1]["tokens"], [30, 3, 40, 31])
same(shown[1]["roles"], [0, 1, 2, 0])
assert shown[1]["answers"] == [[40, 0.75], [41, 0.25]]

steps = run.steps()
s = np.arange(1, n_steps + 1)
same(steps["step"], s)
same(steps["loss"], 5.3 / (1 + s.astype(float)))
same(steps["learning_rate"], 1e-4 * s.astype(float))

metrics = run.metrics()
same(metrics["step"], [0, 50, 100])
same(metrics["train_accuracy"], [0.5 + step * 1e-3 for step in (0, 50, 100)])
same(metrics["test_loss"], [math.nan] * 3)
same(metrics["group_n"], [[500, 501, 502]] * 3)
same(metrics["group_accuracy"][2], [1 / 101, 1 / 102, 1 / 103])

same(run.frame_steps(), [0, 50, 100])
frame = run.frame(run.frame_steps()[1])
assert frame["shown"].shape == (16, 2, 2, 9, 9) and frame["shown"].dtype == np.float32
assert frame["mean"].shape == (2, 2, 9, 9)
assert np.all(np.triu(np.ones((9, 9)), 1) * frame["shown"] == 0)
assert np.allclose(frame["shown"].sum(-1), 1, atol=1e-6)


def pattern(seed, query, key):
    weights = [math.exp(2 * math.sin(seed + 12.9898 * query + 78.233 * k * (query + 1)))
               for k in range(query + 1)]
    return weights[key] / sum(weights)


for sequence, (layer, head), query, key in [(0, (0, 0), 8, 3), (5, (1, 0), 4, 2), (15, (1, 1), 8, 8)]:
    seed = 50 + 0.37 * (sequence * 4 + layer * 2 + head)
    assert abs(frame["shown"][sequence, layer, head, query, key] - pattern(seed, query, key)) < 1e-6
assert abs(frame["mean"][1, 0, 6, 5] - pattern(50.5 + 0.37 * 2, 6, 5)) < 1e-6
same(frame["tokens"][3], [23, 24, 25, 26, 27])
same(frame["p"][3], np.float32(0.5) / np.arange(1, 6, dtype=np.float32) / np.float32(4))
assert frame["probe_accuracy"] == 1 - 1 / 51

scores = run.scores()
same(scores["step"], [0, 50, 100])
assert scores["lag1.mass"].shape == (3, 2, 2)
for i, step in enumerate((0, 50, 100)):
    for head, place in enumerate(heads):
        def wave(k):
            return 0.5 + 0.5 * math.sin(step + head + 1.7 * k)

        def close(column, expected):
            found = scores[column][(i,) + place]
            assert abs(found - expected) < 1e-12, (column, found, expected)

        close("lag1.mass", wave(0))
        close("lag3.chance", 0.22)
        close("lag3.lift", (wave(2) - 0.22) / (1 - 0.22))
        close("shift_lag", 1 + int(3.99 * wave(5)))
        close("row.reader", 2)
        close("rows0.mass", wave(7))
        close("broadcasts0.output.mass", wave(20))
        close("broadcasts1.output.fixed_lift", -wave(34))
        close("broadcasts0.later.coverage", wave(26))
        close("broadcasts1.later.present", 0)
        assert math.isnan(scores["broadcasts1.later.lift"][(i,) + place])
        close("best_broadcast", 1)
        close("duplicate.lift", (wave(42) - 0.25) / 0.75)
        assert math.isnan(scores["induction.mass"][(i,) + place])

(step, file), = run.checkpoints()
assert step == 100
tensors, metadata = anchorlens_run.read_safetensors(file)
assert metadata["step"] == "100" and len(metadata["spec_hash"]) == 16 and "crc32" not in metadata
assert set(tensors) == {"embedding.weight", "unembedding.weight", "optimizer.m", "optimizer.v"}
weight = tensors["unembedding.weight"]
assert weight.shape == (64, 4)
same(weight.reshape(-1)[:3], np.float32([0, 0.01, 0.02]) + np.float32(100) + np.float32(18))
print("all as written")
