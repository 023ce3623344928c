# SPDX-License-Identifier: GPL-3.0-or-later
"""`bench`: what it measures is reported whole; how fast anything is, is not judged here."""

import json
import subprocess
import unittest

import ctl
from ctl import BAD_INPUT, ControlTest


class Bench(ControlTest):
    def setUp(self):
        super().setUp()
        self.experiment = self.preset_file("demo")

    def bench(self, *options):
        return self.expect_json("bench", "--shape", self.experiment, "--seconds", "0.1",
                                *ctl.set_options(ctl.TINY), *options)

    def test_everything_is_reported(self):
        result = self.bench()
        self.assertEqual(
            list(result),
            ["shape", "device", "precision", "threads", "fleet", "ms_per_step", "sequences_per_s",
             "gflop_per_step", "path", "path_detail", "gemm_peak_gflops", "share_of_peak",
             "same_bits", "sampler_per_s", "evaluation_ms", "frame_ms", "snapshot_ms", "record_share"])
        self.assertEqual((result["device"], result["path"], result["threads"]), ("cpu", "fast", 1))
        self.assertAlmostEqual(result["sequences_per_s"], 20e3 / result["ms_per_step"])
        for key in ["ms_per_step", "gemm_peak_gflops", "sampler_per_s", "frame_ms"]:
            self.assertGreater(result[key], 0, key)

    def test_each_path_gives_the_same_bits(self):
        for kernel in ["fast", "fleet", "autograd"]:
            for threads in ["1", "2"]:
                result = self.bench("--kernel", kernel, "--threads", threads)
                self.assertEqual(result["path"], kernel)
                self.assertIs(result["same_bits"], True, (kernel, threads))

    def test_a_model_without_a_fast_path_says_so(self):
        self.assertEqual(self.bench("--set", "/model/kind=lstm")["path"], "autograd")

    def test_several_runs_at_once(self):
        result = self.bench("--fleet", "3", "--steps-only")
        self.assertEqual(result["fleet"], 3)
        self.assertNotIn("same_bits", result)
        self.assertGreater(result["sequences_per_s"], 0)

    def test_several_runs_have_one_thread_each(self):
        done = ctl.run("bench", "--shape", self.experiment, "--fleet", "2", "--threads", "2")
        self.assertEqual(done.returncode, BAD_INPUT, done.stderr)
        self.assertIn("--fleet needs 1 thread, not 2", done.stderr)

    def test_runs_that_share_their_tensors(self):
        result = self.bench("--kernel", "fleet", "--fleet", "3", "--steps-only")
        self.assertEqual((result["path"], result["fleet"]), ("fleet", 3))
        # A step of all three takes as long for each of them.
        self.assertAlmostEqual(result["sequences_per_s"], 60e3 / result["ms_per_step"])

    def test_a_trial_of_a_sweep(self):
        # What sweep calls to find how large fleets should be.
        with open(self.experiment, encoding="utf-8") as experiment:
            done = subprocess.run(
                [ctl.PROGRAM, "bench", "--shape", "/dev/stdin", "--fleet", "2", "--steps-only",
                 "--json", "--seconds", "0.1"],
                stdin=experiment, capture_output=True, text=True, timeout=120, check=True)
        self.assertGreater(json.loads(done.stdout)["sequences_per_s"], 0)

    def test_mistakes_are_told(self):
        self.expect(BAD_INPUT, "bench", "--shape", "nowhere.json")
        self.expect(BAD_INPUT, "bench", "--fleet", "0")
        self.expect(BAD_INPUT, "bench", "--kernel", "faster")
        self.expect(BAD_INPUT, "bench", "--precision", "float8")

    def test_text(self):
        text = self.expect(0, "bench", "--shape", self.experiment, "--seconds", "0.1",
                           *ctl.set_options(ctl.TINY)).stdout
        self.assertIn("kernel fast", text)
        self.assertIn("same bits", text)


if __name__ == "__main__":
    unittest.main()
