# SPDX-License-Identifier: GPL-3.0-or-later
"""prune: which checkpoints stay, and that the run goes on and answers as it did with all of them."""

import json
import os
import shutil
import signal
import time
import unittest

import ctl
from ctl import BAD_INPUT, DONE, FAILED, INTERRUPTED, ControlTest

ALL = list(range(0, 121, 10))


class Prune(ControlTest):
    def saved_every(self, steps, *more):
        return self.tiny_file(f'/record/checkpoints={{"every": {steps}, "per_decade": 0}}',
                              "/record/checkpoint_seconds=3600", *more)

    def trained(self, *options):
        """120 steps, a checkpoint every 10."""
        run = self.path("run")
        self.expect(DONE, "train", self.saved_every(10), "--out", run, *options)
        self.assertEqual(ctl.checkpoint_steps(run), ALL)
        return run

    def contents(self, folder):
        files = {}
        for root, _, names in os.walk(folder):
            for name in names:
                path = os.path.join(root, name)
                with open(path, "rb") as file:
                    files[os.path.relpath(path, folder)] = file.read()
        return files

    def bytes_of(self, run, steps):
        return sum(os.path.getsize(ctl.checkpoint_file(run, step)) for step in steps)

    def check(self, run, options, kept):
        """What is said, and what is there, without and with --dry-run."""
        before = self.contents(run)
        there = ctl.checkpoint_steps(run)
        removed = [step for step in there if step not in kept]
        said = {"run": run, "dry_run": True, "kept": kept, "removed": removed,
                "kept_bytes": self.bytes_of(run, kept),
                "removed_bytes": self.bytes_of(run, removed)}
        self.assertEqual(self.expect_json("prune", run, *options, "--dry-run"), said)
        self.assertEqual(self.contents(run), before)
        self.assertEqual(self.expect_json("prune", run, *options), {**said, "dry_run": False})
        gone = {os.path.relpath(ctl.checkpoint_file(run, step), run) for step in removed}
        self.assertEqual(self.contents(run),
                         {name: data for name, data in before.items() if name not in gone})
        self.assertEqual(ctl.checkpoint_steps(run), kept)

    def test_what_is_due_stays_with_the_first_and_the_last_two(self):
        run = self.trained()
        self.check(run, ["--every", 30], [0, 30, 60, 90, 110, 120])
        for step in (110, 120):
            tensors = ctl.read_safetensors(ctl.checkpoint_file(run, step))[1]
            self.assertTrue(any(name.startswith("optimizer.") for name in tensors), step)
        self.check(run, ["--every", 30], [0, 30, 60, 90, 110, 120])
        self.check(run, ["--every", 60, "--per-decade", 1], [0, 60, 110, 120])

    def test_log_spaced(self):
        # 1, 10 and 100.
        self.check(self.trained(), ["--per-decade", 1], [0, 10, 100, 110, 120])

    def test_what_is_named_stays(self):
        run = self.trained("--change", "35: lr x0.5")
        with open(os.path.join(run, "bookmarks.json"), "w", encoding="utf-8") as file:
            json.dump({"format": "anchorlens-bookmarks", "format_version": 1,
                       "bookmarks": [{"step": 57, "note": "here"}]}, file)
        self.expect(DONE, "intervene", run, "--at", 70, "--patch", "0.0", "--from-step", 20)
        # The change at 35 and the bookmark at 57 have the checkpoint before them.
        self.check(run, ["--every", 1000, "--keep", "90,100"],
                   [0, 20, 30, 50, 70, 90, 100, 110, 120])
        self.check(run, ["--every", 1000, "--keep", 90], [0, 20, 30, 50, 70, 90, 110, 120])

    def test_as_text(self):
        run = self.trained()
        freed = f"{self.bytes_of(run, [10, 20, 40, 50, 70, 80, 100]):,}".replace(",", " ")
        said = self.expect(DONE, "prune", run, "--every", 30, "--dry-run").stdout
        self.assertEqual(said, f"{run}: 7 of 13 checkpoints would be removed, 6 kept; {freed} bytes "
                               "would be freed\nkept: step 0, 30, 60, 90, 110, 120\n")
        said = self.expect(DONE, "prune", run, "--every", 30).stdout
        self.assertEqual(said, f"{run}: 7 of 13 checkpoints removed, 6 kept; {freed} bytes freed\n")

    def test_training_goes_on_as_without(self):
        run = self.trained()
        whole = self.path("whole")
        shutil.copytree(run, whole)
        self.expect(DONE, "prune", run, "--every", 1000)
        results = [self.expect_json("resume", name, "--more-steps", 30) for name in (run, whole)]
        self.assertEqual(results[0]["step"], 150)
        self.assertEqual({**results[0], "run": ""}, {**results[1], "run": ""})
        self.assertEqual(ctl.checkpoint_steps(run), [0, 110, 120, 130, 140, 150])
        self.assertEqual(ctl.last_weights(run), ctl.last_weights(whole))
        for query in ["SELECT step, loss, grad_norm FROM steps ORDER BY step",
                      "SELECT step, train_loss, test_loss FROM evaluations ORDER BY step",
                      "SELECT step, heads FROM scores ORDER BY step"]:
            self.assertEqual(ctl.rows(run, query), ctl.rows(whole, query))

    def test_steps_that_are_gone_still_answer(self):
        run = self.trained()
        before = self.expect_json("eval", run, "--at", 20)
        self.expect(DONE, "prune", run, "--every", 40)
        self.assertEqual(self.expect_json("eval", run, "--at", 20), before)  # replayed
        # What replays nothing takes the checkpoint before it.
        self.assertEqual(self.expect_json("circuits", run, "--at", 50)["step"], 40)

    def test_a_fork_keeps_its_first(self):
        fork = self.path("fork")
        self.expect(DONE, "fork", self.trained(), "--at", 25, "--out", fork)
        self.check(fork, ["--every", 60], [25, 60, 110, 120])

    def test_refused_while_it_is_trained(self):
        run = self.path("run")
        trainer = ctl.start("train", self.saved_every(40, "/training/steps=1000000"), "--out", run)
        try:
            self.wait_for(lambda: len(ctl.checkpoint_steps(run)) > 3, trainer)
            before = ctl.checkpoint_steps(run)
            for dry_run in ([], ["--dry-run"]):
                done = self.expect(BAD_INPUT, "prune", run, "--every", 1000, *dry_run)
                self.assertIn(f"is being written by pid {trainer.pid}", done.stderr)
                self.assertEqual(done.stdout, "")
            self.assertLessEqual(set(before), set(ctl.checkpoint_steps(run)))
        finally:
            trainer.send_signal(signal.SIGTERM)
            trainer.communicate(timeout=60)
        self.assertEqual(trainer.returncode, INTERRUPTED)
        self.expect(DONE, "prune", run, "--every", 1000)
        self.assertNotIn(40, ctl.checkpoint_steps(run))

    def wait_for(self, condition, process):
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            if condition():
                return
            self.assertIsNone(process.poll(), "anchorctl ended by itself")
            time.sleep(0.02)
        self.fail("did not come in a minute")

    def test_killed_on_the_way(self):
        """Whenever it is killed, what is left is a run, and the same command ends the work."""
        run = self.path("run")
        self.expect(DONE, "train", self.saved_every(2), "--out", run)
        metrics = self.expect_json("eval", run)
        process = ctl.start("prune", run, "--every", 30)
        while len(ctl.checkpoint_steps(run)) == 61 and process.poll() is None:
            pass
        process.send_signal(signal.SIGKILL)
        process.communicate(timeout=60)
        kept = [0, 30, 60, 90, 118, 120]
        self.assertLessEqual(set(kept), set(ctl.checkpoint_steps(run)))
        self.assertEqual(self.expect_json("eval", run), metrics)
        self.expect(DONE, "prune", run, "--every", 30)
        self.assertEqual(ctl.checkpoint_steps(run), kept)
        self.assertEqual(self.expect_json("eval", run), metrics)
        self.assertFalse(os.path.exists(os.path.join(run, "lock")))

    def test_without_a_schedule(self):
        run = self.trained()
        for options in ([], ["--keep", 50], ["--dry-run", "--json"]):
            done = self.expect(BAD_INPUT, "prune", run, *options)
            size = f"{self.bytes_of(run, ALL):,}".replace(",", " ")
            self.assertIn("say which checkpoints stay: --every N, --per-decade N, or both. The run's "
                          f"own schedule is --every 10; the run has 13 checkpoints with {size} bytes",
                          done.stderr)
            self.assertEqual(done.stdout, "")
        self.assertEqual(ctl.checkpoint_steps(run), ALL)

    def test_what_is_no_run(self):
        os.mkdir(self.path("empty"))
        for name in ("absent", "empty"):
            for options in ([], ["--every", 10]):
                done = self.expect(BAD_INPUT, "prune", name, *options, cwd=self.folder)
                self.assertIn(name, done.stderr)
                self.assertEqual(done.stdout, "")
        self.assertEqual(os.listdir(self.folder), ["empty"])
        self.assertEqual(os.listdir(self.path("empty")), [])

    def test_wrong_use(self):
        run = self.trained()
        before = self.contents(run)
        done = self.expect(BAD_INPUT, "prune", run, "--every", 30, "--keep", "20,54")
        self.assertIn("has no checkpoint of step 54 that could be kept; the nearest is of step 50.",
                      done.stderr)
        for options in (["--every", 0], ["--every", "often"], ["--per-decade", 0],
                        ["--every", 30, "--keep", "-10"], ["--every", 30, "--keep", "last"]):
            done = self.expect(BAD_INPUT, "prune", run, *options)
            self.assertIn("--help shows how it is used", done.stderr)
        self.assertEqual(self.contents(run), before)
        # Bookmarks that cannot be read may name any step.
        path = os.path.join(run, "bookmarks.json")
        with open(path, "w", encoding="utf-8") as file:
            file.write("{")
        done = self.expect(BAD_INPUT, "prune", run, "--every", 30)
        self.assertIn(path, done.stderr)
        self.assertEqual(ctl.checkpoint_steps(run), ALL)

    @unittest.skipIf(os.geteuid() == 0, "root may remove whatever it is")
    def test_what_may_not_be_removed(self):
        run = self.trained()
        for folder, words in [("checkpoints", "The checkpoint cannot be removed"),
                              ("", "The run's lock cannot be taken")]:
            path = os.path.join(run, folder)
            os.chmod(path, 0o555)
            try:
                done = self.expect(FAILED, "prune", run, "--every", 30)
            finally:
                os.chmod(path, 0o755)
            self.assertIn(words, done.stderr)
            self.assertEqual(ctl.checkpoint_steps(run), ALL)


if __name__ == "__main__":
    unittest.main()
