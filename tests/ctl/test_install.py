# SPDX-License-Identifier: GPL-3.0-or-later
"""`cmake --install`: what it puts into place works from there, without the build folder's files.

ANCHORLENS_BUILD names the build folder; ctest sets it.
"""

import os
import subprocess
import unittest

import ctl
from ctl import ControlTest

BUILD = os.environ.get("ANCHORLENS_BUILD", "")


class Install(ControlTest):
    def setUp(self):
        super().setUp()
        self.prefix = self.path("prefix")
        done = subprocess.run(["cmake", "--install", BUILD, "--prefix", self.prefix],
                              capture_output=True, text=True, check=False, timeout=60)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.installed = done.stdout

    def test_the_installed_program_finds_its_engine(self):
        program = os.path.join(self.prefix, "bin", "anchorctl")
        experiment = self.preset_file("demo")
        run = self.path("run")
        done = subprocess.run(
            [program, "train", experiment, "--out", run, *ctl.set_options(ctl.TINY)],
            capture_output=True, text=True, check=False, timeout=60)
        self.assertEqual(done.returncode, ctl.DONE, done.stderr)
        self.assertTrue(os.path.isdir(run))

    @unittest.skipUnless(os.path.exists(os.path.join(BUILD, "bin", "anchorlens")),
                         "built without the window")
    def test_the_menu_entry_names_what_is_there(self):
        entry = os.path.join(self.prefix, "share", "applications", "anchorlens.desktop")
        with open(entry, encoding="utf-8") as file:
            lines = dict(line.strip().split("=", 1) for line in file if "=" in line)
        program = os.path.join(self.prefix, "bin", lines["Exec"].split()[0])
        icon = os.path.join(self.prefix, "share", "icons", "hicolor", "scalable", "apps",
                            lines["Icon"] + ".svg")
        self.assertTrue(os.access(program, os.X_OK), self.installed)
        self.assertTrue(os.path.isfile(icon), self.installed)
        shown = subprocess.run([program, "--version"], capture_output=True, text=True, check=False,
                               timeout=60)
        self.assertIn("nchorlens", shown.stdout)


if __name__ == "__main__":
    unittest.main()
