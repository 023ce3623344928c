# SPDX-License-Identifier: GPL-3.0-or-later
"""anchorlens render: what is no picture, and files that cannot be written."""

import os
import sqlite3
import unittest

import ctl
from test_render import RenderTest


class RenderFiles(RenderTest):
    def test_the_newest_checkpoint_is_later_than_the_last_frame(self):
        """A run that is stopped between two frames saves where it was."""
        database = sqlite3.connect(os.path.join(self.run_folder, "run.sqlite"))
        with database:
            for table in ("frames", "scores"):
                database.execute(f"DELETE FROM {table} WHERE step > 60")
        database.close()
        weights = self.path("weights.safetensors")
        for words, step in [([], 120), (["--at", "100"], 80)]:
            done = self.draw("--view", "checkpoint", *words, "-o", weights)
            self.assertEqual(done.returncode, ctl.DONE, done.stderr)
            with open(weights, "rb") as file, \
                    open(ctl.checkpoint_file(self.run_folder, step), "rb") as kept:
                self.assertTrue(file.read() == kept.read(), step)


if __name__ == "__main__":
    unittest.main()
