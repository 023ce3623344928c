# SPDX-License-Identifier: GPL-3.0-or-later
"""anchorctl intervene: its numbers against a recomputation in PyTorch (skipped without torch), what is
kept in the run, and what is wrong use. Standard library, and torch where it is there.
"""

import collections
import json
import os
import unittest

import ctl
from ctl import BAD_INPUT, DONE, ControlTest

try:
    import torch
    from causal_reference import Reference
    NO_TORCH = None
except ImportError as error:
    NO_TORCH = f"needs PyTorch: {error}"

# The whole probe is shown, so that the run's database holds its sequences.
WHOLE_PROBE = ["/probe/size=32", "/probe/shown=32", "/model/n_heads=2", "/model/d_head=8"]
MODELS = {
    "post-LN": [],
    "pre-LN with biases": ["/model/norm=pre", "/model/attention_biases=true"],
    "no residual, shifted values": ["/model/residual=false", "/model/shift_values_by=1"],
    "values shifted back": ["/model/shift_values_by=-1"],
    "no MLP, no norm, no output projection": [
        "/model/mlp=false", "/model/norm=none", "/model/attention_output=false"],
}


class Intervene(ControlTest):
    def trained(self, *assignments):
        run = self.path(f"run{len(os.listdir(self.folder))}")
        self.expect(DONE, "train", self.tiny_file(*WHOLE_PROBE, *assignments), "--out", run)
        return run

    def kept(self, run):
        path = os.path.join(run, "causal_tests.jsonl")
        if not os.path.exists(path):
            return []
        with open(path, encoding="utf-8") as file:
            return [json.loads(line) for line in file]

    @unittest.skipIf(NO_TORCH, NO_TORCH)
    def test_numbers_are_those_of_pytorch(self):
        for name, assignments in MODELS.items():
            with self.subTest(name):
                self.compare_with_pytorch(self.trained(*assignments))

    def compare_with_pytorch(self, run):
        weights = os.path.join(run, "exported.safetensors")
        self.expect(DONE, "export", run, "--weights", weights)
        reference = Reference(run, weights)
        early = os.path.join(run, "early.safetensors")
        self.expect(DONE, "export", run, "--at", 40, "--weights", early)
        everyone = {(layer, head) for layer in range(2) for head in range(2)}
        cases = [
            (["--ablate", "0.0"], {"zero": {(0, 0)}}, {"zero": everyone - {(0, 0)}}),
            (["--ablate", "0.1,1.0"], {"zero": {(0, 1), (1, 0)}}, {"zero": {(0, 0), (1, 1)}}),
            (["--ablate", "1.1", "--mean"], {"mean": {(1, 1)}}, {"mean": everyone - {(1, 1)}}),
            (["--cut", "0:key>anchor"], {"cut": [(0, None, "key", "anchor")]},
             {"keep": [(0, None, "key", "anchor")]}),
            (["--cut", "1.1:reader>key:x", "--cut", "0.0:*>0"],
             {"cut": [(1, 1, "reader", "key"), (0, 0, "*", 0)]},
             {"keep": [(1, 1, "reader", "key"), (0, 0, "*", 0)]}),
            (["--cut", "0:8>*", "--renormalise"], {"cut": [(0, None, 8, "*")], "scaled": True},
             {"keep": [(0, None, 8, "*")], "scaled": True}),
            (["--patch", "0.1", "--from-step", 40], {"patch": {(0, 1)}, "early": early},
             {"patch": everyone - {(0, 1)}, "early": early}),
        ]
        for arguments, changed, kept in cases:
            found = self.expect_json("intervene", run, *arguments)
            for part, change in {"baseline": {}, "intervened": changed, "kept": kept}.items():
                for measure, expected in reference.numbers(**change).items():
                    self.assertAlmostEqual(found[part][measure], expected, delta=1e-5,
                                           msg=f"{arguments}: {part}, {measure}")
            lead = found["baseline"]["accuracy"] - found["chance"]
            if lead < 0.01:
                self.assertIsNone(found["necessity"])
            else:
                lost = found["baseline"]["accuracy"] - found["intervened"]["accuracy"]
                self.assertAlmostEqual(found["necessity"], lost / lead)
        # Three other heads: the control is the mean over each of them.
        found = self.expect_json("intervene", run, "--ablate", "0.0")
        others = [reference.numbers(zero={head}) for head in sorted(everyone - {(0, 0)})]
        self.assertEqual(found["draws"], 3)
        for measure in ("accuracy", "loss", "logit_difference"):
            mean = sum(other[measure] for other in others) / 3
            self.assertAlmostEqual(found["control"][measure], mean, delta=1e-5)
        self.assertAlmostEqual(found["control"]["accuracy_min"],
                               min(other["accuracy"] for other in others), delta=1e-6)

    def test_results_are_kept_with_where_they_come_from(self):
        run = self.trained()
        self.assertEqual(self.kept(run), [])
        first = self.expect_json("intervene", run, "--ablate", "1.0", "--at", 80, "--seed", 7)
        self.assertEqual((first["step"], first["seed"], first["sequences"]), (80, 7, "probe"))
        self.assertEqual(first["heads"], ["1.0"])
        self.assertRegex(first["time"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")
        self.assertTrue(first["version"] and first["commit"])
        self.assertEqual(sum(group["n"] for group in first["groups"]), first["n"])
        every = self.expect_json("intervene", run, "--test-all-heads", "--on", "test")
        names = [test["name"] for test in every["tests"]]
        self.assertEqual(names[:4], ["0.0", "0.1", "1.0", "1.1"])
        self.assertEqual(self.kept(run), [first, *every["tests"]])
        # The run is still a run, and the same numbers come again.
        self.expect(DONE, "resume", run)
        again = self.expect_json("intervene", run, "--ablate", "1.0", "--at", 80, "--seed", 7)
        self.assertEqual({**again, "time": 0}, {**first, "time": 0})

    def test_a_run_that_cannot_be_written(self):
        run = self.trained()
        os.mkdir(os.path.join(run, "causal_tests.jsonl"))  # not even root can write there
        done = self.expect(DONE, "intervene", run, "--ablate", "1.0", "--json")
        self.assertEqual(json.loads(done.stdout)["heads"], ["1.0"])
        self.assertIn("not kept in the run", done.stderr)

    def test_as_text(self):
        run = self.trained()
        text = self.expect(DONE, "intervene", run, "--ablate", "0.0,0.1").stdout
        self.assertIn("heads: 0.0, 0.1 (zero)", text)
        self.assertIn("necessity", text)
        self.assertIn("logit difference", text)
        text = self.expect(DONE, "intervene", run, "--cut", "0:key>anchor").stdout
        self.assertIn("cut: 0:key>anchor (2.00 edges in a sequence", text)
        self.assertIn("mean of 5 draws", text)
        text = self.expect(DONE, "intervene", run, "--test-all-heads").stdout
        self.assertEqual(len([line for line in text.splitlines() if line[:2] in ("0.", "1.")]), 4)
        text = self.expect(DONE, "intervene", run, "--patch", "0.0").stdout
        self.assertIn("(other sequence)", text)

    def test_wrong_use(self):
        run = self.trained()
        for arguments, message in [
                ([], "expected one of --ablate"),
                (["--ablate", "0.0", "--cut", "0:key>anchor"], "expected one of --ablate"),
                (["--ablate", "2.0"], "layers 0 to 1 and heads 0 to 1"),
                (["--ablate", "0"], "expected LAYER.HEAD"),
                (["--cut", "0.0:kex>anchor"], "is no place of this task: expected reader"),
                (["--cut", "0.0:2>5"], "names no edge"),
                (["--ablate", "0.0", "--from-step", 3], "--from-step belongs to --patch"),
                (["--cut", "0:key>anchor", "--mean"], "--mean belongs to"),
                (["--ablate", "0.0", "--renormalise"], "--renormalise belongs to --cut"),
                (["--ablate-label", "broadcast", "--at", 0], "no head is labelled broadcast"),
                (["--ablate", "0.0", "--at", 5000], "its steps are 0 to 120"),
                (["--patch", "0.0", "--from-step", 5000], "its steps are 0 to 120")]:
            done = self.expect(BAD_INPUT, "intervene", run, *arguments)
            self.assertIn(message, done.stderr)
            self.assertEqual(done.stdout, "")
        self.assertEqual(self.kept(run), [])

    def test_a_patch_where_a_length_has_one_sequence(self):
        run = self.trained("/probe/size=6", "/probe/shown=6", "/task/seq_len=[9, 10, 12]",
                           "/model/n_ctx=12")
        shown = ctl.rows(run, "SELECT tokens FROM shown_sequences")
        lengths = collections.Counter(len(json.loads(tokens)) for (tokens,) in shown)
        self.assertEqual(lengths, {9: 1, 10: 4, 12: 1})
        done = self.expect(BAD_INPUT, "intervene", run, "--patch", "0.0")
        self.assertIn("each of the lengths 9, 12 has one sequence alone; two or more have length "
                      "10: take more", done.stderr)
        self.assertEqual(done.stdout, "")
        self.assertEqual(self.kept(run), [])
        # What the message proposes works.
        for words in (["--on", "test"], ["--from-step", 40]):
            self.expect(DONE, "intervene", run, "--patch", "0.0", *words)
        self.assertEqual([test["method"] for test in self.kept(run)],
                         ["other sequence", "other step"])

    def test_a_model_without_heads(self):
        run = self.trained("/model/kind=lstm")
        done = ctl.run("intervene", run, "--ablate", "0.0")
        self.assertEqual(done.returncode, BAD_INPUT)
        self.assertIn("LSTM", done.stderr)


if __name__ == "__main__":
    unittest.main()
