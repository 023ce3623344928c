# SPDX-License-Identifier: GPL-3.0-or-later
"""train, resume, fork, eval, score and export with the real engine."""

import json
import os
import pty
import shutil
import signal
import sqlite3
import subprocess
import time
import unittest

import ctl
from ctl import BAD_INPUT, DONE, FAILED, INTERRUPTED, ControlTest


class Train(ControlTest):
    def test_a_run_and_what_is_asked_of_it(self):
        run = self.path("run")
        result = self.expect_json("train", self.tiny_file(), "--out", run)
        self.assertEqual((result["state"], result["step"]), ("finished", 120))
        self.assertEqual(result["run"], run)
        self.assertEqual(ctl.checkpoint_steps(run), [0, 40, 80, 120])
        with open(os.path.join(run, "experiment.json"), encoding="utf-8") as file:
            experiment = json.load(file)
        self.assertEqual(experiment["training"]["device"], "cpu")

        metrics = self.expect_json("eval", run)
        self.assertEqual(metrics["step"], 120)
        for key in ["train_accuracy", "test_accuracy", "groups"]:
            self.assertEqual(metrics[key], result[key])
        splits = {}
        for group in metrics["groups"]:
            self.assertEqual(list(group), ["name", "split", "n", "accuracy", "loss"])
            splits[group["split"]] = splits.get(group["split"], 0) + group["n"]
        self.assertEqual(splits, {"train": 200, "test": 40})
        self.assertIn("test accuracy", self.expect(DONE, "eval", run).stdout)

        self.check_scores(run)
        self.check_steps(run)
        self.check_export(run)
        self.check_provenance(run)

    def check_scores(self, run):
        scores = self.expect_json("score", run)
        self.assertEqual(scores["step"], 120)
        self.assertEqual([(head["layer"], head["head"]) for head in scores["heads"]],
                         [(0, 0), (1, 0)])
        for head in scores["heads"]:
            self.assertIn(head["label"], ["shift", "broadcast", "self", "sink", "induction",
                                          "duplicate", None])
            self.assertIn(head["state"], ["entered", "forming", None])
            self.assertIsInstance(head["labels"], list)
            self.assertLessEqual(head["shift"]["lift"], 1)
            self.assertEqual(head["shift"]["row"]["reader"], "key:x")
            self.assertEqual(head["shift"]["row"]["source"], "anchor:3")
            self.assertIn(head["broadcast"]["source"], ["key:x", "anchor:3"])
        table = self.expect(DONE, "score", run).stdout
        self.assertIn("0.0 ", table)
        self.assertIn("1.0 ", table)

    def check_steps(self, run):
        self.assertEqual(self.expect_json("eval", run, "--at", "33")["step"], 33)
        done = self.expect(BAD_INPUT, "eval", run, "--at", "121")
        self.assertIn("its steps are 0 to 120", done.stderr)
        # What was recorded on the way is what is computed afterwards.
        for step, accuracy in ctl.rows(
                run, "SELECT step, test_accuracy FROM evaluations ORDER BY step"):
            self.assertEqual(self.expect_json("eval", run, "--at", step)["test_accuracy"], accuracy)

    def check_export(self, run):
        weights = self.path("w.safetensors")
        self.expect(DONE, "export", run, "--weights", weights)
        metadata, tensors = ctl.read_safetensors(weights)
        self.assertEqual(metadata["step"], "120")
        self.assertEqual(json.loads(metadata["experiment"])["name"], "tiny")
        last = ctl.last_weights(run)
        self.assertTrue(tensors)
        for name, tensor in tensors.items():
            self.assertFalse(name.startswith("optimizer."))
            self.assertEqual(tensor, last[name])
        before = os.stat(weights).st_mtime_ns
        done = self.expect(BAD_INPUT, "export", run, "--weights", weights)
        self.assertIn("exists already", done.stderr)
        self.assertEqual(os.stat(weights).st_mtime_ns, before)
        self.expect(FAILED, "export", run, "--weights", self.path("no", "folder.safetensors"))

    def check_provenance(self, run):
        keys = dict(ctl.rows(run, "SELECT key, value FROM provenance"))
        for key in ["version", "commit", "torch_version", "cpu", "device", "kernel", "precision",
                    "threads", "training_seed", "created"]:
            self.assertTrue(keys.get(key), key)

    def test_same_seed_same_bits(self):
        path = self.tiny_file()
        for run, seed in [("a", 1), ("b", 1), ("c", 2)]:
            self.expect(DONE, "train", path, "--out", self.path(run), "--set",
                        f"/training/seed={seed}", "--threads", "1")
        a, b, c = (ctl.last_weights(self.path(run)) for run in "abc")
        self.assertEqual(a, b)
        self.assertNotEqual(a, c)

    def test_finished_run_is_left_alone(self):
        run = self.path("run")
        result = self.expect_json("train", self.tiny_file(), "--out", run)
        files = self.listing(run)
        again = self.expect_json("resume", run)
        self.assertEqual(again, result)
        done = self.expect(DONE, "resume", run)
        self.assertIn("finished at step 120 already", done.stderr)
        done = self.expect(BAD_INPUT, "train", self.tiny_file(), "--out", run)
        self.assertIn(f"{run}: is a run already; resume goes on with it", done.stderr)
        self.assertEqual(self.listing(run), files)

    def listing(self, folder):
        return sorted((root, name, os.path.getsize(os.path.join(root, name)))
                      for root, _, names in os.walk(folder) for name in names)

    def test_a_run_that_only_began_is_begun_again(self):
        whole = self.path("whole")
        self.expect(DONE, "train", self.tiny_file(), "--out", whole)
        # Killed before the database was there, while it was made, and before its first table.
        for name, database in [("none", None), ("empty", b""), ("no-tables", "wal")]:
            run = self.path(name)
            os.mkdir(run)
            shutil.copy(os.path.join(whole, "experiment.json"), run)
            if database == "wal":
                connection = sqlite3.connect(os.path.join(run, "run.sqlite"))
                connection.execute("PRAGMA journal_mode=WAL")
                connection.close()
            elif database is not None:
                with open(os.path.join(run, "run.sqlite"), "wb") as file:
                    file.write(database)
            self.expect(DONE, "resume", run)
            self.assertEqual(ctl.last_weights(run), ctl.last_weights(whole), name)

    def test_more_steps(self):
        path = self.tiny_file()
        self.expect(DONE, "train", path, "--out", self.path("long"), "--set", "/training/steps=150")
        self.expect(DONE, "train", path, "--out", self.path("run"))
        result = self.expect_json("resume", self.path("run"), "--more-steps", "30")
        self.assertEqual((result["state"], result["step"]), ("finished", 150))
        self.assertEqual(ctl.last_weights(self.path("run")), ctl.last_weights(self.path("long")))

    def test_fork(self):
        run = self.path("run")
        self.expect(DONE, "train", self.tiny_file(), "--out", run)
        result = self.expect_json("fork", run, "--at", "70", "--out", self.path("same"))
        self.assertEqual(result["step"], 120)
        self.assertEqual(ctl.last_weights(self.path("same")), ctl.last_weights(run))
        self.assertEqual(ctl.checkpoint_steps(self.path("same")), [70, 80, 120])
        self.expect(DONE, "fork", run, "--at", "80", "--out", self.path("other"),
                    "--set", "/training/learning_rate=0.01")
        self.assertNotEqual(ctl.last_weights(self.path("other")), ctl.last_weights(run))
        done = self.expect(BAD_INPUT, "fork", run, "--at", "80", "--out", self.path("wide"),
                           "--set", "/model/d_mlp=64")
        self.assertIn("does not fit", done.stderr)
        self.expect(BAD_INPUT, "fork", run, "--at", "80", "--out", self.path("other"))
        done = self.expect(BAD_INPUT, "fork", run, "--at", "120", "--out", self.path("late"))
        self.assertIn("/training/steps", done.stderr)
        done = self.expect(BAD_INPUT, "fork", run, "--at", "5000", "--out", self.path("never"))
        self.assertEqual(done.stderr, f"{run}: has no step 5000; its steps are 0 to 120.\n")
        for name in ["wide", "late", "never"]:
            self.assertFalse(os.path.exists(self.path(name)))

    def test_a_fork_with_another_seed_draws_anew(self):
        run = self.path("run")
        for mode, seed in (("fixed", "/training/seed"), ("streaming", "/data/seed")):
            shutil.rmtree(run, ignore_errors=True)
            self.expect(DONE, "train", self.tiny_file(f"/data/mode={mode}"), "--out", run)
            forks = {}
            for name, value in (("same", 1), ("seven", 7), ("broken", 7)):
                forks[name] = self.path(name)
                shutil.rmtree(forks[name], ignore_errors=True)
                more = ["--set", "/training/steps=80"] if name == "broken" else []
                self.expect(DONE, "fork", run, "--at", "70", "--out", forks[name], "--set",
                            f"{seed}={value}", *more)
            self.expect(DONE, "resume", forks["broken"], "--more-steps", "40")
            weights = {name: ctl.last_weights(folder) for name, folder in forks.items()}
            self.assertEqual(weights["same"], ctl.last_weights(run))
            self.assertNotEqual(weights["seven"], weights["same"])
            self.assertEqual(weights["broken"], weights["seven"])
            (text,) = ctl.rows(forks["seven"], "SELECT text FROM events WHERE kind = 'fork'")[0]
            self.assertIn("another", text)

    def test_a_fork_with_another_optimiser_begins_without_moments(self):
        self.expect(DONE, "train", self.tiny_file(), "--out", self.path("run"))
        last = "run"
        for name, optimizer, said in (("sgd", "sgd", "the parent's moments are left behind"),
                                      ("adamw", "adamw", "its moments begin at 0")):
            done = self.expect(DONE, "fork", self.path(last), "--at", "80", "--out",
                               self.path(name), "--set", f"/training/optimizer={optimizer}",
                               "--json")
            self.assertEqual(json.loads(done.stdout)["step"], 120)
            (text,) = ctl.rows(self.path(name), "SELECT text FROM events WHERE kind = 'fork'")[0]
            self.assertIn(said, text)
            last = name
        self.expect(DONE, "fork", self.path("run"), "--at", "80", "--out", self.path("adam"),
                    "--set", "/training/optimizer=adam")
        (text,) = ctl.rows(self.path("adam"), "SELECT text FROM events WHERE kind = 'fork'")[0]
        self.assertNotIn("left behind", text)

    def test_divergence(self):
        run = self.path("run")
        done = self.expect(
            FAILED, "train", self.tiny_file("/training/learning_rate=1000",
                                            "/training/optimizer=sgd", "/training/clip_norm=null",
                                            "/model/norm=none", "/record/checkpoint_seconds=3600"),
            "--out", run, "--json")
        result = json.loads(done.stdout)
        self.assertEqual(result["state"], "failed")
        self.assertRegex(result["reason"], r"became (NaN|infinite) at step \d+")
        self.assertIn(result["reason"], done.stderr)
        # The last good weights are kept and finite.
        self.assertEqual(ctl.checkpoint_steps(run)[-1], result["step"])
        self.assertEqual(self.expect_json("eval", run)["step"], result["step"])

    def test_cuda_that_is_not_there(self):
        done = ctl.run("train", self.tiny_file(), "--out", self.path("run"), "--device", "cuda")
        if done.returncode == DONE:
            self.skipTest("there is an NVIDIA GPU here")
        self.assertEqual(done.returncode, BAD_INPUT, done.stderr)
        self.assertRegex(done.stderr, r"/training/device: .*NVIDIA")
        self.assertFalse(os.path.exists(self.path("run")))

    def test_bfloat16(self):
        # The file is right on every machine; training needs the instructions.
        file = self.tiny_file("/training/precision=bfloat16", "/training/steps=20")
        self.expect(DONE, "check", file)
        run = self.path("run")
        done = ctl.run("train", file, "--out", run)
        if done.returncode != DONE:
            self.assertEqual(done.returncode, BAD_INPUT, done.stderr)
            self.assertRegex(done.stderr, r"/training/precision: .*AVX512_BF16.*expected .float32.")
            self.assertFalse(os.path.exists(run))
            bench = self.expect(BAD_INPUT, "bench", "--precision", "bfloat16")
            self.assertRegex(bench.stderr, r"/training/precision: .*AVX512_BF16")
            self.skipTest("no bfloat16 instructions: " + done.stderr.strip())
        self.assertEqual(dict(ctl.rows(run, "SELECT key, value FROM provenance"))["precision"],
                         "bfloat16")
        self.expect(DONE, "resume", run, "--more-steps", "5")
        bench = self.expect_json("bench", "--precision", "bfloat16", "--seconds", "0.1")
        self.assertEqual((bench["precision"], bench["same_bits"]), ("bfloat16", True))

    def test_tf32(self):
        self.expect(BAD_INPUT, "check", self.tiny_file("/training/precision=tf32"))
        file = self.tiny_file("/training/precision=tf32", "/training/device=auto",
                              "/training/steps=20")
        self.expect(DONE, "check", file)
        run = self.path("run")
        done = ctl.run("train", file, "--out", run)
        if done.returncode != DONE:
            self.assertEqual(done.returncode, BAD_INPUT, done.stderr)
            self.assertRegex(done.stderr, r"/training/precision: .*capability .*expected .float32.")
            self.assertFalse(os.path.exists(run))
            bench = self.expect(BAD_INPUT, "bench", "--precision", "tf32")
            self.assertRegex(bench.stderr, r"/training/precision: .*capability 8\.0")
            self.skipTest("no GPU that has TF32: " + done.stderr.strip())
        self.assertEqual(dict(ctl.rows(run, "SELECT key, value FROM provenance"))["precision"],
                         "tf32")
        bench = self.expect_json("bench", "--precision", "tf32", "--seconds", "0.1")
        self.assertEqual((bench["precision"], bench["same_bits"]), ("tf32", True))

    def test_models_without_heads(self):
        for kind in ["lstm", "mlp"]:
            run = self.path(kind)
            self.expect(DONE, "train", self.tiny_file(f"/model/kind={kind}", "/training/steps=20"),
                        "--out", run)
            self.assertEqual(self.expect_json("score", run), {"step": 20, "heads": []})
            self.assertIn("no attention heads", self.expect(DONE, "score", run).stdout)

    def test_a_second_writer(self):
        run = self.path("run")
        first = ctl.start("train", self.tiny_file("/training/steps=1000000"), "--out", run)
        try:
            self.wait_for_step(run, 1, first)
            done = self.expect(BAD_INPUT, "resume", run)
            self.assertIn(f"pid {first.pid}", done.stderr)
            # Readers are welcome.
            self.assertGreaterEqual(self.expect_json("eval", run, "--at", "0")["step"], 0)
        finally:
            first.send_signal(signal.SIGTERM)
            first.communicate(timeout=60)
        self.assertEqual(first.returncode, INTERRUPTED)

    def wait_for_step(self, run, step, process):
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            self.assertIsNone(process.poll(), "anchorctl ended by itself")
            if os.path.exists(os.path.join(run, "run.sqlite")):
                try:
                    if ctl.rows(run, "SELECT step FROM status")[0][0] >= step:
                        return
                except (ctl.sqlite3.Error, IndexError):
                    pass
            time.sleep(0.05)
        self.fail(f"step {step} did not come in a minute")


class Progress(ControlTest):
    def test_plain_lines(self):
        done = self.expect(DONE, "train", self.tiny_file(), "--out", self.path("run"))
        self.assertNotIn("\r", done.stderr)
        self.assertRegex(done.stderr, r"step 120 / 120  loss \d+\.\d+  train 0\.\d+  test 0\.\d+")
        self.assertIn("test accuracy", done.stdout)

    def test_json_is_all_there_is_on_standard_output(self):
        done = self.expect(DONE, "train", self.tiny_file(), "--out", self.path("run"), "--json")
        json.loads(done.stdout)
        self.assertEqual(done.stdout.count("\n"), 1)

    def test_bar_on_a_terminal(self):
        master, slave = pty.openpty()
        process = subprocess.Popen(
            [ctl.PROGRAM, "train", self.tiny_file(), "--out", self.path("run")],
            stdout=subprocess.DEVNULL, stderr=slave)
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
        self.assertIn(b"\r", text)
        self.assertIn(b"[########################] 120 / 120", text)
        self.assertIn(b"steps/s", text)
        for line in text.replace(b"\x1b[K", b"").replace(b"\n", b"\r").split(b"\r"):
            self.assertLess(len(line), 80)


class Signals(ControlTest):
    def interrupted(self, signal_number, run, delay):
        process = ctl.start("train", self.path("identity.json"), "--out", run)
        deadline = time.monotonic() + 60
        while not ctl.checkpoint_steps(run) and time.monotonic() < deadline:
            time.sleep(0.01)
        time.sleep(delay)
        process.send_signal(signal_number)
        out, err = process.communicate(timeout=60)
        self.assertEqual(process.returncode, INTERRUPTED, err)
        self.assertIn("Go on with:\n  anchorctl resume " + run, err)
        self.assertIn("test accuracy", out)

    def test_saved_and_gone_on_with(self):
        path = self.tiny_file("/training/steps=8000")
        self.expect(DONE, "train", path, "--out", self.path("unbroken"))
        expected = ctl.last_weights(self.path("unbroken"))
        for number, delay in [(signal.SIGINT, 0.2), (signal.SIGTERM, 0.0), (signal.SIGHUP, 0.1)]:
            run = self.path(f"run{number}")
            self.interrupted(number, run, delay)
            state, step = ctl.rows(run, "SELECT state, step FROM status")[0]
            self.assertEqual(state, "stopped")
            self.assertEqual(ctl.checkpoint_steps(run)[-1], step)
            self.assertLess(step, 8000)
            result = self.expect_json("resume", run)
            self.assertEqual((result["state"], result["step"]), ("finished", 8000))
            self.assertEqual(ctl.last_weights(run), expected)

    def test_before_the_first_step(self):
        path = self.tiny_file()
        process = ctl.start("train", path, "--out", self.path("run"))
        time.sleep(0.02)  # the engine is being loaded
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=60)
        self.assertIn(process.returncode, [INTERRUPTED, -signal.SIGTERM])
        if process.returncode == INTERRUPTED:
            self.assertEqual(self.expect_json("resume", self.path("run"))["step"], 120)


if __name__ == "__main__":
    unittest.main()
