# SPDX-License-Identifier: GPL-3.0-or-later
"""anchorctl sweep with fleets: runs of equal shape in one process, their tensors shared. Kernel
"fleet" does on the CPU what a GPU does."""

import json
import os
import re
import resource
import signal
import unittest

import ctl
from ctl import BAD_INPUT, DONE, FAILED, INTERRUPTED, MEMBERS, ControlTest

FLEET = "/training/kernel=fleet"


class Fleets(ControlTest):
    def sweep(self, study, out="out", code=DONE, *more):
        return self.expect_json("sweep", study, "--out", self.path(out), *more, code=code)

    def pid_of(self, name):
        with open(self.path("out", name, "lock"), encoding="utf-8") as file:
            return json.load(file)["pid"]

    def losses(self, name, out="out"):
        return [loss for (loss,) in
                ctl.rows(self.path(out, name), "SELECT loss FROM steps ORDER BY step")]

    def assert_near(self, found, expected):
        self.assertEqual(len(found), len(expected))
        for a, b in zip(found, expected):
            self.assertAlmostEqual(a / b, 1, delta=1e-4)


class Together(Fleets):
    def test_numbers_are_those_of_runs_alone(self):
        together = self.sweep(self.study_file(FLEET))
        self.assertEqual([run["state"] for run in together["runs"]], ["finished"] * 4)
        self.assertEqual([run["step"] for run in together["runs"]], [120] * 4)
        alone = self.sweep(self.study_file(), "alone")
        for i, name in enumerate(MEMBERS):
            self.assertEqual(ctl.rows(self.path("out", name),
                                      "SELECT value FROM provenance WHERE key = 'kernel'"),
                             [("fleet",)])
            self.assert_near(self.losses(name)[:50], self.losses(name, "alone")[:50])
            self.assertEqual(ctl.checkpoint_steps(self.path("out", name)),
                             ctl.checkpoint_steps(self.path("alone", name)))
            self.assertAlmostEqual(together["runs"][i]["test_accuracy"],
                                   alone["runs"][i]["test_accuracy"], delta=0.05)
        # What is left alone of a fleet goes on alone, by the same path.
        self.expect(DONE, "resume", self.path("out", MEMBERS[0]), "--more-steps", "20")
        self.assertEqual(ctl.checkpoint_steps(self.path("out", MEMBERS[0]))[-1], 140)

    def test_a_fleet_is_one_process(self):
        process = ctl.start("sweep", self.study_file(FLEET, "/training/steps=100000"), "--out",
                            self.path("out"))
        try:
            self.wait_for_checkpoint(self.path("out", MEMBERS[0]))
            self.wait_for_checkpoint(self.path("out", MEMBERS[1]))
            self.assertEqual(self.pid_of(MEMBERS[0]), self.pid_of(MEMBERS[1]))
            # Another shape comes after it.
            self.assertFalse(os.path.exists(self.path("out", MEMBERS[2])))
        finally:
            process.send_signal(signal.SIGTERM)
            process.communicate(timeout=120)
        self.assertEqual(process.returncode, INTERRUPTED)

    def test_fleets_of_one_have_a_process_each(self):
        alone = self.sweep(self.study_file(FLEET), "out", DONE, "--fleet", "1", "--jobs", "2")
        together = self.sweep(self.path("study.json"), "together", DONE, "--fleet", "2")
        self.assertEqual([run["state"] for run in alone["runs"]], ["finished"] * 4)
        for name in MEMBERS:
            self.assert_near(self.losses(name)[:50], self.losses(name, "together")[:50])
        self.assertEqual(len(together["runs"]), 4)

    def test_what_has_no_fleet_is_refused(self):
        done = self.expect(BAD_INPUT, "sweep", self.study_file(FLEET, "/model/kind=lstm"), "--out",
                           self.path("out"))
        self.assertIn("kernel \"fleet\" computes transformers only", done.stderr)


class Interrupted(Fleets):
    STEPS = "/training/steps=600"

    def study(self):
        """One shape: all four are a fleet."""
        return self.study_file(FLEET, self.STEPS,
                               axes=[{"pointer": "/training/learning_rate",
                                      "values": [0.001, 0.002]}])

    NAMES = ["01_learning_rate-0.001_seed-1", "02_learning_rate-0.001_seed-2",
             "03_learning_rate-0.002_seed-1", "04_learning_rate-0.002_seed-2"]

    def go_on(self):
        done = self.sweep(self.path("study.json"))
        self.assertEqual([run["state"] for run in done["runs"]], ["finished"] * 4)
        self.assertEqual([run["step"] for run in done["runs"]], [600] * 4)
        self.sweep(self.path("study.json"), "unbroken")
        for name in self.NAMES:
            self.assertEqual(self.losses(name), self.losses(name, "unbroken"))
            self.assertEqual(ctl.last_weights(self.path("out", name)),
                             ctl.last_weights(self.path("unbroken", name)))

    def interrupt(self, signal_number, pid=None):
        process = ctl.start("sweep", self.study(), "--out", self.path("out"))
        for name in self.NAMES:
            self.wait_for_checkpoint(self.path("out", name))
        os.kill(pid() if pid else process.pid, signal_number)
        out, err = process.communicate(timeout=120)
        return process.returncode, out, err

    def test_signal(self):
        code, _, err = self.interrupt(signal.SIGTERM)
        self.assertEqual(code, INTERRUPTED, err)
        self.assertIn("Interrupted; 0 of 4 runs are finished, the others are saved.", err)
        steps = {ctl.checkpoint_steps(self.path("out", name))[-1] for name in self.NAMES}
        self.assertEqual(len(steps), 1, steps)  # all after the same step
        self.assertLess(steps.pop(), 600)
        self.go_on()

    def test_kill(self):
        code, _, _ = self.interrupt(signal.SIGKILL)
        self.assertEqual(code, -signal.SIGKILL)
        self.go_on()

    def test_killed_fleet(self):
        code, out, err = self.interrupt(signal.SIGKILL, lambda: self.pid_of(self.NAMES[0]))
        self.assertEqual(code, FAILED, err)
        for name in self.NAMES:
            self.assertIn(name + ": failed: its process was ended by signal 9 (Killed)", err)
        self.go_on()


class Failing(Fleets):
    def test_one_member_does_not_stop_the_rest(self):
        file = self.study_file(FLEET, "/training/optimizer=sgd", "/training/clip_norm=null",
                               "/model/norm=none", seeds=None,
                               axes=[{"pointer": "/training/learning_rate",
                                      "values": [0.001, 1000, 0.002]}])
        done = self.expect(FAILED, "sweep", file, "--out", self.path("out"))
        failed = "02_learning_rate-1000"
        self.assertRegex(done.stderr, failed + r": failed: .*became (NaN|infinite) at step \d+")
        self.assertRegex(done.stdout, failed + r" +failed ")
        self.assertEqual(done.stdout.count("finished   120"), 2, done.stdout)
        again = self.sweep(file, code=FAILED)
        self.assertEqual([run["state"] for run in again["runs"]],
                         ["finished", "failed", "finished"])

    def test_one_that_cannot_be_begun(self):
        os.makedirs(self.path("out", MEMBERS[1]))
        study = self.study_file(FLEET)
        with open(self.path("out", MEMBERS[1], "notes.txt"), "w", encoding="utf-8"):
            pass
        self.expect(DONE, "sweep", study, "--out", self.path("other"))
        os.link(self.path("other", "study.json"), self.path("out", "study.json"))
        done = self.expect(FAILED, "sweep", study, "--out", self.path("out"))
        self.assertIn(MEMBERS[1] + ": failed: exists already and is not empty", done.stderr)
        self.assertEqual(done.stdout.count("finished   120"), 3, done.stdout)

    def test_few_files(self):
        """The usual limit of open files is raised; where it may not be, each says so of itself."""
        study = self.study_file(FLEET, "/training/steps=5", seeds={"first": 1, "count": 20})

        def sweep(out, hard):
            return ctl.run("sweep", study, "--out", self.path(out), "--fleet", "20", before=lambda:
                           resource.setrlimit(resource.RLIMIT_NOFILE, (80, hard)))

        done = sweep("raised", resource.getrlimit(resource.RLIMIT_NOFILE)[1])
        self.assertEqual(done.returncode, DONE, done.stderr)
        done = sweep("out", 80)
        self.assertEqual(done.returncode, FAILED, done.stderr)
        failed = re.findall(r"^(\S+): failed: (.*)", done.stderr, re.MULTILINE)
        self.assertTrue(failed, done.stderr)
        for name, reason in failed:
            self.assertIn("Too many open files", reason)
            self.assertIn(f"/{name}", reason)

    def test_no_engine(self):
        done = self.expect(FAILED, "sweep", self.study_file(FLEET), "--out", self.path("out"),
                           environment={"ANCHORLENS_ENGINE": "/nowhere/engine.so"})
        for name in MEMBERS:
            self.assertRegex(done.stderr, name + r": failed: .*/nowhere/engine.so")


if __name__ == "__main__":
    unittest.main()
