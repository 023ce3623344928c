# SPDX-License-Identifier: GPL-3.0-or-later
"""Studies before they are trained, and what their folders and tables hold at odd input."""

import csv
import os
import shutil
import signal
import unittest

import ctl
from ctl import BAD_INPUT, DONE, FAILED, INTERRUPTED, ControlTest

NO_ENGINE = {"ANCHORLENS_ENGINE": "/nowhere/engine.so"}


class Checked(ControlTest):
    def test_every_shipped_study_is_right(self):
        for name in self.expect_json("studies"):
            path = self.path(name + ".json")
            with open(path, "w", encoding="utf-8") as file:
                file.write(self.expect(DONE, "studies", name).stdout)
            self.assertEqual(self.expect_json("check", path), {"ok": True, "errors": []})

    def test_what_will_be_trained(self):
        study = self.study_file(axes=[
            {"pointer": "/model/d_mlp", "values": list(range(16, 28))},
            {"pointer": "/training/optimizer", "values": ["adamw", "sgd"]}])
        said = self.expect(DONE, "check", study, environment=NO_ENGINE).stdout
        self.assertTrue(said.startswith(f"{study}: ok\n  study       widths\n  runs        48\n"),
                        said)
        self.assertIn("  varies      /model/d_mlp: 16, 17, 18, 19, 20, 21, 22, 23, 24, 25 and 2 "
                      "more\n  varies      /training/optimizer: adamw, sgd\n  seeds       1, 2\n"
                      "  training    5 760 steps in all runs together\n", said)
        shorter = self.expect(DONE, "check", study, "--set", "/training/steps=20").stdout
        self.assertIn("  training    960 steps in all runs together\n", shorter)

    def test_what_is_wrong(self):
        study = self.study_file(axes=[{"pointer": "/model/d_mlp", "values": [16, 0]}])
        (error,) = self.expect_json("check", study, code=BAD_INPUT)["errors"]
        self.assertEqual(error["pointer"], "/axes/0/values/1")
        self.assertIn("run 3 (d_mlp 0): /model/d_mlp: expected an integer from 1",
                      error["message"])
        done = self.expect(BAD_INPUT, "check", self.study_file(), "--set", "/model/d_mlp=64")
        self.assertIn("--set: /model/d_mlp: the study varies /model/d_mlp; expected a field",
                      done.stderr)
        self.assertEqual(done.stdout, "")

    def test_the_name_of_a_study_instead_of_its_file(self):
        hint = ("components-fast: there is no such file, but a study of that name: anchorctl "
                "studies components-fast > components-fast.json\n")
        for words in (["check"], ["sweep", "--out", self.path("out")]):
            done = self.expect(BAD_INPUT, *words, "components-fast", cwd=self.folder)
            self.assertEqual(done.stderr, hint)


class Folders(ControlTest):
    def rows(self, study, name):
        path = self.path(name)
        self.expect(DONE, "sweep", study, "--out", self.path("out"), "--collect", path)
        with open(path, encoding="utf-8", newline="") as file:
            return list(csv.reader(file))

    def test_a_run_of_another_experiment_is_not_counted(self):
        study = self.study_file("/training/steps=20", seeds=None)
        out = self.path("out")
        self.expect(DONE, "sweep", study, "--out", out, "--jobs", "2")
        member = os.path.join(out, "02_d_mlp-32")
        shutil.rmtree(member)
        self.expect(DONE, "train", self.path("identity.json"), "--out", member, "--set",
                    "/model/d_mlp=64")
        why = ("the folder holds a run of another experiment: /model/d_mlp is 64, expected 32; "
               "moved away, it leaves room for the study's own")
        done = self.expect_json("sweep", study, "--out", out, code=FAILED)
        run = done["runs"][1]
        self.assertEqual((run["state"], run["reason"], run["step"], run["test_accuracy"]),
                         ("failed", why, 0, None))
        self.assertEqual(done["settings"][1]["finished"], 0)
        titles, first, second = self.rows(study, "another.csv")
        cells = dict(zip(titles, second))
        self.assertEqual((cells["state"], cells["reason"]), ("failed", why))
        self.assertEqual((cells["test_accuracy"], cells["training_loss"], cells["0.0 shift"]),
                         ("", "", ""))
        self.assertNotEqual(dict(zip(titles, first))["test_accuracy"], "")
        os.rename(member, self.path("aside"))
        done = self.expect_json("sweep", study, "--out", out)
        self.assertEqual([run["state"] for run in done["runs"]], ["finished"] * 2)

    def test_why_a_run_could_not_be_saved(self):
        study = self.study_file("/training/steps=100000", seeds=None)
        member = self.path("out", "01_d_mlp-16")
        process = ctl.start("sweep", study, "--out", self.path("out"), "--jobs", "1")
        self.wait_for_checkpoint(member)
        os.rename(member, self.path("aside"))
        process.send_signal(signal.SIGTERM)
        _, err = process.communicate(timeout=120)
        self.assertEqual(process.returncode, INTERRUPTED, err)
        self.assertRegex(err, r"01_d_mlp-16: failed: .*lock was removed; nothing more is written")
        self.assertNotIn("anchorctl resume", err)
        self.assertIn("Interrupted; 0 of 2 runs are finished, 1 failed, the others are saved. Go "
                      "on with:\n", err)

    def test_seeds_as_an_axis_have_one_column(self):
        study = self.study_file("/training/steps=20", seeds=None,
                                axes=[{"pointer": "/training/seed", "values": [3, 4]}])
        self.expect(DONE, "sweep", study, "--out", self.path("out"), "--jobs", "2")
        titles, *rows = self.rows(study, "seeds.csv")
        self.assertEqual(len(titles), len(set(titles)))
        self.assertEqual([dict(zip(titles, row))["seed"] for row in rows], ["3", "4"])
        self.assertEqual({len(row) for row in rows}, {len(titles)})


if __name__ == "__main__":
    unittest.main()
