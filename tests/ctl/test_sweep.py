# SPDX-License-Identifier: GPL-3.0-or-later
"""anchorctl sweep: many runs in one folder, interrupted and gone on with."""

import json
import os
import pty
import signal
import subprocess
import time
import unittest

import ctl
from ctl import BAD_INPUT, DONE, FAILED, INTERRUPTED, ControlTest

MEMBERS = ["01_d_mlp-16_seed-1", "02_d_mlp-16_seed-2", "03_d_mlp-32_seed-1", "04_d_mlp-32_seed-2"]


class Sweep(ControlTest):
    def study_file(self, *assignments, **fields):
        """A study of the tiny experiment: two widths, two seeds."""
        with open(self.tiny_file(*assignments), encoding="utf-8") as file:
            base = json.load(file)
        study = {"format": "anchorlens-study", "format_version": 1, "name": "widths", "base": base,
                 "axes": [{"pointer": "/model/d_mlp", "values": [16, 32]}],
                 "seeds": {"first": 1, "count": 2}, **fields}
        path = self.path("study.json")
        with open(path, "w", encoding="utf-8") as file:
            json.dump(study, file)
        return path

    def wait_for_checkpoint(self, name, after=0):
        deadline = time.monotonic() + 120
        while max(ctl.checkpoint_steps(self.path("out", name)), default=0) <= after:
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.01)


class Finished(Sweep):
    def test_members_are_ordinary_runs(self):
        out = self.path("out")
        done = self.expect_json("sweep", self.study_file(), "--out", out, "--jobs", "2")
        self.assertEqual(sorted(os.listdir(out)), sorted([*MEMBERS, "study.json"]))
        self.assertEqual([run["run"] for run in done["runs"]], MEMBERS)
        self.assertEqual([run["seed"] for run in done["runs"]], [1, 2, 1, 2])
        self.assertEqual({run["state"] for run in done["runs"]}, {"finished"})
        self.assertEqual({run["step"] for run in done["runs"]}, {120})
        self.assertEqual([row["values"] for row in done["settings"]],
                         [{"/model/d_mlp": 16}, {"/model/d_mlp": 32}])
        for i, row in enumerate(done["settings"]):
            pair = [run["test_accuracy"] for run in done["runs"][2 * i:2 * i + 2]]
            self.assertEqual((row["runs"], row["finished"]), (2, 2))
            self.assertEqual(row["test_accuracy"],
                             {"median": sum(pair) / 2, "min": min(pair), "max": max(pair)})
        # The same bits as one trained by hand.
        self.expect(DONE, "train", self.path("identity.json"), "--out", self.path("alone"),
                    "--set", "/model/d_mlp=32", "--set", "/training/seed=2")
        self.assertEqual(ctl.last_weights(self.path("alone")),
                         ctl.last_weights(self.path("out", MEMBERS[3])))
        evaluated = self.expect_json("eval", self.path("out", MEMBERS[0]))
        self.assertEqual(evaluated["test_accuracy"], done["runs"][0]["test_accuracy"])

        # Once more: nothing is left to do; the frozen study does as well.
        again = self.expect(DONE, "sweep", self.path("out", "study.json"), "--out", out)
        self.assertIn("04_d_mlp-32_seed-2  finished   120", again.stdout)
        self.assertRegex(again.stdout, r"d_mlp 16 +2 of 2 +0\.\d{4} +0\.\d{4} +0\.\d{4}\n")

    def test_set_changes_the_base(self):
        self.expect(DONE, "sweep", self.study_file(seeds=None), "--out", self.path("out"),
                    "--set", "/training/steps=20")
        with open(self.path("out", "study.json"), encoding="utf-8") as file:
            self.assertEqual(json.load(file)["base"]["training"]["steps"], 20)
        self.assertEqual(ctl.checkpoint_steps(self.path("out", "02_d_mlp-32"))[-1], 20)

    def test_plain_lines(self):
        done = self.expect(DONE, "sweep", self.study_file("/training/steps=20"),
                           "--out", self.path("out"))
        for name in MEMBERS:
            self.assertRegex(done.stderr, name + r": finished at step 20, test accuracy 0\.\d{4}\n")
        self.assertIn("4 of 4 runs  80 / 80 steps", done.stderr)
        self.assertNotIn("\r", done.stderr)

    def test_bar_on_a_terminal(self):
        master, slave = pty.openpty()
        process = subprocess.Popen(
            [ctl.PROGRAM, "sweep", self.study_file("/training/steps=20"), "--out",
             self.path("out")], stdout=subprocess.DEVNULL, stderr=slave)
        os.close(slave)
        text = b""
        while True:
            try:
                chunk = os.read(master, 4096)
            except OSError:
                break
            if not chunk:
                break
            text += chunk
        os.close(master)
        self.assertEqual(process.wait(60), DONE)
        self.assertIn(b"[########################] 4 of 4 runs  80 / 80 steps", text)


class Refused(Sweep):
    def refuse(self, *arguments):
        done = self.expect(BAD_INPUT, "sweep", *arguments)
        self.assertEqual(done.stdout, "")
        return done.stderr

    def test_a_wrong_study(self):
        err = self.refuse(self.study_file(axes=[{"pointer": "/model/layers", "values": [1]}]),
                          "--out", self.path("out"))
        self.assertIn("study.json: /axes/0/pointer: no such field; did you mean "
                      "\"/model/n_layers\"?\n", err)
        self.assertFalse(os.path.exists(self.path("out")))

    def test_a_wrong_member(self):
        err = self.refuse(self.study_file(axes=[{"pointer": "/model/d_mlp", "values": [16, 0]}]),
                          "--out", self.path("out"))
        self.assertIn("/axes/0/values/1: run 3 (d_mlp 0): /model/d_mlp: expected an integer from 1",
                      err)

    def test_an_experiment(self):
        err = self.refuse(self.tiny_file(), "--out", self.path("out"))
        self.assertIn("/format: expected \"anchorlens-study\", got \"anchorlens-experiment\"", err)

    def test_set_of_what_varies(self):
        err = self.refuse(self.study_file(), "--out", self.path("out"),
                          "--set", "/model/d_mlp=64")
        self.assertIn("--set: /model/d_mlp: the study varies /model/d_mlp", err)
        err = self.refuse(self.study_file(), "--out", self.path("out"),
                          "--set", "/training/seed=64")
        self.assertIn("--set: /training/seed: the study varies /training/seed", err)

    def test_folders(self):
        out = self.path("out")
        self.expect(DONE, "sweep", self.study_file("/training/steps=20", seeds=None), "--out", out)
        err = self.refuse(self.study_file("/training/steps=21", seeds=None), "--out", out)
        self.assertIn("holds another study; go on with that one by anchorctl sweep " + out +
                      "/study.json --out " + out, err)
        os.mkdir(self.path("full"))
        with open(self.path("full", "notes.txt"), "w", encoding="utf-8"):
            pass
        err = self.refuse(self.path("study.json"), "--out", self.path("full"))
        self.assertIn("is not empty and holds no study", err)


class Interrupted(Sweep):
    STEPS = "/training/steps=600"

    def go_on(self, names=MEMBERS):
        """The same command; the weights are those of runs that were never interrupted."""
        done = self.expect_json("sweep", self.path("study.json"), "--out", self.path("out"),
                                "--jobs", "2", timeout=240)
        self.assertEqual([run["state"] for run in done["runs"]], ["finished"] * len(names))
        self.expect(DONE, "train", self.path("identity.json"), "--out", self.path("alone"),
                    "--set", "/model/d_mlp=16", "--set", "/training/seed=2")
        self.assertEqual(ctl.last_weights(self.path("alone")),
                         ctl.last_weights(self.path("out", names[1])))

    def test_signal(self):
        file = self.study_file(self.STEPS)
        for signal_number in (signal.SIGINT, signal.SIGTERM):
            steps = {name: max(ctl.checkpoint_steps(self.path("out", name)), default=0)
                     for name in MEMBERS[:2]}
            process = ctl.start("sweep", file, "--out", self.path("out"), "--jobs", "2")
            for name, step in steps.items():
                self.wait_for_checkpoint(name, step)
            process.send_signal(signal_number)
            _, err = process.communicate(timeout=120)
            self.assertEqual(process.returncode, INTERRUPTED, err)
            self.assertIn("Go on with:\n  anchorctl sweep " + self.path("out", "study.json") +
                          " --out " + self.path("out") + " --jobs 2\n", err)
        self.go_on()

    def test_kill(self):
        process = ctl.start("sweep", self.study_file(self.STEPS), "--out", self.path("out"),
                            "--jobs", "2")
        for name in MEMBERS[:2]:
            self.wait_for_checkpoint(name)
        process.kill()
        process.communicate(timeout=60)
        self.go_on()

    def test_killed_member_does_not_end_the_others(self):
        process = ctl.start("sweep", self.study_file(self.STEPS), "--out", self.path("out"),
                            "--jobs", "2")
        self.wait_for_checkpoint(MEMBERS[0])
        with open(self.path("out", MEMBERS[0], "lock"), encoding="utf-8") as file:
            os.kill(json.load(file)["pid"], signal.SIGKILL)
        out, err = process.communicate(timeout=240)
        self.assertEqual(process.returncode, FAILED, err)
        self.assertIn(MEMBERS[0] + ": its process was ended by signal 9 (Killed)", err)
        self.assertEqual(out.count("finished   "), 3, out)
        self.go_on()

    def test_two_sweeps_of_one_folder(self):
        process = ctl.start("sweep", self.study_file(self.STEPS), "--out", self.path("out"),
                            "--jobs", "1")
        self.wait_for_checkpoint(MEMBERS[0])
        done = self.expect(BAD_INPUT, "sweep", self.path("study.json"), "--out", self.path("out"))
        self.assertIn("pid %d" % process.pid, done.stderr)
        process.terminate()
        process.communicate(timeout=120)


class Failing(Sweep):
    def test_one_member_does_not_stop_the_rest(self):
        file = self.study_file("/training/optimizer=sgd", "/training/clip_norm=null",
                               "/model/norm=none", seeds=None,
                               axes=[{"pointer": "/training/learning_rate",
                                      "values": [0.001, 1000, 0.002]}])
        out = self.path("out")
        done = self.expect(FAILED, "sweep", file, "--out", out, "--jobs", "1")
        failed = "02_learning_rate-1000"
        self.assertRegex(done.stderr, failed + r": failed: .*became (NaN|infinite) at step \d+")
        self.assertRegex(done.stdout, failed + r" +failed ")
        self.assertIn("3 of 3 runs, 1 failed  ", done.stderr)
        # It is not tried again, but told again.
        again = self.expect_json("sweep", file, "--out", out, code=FAILED)
        self.assertEqual([run["state"] for run in again["runs"]],
                         ["finished", "failed", "finished"])
        self.assertNotEqual(again["runs"][1]["reason"], "")
        self.assertIsNone(again["settings"][1]["test_accuracy"])

    def test_no_engine(self):
        done = self.expect(FAILED, "sweep", self.study_file(seeds=None), "--out", self.path("out"),
                           environment={"ANCHORLENS_ENGINE": "/nowhere/engine.so"})
        self.assertIn("01_d_mlp-16: failed: ", done.stderr)
        self.assertIn("/nowhere/engine.so", done.stderr)


if __name__ == "__main__":
    unittest.main()
