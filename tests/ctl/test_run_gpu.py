# SPDX-License-Identifier: GPL-3.0-or-later
"""bench/run_gpu.py, what a person with a GPU runs: that it writes its section, tried without one."""

import os
import pathlib
import shutil
import subprocess
import sys
import unittest

import ctl
from ctl import ControlTest

SCRIPT = pathlib.Path(__file__).resolve().parents[1] / "bench/run_gpu.py"


class RunGpu(ControlTest):
    def script(self, *options):
        build = os.path.dirname(os.path.dirname(os.path.abspath(ctl.PROGRAM)))
        return subprocess.run([sys.executable, "-B", SCRIPT, "--build", build, *options], capture_output=True,
                              text=True, timeout=250, check=False)

    def test_its_section_is_written_once(self):
        document = pathlib.Path(self.path("performance.md"))
        document.write_text("# Performance\n\n## Measured on another machine\n\nas it was\n", encoding="utf-8")
        for _ in range(2):
            done = self.script("--device", "cpu", "--shapes", "demo", "--fleets", "1", "2", "--seconds", "0.1",
                               "--out", document)
            self.assertEqual(done.returncode, 0, done.stderr)
        text = document.read_text(encoding="utf-8")
        self.assertEqual(text.count("## Measured on "), 2)
        self.assertIn("as it was", text)
        self.assertEqual(text.count("### demo, float32"), 1)
        self.assertRegex(text, r"\| 1 \| [\d.]+ \| \d+ \| [\d.]+ \| fleet ")
        self.assertRegex(text, r"\| 2 \| [\d.]+ \| \d+ \| [\d.]+ \| fleet ")
        self.assertRegex(text, r"\| demo \| float32 \| .* \| yes \|")

    def test_what_cannot_be_measured_is_told_in_its_row(self):
        document = pathlib.Path(self.path("performance.md"))
        document.write_text("# Performance\n", encoding="utf-8")
        done = self.script("--device", "cpu", "--shapes", "demo", "--fleets", "1", "--precisions", "tf32",
                           "--out", document)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertRegex(document.read_text(encoding="utf-8"), r"\| 1 \| .*is what NVIDIA GPUs multiply in")

    @unittest.skipIf(shutil.which("nvidia-smi"), "there may be a GPU here")
    def test_without_a_gpu_it_says_so(self):
        done = self.script("--out", self.path("performance.md"))
        self.assertEqual(done.returncode, 1)
        self.assertIn("There is no NVIDIA GPU here", done.stderr)
        self.assertFalse(os.path.exists(self.path("performance.md")))


if __name__ == "__main__":
    unittest.main()
