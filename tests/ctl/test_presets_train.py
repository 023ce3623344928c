# SPDX-License-Identifier: GPL-3.0-or-later
"""Every preset trains: 200 steps of it as it is with ANCHORLENS_LONG=1.

Only the number of steps is set then, and frames and evaluations at the first and last step. The
short form takes 3 steps and evaluates on less data.
"""

import math
import time
import unittest

import ctl
from ctl import DONE, ControlTest

STEPS = 200 if ctl.LONG else 3
ENDS_ONLY = '{"every": null, "per_decade": 0}'
SETTINGS = [f"/training/steps={STEPS}", f"/record/evaluate={ENDS_ONLY}",
            f"/record/frames={ENDS_ONLY}"]
if not ctl.LONG:
    SETTINGS += ["/data/n_train=200", "/data/n_test=20", "/probe/size=32"]


class PresetsTrain(ControlTest):
    def test_all(self):
        for name in self.expect_json("presets"):
            with self.subTest(name):
                began = time.monotonic()
                run = self.path(name)
                file = self.preset_file(name)
                result = self.expect_json(
                    "train", file, "--out", run, "--threads", "1", "--device", "cpu",
                    *ctl.set_options(SETTINGS), timeout=1200)
                self.assertEqual((result["state"], result["step"]), ("finished", STEPS))
                losses = [row[0] for row in ctl.rows(run, "SELECT loss FROM steps ORDER BY step")]
                self.assertEqual(len(losses), STEPS)
                self.assertTrue(all(math.isfinite(loss) for loss in losses))
                if STEPS >= 200:
                    self.assertLess(sum(losses[-20:]), sum(losses[:20]))
                print(f"{name}: {STEPS} steps in {time.monotonic() - began:.1f} s, "
                      f"loss {losses[0]:.3f} to {losses[-1]:.3f}")


if __name__ == "__main__":
    unittest.main()
