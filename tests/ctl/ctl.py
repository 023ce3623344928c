# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests of anchorctl share. Standard library only.

ANCHORCTL names the program; ctest sets it. ANCHORLENS_LONG=1 asks for the long forms.
"""

import ctypes
import json
import os
import signal
import sqlite3
import struct
import subprocess
import tempfile
import time
import unittest

PROGRAM = os.environ.get("ANCHORCTL", "anchorctl")
LONG = os.environ.get("ANCHORLENS_LONG", "") not in ("", "0")

DONE, BAD_INPUT, FAILED, INTERRUPTED = 0, 2, 3, 130

# A model that trains about a thousand steps a second, and is recorded and saved often.
TINY = [
    "/name=tiny",
    "/model/n_layers=2", "/model/n_heads=1", "/model/d_model=16", "/model/d_head=16",
    "/model/d_mlp=32", "/data/n_train=200", "/data/n_test=40", "/training/batch_size=20",
    "/training/steps=120", "/training/device=cpu", "/training/stop_when=null",
    "/training/schedule={\"kind\": \"constant\"}", "/training/learning_rate=0.001",
    "/probe/size=32", "/probe/shown=4",
    "/record/evaluate={\"every\": 20, \"per_decade\": 0}",
    "/record/frames={\"every\": 20, \"per_decade\": 0}",
    "/record/checkpoints={\"every\": 40, \"per_decade\": 0}",
]

# The runs of study_file().
MEMBERS = ["01_d_mlp-16_seed-1", "02_d_mlp-16_seed-2", "03_d_mlp-32_seed-1", "04_d_mlp-32_seed-2"]


def run(*arguments, environment=None, cwd=None, timeout=120, before=None):
    """The finished process; its output is text. `before` is called in it first."""
    return subprocess.run(
        [PROGRAM, *map(str, arguments)], capture_output=True, text=True, timeout=timeout, cwd=cwd,
        env={**os.environ, **(environment or {})}, check=False, preexec_fn=before)


def start(*arguments, **options):
    return subprocess.Popen(
        [PROGRAM, *map(str, arguments)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        **options)


def end_with_parent():
    """For preexec_fn: the new process gets SIGTERM also when the test is killed."""
    ctypes.CDLL(None).prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG


def set_options(assignments):
    return [word for text in assignments for word in ("--set", text)]


def read_safetensors(path):
    """Metadata, and name -> (dtype, shape, bytes)."""
    with open(path, "rb") as file:
        data = file.read()
    (length,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8:8 + length])
    metadata = header.pop("__metadata__", {})
    body = data[8 + length:]
    tensors = {
        name: (info["dtype"], info["shape"], body[info["data_offsets"][0]:info["data_offsets"][1]])
        for name, info in header.items()}
    return metadata, tensors


def checkpoint_steps(run_folder):
    """Steps of the complete checkpoints, ascending."""
    folder = os.path.join(run_folder, "checkpoints")
    names = os.listdir(folder) if os.path.isdir(folder) else []
    return sorted(int(name[5:-12]) for name in names
                  if name.startswith("step-") and name.endswith(".safetensors"))


def checkpoint_file(run_folder, step):
    return os.path.join(run_folder, "checkpoints", f"step-{step:09d}.safetensors")


def last_weights(run_folder):
    """Tensors of the last checkpoint, optimiser included."""
    return read_safetensors(checkpoint_file(run_folder, checkpoint_steps(run_folder)[-1]))[1]


def rows(run_folder, query):
    """Rows of a query on the run's database, opened as any other program would."""
    connection = sqlite3.connect(os.path.join(run_folder, "run.sqlite"))
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()


class ControlTest(unittest.TestCase):
    """A temporary folder for each test, and checks of exit codes that show the output."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="anchorctl-")
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def path(self, *names):
        return os.path.join(self.folder, *names)

    def expect(self, code, *arguments, **options):
        done = run(*arguments, **options)
        self.assertEqual(
            done.returncode, code,
            f"anchorctl {' '.join(map(str, arguments))}\n{done.stdout}\n{done.stderr}")
        return done

    def expect_json(self, *arguments, code=DONE, **options):
        return json.loads(self.expect(code, *arguments, "--json", **options).stdout)

    def preset_file(self, name="identity", assignments=()):
        """An experiment file of a preset, with the assignments in it."""
        experiment = json.loads(self.expect(DONE, "presets", name).stdout)
        for assignment in assignments:
            pointer, value = assignment.split("=", 1)
            try:
                value = json.loads(value)
            except json.JSONDecodeError:
                pass
            put(experiment, pointer, value)
        path = self.path(f"{name}.json")
        with open(path, "w", encoding="utf-8") as file:
            json.dump(experiment, file)
        return path

    def tiny_file(self, *more, name="identity"):
        return self.preset_file(name, [*TINY, *more])

    def wait_for_checkpoint(self, run, after=0, end=None):
        """Until a run has one that is later than a step, or its last."""
        deadline = time.monotonic() + 120
        while True:
            last = max(checkpoint_steps(run), default=0)
            if last > after or last == end:
                return
            self.assertLess(time.monotonic(), deadline, f"{run} is at step {last}")
            time.sleep(0.01)

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


def put(document, pointer, value):
    """Sets a member; steps and epochs exclude each other."""
    *parents, last = pointer.strip("/").split("/")
    for parent in parents:
        document = document[int(parent) if isinstance(document, list) else parent]
    if isinstance(value, dict) and isinstance(document.get(last), dict):
        value = {**document[last], **value}
    document[last] = value
    other = {"steps": "epochs", "epochs": "steps"}.get(last)
    if other in document:
        document[other] = None
