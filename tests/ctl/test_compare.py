# SPDX-License-Identifier: GPL-3.0-or-later
"""compare: heads of two runs matched, their differences, and time."""

import json
import os
import re
import shutil
import sqlite3
import struct
import unittest

import ctl
from ctl import BAD_INPUT, DONE, ControlTest

HEADS = 4
FOUR_HEADS = [f"/model/n_heads={HEADS}", "/model/d_head=4"]
# Head h of layer 0 becomes head ORDER[0][h], and so on.
ORDER = [[2, 0, 3, 1], [1, 3, 2, 0]]


def permuted(data, shape, order, axis):
    """A float32 tensor [rows, cols] with the blocks of its heads along an axis in another order."""
    rows, cols = shape
    values = struct.unpack(f"<{rows * cols}f", data)
    size = shape[axis] // HEADS
    source = {order[head] * size + i: head * size + i for head in range(HEADS) for i in range(size)}
    out = [values[(source[r] if axis == 0 else r) * cols + (source[c] if axis == 1 else c)]
           for r in range(rows) for c in range(cols)]
    return struct.pack(f"<{rows * cols}f", *out)


def permute_checkpoint(path):
    """The same model with its heads, and what the optimiser knows of them, in another order."""
    metadata, tensors = ctl.read_safetensors(path)
    metadata.pop("crc32", None)
    header, body = {"__metadata__": metadata}, b""
    for name, (dtype, shape, data) in tensors.items():
        place = re.search(r"layers\.(\d)\.attn\.([qkvo])\.weight$", name)
        if place:
            axis = 1 if place[2] == "o" else 0
            data = permuted(data, shape, ORDER[int(place[1])], axis)
        header[name] = {"dtype": dtype, "shape": shape,
                        "data_offsets": [len(body), len(body) + len(data)]}
        body += data
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + body)


def partners(report):
    found = [[None] * HEADS for _ in range(2)]
    for head in report["heads"]:
        found[head["layer"]][head["first"]] = head["second"]
    return found


class Compare(ControlTest):
    def train(self, name, *assignments, preset="identity"):
        run = self.path(name)
        self.expect_json("train", self.tiny_file(*FOUR_HEADS, *assignments, name=preset),
                         "--out", run)
        return run

    def test_permuted_heads_are_matched_back(self):
        parent = self.train("parent")
        other = self.path("other")
        shutil.copytree(parent, other)
        permute_checkpoint(ctl.checkpoint_file(other, 80))
        # Both go on from there, so that their frames show the heads where they are.
        first, second = self.path("first"), self.path("second")
        self.expect(DONE, "fork", parent, "--at", 80, "--out", first)
        self.expect(DONE, "fork", other, "--at", 80, "--out", second)
        for match, most in [("pattern", 1e-4), ("weights", 1e-3)]:
            report = self.expect_json("compare", first, second, "--match", match)
            self.assertEqual(partners(report), ORDER, match)
            for head in report["heads"]:
                self.assertLess(head["distance"], most)
                self.assertLess(head["mean_absolute_difference"], 1e-4)
        self.assertEqual(report["weights_steps"], [120, 120])
        by_position = self.expect_json("compare", first, second)
        self.assertEqual(partners(by_position), [[0, 1, 2, 3]] * 2)
        self.assertIsNone(by_position["heads"][0]["distance"])
        self.assertGreater(max(head["mean_absolute_difference"] for head in by_position["heads"]),
                           1e-3)

    def test_a_run_is_itself(self):
        run = self.train("run")
        report = self.expect_json("compare", run, run, "--at", 50, "--match", "pattern")
        self.assertEqual((report["first"]["step"], report["second"]["step"]), (40, 40))
        self.assertTrue(report["same_probe"])
        self.assertEqual([head["mean_absolute_difference"] for head in report["heads"]], [0] * 8)
        accuracy = ctl.rows(run, "SELECT test_accuracy FROM evaluations WHERE step = 40")
        self.assertEqual(report["first"]["test_accuracy"], accuracy[0][0])
        text = self.expect(DONE, "compare", run, run).stdout
        self.assertIn("Heads matched by position", text)

    def test_steps_are_aligned_by_accuracy(self):
        first, second = self.train("first"), self.train("second", "/training/seed=2")
        for run, reached in [(first, 40), (second, 80)]:
            connection = sqlite3.connect(os.path.join(run, "run.sqlite"))
            connection.execute("UPDATE evaluations SET test_accuracy = (step >= ?)", (reached,))
            connection.commit()
            connection.close()
        report = self.expect_json("compare", first, second, "--align", "accuracy", "--at", 60)
        self.assertEqual(report["first"]["accuracy_90_step"], 40)
        self.assertEqual(report["second"]["accuracy_90_step"], 80)
        # Event on event: 20 steps after 40 are 20 steps after 80.
        self.assertEqual((report["first"]["step"], report["second"]["step"]), (60, 100))
        report = self.expect_json("compare", first, second, "--align", "accuracy", "--at", 20)
        self.assertEqual((report["first"]["step"], report["second"]["step"]), (20, 40))
        report = self.expect_json("compare", first, second, "--align", "emergence")
        self.assertIn("head that broadcasts yet", report["align_problem"])

    def test_changes_that_hold_are_said(self):
        changed, plain = self.path("changed"), self.path("plain")
        self.expect(DONE, "train", self.tiny_file(*FOUR_HEADS), "--out", changed,
                    "--change", "30: ablate 1.0")
        self.expect(DONE, "fork", changed, "--at", 80, "--out", plain, "--change", "90: release 1.0")
        report = self.expect_json("compare", changed, plain)
        self.assertEqual(report["first"]["in_effect"], ["L1 H0 ablated"])
        self.assertNotIn("in_effect", report["second"])
        self.assertNotIn("in_effect", self.expect_json("compare", changed, plain, "--at", 20)["first"])
        text = self.expect(DONE, "compare", changed, plain).stdout
        self.assertIn(f"{changed}, at step 120: L1 H0 ablated.", text)
        self.assertNotIn(f"{plain}, at step", text)

    def test_a_forks_events_before_it_are_unknown(self):
        parent = self.train("parent")
        fork = self.path("fork")
        self.expect(DONE, "fork", parent, "--at", 80, "--out", fork)
        for run in (parent, fork):
            connection = sqlite3.connect(os.path.join(run, "run.sqlite"))
            connection.execute("UPDATE evaluations SET test_accuracy = (step >= 40)")
            connection.commit()
            connection.close()
        report = self.expect_json("compare", parent, fork, "--align", "accuracy", "--at", 100)
        self.assertEqual(report["first"]["accuracy_90_step"], 40)
        self.assertIsNone(report["second"]["accuracy_90_step"])
        self.assertEqual((report["first"]["step"], report["second"]["step"]), (100, 100))
        self.assertIn(f"{fork} begins with a test accuracy of 90 %", report["align_problem"])

    def test_other_lengths_have_scores_only(self):
        first = self.train("first")
        second = self.train("second", preset="working-memory")
        report = self.expect_json("compare", first, second, "--match", "pattern")
        self.assertIn("has length 20", report["attention_problem"])
        self.assertEqual(len(report["heads"]), 8)
        self.assertIsNone(report["heads"][0]["mean_absolute_difference"])
        self.assertIsNotNone(report["heads"][0]["second_scores"]["shift"])

    def test_what_is_wrong_is_said(self):
        run = self.train("run")
        self.assertIn("nowhere", self.expect(BAD_INPUT, "compare", run, self.path("nowhere")).stderr)
        self.assertIn("--match", self.expect(BAD_INPUT, "compare", run, run, "--match", "x").stderr)


if __name__ == "__main__":
    unittest.main()
