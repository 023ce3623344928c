# SPDX-License-Identifier: GPL-3.0-or-later
"""A Python with PyTorch for the tests that compute with it: ANCHORLENS_PYTHON, else python3."""

import os
import subprocess

SCRIPT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "torch_check.py")


def interpreter():
    return os.environ.get("ANCHORLENS_PYTHON") or "python3"


def why_not(statement):
    """Why the interpreter cannot do an import: its own last words; empty when it can."""
    try:
        done = subprocess.run([interpreter(), "-c", statement], capture_output=True, text=True,
                              timeout=300, check=False)
    except OSError as error:
        return f"{interpreter()} (ANCHORLENS_PYTHON names another): {error}"
    if done.returncode == 0:
        return ""
    words = [line for line in done.stderr.splitlines() if line.strip()] or [f"exit code {done.returncode}"]
    return f"{interpreter()} (ANCHORLENS_PYTHON names another): {words[-1]}"


def run(*arguments, script=SCRIPT):
    """Standard output of a script under the interpreter; its errors become an exception."""
    done = subprocess.run([interpreter(), "-B", script, *map(str, arguments)],
                          capture_output=True, text=True, timeout=600, check=False)
    if done.returncode != 0:
        raise AssertionError(done.stderr)
    return done.stdout
