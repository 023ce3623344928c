#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What only a GPU can tell, in one go: the tests that need one, and how fast runs train on it.

    packaging/setup --tests && cmake --preset release && cmake --build --preset release
    tests/bench/run_gpu.py --build build/release

writes a section of docs/performance.md for each GPU. Each number is of a process of its own. Ends with status 1
when a test failed or was skipped. --device cpu tries the script itself where there is no GPU.
"""

import argparse
import json
import os
import pathlib
import re
import subprocess
import sys

import run_bench

TESTS = "tst_torch_trainer|tst_fleet|tst_graphs|tst_tf32|tst_cuda_backend|tst_cuda_graph_recorder|cuda_plugin_symbols"
SECONDS_OF_A_PROCESS = 300
IDENTITY_STEPS = 20.24e6  # of the figure's transformers: "Computed, not measured" in docs/performance.md


def gpu_name():
    """Name and driver of the first GPU."""
    try:
        said = subprocess.run(["nvidia-smi", "--query-gpu=name,driver_version", "--format=csv,noheader"],
                              capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError) as error:
        sys.exit(f"There is no NVIDIA GPU here (nvidia-smi: {error}). --device cpu tries this script.")
    name, driver = said.splitlines()[0].split(", ")
    return f"{name} (driver {driver})"


def tested(options):
    """What to say of the tests, and whether all is well."""
    run = subprocess.run(["ctest", "--test-dir", str(options.build), "-V", "-R", f"^({TESTS})$",
                          "--no-tests=error"], capture_output=True, text=True, check=False,
                         env=dict(os.environ, QT_QPA_PLATFORM="offscreen", LC_ALL="C.UTF-8"))
    wrong = re.findall(r"(?:FAIL!|SKIP) +: .*", run.stdout)
    for line in wrong or run.stdout.splitlines()[-5:]:
        print(line)
    if run.returncode == 0 and not wrong:
        return "The tests that need a GPU passed.", True
    return f"Of the tests that need a GPU not all passed: {'; '.join(wrong) or 'see ctest'}.", False


def bench(options, shape, precision, *more, **environment):
    """What `anchorctl bench` measured, or its words in `problem`."""
    kernel = ["--kernel", "fleet"] if options.device == "cpu" else []
    command = [options.build / "bin/anchorctl", "bench", "--json", "--shape", shape, "--precision", precision,
               "--seconds", str(options.seconds), "--set", f"/training/device={options.device}", *kernel, *more]
    try:
        run = subprocess.run(command, capture_output=True, text=True, check=False,
                             timeout=SECONDS_OF_A_PROCESS, env=dict(run_bench.environment(), **environment))
    except subprocess.TimeoutExpired:
        return {"problem": f"not done after {SECONDS_OF_A_PROCESS} s"}
    if run.returncode != 0:
        return {"problem": (run.stderr.strip().splitlines() or ["no words"])[-1]}
    return json.loads(run.stdout)


def fleet_row(fleet, shape, result):
    if "problem" in result:
        return f"| {fleet} | {result['problem']} |"
    step = result["ms_per_step"]
    hours = f" {IDENTITY_STEPS * step / fleet / 3.6e6:.2f} |" if shape == "paper" else ""
    return (f"| {fleet} | {step:.3f} | {result['sequences_per_s']:.0f} | "
            f"{result['gflop_per_step'] * fleet / step:.2f} |{hours} {result['path']} {result['path_detail']} |")


def fleets_section(options, shape, precision):
    hours = " hours for the identity figure |" if shape == "paper" else ""
    lines = [f"### {shape}, {precision}", "",
             f"| runs together | ms/step of all | sequences/s | TFLOP/s |{hours} path |",
             "|---|---|---|---|---|" + ("---|" if hours else "")]
    # Runs of bfloat16 do not train together.
    for fleet in [1] if precision == "bfloat16" else options.fleets:
        result = bench(options, shape, precision, "--steps-only", "--fleet", str(fleet))
        lines.append(fleet_row(fleet, shape, result))
    if precision != "bfloat16" and options.device == "cuda":
        for fleet in options.fleets[:1] + options.fleets[-1:]:
            result = bench(options, shape, precision, "--steps-only", "--fleet", str(fleet),
                           ANCHORLENS_CUDA_GRAPHS="off")
            lines.append(fleet_row(fleet, shape, result))
    return lines + [""]


def alone_section(options):
    lines = ["### A run on it", "", "| shape | precision | ms/step | an evaluation, a frame, a checkpoint's copy (ms) | "
             "recording, share of training | same bits twice |", "|---|---|---|---|---|---|"]
    for shape in options.shapes:
        for precision in options.precisions:
            one = bench(options, shape, precision)
            lines.append(f"| {shape} | {precision} | " + (
                f"{one['problem']} |" if "problem" in one else
                f"{one['ms_per_step']:.3f} | {one['evaluation_ms']:.1f}, {one['frame_ms']:.1f}, "
                f"{one['snapshot_ms']:.1f} | {100 * one['record_share']:.1f} % | "
                f"{'yes' if one['same_bits'] else 'NO'} |"))
    return lines + [""]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", type=pathlib.Path, default=pathlib.Path("build/release"))
    parser.add_argument("--device", default="cuda", choices=["cuda", "cpu"])
    parser.add_argument("--seconds", type=float, default=1, help="how long each number is measured")
    parser.add_argument("--shapes", nargs="+", default=["paper", "demo"])
    parser.add_argument("--precisions", nargs="+", choices=["float32", "tf32", "bfloat16"])
    parser.add_argument("--fleets", nargs="+", type=int, default=[1, 2, 4, 8, 16, 32, 64])
    parser.add_argument("--out", type=pathlib.Path,
                        default=run_bench.HERE.parents[1] / "docs/performance.md",
                        help="its section \"## Measured on\" this GPU is replaced, or added")
    options = parser.parse_args()
    on_gpu = options.device == "cuda"
    options.precisions = options.precisions or (["float32", "tf32", "bfloat16"] if on_gpu else ["float32"])
    name = gpu_name() if on_gpu else "no GPU (a trial of run_gpu.py)"
    words, is_well = tested(options) if on_gpu else ("No GPU: the tests that need one did not run.", True)
    lines = [f"## Measured on {name}", "",
             f"`tests/bench/run_gpu.py --seconds {options.seconds:g}`: `anchorctl bench`, a process for each number. "
             f"{words}", ""]
    for shape in options.shapes:
        for precision in options.precisions:
            lines += fleets_section(options, shape, precision)
            print("\n".join(lines[-4 - len(options.fleets):]), flush=True)
    lines += alone_section(options)
    options.out.write_text(run_bench.with_section(options.out.read_text(), lines))
    sys.exit(0 if is_well else 1)


if __name__ == "__main__":
    main()
