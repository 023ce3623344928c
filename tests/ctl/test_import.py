# SPDX-License-Identifier: GPL-3.0-or-later
"""anchorctl import: runs of the paper's code, state dicts, and what is wrong with them."""

import json
import os
import pathlib
import shutil
import unittest

import ctl
import torch_python
from ctl import BAD_INPUT, DONE, FAILED, ControlTest
from test_weights import VARIANTS

DATA = pathlib.Path(__file__).resolve().parents[1] / "data" / "import"
SAVE = pathlib.Path(__file__).resolve().parent / "torch_save.py"


class Paper(ControlTest):
    def test_a_run_of_the_papers_code(self):
        run = self.path("run")
        told = self.expect_json("import", DATA / "paper", "--out", run)
        self.assertEqual((told["checkpoints"], told["step"], told["log_rows"]), (3, 12, 3))
        self.assertEqual(told["logged_test_accuracy"], 0.375)
        self.assertEqual(ctl.checkpoint_steps(run), [0, 4, 12])
        self.assertEqual(told["test_accuracy"], self.expect_json("eval", run)["test_accuracy"])
        self.check_rows(run)
        self.check_weights(run)
        self.assertEqual(len(self.expect_json("score", run, "--at", 4)["heads"]), 2)
        self.expect(DONE, "export", run, "--weights", self.path("w.safetensors"))

    def check_rows(self, run):
        self.assertEqual(ctl.rows(run, "SELECT state, step FROM status"), [("finished", 12)])
        self.assertEqual(ctl.rows(run, "SELECT step FROM frames"), [(0,), (4,), (12,)])
        self.assertEqual(ctl.rows(run, "SELECT step, loss, grad_norm FROM steps"),
                         [(4, 3.5, None), (8, 3.25, None), (12, 3.0, None)])
        # The log's totals; at step 8 it has losses alone.
        rows = ctl.rows(run, "SELECT step, epoch, test_accuracy, test_loss FROM evaluations")
        self.assertEqual(rows[1:], [(4, 1.0, 0.125, 3.75), (12, 3.0, 0.375, 3.25)])
        groups = ctl.rows(run, "SELECT step, count(*) FROM group_metrics GROUP BY step")
        self.assertEqual(groups, [(0, 2), (4, 2), (12, 2)])
        self.assertEqual(dict(ctl.rows(run, "SELECT key, value FROM provenance"))["foreign"],
                         str(DATA / "paper"))

    def check_weights(self, run):
        """The bytes of their storages are those of our tensors."""
        tensors = ctl.last_weights(run)
        self.assertEqual(tensors["layers.1.mlp.in.weight"][1], [8, 4])
        with open(DATA / "paper" / "model" / "model_2.pt", "rb") as file:
            theirs = file.read()
        for name, (_, _, data) in tensors.items():
            self.assertIn(data, theirs, name)

    def test_a_run_as_one_file(self):
        run, file, again = self.path("run"), self.path("run.anchorrun"), self.path("again")
        self.expect(DONE, "import", DATA / "paper", "--out", run)
        told = self.expect_json("pack", run, "--out", file)
        self.assertEqual(told["bytes"], os.path.getsize(file))
        self.assertIn("exists already", self.expect(BAD_INPUT, "pack", run, "--out", file).stderr)
        self.expect(DONE, "import", file, "--out", again)
        self.assertEqual(self.expect_json("eval", run), self.expect_json("eval", again))
        self.assertEqual(ctl.last_weights(run), ctl.last_weights(again))
        done = self.expect(BAD_INPUT, "import", file, "--out", again)
        self.assertIn("exists already", done.stderr)
        empty = self.path("empty")
        os.mkdir(empty)
        for option in [("--set", "/training/seed=3"), ("--experiment", "other.json")]:
            done = self.expect(BAD_INPUT, "import", file, "--out", empty, *option)
            self.assertEqual(done.stderr, f"{option[0]}: {file} is a packed run, which is unpacked "
                                          "as it is\n")
        self.expect(DONE, "import", file, "--out", empty)
        self.assertEqual(self.expect_json("eval", empty), self.expect_json("eval", again))

    def test_checkpoints_are_of_the_step_they_are_named_after(self):
        run = self.path("run")
        self.expect(DONE, "import", DATA / "paper", "--out", run)
        files = sorted((pathlib.Path(run) / "checkpoints").iterdir())
        among = files[0].with_name("step-000000099.safetensors")
        done = self.expect(BAD_INPUT, "export", run, "--weights", among)
        self.assertIn("lies among the checkpoints of a run", done.stderr)
        self.assertFalse(among.exists())
        files[-1].rename(among)
        for command in ["circuits", "eval"]:
            done = self.expect(FAILED if command == "circuits" else BAD_INPUT, command, run)
            self.assertIn("but its name says 99", done.stderr)

    def test_what_cannot_be_written_is_a_failure(self):
        run, file = self.path("run"), self.path("run.anchorrun")
        self.expect(DONE, "import", DATA / "paper", "--out", run)
        self.expect(DONE, "pack", run, "--out", file)
        for arguments in [("pack", run), ("import", file), ("import", DATA / "paper")]:
            out = os.path.join(file, "new")  # no folder to write in
            done = self.expect(FAILED, *arguments, "--out", out)
            self.assertTrue(done.stderr.startswith(f"{out}: "), done.stderr)
            self.assertNotIn(".tmp-", done.stderr)
        for folder in ["absent", self.path("absent"), self.folder]:
            done = self.expect(BAD_INPUT, "pack", folder, "--out", "new", cwd=self.folder)
            self.assertTrue(done.stderr.startswith(f"{folder}: "), done.stderr)

    def test_it_can_be_forked_and_not_continued(self):
        run = self.path("run")
        self.expect(DONE, "import", DATA / "paper", "--out", run)
        for more in [(), ("--more-steps", "5")]:
            done = self.expect(BAD_INPUT, "resume", run, *more)
            self.assertIn("No optimiser state: this run can be forked, not continued.", done.stderr)
        fork = self.path("fork")
        self.expect(DONE, "fork", run, "--at", 12, "--out", fork, "--set", "/training/epochs=5")
        self.assertEqual(ctl.checkpoint_steps(fork), [12, 20])
        (text,) = ctl.rows(fork, "SELECT text FROM events WHERE kind = 'fork'")[0]
        self.assertIn("the moments begin at 0", text)
        # No step is replayed: nobody knows the sequences that it was trained on.
        evaluated = self.expect(DONE, "eval", run, "--at", 7, "--json")
        self.assertEqual(json.loads(evaluated.stdout)["step"], 4)
        self.assertIn("this is step 4", evaluated.stderr)

    def copy(self):
        folder = self.path("theirs")
        shutil.copytree(DATA / "paper", folder)
        return folder

    def check_refused(self, source, *parts, more=()):
        out = self.path("refused")
        done = self.expect(BAD_INPUT, "import", source, "--out", out, *more)
        for part in parts:
            self.assertIn(part, done.stderr)
        left = [name for name in os.listdir(self.folder) if "refused" in name]
        self.assertEqual(left, [])

    def test_one_wrong_checkpoint_and_there_is_no_run(self):
        folder = self.copy()
        shutil.copy(DATA / "whole_module.pt", os.path.join(folder, "model", "model_2.pt"))
        self.check_refused(folder, "model_2.pt", "torch.nn.modules.linear.Linear", "nothing was executed")
        shutil.copy(DATA / "encoder_layer.pt", os.path.join(folder, "model", "model_2.pt"))
        self.check_refused(folder, "The tensor decoder.tgt_emb.weight is missing", "Nothing was loaded")

    def test_settings_that_are_not_the_weights(self):
        folder = self.copy()
        self.check_refused(folder, "The tensor decoder.tgt_emb.weight has shape 45 × 4, expected 45 × 8",
                           more=("--set", "/model/d_model=8"))
        path = os.path.join(folder, "config.json")
        with open(path, encoding="utf-8") as file:
            config = json.load(file)
        with open(path, "w", encoding="utf-8") as file:
            json.dump({**config, "target": "context2"}, file)
        self.check_refused(folder, "config.json: /target: \"context2\" is a task that is not known")
        task = self.preset_file("identity", ["/task/seq_len=5", "/task/d_vocab=45",
                                             "/task/noise=[[20, 36]]", "/task/keys={\"x\": [[20, 36]]}"])
        with open(task, encoding="utf-8") as file:
            experiment = json.load(file)
        experiment["task"]["held_out"][0]["modulus"] = 4
        with open(task, "w", encoding="utf-8") as file:
            json.dump(experiment, file)
        self.expect(DONE, "import", folder, "--out", self.path("run"), "--experiment", task)

    def test_a_damaged_log(self):
        folder = self.copy()
        with open(os.path.join(folder, "loss", "test_acc_his.npy"), "r+b") as file:
            file.truncate(130)
        self.check_refused(folder, "test_acc_his.npy", "its shape needs 16 bytes, but it has 2")

    def test_what_is_there_stays(self):
        run = self.path("run")
        self.expect(DONE, "import", DATA / "paper", "--out", run)
        done = self.expect(BAD_INPUT, "import", DATA / "paper", "--out", run)
        self.assertIn(f"{run}: is a run already", done.stderr)
        self.check_refused(run, "is a run of Anchorlens already")


class StateDicts(ControlTest):
    def train(self):
        run = self.path("trained")
        # Far enough that it answers most of the held-out sequences.
        ends = "{\"every\": null, \"per_decade\": 0}"
        self.expect(DONE, "train", self.preset_file("demo", [
            "/training/steps=400", "/training/device=cpu", "/training/learning_rate=0.001",
            *(f"/record/{what}={ends}" for what in ["evaluate", "frames", "checkpoints"])]),
            "--out", run)
        return run

    def test_what_was_exported_comes_back(self):
        run = self.path("pre")
        self.expect(DONE, "train", self.tiny_file("/model/norm=pre"), "--out", run)
        for names in ["native", "pytorch", "transformerlens"]:
            weights = self.path(f"{names}.safetensors")
            self.expect(DONE, "export", run, "--at", 40, "--weights", weights, "--names", names)
            back = self.path(names)
            self.assertEqual(self.expect_json("import", weights, "--out", back)["step"], 40)
            self.assertEqual(self.expect_json("eval", back)["test_accuracy"],
                             self.expect_json("eval", run, "--at", 40)["test_accuracy"])
            tensors = ctl.last_weights(back)
            original = ctl.read_safetensors(ctl.checkpoint_file(run, 40))[1]
            self.assertEqual(tensors, {name: original[name] for name in tensors})

    def test_what_the_model_lacks_is_not_missed(self):
        """TransformerLens' names have positions, projections and biases; ours may not."""
        for name, assignments, refusal in VARIANTS:
            if refusal:
                continue
            with self.subTest(name):
                run, weights, back = (self.path(f"{name} {what}") for what in
                                      ("run", "weights.safetensors", "back"))
                self.expect(DONE, "train", self.tiny_file("/training/steps=5", *assignments),
                            "--out", run)
                self.expect(DONE, "export", run, "--weights", weights, "--names", "transformerlens")
                self.expect(DONE, "import", weights, "--out", back)
                tensors = ctl.last_weights(back)
                original = ctl.last_weights(run)
                self.assertEqual(tensors, {name: original[name] for name in tensors})
        # Other positions than those are no positions of this model.
        other = self.path("other.safetensors")
        run = self.path("learned")
        self.expect(DONE, "train", self.tiny_file("/model/norm=pre", "/training/steps=5"),
                    "--out", run)
        self.expect(DONE, "export", run, "--weights", other, "--names", "transformerlens")
        experiment = self.tiny_file("/model/norm=pre", "/model/positions=none")
        done = self.expect(BAD_INPUT, "import", other, "--experiment", experiment,
                           "--out", self.path("never"))
        self.assertIn("pos_embed.W_pos", done.stderr)

    def test_saved_by_pytorch(self):
        """The accuracy and logits of an imported file are those that PyTorch computes from it."""
        why = torch_python.why_not("import torch, numpy")
        if why:
            print(f"Skipped: {why}", flush=True)
            self.skipTest(why)
        run = self.train()
        weights = self.path("pytorch.safetensors")
        self.expect(DONE, "export", run, "--weights", weights, "--names", "pytorch")
        saved = self.path("theirs-400.pt")
        torch_python.run("save", weights, saved, script=SAVE)
        shape = {"format": "anchorlens-import", "format_version": 1,
                 "names": "paper", "experiment": self.experiment(run)}
        with open(self.path("theirs-400.json"), "w", encoding="utf-8") as file:
            json.dump(shape, file)
        back = self.path("back")
        told = self.expect_json("import", saved, "--out", back)
        self.assertEqual((told["kind"], told["step"]), ("a state dict", 400))
        self.expect(DONE, "eval", back, "--logits", self.path("back.npz"))
        found = json.loads(torch_python.run("compare", weights, saved, self.path("back.npz"),
                                            script=SAVE))
        self.assertLess(found["difference"], 1e-5)
        self.assertEqual(found["accuracy"], told["test_accuracy"])
        self.assertEqual(told["test_accuracy"], self.expect_json("eval", run)["test_accuracy"])
        self.assertGreater(told["test_accuracy"], 0.5)

    def experiment(self, run):
        with open(os.path.join(run, "experiment.json"), encoding="utf-8") as file:
            return json.load(file)

    def test_nothing_says_the_shape(self):
        done = self.expect(BAD_INPUT, "import", DATA / "kinds.pt", "--out", self.path("run"))
        self.assertIn("kinds.json: is missing", done.stderr)
        self.assertIn("anchorlens-import", done.stderr)


if __name__ == "__main__":
    unittest.main()
