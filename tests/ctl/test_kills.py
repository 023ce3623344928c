# SPDX-License-Identifier: GPL-3.0-or-later
"""kill -9 at random moments: the final weights are those of the unbroken run, bit for bit.

Short: 6 kills. ANCHORLENS_LONG=1: 20. ANCHORLENS_KILL_SEED repeats a sequence of moments.
"""

import os
import random
import signal
import time
import unittest

import ctl
from ctl import DONE, ControlTest

KILLS = 20 if ctl.LONG else 6
KILLS_PER_RUN = 5 if ctl.LONG else 3
STEPS = 600


class Kills(ControlTest):
    def setUp(self):
        super().setUp()
        self.seed = int(os.environ.get("ANCHORLENS_KILL_SEED", random.SystemRandom().randrange(10**6)))
        self.random = random.Random(self.seed)
        # Checkpoints without a pause between them: most moments lie within one.
        self.file = self.tiny_file(f"/training/steps={STEPS}",
                                   "/record/checkpoints={\"every\": 5, \"per_decade\": 0}")
        self.in_checkpoint = 0
        self.in_first_second = 0

    def temporary_files(self, run):
        folder = os.path.join(run, "checkpoints")
        names = os.listdir(folder) if os.path.isdir(folder) else []
        return [name for name in names if not name.endswith(".safetensors")]

    def begin(self, run):
        """train as long as there is no run, then resume."""
        if os.path.exists(os.path.join(run, "experiment.json")):
            return ctl.start("resume", run)
        return ctl.start("train", self.file, "--out", run)

    def kill(self, run, mode):
        began = time.monotonic()
        process = self.begin(run)
        if mode == "checkpoint":
            # Until a half-written file is seen.
            deadline = began + 20
            while not self.temporary_files(run) and time.monotonic() < deadline:
                if process.poll() is not None:
                    break
        else:
            time.sleep(self.random.uniform(0.0, 1.0 if mode == "first second" else 2.5))
        ended = process.poll() is not None
        process.send_signal(signal.SIGKILL)
        _, err = process.communicate(timeout=60)
        if ended:
            self.assertEqual(process.returncode, DONE, err)
        self.in_checkpoint += 1 if self.temporary_files(run) else 0
        self.in_first_second += 1 if time.monotonic() - began <= 1.0 else 0
        return not ended

    def test_final_weights_are_those_of_the_unbroken_run(self):
        unbroken = self.path("unbroken")
        self.expect(DONE, "train", self.file, "--out", unbroken)
        expected = ctl.last_weights(unbroken)
        expected_rows = self.record(unbroken)
        killed = 0
        number = 0
        while killed < KILLS:
            run = self.path(f"run{number}")
            number += 1
            modes = (["first second", "checkpoint", "any"] * KILLS_PER_RUN)[:KILLS_PER_RUN]
            for mode in modes:
                killed += 1 if self.kill(run, mode) else 0
            process = self.begin(run)
            _, err = process.communicate(timeout=120)
            self.assertEqual(process.returncode, DONE, f"seed {self.seed}: {err}")
            self.assertEqual(ctl.checkpoint_steps(run)[-1], STEPS)
            self.assertEqual(ctl.last_weights(run), expected, f"seed {self.seed}, {run}")
            self.assertEqual(self.record(run), expected_rows, f"seed {self.seed}, {run}")
            self.assertEqual(self.temporary_files(run), [])
        print(f"{killed} kills, {self.in_first_second} in the first second, "
              f"{self.in_checkpoint} during a checkpoint (seed {self.seed})")

    def record(self, run):
        """What was recorded: no step twice, none missing."""
        return (ctl.rows(run, "SELECT step, loss FROM steps ORDER BY step"),
                ctl.rows(run, "SELECT step, test_accuracy FROM evaluations ORDER BY step"),
                ctl.rows(run, "SELECT step FROM frames ORDER BY step"))


if __name__ == "__main__":
    unittest.main()
