# SPDX-License-Identifier: GPL-3.0-or-later
"""Every preset trains as it is: 3 steps here, 200 with ANCHORLENS_LONG=1.

Only the number of steps is set, and evaluation at the first and last step; nothing is made smaller.
"""

import math
import time
import unittest

import ctl
from ctl import DONE, ControlTest

STEPS = 200 if ctl.LONG else 3


class PresetsTrain(ControlTest):
    def test_all(self):
        for name in self.expect_json("presets"):
            with self.subTest(name):
                began = time.monotonic()
                run = self.path(name)
                file = self.preset_file(name)
                result = self.expect_json(
                    "train", file, "--out", run, "--threads", "1", "--device", "cpu",
                    "--set", f"/training/steps={STEPS}",
                    "--set", "/record/evaluate={\"every\": null, \"per_decade\": 0}",
                    "--set", "/record/frames={\"every\": null, \"per_decade\": 0}", timeout=1200)
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
