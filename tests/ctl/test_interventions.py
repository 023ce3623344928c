# SPDX-License-Identifier: GPL-3.0-or-later
"""--change: trainings that are changed while they go on, with the real engine.

ANCHORLENS_KILL_SEED repeats the moments of the kills.
"""

import json
import os
import random
import signal
import time
import unittest

import ctl
import torch_python
from ctl import BAD_INPUT, DONE, ControlTest

# Of a tiny run of 120 steps with checkpoints every 40.
CHANGES = ["20: ablate 1.0", "30: lr x0.5", "50: clamp 0.0", "70: release 1.0", "90: freeze 0.0",
           "95: mlp 1 off", "100: weight_decay 0.5"]


REFERENCE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "training_reference.py")


def change_options(changes):
    return [word for text in changes for word in ("--change", text)]


class Interventions(ControlTest):
    def changed(self, name, changes=None, *more):
        run = self.path(name)
        self.expect(DONE, "train", self.tiny_file(*more), "--out", run,
                    *change_options(CHANGES if changes is None else changes))
        return run

    def events(self, run):
        return ctl.rows(run, "SELECT step, text FROM events WHERE kind = 'intervention' ORDER BY id")

    def test_a_changed_run_and_what_is_asked_of_it(self):
        run = self.changed("run")
        self.assertEqual(self.events(run), [
            (20, "L1 H0 ablated"), (30, "Learning rate halved"),
            (50, "L0 H0 clamped to its mean pattern"), (70, "L1 H0 released"), (90, "L0 H0 frozen"),
            (95, "MLP of layer 1 switched off"), (100, "Weight decay set to 0.5")])
        plain = self.changed("plain", [])
        rates, usual = (dict(ctl.rows(name, "SELECT step, learning_rate FROM steps"))
                        for name in (run, plain))
        self.assertEqual((rates[30], rates[31]), (usual[30], usual[31] / 2))
        with open(os.path.join(run, "interventions.json"), encoding="utf-8") as file:
            history = json.load(file)["interventions"]
        self.assertEqual([f"{change['step']}: {change['change']}" for change in history], CHANGES)
        pattern = history[2]["pattern"]
        self.assertEqual([len(row) for row in pattern], [len(pattern)] * len(pattern))
        for row in pattern:
            self.assertAlmostEqual(sum(row), 1, places=5)
        provenance = dict(ctl.rows(run, "SELECT key, value FROM provenance"))
        self.assertEqual(provenance["kernel"], "fast")
        self.assertEqual(provenance["kernel_of_changes"], "autograd from step 21")

        self.assertNotIn("in_effect", self.expect_json("eval", run, "--at", 20))
        evaluated = self.expect_json("eval", run, "--at", 40)
        self.assertEqual(evaluated["in_effect"], ["L1 H0 ablated", "learning rate ×0.5"])
        rows = dict(ctl.rows(run, "SELECT step, test_loss FROM evaluations"))
        self.assertEqual(evaluated["test_loss"], rows[40])
        for step in (21, 55, 97):  # replayed
            said = self.expect(DONE, "score", run, "--at", step)
            self.assertIn("at this step: ", said.stderr)
        weights = self.path("w.safetensors")
        self.expect(DONE, "export", run, "--weights", weights)
        metadata, _ = ctl.read_safetensors(weights)
        self.assertEqual(metadata["in_effect"],
                         "L0 H0 frozen, L0 H0 clamped, MLP of layer 1 off, learning rate ×0.5, "
                         "weight decay 0.5")
        for what in [("--ablate", "0.0"), ("--test-all-heads",)]:
            told = self.expect_json("intervene", run, "--at", 60, *what)
            self.assertEqual(told["in_effect"],
                             ["L1 H0 ablated", "L0 H0 clamped", "learning rate ×0.5"])
            self.assertNotIn("in_effect", self.expect_json("intervene", run, "--at", 20, *what))

    def test_pytorch_trains_the_same(self):
        """Losses of every step and logits at the end, from the first checkpoint and the data."""
        why = torch_python.why_not("import torch, numpy")
        if why:
            print(f"Skipped: {why}", flush=True)
            self.skipTest(why)
        steps = 40
        whole = ["/model/n_heads=2", "/model/d_head=8", "/data/n_train=64",
                 "/training/batch_size=64", f"/training/steps={steps}",
                 "/training/learning_rate=0.003"]
        file = self.tiny_file(*whole)
        run = self.changed("run", ["10: freeze 1.0", "15: ablate 0.1", "25: lr x0.5"], *whole)
        data, weights, logits = (self.path(name) for name in ("d.npz", "w.safetensors", "l.npz"))
        self.expect(DONE, "sample", file, "--data", "--out", data)
        self.expect(DONE, "export", run, "--at", "0", "--weights", weights, "--names", "pytorch")
        self.expect(DONE, "eval", run, "--logits", logits)
        losses = [loss for (loss,) in ctl.rows(run, "SELECT loss FROM steps ORDER BY step")]
        changes = [[10, "freeze", 1, 0], [15, "ablate", 0, 1], [25, "rate", 0.5]]

        def train(some):
            told = json.loads(torch_python.run(weights, data, logits, json.dumps(some), steps,
                                               script=REFERENCE))
            error = max(abs(one - other) / one for one, other in zip(losses, told["losses"]))
            return error, told["difference"] / told["largest"]

        self.assertEqual(len(losses), steps)
        loss_error, logit_error = train(changes)
        print(f"losses within {loss_error:.1e}, logits within {logit_error:.1e}", flush=True)
        self.assertLess(loss_error, 1e-5)
        self.assertLess(logit_error, 1e-5)
        # Each of the changes is seen: without it the logits are others.
        for left_out in range(len(changes)):
            some = changes[:left_out] + changes[left_out + 1:]
            self.assertGreater(train(some)[1], 1e-3, changes[left_out])

    def test_resume_asks_and_forks_inherit(self):
        plain = self.path("plain")
        self.expect(DONE, "train", self.tiny_file(), "--out", plain)
        run = self.changed("run", ["80: ablate 1.0"])
        said = self.expect(DONE, "resume", run, "--more-steps", 40, "--change", "release 1.0")
        self.assertIn("step 120: L1 H0 released", said.stderr)
        self.assertEqual(self.events(run), [(80, "L1 H0 ablated"), (120, "L1 H0 released")])
        # A fork at the step of the change is without it, one after it has it.
        control = self.path("control")
        self.expect(DONE, "fork", run, "--at", 80, "--out", control,
                    "--set", "/training/steps=120")
        self.assertEqual(ctl.last_weights(control), ctl.last_weights(plain))
        later = self.path("later")
        self.expect(DONE, "fork", run, "--at", 100, "--out", later, "--change", "110: lr x0.1")
        (text,), = ctl.rows(later, "SELECT text FROM events WHERE kind = 'fork'")
        self.assertIn("Of the parent's changes these hold: L1 H0 ablated.", text)
        self.assertEqual(self.events(later), [(110, "Learning rate multiplied by 0.1")])
        self.assertEqual(self.expect_json("eval", later, "--at", 120)["in_effect"],
                         ["L1 H0 ablated", "learning rate ×0.1"])

    def test_what_cannot_be_is_said_and_makes_nothing(self):
        run = self.path("run")
        for change, words in [
                ("20: ablate 3.0", "There is no head 3.0: layers are 0 to 1, heads 0."),
                ("mixture 1,3", "The task has one form: there is nothing to mix."),
                ("soon: ablate 1.0", "expected a step from 0 before the colon"),
                ("ablate", "is no change. Changes look like these: freeze 0.1"),
                ("120: lr x0.5", "Training ends at step 120: a change must come before.")]:
            said = self.expect(BAD_INPUT, "train", self.tiny_file(), "--out", run,
                               "--change", change)
            self.assertIn(words, said.stderr)
            self.assertFalse(os.path.exists(run), change)
        self.expect(DONE, "train", self.tiny_file(), "--out", run)
        said = self.expect(BAD_INPUT, "resume", run, "--change", "ablate 1.0")
        self.assertIn(f"{run}: has finished: a change needs steps to act on; add --more-steps N",
                      said.stderr)
        self.assertEqual(self.events(run), [])
        self.expect(DONE, "resume", run, "--more-steps", 10, "--change", "125: ablate 0.0")
        before = self.all_of(run)
        for changes, words in [
                (["5: lr x0.5"], "Step 5 has passed: training stands at step 130."),
                (["ablate 1.0", "release 0.1"], "There is no head 0.1"),
                (["ablate 1.0", "135: mlp 1 on"], "is on already"),
                (["ablate 1.0", "150: lr x0.5"], "Training ends at step 140")]:
            said = self.expect(BAD_INPUT, "resume", run, "--more-steps", 10,
                               *change_options(changes))
            self.assertIn(words, said.stderr)
            self.assertEqual(self.all_of(run), before, changes)
        self.expect(DONE, "resume", run, "--more-steps", 10,
                    *change_options(["ablate 1.0", "135: lr x0.5"]))
        self.assertEqual([step for step, _ in self.events(run)], [125, 130, 135])

    def all_of(self, run):
        """What a refused change leaves as it is."""
        with open(os.path.join(run, "interventions.json"), encoding="utf-8") as file:
            history = json.load(file)
        return (history, ctl.checkpoint_steps(run),
                ctl.rows(run, "SELECT key, value FROM provenance ORDER BY key"),
                ctl.rows(run, "SELECT step, kind, text FROM events ORDER BY id"))

    def test_a_mixture_and_its_tasks(self):
        forms = ('/task/forms=[{"pattern": "* 3 x * -> x"}, '
                 '{"pattern": "* 4 x * -> x+1"}]')
        run = self.changed("run", ["40: mixture 1,0", "80: release mixture"], forms)
        again = self.changed("again", ["40: mixture 1,0", "80: release mixture"], forms)
        other = self.changed("other", [], forms)
        self.assertEqual(ctl.last_weights(run), ctl.last_weights(again))
        self.assertNotEqual(ctl.last_weights(run), ctl.last_weights(other))
        losses = {name: dict(ctl.rows(name, "SELECT step, loss FROM steps")) for name in (run, other)}
        self.assertEqual(losses[run][40], losses[other][40])
        self.assertNotEqual(losses[run][41], losses[other][41])

    def begin(self, run):
        if os.path.exists(os.path.join(run, "experiment.json")):
            return ctl.start("resume", run)
        return ctl.start("train", self.long_file(), "--out", run, *change_options(self.long_changes))

    def long_file(self):
        return self.tiny_file("/training/steps=600",
                              '/record/checkpoints={"every": 25, "per_decade": 0}')

    def test_kills(self):
        """kill -9 at random moments: the weights, rows and flags of the unbroken run."""
        self.long_changes = [f"{5 * int(text.split(':')[0])}:{text.split(':')[1]}" for text in CHANGES]
        seed = int(os.environ.get("ANCHORLENS_KILL_SEED",
                                  random.SystemRandom().randrange(10**6)))
        moments = random.Random(seed)
        unbroken = self.path("unbroken")
        self.expect(DONE, "train", self.long_file(), "--out", unbroken,
                    *change_options(self.long_changes))
        for number in range(6 if ctl.LONG else 2):
            run = self.path(f"run{number}")
            killed = 0
            for longest in (0.6, 1.2, 1.2):
                process = self.begin(run)
                time.sleep(moments.uniform(0.2, longest))
                killed += process.poll() is None
                process.send_signal(signal.SIGKILL)
                process.communicate(timeout=60)
            process = self.begin(run)
            _, err = process.communicate(timeout=120)
            self.assertEqual(process.returncode, DONE, f"seed {seed}: {err}")
            self.assertEqual(ctl.last_weights(run), ctl.last_weights(unbroken), f"seed {seed}")
            self.assertEqual(self.record(run), self.record(unbroken), f"seed {seed}")
            self.assertGreater(killed, 0, f"seed {seed}")

    def record(self, run):
        return (ctl.rows(run, "SELECT step, loss, learning_rate FROM steps ORDER BY step"),
                ctl.rows(run, "SELECT step, test_loss FROM evaluations ORDER BY step"),
                self.events(run))


if __name__ == "__main__":
    unittest.main()
