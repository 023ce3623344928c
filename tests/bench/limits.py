#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a demo run takes beyond LibTorch, and how soon commands answer, as docs/performance.md has it.

    tests/bench/limits.py --build build/release

Medians of several rounds; times are from the command to the end of its process. Linux only.
"""

import argparse
import os
import pathlib
import statistics
import subprocess
import tempfile
import time


def run(command, **environment):
    """Seconds, and the largest resident memory in MB."""
    begun = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                               env=dict(os.environ, **environment))
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        raise SystemExit(f"{' '.join(map(str, command))}: status {status}")
    return time.monotonic() - begun, usage.ru_maxrss / 1024


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", type=pathlib.Path, default=pathlib.Path("build/release"))
    parser.add_argument("--rounds", type=int, default=7)
    options = parser.parse_args()
    program = options.build / "bin/anchorctl"
    engine = (options.build / "lib/libanchorlens_engine.so").resolve()
    with tempfile.TemporaryDirectory() as folder:
        demo = os.path.join(folder, "demo.json")
        with open(demo, "w", encoding="utf-8") as file:
            subprocess.run([program, "presets", "demo"], stdout=file, check=True)

        def train(steps, number):
            return run([program, "train", demo, "--set", f"/training/steps={steps}", "--out",
                        os.path.join(folder, f"{steps}-{number}")])

        rounds = range(options.rounds)
        check = statistics.median(run([program, "check", demo])[0] for _ in rounds)
        first = statistics.median(train(1, i)[0] for i in rounds)
        trained = statistics.median(train(500, i)[1] for i in rounds)
        loaded = statistics.median(run(["/bin/true"], LD_PRELOAD=str(engine))[1] for _ in rounds)
    print(f"check of the demo: {check:.3f} s")
    print(f"train of one demo step, from command to end: {first:.2f} s")
    print(f"500 demo steps: {trained:.0f} MB resident at most; LibTorch loaded alone: {loaded:.0f} MB")


if __name__ == "__main__":
    main()
