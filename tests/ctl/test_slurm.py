# SPDX-License-Identifier: GPL-3.0-or-later
"""anchorctl sweep --slurm: against made programs of Slurm, and a real cluster of one node."""

import json
import os
import subprocess
import tempfile
import unittest

import ctl
import slurm_cluster
from ctl import BAD_INPUT, DONE, FAILED, MEMBERS, ControlTest


class Slurm(ControlTest):
    environment = {}

    def sweep(self, *arguments, code=DONE):
        return self.expect(code, "sweep", *arguments, environment=self.environment)

    def submit(self, *arguments):
        """The study once more; what is said of the submission."""
        return json.loads(self.sweep(self.path("study.json"), "--out", self.path("out"), "--slurm",
                                     *arguments, "--json").stdout)


class Made(Slurm):
    """Programs of Slurm that say what a test wants."""

    def setUp(self):
        super().setUp()
        os.mkdir(self.path("bin"))
        self.environment = {"PATH": self.path("bin") + ":/bin:/usr/bin"}
        self.make("sbatch", "cp \"$2\" %s; echo 101" % self.path("submitted.sh"))
        self.make("squeue", "")
        self.make("scontrol", "echo; echo 'MaxArraySize            = 1001'")
        self.make("sinfo", "")

    def make(self, name, body):
        path = self.path("bin", name)
        with open(path, "w", encoding="utf-8") as file:
            file.write("#!/bin/sh\n[ \"$1\" = --version ] && exit 0\n" + body + "\n")
        os.chmod(path, 0o755)

    def submitted(self):
        with open(self.path("submitted.sh"), encoding="utf-8") as file:
            return file.read()

    def refused(self, *arguments, code=BAD_INPUT):
        done = self.sweep(self.study_file(), "--out", self.path("out"), *arguments, code=code)
        self.assertEqual(done.stdout, "")
        return done.stderr


class Script(Made):
    def test_dry_run(self):
        script = self.sweep(
            self.study_file("/training/threads=2", name="wid\"ths"), "--out", self.path("o ut%"),
            "--slurm", "--dry-run", "--partition", "gpu", "--gres", "gpu:1", "--time", "2-12",
            "--mem", "4G", "--cpus-per-task", "8", "--per-task", "3", "--setup",
            "module load cuda", "--setup", "ulimit -n 4096", "--sbatch=--qos=long").stdout
        self.assertFalse(os.path.exists(self.path("o ut%")))
        self.assertFalse(os.path.exists(self.path("submitted.sh")))
        out = self.path("o ut%")
        self.assertEqual(script.splitlines(), [
            "#!/bin/bash -l",
            "#SBATCH --job-name=\"wid\\\"ths\"",
            "#SBATCH --array=1,4",
            f"#SBATCH --output=\"{out}%/slurm/%A_%a.log\"",
            "#SBATCH --open-mode=append",
            "#SBATCH --requeue",
            "#SBATCH --signal=B:TERM@120",
            "#SBATCH --nodes=1",
            "#SBATCH --ntasks=1",
            "#SBATCH --cpus-per-task=8",
            "#SBATCH --partition=gpu",
            "#SBATCH --time=2-12",
            "#SBATCH --gres=gpu:1",
            "#SBATCH --mem=4G",
            "#SBATCH --qos=long",
            "",
            "module load cuda",
            "ulimit -n 4096",
            "# The runs of each task of the array, by their numbers in the study.",
            "runs[1]=1-3",
            "runs[4]=4",
            "# In the shell's place, so that Slurm's signals reach it: SIGTERM saves.",
            f"exec {os.path.realpath(ctl.PROGRAM)} sweep '{out}/study.json' --out '{out}' \\",
            "  --member \"${runs[SLURM_ARRAY_TASK_ID]}\" --jobs 3 --shared"])
        self.assertEqual(subprocess.run(["bash", "-n"], input=script, text=True,
                                        check=False).returncode, 0)

    def test_dry_run_as_json(self):
        study = self.study_file()
        arguments = [study, "--out", self.path("out"), "--slurm", "--dry-run"]
        script = self.sweep(*arguments).stdout
        self.assertEqual(json.loads(self.sweep(*arguments, "--json").stdout),
                         {"script_text": script, "tasks": 4, "unsubmitted": 4})

    def test_a_fleet_is_of_one_task(self):
        arguments = [self.study_file(), "--out", self.path("out"), "--slurm", "--dry-run"]
        script = self.sweep(*arguments, "--fleet", "3").stdout
        self.assertIn("#SBATCH --array=1,4\n", script)
        self.assertIn("runs[1]=1-3\nruns[4]=4\n", script)
        self.assertTrue(script.endswith(" --jobs 1 --fleet 3 --shared\n"), script)
        script = self.sweep(*arguments, "--fleet", "3", "--per-task", "2").stdout
        self.assertIn("runs[1]=1-2\nruns[3]=3-4\n", script)
        self.assertTrue(script.endswith(" --jobs 1 --fleet 3 --shared\n"), script)
        self.assertNotIn("--fleet", self.sweep(*arguments).stdout)

    def test_cores_are_those_of_the_run_with_the_most_threads(self):
        study = self.study_file(axes=[{"pointer": "/training/threads", "values": [1, 3, 2]}])
        arguments = [study, "--out", self.path("out"), "--slurm", "--dry-run"]
        script = self.sweep(*arguments, "--per-task", "4").stdout
        self.assertIn("#SBATCH --cpus-per-task=3\n", script)
        self.assertTrue(script.endswith(" --jobs 1 --shared\n"), script)
        script = self.sweep(*arguments, "--per-task", "4", "--cpus-per-task", "6").stdout
        self.assertTrue(script.endswith(" --jobs 2 --shared\n"), script)
        done = self.sweep(*arguments, "--cpus-per-task", "2", code=BAD_INPUT)
        self.assertIn("--cpus-per-task: a run takes /training/threads = 3", done.stderr)

    def test_without_slurm_the_script_is_shown(self):
        self.environment = {"PATH": self.path()}
        script = self.sweep(self.study_file(), "--out", self.path("out"), "--slurm",
                            "--dry-run").stdout
        self.assertIn("#SBATCH --array=1-4\n", script)

    def test_more_runs_than_an_array_has_tasks(self):
        self.make("scontrol", "echo; echo 'MaxArraySize            = 4'")
        done = self.sweep(self.study_file(), "--out", self.path("out"), "--slurm")
        self.assertIn("A task trains 2 runs, one after another: an array of this cluster has at "
                      "most 3 tasks.\n", done.stderr)
        self.assertIn("#SBATCH --array=1-2\n", self.submitted())
        self.assertIn("runs[1]=1-2\nruns[2]=3-4\n", self.submitted())

    def test_the_queue_decides_what_is_submitted(self):
        self.study_file("/training/steps=20")
        done = self.submit()
        self.assertEqual(done, {"job": 101, "script": self.path("out/slurm/array_1.sh"), "tasks": 4,
                                "submitted": 4, "queued": 0, "held": 0, "finished": 0, "runs": 4})
        # Nobody else's job; two tasks that live, two that have ended; one run is finished.
        self.sweep(self.path("out/study.json"), "--out", self.path("out"), "--member", "4")
        self.make("squeue", "printf '%s\\n' '7 3 RUNNING' '101 1 PENDING' '101 2 COMPLETING' "
                            "'101 3 CANCELLED' '101 4 COMPLETED'")
        self.make("sbatch", "cp \"$2\" %s; echo warned >&2; echo '102;here'" %
                  self.path("submitted.sh"))
        again = self.submit()
        self.assertEqual((again["job"], again["submitted"], again["queued"], again["finished"]),
                         (102, 1, 2, 1))
        self.assertIn("#SBATCH --array=3\n", self.submitted())
        # All of them, and what Slurm has forgotten is not in the queue.
        self.make("squeue", "printf '%s\\n' '101 1 RUNNING' '101 2 RUNNING' '102 3 REQUEUED'")
        self.assertEqual((self.submit()["job"], self.submit()["queued"]), (None, 3))
        plain = self.sweep(self.path("study.json"), "--out", self.path("out"), "--slurm")
        self.assertEqual(plain.stdout,
                         "Nothing to submit: 1 of 4 runs are finished, 3 in the queue.\n")
        self.make("squeue", "echo slurm_load_jobs error: Invalid job id specified >&2; exit 1")
        self.assertEqual(self.submit()["submitted"], 3)
        self.make("squeue", "echo no answer >&2; exit 1")
        self.assertIn("squeue: no answer\n", self.refused_again(FAILED))

    def refused_again(self, code):
        return self.sweep(self.path("study.json"), "--out", self.path("out"), "--slurm",
                          code=code).stderr


class Refused(Made):
    def test_no_slurm(self):
        self.environment = {"PATH": self.path()}
        err = self.refused("--slurm")
        self.assertIn("sbatch: there is no such program here. --slurm submits through Slurm: call "
                      "this on a login node", err)
        self.assertFalse(os.path.exists(self.path("out")))

    def test_what_sbatch_says(self):
        self.make("sbatch", "echo 'sbatch: error: invalid partition specified: x' >&2; exit 1")
        err = self.refused("--slurm", "--partition", "x", code=FAILED)
        self.assertIn("sbatch: error: invalid partition specified: x\n", err)
        self.assertEqual(os.listdir(self.path("out", "slurm")), [])

    def test_options_that_do_not_go_together(self):
        err = self.refused("--slurm", "--jobs", "2", "--time", "0:04:00", "--collect", "x.csv",
                           "--setup", "a\nb", "--sbatch", "qos")
        self.assertIn("--jobs: says how many runs this machine trains at once; with --slurm", err)
        self.assertIn("--time: 0:04:00 is too short", err)
        self.assertIn("--collect: ", err)
        self.assertIn("--setup: expected one line", err)
        self.assertIn("--sbatch: expected an option of sbatch as in --sbatch=--qos=long, got", err)
        self.assertIn("--time: expected minutes, h:m:s", self.refused("--slurm", "--time", "1h"))
        self.assertIn("--partition requires --slurm", self.refused("--partition", "x"))
        err = self.refused("--slurm", "--cpus-per-task", "1", "--set", "/training/threads=2")
        self.assertIn("--cpus-per-task: a run takes /training/threads = 2", err)

    def test_a_folder_that_tasks_do_not_see(self):
        kind = subprocess.run(["stat", "-f", "-c", "%T", self.folder], capture_output=True,
                              text=True, check=False).stdout.strip()
        if kind in ("nfs", "v9fs", "fuseblk", "fuse"):
            self.skipTest(f"{self.folder} is on a network file system ({kind})")
        self.make("sinfo", "hostname -s; echo node7.cluster; echo node8")
        err = self.refused("--slurm")
        self.assertIn("is on a disk of this machine, and tasks on other nodes (node7, node8) could "
                      "not see it", err)
        self.sweep(self.path("study.json"), "--out", self.path("out"), "--slurm", "--shared")

    def test_members(self):
        err = self.refused("--member", "3-5")
        self.assertIn("--member: expected numbers from 1 to 4, as 3 or 1-4,7, got \"3-5\"", err)
        self.assertIn("holds no runs of this study", self.refused("--member", "3"))

    def test_a_damaged_note_of_jobs(self):
        self.study_file()
        self.submit()
        with open(self.path("out/slurm/jobs.json"), "w", encoding="utf-8") as file:
            file.write("{}")
        err = self.refused("--slurm", code=FAILED)
        self.assertIn("slurm/jobs.json: does not say which jobs were submitted", err)


@unittest.skipIf(slurm_cluster.why_not(), slurm_cluster.why_not())
class Real(Slurm):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="slurm-")
        cls.addClassCleanup(folder.cleanup)
        cls.cluster = slurm_cluster.Cluster(folder.name)
        cls.addClassCleanup(cls.cluster.stop)
        cls.cluster.start()
        cls.environment = cls.cluster.environment

    def logs(self, out):
        text = ""
        for name in sorted(os.listdir(self.path(out, "slurm"))):
            if name.endswith(".log"):
                with open(self.path(out, "slurm", name), encoding="utf-8") as file:
                    text += f"{name}:\n{file.read()}"
        return text

    def wait_for_first_checkpoints(self, *names):
        self.cluster.wait(lambda: all(max(ctl.checkpoint_steps(self.path("out", name)), default=0)
                                      for name in names), "the first checkpoints")

    def test_a_study_to_its_end(self):
        study = self.study_file(name="a \"study\" of 100% #1")
        out = self.path("o ut%A")
        first = self.sweep(study, "--out", out, "--slurm", "--setup", "echo set up").stdout
        self.assertRegex(first, r"^Submitted job \d+: 4 runs in 4 tasks; 0 of 4 runs are finished "
                                r"before\.\n")
        again = json.loads(self.sweep(study, "--out", out, "--slurm", "--json").stdout)
        self.assertEqual((again["job"], again["queued"] + again["finished"]), (None, 4))
        name = self.cluster.call("squeue", "--noheader", "--format=%j").splitlines()
        self.assertEqual(set(name), {"a \"study\" of 100% #1"})
        self.cluster.wait(lambda: not self.cluster.states(), "the queue is empty")
        done = json.loads(self.sweep(study, "--out", out, "--slurm", "--json").stdout)
        self.assertEqual([run["run"] for run in done["runs"]],
                         MEMBERS, self.logs("o ut%A"))
        self.assertEqual({run["state"] for run in done["runs"]}, {"finished"}, self.logs("o ut%A"))
        self.assertEqual(self.logs("o ut%A").count("set up\n"), 4)
        # Other hosts see copies: the writer kept its database to itself.
        self.assertTrue(os.path.exists(os.path.join(out, done["runs"][0]["run"],
                                                    "run.writer.sqlite")))
        table = self.sweep(study, "--out", out, "--slurm").stdout
        self.assertRegex(table, r"d_mlp 16 +2 of 2 +0\.\d{4} +0\.\d{4} +0\.\d{4}\n")
        self.assertEqual(sorted(os.listdir(os.path.join(out, "slurm")))[-2:],
                         ["array_1.sh", "jobs.json"])

    def test_what_sbatch_says(self):
        done = self.sweep(self.study_file(), "--out", self.path("out"), "--slurm", "--partition",
                          "nowhere", code=FAILED)
        self.assertIn("sbatch: error: invalid partition specified: nowhere", done.stderr)

    def test_preempted_and_told_to_save(self):
        """One task is preempted, one told to save as before its time limit: both go on, bit for
        bit, without another submission."""
        sparse = '{"every": 500, "per_decade": 0}'
        study = self.study_file(
            "/training/steps=12000", f"/record/evaluate={sparse}", f"/record/frames={sparse}",
            f"/record/checkpoints={sparse}", seeds=None)
        names = ["01_d_mlp-16", "02_d_mlp-32"]
        job = self.submit("--partition", "low")["job"]
        self.wait_for_first_checkpoints(*names)
        self.cluster.call("scancel", "--signal=TERM", "--batch", f"{job}_2")
        self.cluster.wait(lambda: self.cluster.states().get(f"{job}_2") == "PENDING",
                          "the task has requeued itself")
        self.cluster.call("sbatch", "--partition=high", "--cpus-per-task=2", "--wrap=true",
                          "--output=/dev/null")
        self.cluster.wait(lambda: self.cluster.states().get(f"{job}_1") == "PENDING",
                          "the task is preempted")
        self.expect(DONE, "sweep", study, "--out", self.path("unbroken"), "--jobs", "2")
        self.cluster.wait(lambda: not self.cluster.states(), "the queue is empty")
        logs = self.logs("out")
        self.assertIn("DUE TO PREEMPTION", logs)
        self.assertEqual(logs.count("The task goes back into the queue."), 1, logs)
        self.assertEqual(logs.count("others are saved. Go on with:"), 2, logs)
        for name in names:
            kinds = [kind for kind, in ctl.rows(self.path("out", name), "SELECT kind FROM events")]
            self.assertEqual(kinds.count("resumed"), 1, kinds)
            self.assertEqual(ctl.last_weights(self.path("out", name)),
                             ctl.last_weights(self.path("unbroken", name)))
            for table in ("steps", "evaluations", "frames"):
                self.assertEqual(ctl.rows(self.path("out", name), f"SELECT * FROM {table}"),
                                 ctl.rows(self.path("unbroken", name), f"SELECT * FROM {table}"))
        self.assertEqual(self.submit().get("job"), None)


if __name__ == "__main__":
    unittest.main()
