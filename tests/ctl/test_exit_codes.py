# SPDX-License-Identifier: GPL-3.0-or-later
"""Exit codes of commands that cannot begin: 2 for what was asked, 3 for what cannot be written and
for want of memory."""

import os
import pathlib
import resource
import shutil
import subprocess
import sys
import unittest

import ctl
from ctl import BAD_INPUT, DONE, FAILED, ControlTest

PAPER = pathlib.Path(__file__).resolve().parents[1] / "data" / "import" / "paper"


class ExitCodes(ControlTest):
    def setUp(self):
        super().setUp()
        self.file = self.tiny_file("/training/steps=20")
        self.study = self.study_file("/training/steps=20", seeds=None)
        self.run_folder = self.path("run")
        self.expect(DONE, "train", self.file, "--out", self.run_folder)
        self.taken = self.path("mine.npz")
        with open(self.taken, "w", encoding="utf-8"):
            pass

    def into_folders(self, out):
        """Commands that make a folder."""
        return [("train", self.file, "--out", out),
                ("fork", self.run_folder, "--at", 0, "--out", out),
                ("import", PAPER, "--out", out),
                ("sweep", self.study, "--out", out)]

    def into_files(self, out):
        """Commands that write a file; the name says the format."""
        study = self.path("study")
        os.makedirs(study, exist_ok=True)
        shutil.copy(self.study, os.path.join(study, "study.json"))
        return [("export", self.run_folder, "--weights", out),
                ("eval", self.run_folder, "--logits", out),
                ("circuits", self.run_folder, "--out", out),
                ("pack", self.run_folder, "--out", out),
                ("sample", self.file, "--out", out),
                ("notation", self.file, "--out", out),
                ("sweep", self.study, "--out", study, "--collect", out)]

    def check(self, code, commands, words):
        for arguments in commands:
            with self.subTest(arguments[0]):
                done = self.expect(code, *arguments, cwd=self.folder)
                self.assertIn(words, done.stderr)
                self.assertEqual(done.stdout, "")

    def skip(self, why):
        print(f"Skipped: {why}", flush=True)
        self.skipTest(why)

    def test_what_is_there_already(self):
        full = self.path("full")
        os.mkdir(full)
        shutil.copy(self.taken, full)
        self.check(BAD_INPUT, self.into_folders(full), full)
        self.check(BAD_INPUT, self.into_folders(self.taken), self.taken)
        self.check(BAD_INPUT, self.into_files(self.taken), self.taken)
        self.assertEqual(os.listdir(full), ["mine.npz"])
        self.assertEqual(os.path.getsize(self.taken), 0)

    def test_what_is_missing(self):
        self.check(BAD_INPUT,
                   [("train", "absent", "--out", "new"), ("resume", "absent"),
                    ("fork", "absent", "--at", 0, "--out", "new"),
                    ("sweep", "absent", "--out", "new"), ("import", "absent", "--out", "new"),
                    ("prune", "absent", "--every", 10), ("pack", "absent", "--out", "new"),
                    ("export", "absent", "--weights", "new"), ("eval", "absent"),
                    ("score", "absent"), ("circuits", "absent"), ("sample", "absent"),
                    ("notation", "absent"), ("intervene", "absent", "--ablate", "0.0"),
                    ("compare", self.run_folder, "absent")], "absent")
        self.assertFalse(os.path.exists(self.path("new")))

    def test_a_wrong_device(self):
        new = self.path("new")
        for device in ["tpu", "cuda:99"]:
            for command in self.into_folders(new)[:2]:
                with self.subTest(command[0], device=device):
                    self.expect(BAD_INPUT, *command, "--device", device)
                    self.assertFalse(os.path.exists(new))

    def test_no_folder_to_write_in(self):
        new = os.path.join(self.taken, "new.npz")
        self.check(FAILED, self.into_folders(new) + self.into_files(new), "new.npz")

    def test_a_folder_that_is_read_only(self):
        if os.geteuid() == 0:
            self.skip("root may write whatever it is")
        closed = self.path("closed")
        os.mkdir(closed)
        new = os.path.join(closed, "new.npz")
        os.chmod(closed, 0o555)
        self.addCleanup(os.chmod, closed, 0o755)
        self.check(FAILED, self.into_folders(new) + self.into_files(new), "new.npz")

    def test_a_lock_that_cannot_be_taken(self):
        folders = [self.run_folder]
        for number in range(3):
            folders.append(self.path(f"new{number}"))
            os.mkdir(folders[-1])
        for folder in folders:
            os.symlink(self.path("gone", "lock"), os.path.join(folder, "lock"))
        commands = [("resume", self.run_folder, "--more-steps", 5),
                    ("prune", self.run_folder, "--every", 10),
                    ("train", self.file, "--out", folders[1]),
                    ("fork", self.run_folder, "--at", 0, "--out", folders[2]),
                    ("sweep", self.study, "--out", folders[3])]
        self.check(FAILED, commands, "The run's lock cannot be taken")

    def test_want_of_memory(self):
        """Weights of 4.3 GB where a process may have 3 GiB of its own."""
        if "ASAN_OPTIONS" in os.environ:
            self.skip("the sanitizer itself reserves terabytes")
        bound = 3 << 30
        limit = lambda: resource.setrlimit(resource.RLIMIT_DATA, (bound, bound))
        asks = f"import mmap; mmap.mmap(-1, {bound}, flags=mmap.MAP_PRIVATE)"
        if subprocess.run([sys.executable, "-c", asks], capture_output=True, check=False,
                          preexec_fn=limit).returncode == 0:
            self.skip("this system does not hold a process to RLIMIT_DATA")
        new = self.path("new")
        big = self.tiny_file("/model/d_model=8192", "/model/d_mlp=32768")
        self.expect(DONE, "check", big)
        done = subprocess.run([ctl.PROGRAM, "train", big, "--out", new], capture_output=True,
                              text=True, check=False, preexec_fn=limit)
        self.assertEqual(done.returncode, FAILED, done.stderr)
        self.assertIn(f"{new}: There is not enough memory: 4.3 GB were asked for at once. "
                      "A smaller batch (/training/batch_size) or model (/model/d_model",
                      done.stderr)
        self.assertRegex(done.stderr, r"This experiment needs about \d+ GB to train\.")
        self.assertEqual(done.stdout, "")
        self.assertFalse(os.path.exists(new))

    def test_a_full_disk(self):
        """No file may grow at all."""
        limit = lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))
        commands = [("train", self.file, "--out", self.path("new1")),
                    ("import", PAPER, "--out", self.path("new2")),
                    ("sweep", self.study, "--out", self.path("new3")),
                    ("sample", self.file, "--out", self.path("new4.npz")),
                    ("notation", self.file, "--out", self.path("new5.tex"))]
        for arguments in commands:
            with self.subTest(arguments[0]):
                done = subprocess.run([ctl.PROGRAM, *map(str, arguments)], capture_output=True,
                                      text=True, check=False, preexec_fn=limit)
                self.assertEqual(done.returncode, FAILED, done.stderr)
                self.assertIn("File too large", done.stderr)


if __name__ == "__main__":
    unittest.main()
