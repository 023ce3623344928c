# SPDX-License-Identifier: GPL-3.0-or-later
"""Exported weights in PyTorch and TransformerLens: the same logits as anchorctl's."""

import json
import os
import tempfile
import unittest

import ctl
import torch_python
from ctl import BAD_INPUT, DONE, ControlTest

# A few steps away from the initial weights, so that nothing is 0 or 1 any more.
SHORT = ["/training/steps=10", "/record/checkpoints={\"every\": null, \"per_decade\": 0}"]
TRAINED = [*ctl.TINY, *SHORT, "/model/n_heads=2", "/model/d_head=8"]

BIASES = ["/model/attention_biases=true", "/model/mlp_biases=true"]
# Name, what differs from the paper's model, and what TransformerLens says of it.
VARIANTS = [
    ("post", [], "after them (post)"),
    ("pre", ["/model/norm=pre"], ""),
    ("none", ["/model/norm=none"], ""),
    ("gelu with biases", ["/model/norm=pre", "/model/activation=gelu", *BIASES], ""),
    ("sinusoidal", ["/model/norm=pre", "/model/positions=sinusoidal"], ""),
    ("without positions", ["/model/norm=pre", "/model/positions=none"], ""),
    ("without MLP", ["/model/norm=pre", "/model/mlp=false"], ""),
    ("without projection", ["/model/norm=pre", "/model/attention_output=false"], ""),
    ("no unembedding bias", ["/model/norm=pre", "/model/unembedding_bias=false"], ""),
    ("full mask", ["/model/norm=pre", "/model/mask=none"], ""),
    ("lengths", ["/model/norm=pre", "/task/seq_len=[7,9]"], ""),
    ("lengths without mask", ["/model/norm=pre", "/task/seq_len=[7,9]", "/model/mask=none"],
     "would attend to padding"),
    ("without residual", ["/model/residual=false"], "after them (post)"),
    ("pre without residual", ["/model/norm=pre", "/model/residual=false"], "residual stream"),
    ("shifted values", ["/model/norm=pre", "/model/shift_values_by=1"], "does not shift values"),
    ("wide heads", ["/model/norm=pre", "/model/d_head=24"], ""),
    ("lstm", ["/model/kind=lstm"], "transformers only"),
    ("mlp", ["/model/kind=mlp", "/model/norm=pre"], "transformers only"),
]


class Weights(ControlTest):
    @classmethod
    def setUpClass(cls):
        cls.runs = tempfile.TemporaryDirectory(prefix="anchorctl-")
        cls.addClassCleanup(cls.runs.cleanup)

    def train(self, name, assignments):
        """The variant's run, trained once for all tests, with its logits beside it."""
        run = os.path.join(self.runs.name, name)
        if not os.path.exists(run + ".npz"):
            self.expect(DONE, "train", self.preset_file("identity", [*TRAINED, *assignments]),
                        "--out", run)
            self.expect(DONE, "eval", run, "--logits", run + ".npz")
        return run

    def export(self, run, names, code=DONE):
        weights = self.path(f"{names}.safetensors")
        if os.path.exists(weights):
            os.remove(weights)
        return weights, self.expect(code, "export", run, "--weights", weights, "--names", names)

    def compare(self, program, weights, run):
        found = json.loads(torch_python.run(program, weights, run + ".npz"))
        self.assertLess(found["difference"], 1e-5, found)
        self.assertGreater(found["largest"], 0.1)
        self.assertEqual(found["accuracy"], self.expect_json("eval", run)["test_accuracy"])

    def check_all(self, statement, check):
        why = torch_python.why_not(statement)
        if why:
            print(f"Skipped: {why}", flush=True)
            self.skipTest(why)
        for name, assignments, refusal in VARIANTS:
            with self.subTest(name):
                check(self.train(name, assignments), refusal)

    def test_pytorch(self):
        def check(run, _):
            weights, _ = self.export(run, "pytorch")
            self.compare("pytorch", weights, run)
        self.check_all("import torch, numpy", check)

    def test_transformer_lens(self):
        def check(run, refusal):
            if not refusal:
                weights, _ = self.export(run, "transformerlens")
                self.compare("transformerlens", weights, run)
        # Version 4 no longer has the class whose names these are.
        self.check_all("from transformer_lens import HookedTransformer, HookedTransformerConfig",
                       check)

    def test_what_transformer_lens_cannot_say_is_refused(self):
        for name, assignments, refusal in VARIANTS:
            if refusal:
                with self.subTest(name):
                    run = self.train(name, assignments)
                    weights, done = self.export(run, "transformerlens", code=BAD_INPUT)
                    self.assertIn(refusal, done.stderr)
                    self.assertIn("anchorlens_model.py", done.stderr)
                    self.assertRaises(OSError, open, weights)

    def test_shapes_of_transformer_lens(self):
        run = self.train("pre", ["/model/norm=pre"])
        weights, _ = self.export(run, "transformerlens")
        metadata, tensors = ctl.read_safetensors(weights)
        self.assertEqual(tensors["blocks.1.attn.W_Q"][:2], ("F32", [2, 16, 8]))
        self.assertEqual(tensors["blocks.1.attn.W_O"][:2], ("F32", [2, 8, 16]))
        self.assertEqual(tensors["blocks.0.attn.b_V"][:2], ("F32", [2, 8]))
        self.assertEqual(tensors["blocks.0.mlp.W_in"][:2], ("F32", [16, 32]))
        self.assertEqual(tensors["unembed.W_U"][:2], ("F32", [16, 201]))
        config = json.loads(metadata["config"])
        self.assertEqual((config["n_heads"], config["normalization_type"]), (2, "LN"))
        # Head 1, component 3 of the query is row 8 + 3 of ours.
        ours = ctl.last_weights(run)["layers.1.attn.q.weight"][2]
        theirs = tensors["blocks.1.attn.W_Q"][2]
        for i in range(16):
            at = ((16 + i) * 8 + 3) * 4
            self.assertEqual(theirs[at:at + 4], ours[(11 * 16 + i) * 4:][:4])

    def test_native_is_the_checkpoint(self):
        run = self.train("post", [])
        weights, _ = self.export(run, "native")
        _, tensors = ctl.read_safetensors(weights)
        last = ctl.last_weights(run)
        self.assertEqual(tensors, {name: last[name] for name in tensors})

    def test_files_that_are_there_stay(self):
        run = self.train("post", [])
        done = self.expect(BAD_INPUT, "eval", run, "--logits", run + ".npz")
        self.assertIn("exists already", done.stderr)


if __name__ == "__main__":
    unittest.main()
