# SPDX-License-Identifier: GPL-3.0-or-later
"""circuits: the numbers of the weights against NumPy on the exported weights."""

import csv
import json
import math
import unittest

import ctl
from ctl import BAD_INPUT, DONE, ControlTest

try:
    import numpy as np
except ImportError:
    np = None

SMALL = ["/model/n_heads=2", "/model/d_head=8"]
TOLERANCE = 1e-5


def weights_of(path):
    """name -> array in double precision"""
    _, tensors = ctl.read_safetensors(path)
    return {name: np.frombuffer(data, dtype="<f4").reshape(shape).astype(np.float64)
            for name, (dtype, shape, data) in tensors.items() if dtype == "F32"}


class Model:
    """Circuits by the definitions of docs/circuits.md, as plainly as NumPy can say them."""

    def __init__(self, weights, n_layers, n_heads, fold):
        self.w, self.n_layers, self.n_heads, self.fold = weights, n_layers, n_heads, fold
        self.embedding = weights["embed.weight"]
        self.positions = weights["positions.weight"]
        self.unembedding = self.folded(weights["unembed.weight"], "ln_final")

    def folded(self, matrix, norm):
        if not self.fold:
            return matrix
        d = matrix.shape[1]
        return matrix @ np.diag(self.w[norm + ".weight"]) @ (np.eye(d) - np.ones((d, d)) / d)

    def head(self, part, layer, head):
        matrix = self.w[f"layers.{layer}.attn.{part}.weight"]
        if part == "o":
            return np.split(matrix, self.n_heads, axis=1)[head]
        return self.folded(np.split(matrix, self.n_heads)[head], f"layers.{layer}.ln1")

    def scores(self, vectors, layer, head):
        q, k = self.head("q", layer, head), self.head("k", layer, head)
        return vectors @ q.T @ k @ vectors.T / math.sqrt(q.shape[0])

    def ov(self, layer, head):
        """For row vectors: [d_model, d_model]"""
        return self.head("v", layer, head).T @ self.head("o", layer, head).T

    def qk(self, layer, head):
        return self.head("q", layer, head).T @ self.head("k", layer, head)

    def composition(self, kind):
        heads = [(layer, head) for layer in range(self.n_layers) for head in range(self.n_heads)]
        scores = np.full((len(heads), len(heads)), np.nan)
        for i, later in enumerate(heads):
            for j, earlier in enumerate(heads):
                if earlier[0] >= later[0]:
                    continue
                a = self.ov(*earlier)
                b = {"q": self.qk(*later), "k": self.qk(*later).T, "v": self.ov(*later)}[kind]
                norm = np.linalg.norm
                scores[i, j] = norm(a @ b) / (norm(a) * norm(b))
        return scores


def cosines(rows):
    units = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return units @ units.T


@unittest.skipIf(np is None, "needs NumPy (packaging/setup --tests)")
class AgainstNumPy(ControlTest):
    def check(self, norm, fold):
        run = self.path("run")
        self.expect_json("train", self.tiny_file(*SMALL, f"/model/norm={norm}"), "--out", run)
        exported = self.path("weights.safetensors")
        self.expect_json("export", run, "--at", 80, "--weights", exported)
        out = self.path("circuits.npz")
        self.expect_json("circuits", run, "--at", 80, "-o", out, *(["--fold"] if fold else []))
        model = Model(weights_of(exported), 2, 2, fold)
        with np.load(out) as arrays:
            self.compare(arrays, model)
            self.compare_rows(arrays, model)
            self.compare_pca(arrays, model)
            self.assertEqual(str(arrays["layer_norm"]), "folded" if fold else "as_is")

    def near(self, arrays, name, expected):
        got = arrays[name]
        self.assertEqual(got.shape, np.shape(expected), name)
        scale = max(1.0, float(np.nanmax(np.abs(expected))))
        np.testing.assert_allclose(got, expected, rtol=0, atol=TOLERANCE * scale, err_msg=name)

    def compare(self, arrays, model):
        self.assertEqual(int(arrays["step"]), 80)
        for layer in range(2):
            for head in range(2):
                at = f".{layer}.{head}"
                self.near(arrays, "qk_tokens" + at, model.scores(model.embedding, layer, head))
                self.near(arrays, "qk_positions" + at, model.scores(model.positions, layer, head))
                path = model.embedding @ model.ov(layer, head) @ model.unembedding.T
                self.near(arrays, "ov" + at, path)
        for first in range(2):
            for second in range(2):
                path = (model.embedding @ model.ov(0, first) @ model.ov(1, second)
                        @ model.unembedding.T)
                self.near(arrays, f"ov.1.{second}.after.0.{first}", path)
        for kind in "qkv":
            self.near(arrays, "composition_" + kind, model.composition(kind))
        self.near(arrays, "composition_baseline", 1 / math.sqrt(model.embedding.shape[1]))

    def compare_rows(self, arrays, model):
        where = list(arrays["steps"]).index(80)
        for name, rows in [("embed", model.embedding), ("layers.0.mlp.in", None),
                           ("layers.1.attn.q.1", None)]:
            if rows is None:
                tensor, _, head = name.partition(".attn.q.")
                rows = (np.split(model.w[tensor + ".attn.q.weight"], 2)[int(head)] if head
                        else model.w[name + ".weight"])
            values = np.linalg.svd(rows, compute_uv=False)
            self.near(arrays, "singular_values." + name, values)
            rank = np.sum(rows ** 2) / values[0] ** 2
            self.assertAlmostEqual(arrays["stable_rank." + name][where], rank, places=5)
            pairs = np.abs(cosines(rows))[np.triu_indices(len(rows), 1)]
            self.assertAlmostEqual(arrays["condensation." + name][where], np.mean(pairs >= 0.8),
                                   places=5)
        self.near(arrays, "cosine.embed", cosines(model.embedding))
        order = arrays["row_order.embed"].astype(int)
        self.assertEqual(sorted(order), list(range(201)))

    def compare_pca(self, arrays, model):
        used = [3, *range(20, 101)]
        rows = model.embedding[used] - model.embedding[used].mean(axis=0)
        _, values, axes = np.linalg.svd(rows, full_matrices=False)
        self.near(arrays, "pca_share", values[:2] ** 2 / np.sum(values ** 2))
        got = arrays["pca_axes"]
        for i in range(2):
            self.assertAlmostEqual(abs(float(got[i] @ axes[i])), 1, places=4)
        self.near(arrays, "pca_coordinates",
                  (model.embedding - model.embedding[used].mean(axis=0)) @ got.T)

    def test_post_norm(self):
        self.check("post", False)

    def test_pre_norm_as_is(self):
        self.check("pre", False)

    def test_pre_norm_folded(self):
        self.check("pre", True)


class Circuits(ControlTest):
    def trained(self, *assignments):
        run = self.path("run")
        self.expect_json("train", self.tiny_file(*assignments), "--out", run)
        return run

    def test_the_same_numbers_in_every_form(self):
        run = self.trained()
        value = self.expect_json("circuits", run, "--heads", "1.0")
        self.assertEqual((value["step"], value["layer_norm"], value["reading"]),
                         (120, "as_is", "unembedding"))
        arrays = value["arrays"]
        self.assertEqual(len(arrays["qk_tokens.1.0"]), 201)
        self.assertNotIn("qk_tokens.0.0", arrays)
        self.assertEqual(arrays["steps"], [0, 40, 80, 120])
        self.assertEqual(arrays["composition_v"][0], [None, None])
        self.assertGreater(arrays["composition_v"][1][0], 0)
        out = self.path("numbers.csv")
        self.expect(DONE, "circuits", run, "--heads", "1.0", "-o", out)
        with open(out, encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        cell = [row for row in rows
                if (row["array"], row["i"], row["j"]) == ("qk_tokens.1.0", "3", "20")]
        self.assertEqual(len(cell), 1)
        self.assertEqual(float(cell[0]["value"]), arrays["qk_tokens.1.0"][3][20])
        self.assertEqual({row["array"] for row in rows}, set(arrays))
        text = self.expect(DONE, "circuits", run).stdout
        self.assertIn("layers.1.attn.q.0", text)
        self.assertIn("of unrelated matrices", text)
        # A file has the matrices of every head unless said, and is never written over.
        again = self.expect(BAD_INPUT, "circuits", run, "-o", out)
        self.assertIn("exists already", again.stderr)

    def test_tables_of_named_heads(self):
        run = self.trained("/model/n_layers=3")
        text = self.expect(DONE, "circuits", run, "--heads", "1.0").stdout
        lines = text.splitlines()
        self.assertIn("LayerNorm left out", lines[0])
        matrices = [line.split()[0] for line in lines if line.startswith("layers.")]
        self.assertEqual(matrices, [f"layers.1.attn.{part}.0" for part in "qkvo"])
        pairs = [line.split()[1:3] for line in lines if line[:2] in ("q ", "k ", "v ")]
        self.assertEqual(len(pairs), 5)
        self.assertTrue(all("1.0" in pair for pair in pairs), pairs)
        self.assertNotIn("embed", text)
        everything = self.expect(DONE, "circuits", run).stdout
        self.assertIn("embedding: the first two components", everything)
        for word in ("all", "none"):
            self.assertEqual(self.expect(DONE, "circuits", run, "--heads", word).stdout, everything)

    def test_models_without_layer_norm_say_so(self):
        for assignment in ("/model/norm=none", "/model/kind=lstm"):
            run = self.path(assignment.rpartition("=")[2])
            self.expect_json("train", self.tiny_file(assignment), "--out", run)
            text = self.expect(DONE, "circuits", run).stdout
            self.assertIn("no LayerNorm", text.splitlines()[0])
            refused = self.expect(BAD_INPUT, "circuits", run, "--fold").stderr
            self.assertIn("This model has no LayerNorm.", refused)

    def test_a_step_between_checkpoints_is_the_one_before(self):
        run = self.trained()
        done = self.expect(DONE, "circuits", run, "--at", 79, "--json")
        self.assertEqual(json.loads(done.stdout)["step"], 40)
        self.assertIn("step 79 has no checkpoint; this is step 40", done.stderr)

    def test_models_without_heads_have_the_rest(self):
        run = self.trained("/model/kind=lstm")
        arrays = self.expect_json("circuits", run)["arrays"]
        self.assertIn("singular_values.layers.0.lstm.hh", arrays)
        self.assertNotIn("composition_q", arrays)
        refused = self.expect(BAD_INPUT, "circuits", run, "--heads", "0.0")
        self.assertIn("This model has no heads.", refused.stderr)

    def test_mistakes_are_said(self):
        run = self.trained()
        for words, text in [(["--heads", "2.0"], "layers 0 to 1"), (["--heads", "x"], "got x"),
                            (["--fold"], "With post-LN"), (["-o", self.path("a.txt")], ".npz")]:
            self.assertIn(text, self.expect(BAD_INPUT, "circuits", run, *words).stderr)
        self.assertIn("experiment.json",
                      self.expect(BAD_INPUT, "circuits", self.path("none")).stderr)


if __name__ == "__main__":
    unittest.main()
