# SPDX-License-Identifier: GPL-3.0-or-later
"""anchorctl sweep: many runs in one folder, interrupted and gone on with."""

import csv
import json
import os
import pty
import re
import shlex
import shutil
import signal
import subprocess
import unittest

import ctl
from ctl import BAD_INPUT, DONE, FAILED, INTERRUPTED, MEMBERS, ControlTest

try:
    import numpy
except ImportError:
    numpy = None


class Finished(ControlTest):
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


class Refused(ControlTest):
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

    def test_settings_that_cannot_be_trained_here(self):
        done = ctl.run("train", self.tiny_file("/training/device=cuda", "/training/steps=20"),
                       "--out", self.path("trial"))
        if done.returncode == DONE:
            self.skipTest("there is a GPU")
        err = self.refuse(self.study_file("/training/device=cuda"), "--out", self.path("out"))
        self.assertIn("study.json: /base: /training/device: \"cuda\" cannot be used here: ", err)
        axis = {"pointer": "/training/device", "values": ["cpu", "cuda"]}
        err = self.refuse(self.study_file(axes=[axis]), "--out", self.path("out"))
        self.assertIn("study.json: device cuda: /training/device: \"cuda\" cannot be used here: ",
                      err)
        self.assertNotIn("device cpu", err)
        self.assertFalse(os.path.exists(self.path("out")))
        # The other way round the base does not matter.
        study = self.study_file("/training/device=cuda", "/training/steps=20", seeds=None,
                                axes=[{"pointer": "/training/device", "values": ["cpu"]}])
        self.expect(DONE, "sweep", study, "--out", self.path("out"))

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


class Interrupted(ControlTest):
    STEPS = 990

    def long_study(self, **more):
        return self.study_file(f"/training/steps={self.STEPS}", **more)

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
        file = self.long_study()
        for signal_number in (signal.SIGINT, signal.SIGTERM):
            steps = {name: max(ctl.checkpoint_steps(self.path("out", name)), default=0)
                     for name in MEMBERS[:2]}
            process = ctl.start("sweep", file, "--out", self.path("out"), "--jobs", "2")
            for name, step in steps.items():
                self.wait_for_checkpoint(self.path("out", name), step, self.STEPS)
            process.send_signal(signal_number)
            _, err = process.communicate(timeout=120)
            self.assertEqual(process.returncode, INTERRUPTED, err)
            self.assertIn("Go on with:\n  anchorctl sweep " + self.path("out", "study.json") +
                          " --out " + self.path("out") + " --jobs 2\n", err)
        self.go_on()

    def test_the_command_that_goes_on_is_complete(self):
        process = ctl.start("sweep", self.long_study(seeds=None), "--out",
                            self.path("out"), "--jobs", "1", "--fleet", "3", "--shared")
        self.wait_for_checkpoint(self.path("out", "01_d_mlp-16"))
        process.send_signal(signal.SIGTERM)
        _, err = process.communicate(timeout=120)
        self.assertEqual(process.returncode, INTERRUPTED, err)
        command = err.splitlines()[-1].strip()
        self.assertTrue(command.startswith("anchorctl sweep "), err)
        self.assertTrue(command.endswith(" --jobs 1 --fleet 3 --shared"), err)
        done = self.expect_json(*shlex.split(command)[1:], timeout=240)
        self.assertEqual([run["state"] for run in done["runs"]], ["finished"] * 2)

    def test_kill(self):
        process = ctl.start("sweep", self.long_study(), "--out", self.path("out"),
                            "--jobs", "2")
        for name in MEMBERS[:2]:
            self.wait_for_checkpoint(self.path("out", name))
        process.kill()
        process.communicate(timeout=60)
        self.go_on()

    def test_killed_member_does_not_end_the_others(self):
        process = ctl.start("sweep", self.long_study(), "--out", self.path("out"),
                            "--jobs", "2")
        self.wait_for_checkpoint(self.path("out", MEMBERS[0]))
        with open(self.path("out", MEMBERS[0], "lock"), encoding="utf-8") as file:
            os.kill(json.load(file)["pid"], signal.SIGKILL)
        out, err = process.communicate(timeout=240)
        self.assertEqual(process.returncode, FAILED, err)
        self.assertIn(MEMBERS[0] + ": its process was ended by signal 9 (Killed)", err)
        self.assertEqual(out.count("finished   "), 3, out)
        why = "its process was ended by signal 9 (Killed)"
        self.assertRegex(out, MEMBERS[0] + r" +failed .*\n    " + re.escape(why) + "\n")
        # It is remembered until the run goes on.
        row = self.collected("killed.csv")[0]
        self.assertEqual((row["state"], row["reason"]), ("failed", why))
        if numpy is not None:
            self.collect("killed.npz")
            with numpy.load(self.path("killed.npz")) as arrays:
                self.assertEqual(list(arrays["state"]), ["failed"] + ["finished"] * 3)
                self.assertEqual(list(arrays["reason"]), [why, "", "", ""])
        self.go_on()
        row = self.collected("finished.csv")[0]
        self.assertEqual((row["state"], row["reason"]), ("finished", ""))
        self.assertEqual(os.listdir(self.path("out", "problems")), [])

    def collect(self, name):
        self.expect(DONE, "sweep", self.path("study.json"), "--out", self.path("out"), "--collect",
                    self.path(name))

    def collected(self, name):
        self.collect(name)
        with open(self.path(name), encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def test_a_parent_that_ignores_the_end_of_children(self):
        done = ctl.run("sweep", self.study_file("/training/steps=5"), "--out", self.path("out"),
                       before=lambda: signal.signal(signal.SIGCHLD, signal.SIG_IGN))
        self.assertEqual(done.returncode, DONE, done.stderr)

    def test_two_sweeps_of_one_folder(self):
        process = ctl.start("sweep", self.long_study(), "--out", self.path("out"),
                            "--jobs", "1")
        self.wait_for_checkpoint(self.path("out", MEMBERS[0]))
        done = self.expect(BAD_INPUT, "sweep", self.path("study.json"), "--out", self.path("out"))
        self.assertIn("pid %d" % process.pid, done.stderr)
        process.terminate()
        process.communicate(timeout=120)


class Failing(ControlTest):
    def test_one_member_does_not_stop_the_rest(self):
        file = self.study_file("/training/optimizer=sgd", "/training/clip_norm=null",
                               "/model/norm=none", seeds=None,
                               axes=[{"pointer": "/training/learning_rate",
                                      "values": [0.001, 1000, 0.002]}])
        out = self.path("out")
        done = self.expect(FAILED, "sweep", file, "--out", out, "--jobs", "1")
        failed = "02_learning_rate-1000"
        self.assertRegex(done.stderr, failed + r": failed: .*became (NaN|infinite) at step \d+")
        self.assertRegex(done.stdout,
                         failed + r" +failed .*\n    .*became (NaN|infinite) at step \d+.*\n")
        self.expect(DONE, "sweep", file, "--out", out, "--collect", self.path("all.csv"))
        with open(self.path("all.csv"), encoding="utf-8", newline="") as table:
            row = list(csv.DictReader(table))[1]
        self.assertEqual(row["state"], "failed")
        self.assertRegex(row["reason"], r"became (NaN|infinite) at step \d+")
        self.assertFalse(os.path.exists(os.path.join(out, "problems")))  # the run itself says it
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


class Collected(ControlTest):
    def sweep(self):
        study = self.study_file()
        self.expect(DONE, "sweep", study, "--out", self.path("out"), "--jobs", "2")
        return study

    def collect(self, study, name, code=DONE):
        path = self.path(name)
        self.expect(code, "sweep", study, "--out", self.path("out"), "--collect", path)
        return path

    def test_csv_has_the_last_numbers(self):
        study = self.sweep()
        with open(self.collect(study, "all.csv"), encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        self.assertEqual([row["run"] for row in rows], MEMBERS)
        self.assertEqual([row["d_mlp"] for row in rows], ["16", "16", "32", "32"])
        self.assertEqual([row["seed"] for row in rows], ["1", "2", "1", "2"])
        for row in rows:
            run = self.path("out", row["run"])
            evaluated = self.expect_json("eval", run)
            self.assertEqual(float(row["test_accuracy"]), evaluated["test_accuracy"])
            self.assertEqual(float(row["test_loss"]), evaluated["test_loss"])
            for group in evaluated["groups"]:
                self.assertEqual(float(row["accuracy " + group["name"]]), group["accuracy"])
            for head in self.expect_json("score", run)["heads"]:
                name = f"{head['layer']}.{head['head']}"
                self.assertAlmostEqual(float(row[name + " shift"]), head["shift"]["lift"])
                self.assertAlmostEqual(float(row[name + " broadcast"]), head["broadcast"]["lift"])
                since = head["shift"]["emergence_step"]
                self.assertEqual(row[name + " shift since step"],
                                 "" if since is None else str(since))
                parts = {column: float(cell or "nan") for column, cell in row.items()
                         if column.startswith(name) and column != name + " label"}
                self.assert_parts(lambda part: parts[f"{name} {part.replace('_', ' ')}"], head)
                self.assertEqual(row[name + " to all later"], str(int(head["to_all_later"])))
            self.assertEqual((row["state"], row["step"]), ("finished", "120"))
            loss, norm, rate = ctl.rows(run, "SELECT loss, grad_norm, learning_rate FROM steps "
                                             "ORDER BY step DESC LIMIT 1")[0]
            self.assertEqual(float(row["training_loss"]), loss)
            self.assertEqual(float(row["training_grad_norm"]), norm)
            self.assertEqual(float(row["training_learning_rate"]), rate)

    def assert_parts(self, part, head):
        """What `score` prints of a head; part(NAME) is the same in a table, NaN for what is not
        there."""
        shift, broadcast = head["shift"], head["broadcast"]
        expected = {"shift_lag": shift["lag"], "shift_consistency": shift["consistency"],
                    "broadcast_mass": broadcast["mass"], "broadcast_chance": broadcast["chance"],
                    "broadcast_coverage": broadcast["coverage"],
                    "broadcast_tracking": broadcast["tracking"]}
        later = broadcast["later"] or {}
        for name in ("mass", "chance", "coverage", "tracking"):
            expected["broadcast_later_" + name] = later.get(name)
        expected["broadcast_later"] = later.get("lift")
        for name, score in (("shift_row", shift["row"]), ("shift_all_rows", shift["all_rows"]),
                            ("self", head["self"]), ("sink", head["sink"]),
                            ("previous", head["previous"]), ("induction", head["induction"]),
                            ("duplicate", head["duplicate"])):
            for value in ("mass", "chance"):
                expected[f"{name}_{value}"] = (score or {}).get(value)
            expected[name] = (score or {}).get("lift")
        for name, value in expected.items():
            if value is None:
                self.assertNotEqual(part(name), part(name), name)  # NaN
            else:
                self.assertAlmostEqual(part(name), value, msg=name)

    @unittest.skipIf(numpy is None, "NumPy is not installed")
    def test_npz_has_every_evaluation_and_frame(self):
        with numpy.load(self.collect(self.sweep(), "all.npz")) as arrays:
            self.assertEqual(list(arrays["run"]), MEMBERS)
            self.assertEqual(list(arrays["axis_d_mlp"]), ["16", "16", "32", "32"])
            steps = arrays["evaluation_step"]
            self.assertEqual(list(steps[0]), [0, 20, 40, 60, 80, 100, 120])
            self.assertEqual(arrays["test_accuracy"].shape, steps.shape)
            self.assertEqual(arrays["group_loss"].shape, (*steps.shape, len(arrays["group"])))
            self.assertEqual(arrays["shift"].shape[0], 4)
            self.assertEqual(arrays["shift"].shape[1], arrays["frame_step"].shape[1])
            self.assertEqual(arrays["shift"].shape[2:], (2, 1))
            self.assertEqual(arrays["shift_since_step"].shape, (4, 2, 1))
            evaluated = self.expect_json("eval", self.path("out", MEMBERS[2]))
            self.assertEqual(arrays["test_loss"][2, -1], evaluated["test_loss"])
            self.assertEqual(list(arrays["reason"]), [""] * 4)
            for head in self.expect_json("score", self.path("out", MEMBERS[2]))["heads"]:
                place = (2, -1, head["layer"], head["head"])
                self.assert_parts(lambda part: float(arrays[part][place]), head)
                self.assertEqual(arrays["label"][place], head["label"] or "")
                self.assertEqual(arrays["label_state"][place], head["state"] or "")
                self.assertEqual(arrays["to_all_later"][place], int(head["to_all_later"]))

    @unittest.skipIf(numpy is None, "NumPy is not installed")
    def test_npz_has_every_step(self):
        study = self.study_file("/training/steps=20", seeds=None,
                                axes=[{"pointer": "/training/steps", "values": [20, 30]}])
        self.expect(DONE, "sweep", study, "--out", self.path("out"), "--jobs", "2")
        with numpy.load(self.collect(study, "all.npz")) as arrays:
            self.assertEqual(list(arrays["training_step"][0]), [*range(1, 21), *[-1] * 10])
            self.assertEqual(list(arrays["training_step"][1]), list(range(1, 31)))
            for name, column in (("training_loss", "loss"), ("training_grad_norm", "grad_norm"),
                                 ("training_learning_rate", "learning_rate")):
                self.assertTrue(numpy.isnan(arrays[name][0, 20:]).all())
                for i, run in enumerate(["01_steps-20", "02_steps-30"]):
                    recorded = [value for (value,) in
                                ctl.rows(self.path("out", run),
                                         f"SELECT {column} FROM steps ORDER BY step")]
                    numpy.testing.assert_allclose(arrays[name][i, :len(recorded)], recorded,
                                                  rtol=1e-6)

    def test_what_is_not_there_yet_is_empty(self):
        study = self.sweep()
        shutil.rmtree(self.path("out", MEMBERS[1]))
        with open(self.collect(study, "all.csv"), encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        self.assertEqual((rows[1]["state"], rows[1]["test_accuracy"]), ("not started", ""))
        self.assertNotEqual(rows[2]["test_accuracy"], "")

    def test_nothing_is_overwritten_or_guessed(self):
        study = self.sweep()
        self.collect(study, "all.csv")
        self.collect(study, "all.csv", BAD_INPUT)
        self.collect(study, "all.xlsx", BAD_INPUT)
        self.expect(BAD_INPUT, "sweep", study, "--out", self.path("elsewhere"), "--collect",
                    self.path("none.csv"))
        self.assertFalse(os.path.exists(self.path("elsewhere")))


class Pinned(ControlTest):
    @unittest.skipIf(len(os.sched_getaffinity(0)) < 2, "there is one core only")
    def test_each_process_has_a_core(self):
        two = sorted(os.sched_getaffinity(0))[:2]
        sweep = ctl.start("sweep", self.study_file("/training/steps=100000"), "--out",
                          self.path("out"), "--jobs", "2",
                          preexec_fn=lambda: os.sched_setaffinity(0, two))
        try:
            self.wait_for_checkpoint(self.path("out", MEMBERS[0]))
            self.wait_for_checkpoint(self.path("out", MEMBERS[1]))
            with open(f"/proc/{sweep.pid}/task/{sweep.pid}/children", encoding="ascii") as file:
                children = [int(pid) for pid in file.read().split()]
            self.assertEqual(len(children), 2)
            cores = [os.sched_getaffinity(pid) for pid in children]
            self.assertEqual([len(core) for core in cores], [1, 1])
            self.assertNotEqual(cores[0], cores[1])
        finally:
            sweep.send_signal(signal.SIGTERM)
            sweep.communicate(timeout=120)


if __name__ == "__main__":
    unittest.main()
