# SPDX-License-Identifier: GPL-3.0-or-later
"""A full disk: training goes on, older files stay whole, and it is said; room again mends it.

On a tmpfs of our own where mounting is permitted; otherwise a limit on the size of a file
(RLIMIT_FSIZE) makes writes fail.
"""

import os
import resource
import signal
import subprocess
import time
import unittest

import ctl
from ctl import DONE, FAILED, INTERRUPTED, ControlTest

# Weights with moments about 1.4 MB a checkpoint: a few fill the disk.
BIGGER = ["/model/d_model=64", "/model/d_head=64", "/model/d_mlp=256",
          "/record/checkpoints={\"every\": 20, \"per_decade\": 0}"]


class DiskFull(ControlTest):
    def mount(self, size):
        """A tmpfs of that size; skips where it cannot be mounted."""
        disk = self.path("disk")
        os.mkdir(disk)
        done = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", disk],
                              capture_output=True, text=True, check=False)
        if done.returncode != 0:
            self.skipTest(f"a tmpfs cannot be mounted here: {done.stderr.strip()}")
        self.addCleanup(subprocess.run, ["umount", disk], check=True)
        return disk

    def check_files(self, run):
        """Every checkpoint that is there can be read and evaluated."""
        steps = ctl.checkpoint_steps(run)
        self.assertTrue(steps)
        for step in steps:
            ctl.read_safetensors(ctl.checkpoint_file(run, step))
        self.assertEqual(self.expect_json("eval", run, "--at", steps[-1])["step"], steps[-1])
        return steps

    def wait_for(self, condition, process):
        deadline = time.monotonic() + 60
        while not condition():
            self.assertIsNone(process.poll(), "anchorctl ended by itself")
            self.assertLess(time.monotonic(), deadline, "it did not come in a minute")
            time.sleep(0.02)

    def test_room_again(self):
        path = self.tiny_file(*BIGGER, "/training/steps=100000")
        disk = self.mount("12m")
        run = os.path.join(disk, "run")
        filler = os.path.join(disk, "filler")
        with open(self.path("log"), "w+", encoding="utf-8") as log:
            process = subprocess.Popen([ctl.PROGRAM, "train", path, "--out", run],
                                       stdout=subprocess.DEVNULL, stderr=log)
            self.addCleanup(self.end, process)
            self.wait_for(lambda: len(ctl.checkpoint_steps(run)) >= 2, process)
            self.fill(filler)
            self.wait_for(lambda: "warning: " in self.log(), process)
            warning = self.log()
            self.assertIn("the disk is full", warning)
            self.assertIn("Training goes on", warning)
            kept = self.check_files(run)
            os.remove(filler)
            self.wait_for(lambda: "can be written again" in self.log(), process)
            self.wait_for(lambda: ctl.checkpoint_steps(run)[-1] > kept[-1], process)
            process.send_signal(signal.SIGTERM)
            self.assertEqual(process.wait(60), INTERRUPTED, self.log())
        self.check_files(run)
        kinds = [row[0] for row in ctl.rows(run, "SELECT kind FROM events ORDER BY rowid")]
        self.assertIn("warning", kinds)
        self.assertIn("resolved", kinds)

    def end(self, process):
        process.kill()
        process.wait(60)

    def log(self):
        with open(self.path("log"), encoding="utf-8") as file:
            return file.read()

    def fill(self, filler):
        with open(filler, "wb", buffering=0) as file:
            try:
                while True:
                    file.write(b"\0" * 65536)
            except OSError:
                pass

    def test_full_at_the_end(self):
        path = self.tiny_file(*BIGGER, "/training/steps=400")
        unbroken = self.path("unbroken")
        self.expect(DONE, "train", path, "--out", unbroken)
        disk = self.mount("5m")
        run = os.path.join(disk, "run")
        done = ctl.run("train", path, "--out", run)
        self.assertEqual(done.returncode, FAILED, done.stderr)
        self.assertIn("the disk is full", done.stderr)
        self.assertIn("warning: ", done.stderr)
        kept = self.check_files(run)
        self.assertLess(kept[-1], 400)
        # With room, resume goes on from what was kept, to the same end.
        subprocess.run(["mount", "-o", "remount,size=40m", disk], check=True)
        self.assertEqual(self.expect_json("resume", run)["step"], 400)
        self.assertEqual(ctl.last_weights(run), ctl.last_weights(unbroken))

    def test_full_at_the_start(self):
        """Nothing is begun, and nothing is in the way of the next try."""
        path = self.tiny_file("/training/steps=20")
        run = self.path("run")
        limit = lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, resource.RLIM_INFINITY))
        limited = subprocess.run([ctl.PROGRAM, "train", path, "--out", run], capture_output=True,
                                 text=True, check=False, preexec_fn=limit)
        self.assertEqual(limited.returncode, FAILED, limited.stderr)
        self.assertIn("File too large", limited.stderr)
        self.assertFalse(os.path.exists(run))
        self.expect(DONE, "train", path, "--out", run)

    def test_file_size_limit(self):
        """Needs no rights: no file may grow over 600 kB, so that no checkpoint can be written."""
        run = self.path("run")
        self.expect(DONE, "train", self.tiny_file(*BIGGER, "/training/steps=60"), "--out", run)
        kept = self.check_files(run)
        limited = subprocess.run(
            [ctl.PROGRAM, "resume", run, "--more-steps", "50"], capture_output=True, text=True,
            check=False, preexec_fn=lambda: resource.setrlimit(
                resource.RLIMIT_FSIZE, (600_000, resource.RLIM_INFINITY)))
        self.assertEqual(limited.returncode, FAILED, limited.stderr)
        self.assertIn("File too large", limited.stderr)
        self.assertIn("Trained to step 110, but that could not be saved", limited.stderr)
        self.assertEqual(self.check_files(run), kept)
        result = self.expect_json("resume", run)
        self.assertEqual((result["state"], result["step"]), ("finished", 110))


if __name__ == "__main__":
    unittest.main()
