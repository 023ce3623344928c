# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs on a network file system: two hosts, each a process with a mount and a host name of its own.

The mounts (bindfs) show the same files, but neither locks nor shared memory pass from one to the
other, as between hosts.
"""

import json
import os
import shutil
import signal
import subprocess
import time
import unittest

import ctl
from ctl import BAD_INPUT, DONE, ControlTest

SPARSE = '{"every": 500, "per_decade": 0}'
LONG_RUN = ["/training/steps=6000", f"/record/evaluate={SPARSE}", f"/record/frames={SPARSE}",
            f"/record/checkpoints={SPARSE}"]


def why_not():
    missing = [name for name in ("bindfs", "unshare") if shutil.which(name) is None]
    if missing:
        return (", ".join(missing) + " not found; Debian's packages bindfs and util-linux have them "
                "(packaging/setup --tests installs them)")
    if os.geteuid() != 0:
        return "host names of processes can be set by root only, and this test is not run by root"
    if not os.access("/dev/fuse", os.R_OK | os.W_OK):
        return "/dev/fuse cannot be opened, so nothing can be mounted"
    if subprocess.run(["unshare", "--uts", "true"], capture_output=True, check=False).returncode:
        return "this system does not let a process have a host name of its own"
    return ""


@unittest.skipIf(why_not(), why_not())
class Shared(ControlTest):
    def setUp(self):
        super().setUp()
        os.mkdir(self.path("disk"))
        for host in ("one", "two"):
            os.mkdir(self.path(host))
            # As NFS does it: sizes are asked for anew when a file is opened.
            mount = subprocess.Popen(["bindfs", "-f", "-o", "attr_timeout=0,entry_timeout=0",
                                      self.path("disk"), self.path(host)],
                                     preexec_fn=ctl.end_with_parent)
            self.addCleanup(mount.wait, 30)
            self.addCleanup(mount.terminate)  # unmounts
            deadline = time.monotonic() + 30
            while not os.path.ismount(self.path(host)):
                self.assertIsNone(mount.poll(), "bindfs has ended")
                self.assertLess(time.monotonic(), deadline)
                time.sleep(0.02)

    def on(self, host, *arguments):
        """anchorctl on a host."""
        process = subprocess.Popen(
            ["unshare", "--uts", "sh", "-c", "hostname \"$0\" && exec \"$@\"", host, ctl.PROGRAM,
             *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.addCleanup(process.communicate)
        self.addCleanup(process.kill)
        return process

    def ends(self, code, process):
        out, err = process.communicate(timeout=240)
        self.assertEqual(process.returncode, code, f"{process.args}\n{out}\n{err}")
        return out, err

    def test_the_other_host_follows(self):
        writer = self.on("one", "train", self.tiny_file(*LONG_RUN), "--out", self.path("one/run"),
                         "--shared")
        self.wait_for_checkpoint(self.path("two/run"))
        steps = []
        while writer.poll() is None:
            out, _ = self.ends(DONE, self.on("two", "eval", self.path("two/run"), "--json"))
            steps.append(json.loads(out)["step"])
        self.ends(DONE, writer)
        self.assertEqual(steps, sorted(steps))
        self.assertGreater(len(set(steps)), 1, steps)
        out, _ = self.ends(DONE, self.on("two", "eval", self.path("two/run"), "--json"))
        self.assertEqual(json.loads(out)["step"], 6000)
        for table in ("steps", "evaluations", "frames", "scores"):
            self.assertEqual(ctl.rows(self.path("one/run"), f"SELECT * FROM {table}"),
                             ctl.rows(self.path("two/run"), f"SELECT * FROM {table}"))
        self.assertEqual([name for name in os.listdir(self.path("disk/run"))
                          if "-wal" in name or "-shm" in name or ".tmp-" in name], [])

    def test_one_host_writes_and_the_other_goes_on_when_it_is_dead(self):
        experiment = self.tiny_file(*LONG_RUN)
        writer = self.on("one", "train", experiment, "--out", self.path("one/run"), "--shared")
        self.wait_for_checkpoint(self.path("two/run"))
        _, err = self.ends(BAD_INPUT, self.on("two", "resume", self.path("two/run")))
        self.assertIn(f"another program is training it: pid {writer.pid} on one since", err)
        writer.send_signal(signal.SIGKILL)
        writer.communicate()
        # Host two cannot know that it is dead, until nothing was heard of it for 15 minutes.
        self.ends(BAD_INPUT, self.on("two", "resume", self.path("two/run")))
        an_age_ago = time.time() - 16 * 60
        os.utime(self.path("disk/run/lock"), (an_age_ago, an_age_ago))
        self.ends(DONE, self.on("two", "resume", self.path("two/run")))
        self.expect(DONE, "train", experiment, "--out", self.path("unbroken"))
        self.assertEqual(ctl.last_weights(self.path("one/run")),
                         ctl.last_weights(self.path("unbroken")))
        self.assertEqual(ctl.rows(self.path("one/run"), "SELECT * FROM steps"),
                         ctl.rows(self.path("unbroken"), "SELECT * FROM steps"))


if __name__ == "__main__":
    unittest.main()
