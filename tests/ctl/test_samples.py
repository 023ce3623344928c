# SPDX-License-Identifier: GPL-3.0-or-later
"""`sample --out`: the files as other programs read them."""

import csv
import json
import os
import resource
import signal
import time
import unittest

import ctl
from ctl import BAD_INPUT, DONE, FAILED, INTERRUPTED, ControlTest

try:
    import numpy
except ImportError:
    numpy = None


def limit_files():
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))


class Samples(ControlTest):
    def setUp(self):
        super().setUp()
        self.experiment = self.preset_file("composite")

    def write(self, name, *options):
        path = self.path(name)
        self.expect(DONE, "sample", self.experiment, "--out", path, *options)
        return path

    def rows(self):
        """What `sample --json` says."""
        return self.expect_json("sample", self.experiment, "-n", "300", "--seed", "3")

    def test_json_lines(self):
        with open(self.write("s.jsonl", "-n", "300", "--seed", "3"), encoding="utf-8") as file:
            lines = [json.loads(line) for line in file]
        answers = [line.pop("answer") for line in lines]
        self.assertEqual(lines, self.rows())
        self.assertEqual(answers, [row["target"][0]["token"] for row in self.rows()])

    def test_csv(self):
        path = self.write("s.csv", "-n", "300", "--seed", "3")
        with open(path, encoding="utf-8", newline="") as file:
            lines = list(csv.DictReader(file))
        self.assertEqual(len(lines), 300)
        for line, row in zip(lines, self.rows()):
            answer = row["target"][0]["token"]
            self.assertEqual(line, {
                "tokens": " ".join(map(str, row["tokens"])), "roles": " ".join(row["roles"]),
                "target": str(answer), "answers": f"{answer}:1.0", "split": row["split"],
                "group": row["group"], "form": "0", "length": "9"})

    @unittest.skipIf(numpy is None, "needs NumPy (packaging/setup --tests)")
    def test_npz(self):
        path = self.write("s.npz", "-n", "300", "--seed", "3")
        rows = self.rows()
        with numpy.load(path) as file:
            arrays = {name: file[name] for name in file.files}
        self.assertEqual(arrays["tokens"].tolist(), [row["tokens"] for row in rows])
        self.assertEqual(arrays["role_names"][arrays["roles"]].tolist(),
                         [row["roles"] for row in rows])
        self.assertEqual(arrays["targets"].tolist(), [row["target"][0]["token"] for row in rows])
        self.assertEqual(arrays["group_names"][arrays["groups"]].tolist(),
                         [row["group"] for row in rows])
        self.assertEqual(arrays["split_names"][arrays["splits"]].tolist(), ["train"] * 300)
        self.assertEqual(arrays["lengths"].tolist(), [9] * 300)
        self.assertEqual(arrays["forms"].tolist(), [0] * 300)
        self.assertEqual(arrays["answer_counts"].tolist(), [1] * 300)
        self.assertEqual(arrays["answers"].tolist(), arrays["targets"].tolist())
        self.assertEqual({str(array.dtype) for array in arrays.values()},
                         {"int32", "uint8", "int16", "float64", "<U8", "<U5",
                          str(arrays["group_names"].dtype)})

    @unittest.skipIf(numpy is None, "needs NumPy (packaging/setup --tests)")
    def test_random_answers_and_padding(self):
        self.experiment = self.preset_file("statistical", ["/task/seq_len=[5, 9]"])
        with numpy.load(self.write("s.npz", "-n", "5000")) as file:
            arrays = {name: file[name] for name in file.files}
        self.assertEqual(set(arrays["lengths"].tolist()), {5, 9})
        short = arrays["lengths"] == 5
        self.assertTrue((arrays["tokens"][short][:, 5:] == 0).all())
        self.assertEqual(arrays["answer_counts"].tolist(), [2] * 5000)
        answers = arrays["answers"].reshape(-1, 2)
        self.assertTrue((answers[:, 1] == answers[:, 0] + 1).all())
        self.assertEqual(arrays["probabilities"].reshape(-1, 2)[0].tolist(), [0.8, 0.2])
        drawn = (arrays["targets"] == answers[:, 0]).mean()
        self.assertTrue(0.77 < drawn < 0.83, drawn)

    def test_the_data_of_a_run(self):
        with open(self.write("d.jsonl", "--data"), encoding="utf-8") as file:
            lines = file.readlines()
        with open(self.experiment, encoding="utf-8") as file:
            data = json.load(file)["data"]
        self.assertEqual(len(lines), data["n_train"])
        done = self.expect(BAD_INPUT, "sample", self.experiment, "--data", "-n", "3")
        self.assertIn("--data", done.stderr)
        done = self.expect(BAD_INPUT, "sample", self.experiment, "--data", "--set",
                           "/data/mode=streaming")
        self.assertIn("no fixed data", done.stderr)

    def test_same_bytes_again(self):
        for end in ["csv", "jsonl", "npz"]:
            with open(self.write("a." + end, "-n", "9000", "--split", "test"), "rb") as file:
                first = file.read()
            with open(self.write("b." + end, "-n", "9000", "--split", "test"), "rb") as file:
                self.assertEqual(first, file.read())

    def test_nothing_is_overwritten(self):
        path = self.write("s.csv", "-n", "1")
        done = self.expect(BAD_INPUT, "sample", self.experiment, "--out", path)
        self.assertIn("exists already", done.stderr)
        done = self.expect(BAD_INPUT, "sample", self.experiment, "--out", self.path("s.txt"))
        self.assertIn("expected .csv, .jsonl or .npz", done.stderr)
        done = self.expect(BAD_INPUT, "sample", self.experiment, "-n", "2000000")
        self.assertIn("--out FILE writes more", done.stderr)

    def test_no_room_leaves_no_file(self):
        before = sorted(os.listdir(self.folder))
        for end in ["csv", "jsonl", "npz"]:
            process = ctl.start("sample", self.experiment, "-n", "50000", "--out",
                                self.path("s." + end), preexec_fn=limit_files)
            _, errors = process.communicate(timeout=60)
            self.assertEqual(process.returncode, FAILED, errors)
            self.assertIn("s." + end, errors)
            self.assertEqual(sorted(os.listdir(self.folder)), before)

    def test_interrupted_leaves_no_file(self):
        before = sorted(os.listdir(self.folder))
        process = ctl.start("sample", self.experiment, "-n", "100000000", "--out",
                            self.path("s.csv"))
        self.addCleanup(process.kill)
        deadline = time.monotonic() + 60
        while sorted(os.listdir(self.folder)) == before and time.monotonic() < deadline:
            time.sleep(0.01)  # until the temporary file is there
        process.send_signal(signal.SIGTERM)
        _, errors = process.communicate(timeout=60)
        self.assertEqual(process.returncode, INTERRUPTED, errors)
        self.assertIn("no file was written", errors)
        self.assertEqual(sorted(os.listdir(self.folder)), before)


if __name__ == "__main__":
    unittest.main()
