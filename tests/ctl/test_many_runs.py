# SPDX-License-Identifier: GPL-3.0-or-later
"""Studies of many runs: what fails on purpose is told, the rest is trained, memory stays flat.

Short: 24 runs and 6. ANCHORLENS_LONG=1: 200 runs, and 64 of 10,000 steps.
"""

import csv
import json
import os
import signal
import subprocess
import time
import unittest

import ctl
from ctl import DONE, FAILED, ControlTest

RATES = [0.001, 0.002, 0.003, 0.004, 0.005, 0.006, 0.007, 1000]
SEEDS = 25 if ctl.LONG else 3
FLEET = 64 if ctl.LONG else 6
FLEET_STEPS = 10000 if ctl.LONG else 3000


def children(pid):
    """Child processes: pid -> command line."""
    try:
        with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as file:
            pids = [int(word) for word in file.read().split()]
    except FileNotFoundError:
        return {}
    found = {}
    for child in pids:
        try:
            with open(f"/proc/{child}/cmdline", "rb") as file:
                found[child] = file.read().replace(b"\0", b" ").decode()
        except (FileNotFoundError, ProcessLookupError):
            pass
    return found


def resident(pid):
    """Kilobytes; 0 when it is gone."""
    try:
        with open(f"/proc/{pid}/status", encoding="ascii") as file:
            for line in file:
                if line.startswith("VmRSS:"):
                    return int(line.split()[1])
    except (FileNotFoundError, ProcessLookupError):
        pass
    return 0


class ManyRuns(ControlTest):
    def mount(self, folder, size):
        os.makedirs(folder)
        done = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", folder],
                              capture_output=True, text=True, check=False)
        if done.returncode != 0:
            self.skipTest(f"a tmpfs cannot be mounted here: {done.stderr.strip()}")
        self.is_mounted = True
        self.addCleanup(self.unmount, folder)

    def unmount(self, folder):
        if self.is_mounted:
            subprocess.run(["umount", folder], check=True)

    def names(self):
        digits = max(2, len(str(len(RATES) * SEEDS)))
        settings = [(rate, seed) for rate in RATES for seed in range(1, SEEDS + 1)]
        return [f"{number:0{digits}}_learning_rate-{rate}_seed-{seed}"
                for number, (rate, seed) in enumerate(settings, 1)]

    def collected(self, study, out):
        """The rows that --collect writes now, by the runs' names."""
        path = self.path(f"{len(os.listdir(self.folder))}.csv")
        self.expect(DONE, "sweep", study, "--out", out, "--collect", path)
        with open(path, encoding="utf-8", newline="") as file:
            return {row["run"]: row for row in csv.DictReader(file)}

    def begin_and_end(self, study, out):
        sweep = ctl.start("sweep", study, "--out", out, "--jobs", "1")
        self.addCleanup(sweep.kill)
        while sweep.poll() is None and not os.path.exists(os.path.join(out, "study.json")):
            time.sleep(0.005)
        sweep.kill()
        sweep.communicate(timeout=60)

    def kill_some(self, sweep, candidates, count):
        """Kills the processes of some runs before they end; the runs' names."""
        killed = set()
        while sweep.poll() is None and len(killed) < count:
            for child, command in children(sweep.pid).items():
                name = next((name for name in candidates - killed if f"/{name} " in command), None)
                if name is None:
                    continue
                os.kill(child, signal.SIGSTOP)  # what it has done can be looked at
                is_done = 60 in ctl.checkpoint_steps(self.path("out", name))
                os.kill(child, signal.SIGCONT if is_done else signal.SIGKILL)
                if not is_done:
                    killed.add(name)
                    break
            time.sleep(0.005)
        return killed

    def test_members_that_fail_are_told_and_the_others_trained(self):
        study = self.study_file("/training/optimizer=sgd", "/training/clip_norm=null",
                                "/model/norm=none", "/training/steps=60",
                                axes=[{"pointer": "/training/learning_rate", "values": RATES}],
                                seeds={"first": 1, "count": SEEDS})
        names = self.names()
        full, not_finite = names[-SEEDS - 1], names[-SEEDS:]
        out = self.path("out")
        # The study has its folder before one of its runs gets a full disk for its own.
        self.begin_and_end(study, out)
        self.mount(os.path.join(out, full), "8k")
        sweep = ctl.start("sweep", study, "--out", out, "--jobs", "2")
        self.addCleanup(sweep.kill)
        killed = self.kill_some(sweep, {*names} - {full, *not_finite}, 2)
        self.assertEqual(len(killed), 2)
        text, errors = sweep.communicate(timeout=3000)
        self.assertEqual(sweep.returncode, FAILED, errors)
        collected = self.collected(study, out)
        self.assertEqual(list(collected), names)
        table = text.splitlines()
        for name in names:
            told = [line for line in errors.splitlines() if line.startswith(name + ":")]
            row = next(i for i, line in enumerate(table) if line.startswith(name + " "))
            state = table[row].split()[1]
            self.assertEqual(collected[name]["state"], state)
            if state == "finished":
                self.assertEqual((collected[name]["step"], collected[name]["reason"]), ("60", ""))
                self.assertNotIn(name, killed | {full, *not_finite})
                continue
            self.assertEqual(state, "failed", told)
            # The reason is in the table, on standard error and in what is collected later.
            reason = collected[name]["reason"]
            self.assertEqual(table[row + 1], "    " + reason)
            self.assertIn(reason, told[-1])
            if name in not_finite:
                self.assertRegex(reason, r"became (NaN|infinite) at step \d+")
            elif name in killed:
                self.assertEqual(reason, "its process was ended by signal 9 (Killed)")
            else:
                self.assertEqual(name, full)
                self.assertRegex(reason, "disk is full|No space left")
        # Once there is room, the same command trains what a run itself is not to blame for.
        subprocess.run(["umount", os.path.join(out, full)], check=True)
        self.is_mounted = False
        again = self.expect_json("sweep", study, "--out", out, code=FAILED, timeout=3000)
        states = {run["run"]: run["state"] for run in again["runs"]}
        self.assertEqual({name for name in names if states[name] != "finished"}, set(not_finite))
        reasons = {name: row["reason"] for name, row in self.collected(study, out).items()}
        self.assertEqual({name for name in names if reasons[name]}, set(not_finite))

    def watch(self, *changes, options=()):
        """Sizes of a sweep's process and of its children over time, while it trains FLEET runs."""
        study = self.study_file(f"/training/steps={FLEET_STEPS}",
                                "/record/evaluate={\"every\": 500, \"per_decade\": 0}",
                                "/record/frames={\"every\": 500, \"per_decade\": 0}",
                                "/record/checkpoints={\"every\": 1000, \"per_decade\": 0}",
                                *changes, axes=[], seeds={"first": 1, "count": FLEET})
        sweep = ctl.start("sweep", study, "--out", self.path("out"), "--jobs", "2", "--json",
                          *options)
        self.addCleanup(sweep.kill)
        of_sweep, of_runs = [], {}
        while sweep.poll() is None:
            of_sweep.append(resident(sweep.pid))
            for child in children(sweep.pid):
                of_runs.setdefault(child, []).append(resident(child))
            time.sleep(0.02)
        text, errors = sweep.communicate(timeout=60)
        self.assertEqual(sweep.returncode, DONE, errors)
        self.assertEqual([run["step"] for run in json.loads(text)["runs"]], FLEET * [FLEET_STEPS])
        return of_sweep, list(of_runs.values())

    def check_flat(self, all_sizes):
        """None grows in the second half of its time."""
        for sizes in all_sizes:
            sizes = [size for size in sizes if size > 0]
            early = max(sizes[:max(1, len(sizes) // 2)])
            self.assertLess(max(sizes), 1.05 * early + 4096, sizes)

    def test_memory_stays_flat(self):
        of_sweep, of_runs = self.watch()
        self.assertEqual(len(of_runs), FLEET)
        self.check_flat([of_sweep, *of_runs])

    def test_memory_of_a_fleet_stays_flat(self):
        """One process trains all, their tensors shared."""
        of_sweep, of_runs = self.watch("/training/kernel=fleet",
                                       options=["--fleet", str(FLEET)])
        self.assertEqual(len(of_runs), 1)
        self.check_flat([of_sweep, *of_runs])


if __name__ == "__main__":
    unittest.main()
