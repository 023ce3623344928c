# SPDX-License-Identifier: GPL-3.0-or-later
"""anchorlens render of forks and of runs that were changed while they trained."""

import os
import re
import unittest

import ctl
from test_render import run_render


class RenderChanged(ctl.ControlTest):
    def draw(self, *words):
        return run_render(self.folder, *words)

    def test_changes_that_hold_are_in_the_provenance(self):
        changed, fork = self.path("changed"), self.path("fork")
        self.expect(ctl.DONE, "train", self.tiny_file(), "--out", changed,
                    "--change", "30: ablate 1.0")
        self.expect(ctl.DONE, "fork", changed, "--at", 80, "--out", fork,
                    "--change", "80: release 1.0")
        picture = self.path("changed.svg")

        def title(run, *words):
            done = self.draw(run, *words, "-o", picture)
            self.assertEqual(done.returncode, ctl.DONE, done.stderr)
            with open(picture, encoding="utf-8") as file:
                return re.search("<title>(.*?)</title>", file.read(), re.S)[1]

        for view in ("attention", "flow", "predictions", "weights"):
            self.assertIn("seed 1, L1 H0 ablated,",
                          title(changed, "--view", view, "--no-provenance"), view)
        self.assertNotIn("ablated", title(changed, "--at", "20"))
        self.assertNotIn("ablated", title(fork, "--at", "120"))
        self.assertIn("seed 1, at step 120 L1 H0 ablated,", title(changed, "--at", "20,120"))
        self.assertIn("changed step 120 seed 1, L1 H0 ablated, fork step 120 seed 1,",
                      title(changed, "--view", "compare", "--other", fork))
        # Curves are those of the whole training: what holds at its end.
        curves = ["--view", "compare-curves", "--no-provenance", "--other"]
        self.assertIn("changed step 120 seed 1, L1 H0 ablated, fork step 120 seed 1, *",
                      title(changed, *curves, fork))
        self.assertIn("fork step 120 seed 1, changed step 120 seed 1, L1 H0 ablated, "
                      "steps 90 to 120, *",
                      title(fork, *curves, changed, "--range", "90:120"))

    def test_forks_and_changed_runs_are_no_seeds(self):
        plain, fork, changed = self.path("plain"), self.path("fork"), self.path("changed")
        self.expect(ctl.DONE, "train", self.tiny_file(), "--out", plain)
        self.expect(ctl.DONE, "fork", plain, "--at", 80, "--out", fork,
                    "--set", "/training/seed=5")
        self.expect(ctl.DONE, "train", self.tiny_file("/training/seed=6"), "--out", changed,
                    "--change", "20: lr x0.5")
        for run, words in [(fork, f"{fork} is a fork"),
                           (changed, f"{changed} was changed while it trained")]:
            for first, other in [(plain, run), (run, plain)]:
                done = self.draw(first, "--view", "seeds", "--other", other,
                                 "-o", self.path("x.svg"))
                self.assertEqual(done.returncode, ctl.FAILED, done.stderr)
                self.assertIn(words, done.stderr)
                self.assertFalse(os.path.exists(self.path("x.svg")))


if __name__ == "__main__":
    unittest.main()
