#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Times Anchorlens against PyTorch on this machine: a section of docs/performance.md for each machine.

    python3 -m venv venv && venv/bin/pip install torch==2.11.0 numpy
    tests/bench/run_bench.py --python venv/bin/python --anchorctl build/release/bin/anchorctl

All contenders take turns on one core, a few seconds each, so that a change of the machine's speed
hits all of them. A time is the median over the rounds of the median step; a ratio is of two times
of one round, and the median over the rounds. Linux only (taskset).
"""

import argparse
import json
import os
import pathlib
import platform
import re
import statistics
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
PEERS = ["paper", "eager", "compile"]
TITLES = {
    "paper": "the paper's own step (PyTorch, every position, AdamW tensor by tensor)",
    "eager": "PyTorch eager at its best (fused projections, attention and AdamW, last row only)",
    "compile": "`torch.compile` of that",
    "autograd": "Anchorlens, kernel `autograd`",
    "fast": "Anchorlens, kernel `fast`",
}
TARGETS = {
    ("paper", "float32"): dict(paper=1.6, eager=1.28, compile=1.35),
    ("demo", "float32"): dict(paper=4.2, eager=2.5, compile=2.9),
    ("paper", "bfloat16"): dict(paper=3.0, eager=2.3, compile=2.5),
    ("demo", "bfloat16"): dict(paper=7.0, eager=4.0, compile=5.0),
}


def environment():
    env = dict(os.environ, OMP_NUM_THREADS="1", MKL_NUM_THREADS="1")
    env.pop("OPENBLAS_CORETYPE", None)
    return env


class Peer:
    """A PyTorch process that trains when it is told to."""

    def __init__(self, options, name, shape, precision):
        self.process = subprocess.Popen(
            ["taskset", "-c", str(options.core), options.python, str(HERE / "peers.py"), name,
             shape, precision],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment())
        if self.process.stdout.readline().strip() != "ready":
            sys.exit(f"peers.py {name} {shape} {precision} did not start")

    def time(self, seconds):
        self.process.stdin.write(f"{seconds}\n")
        self.process.stdin.flush()
        return float(self.process.stdout.readline())

    def close(self):
        self.process.stdin.close()
        self.process.wait()


class Ours:
    """anchorctl bench, started anew each round."""

    def __init__(self, options, kernel, shape, precision):
        self.command = ["taskset", "-c", str(options.core), options.anchorctl, "bench", "--json",
                        "--steps-only", "--shape", shape, "--kernel", kernel, "--precision",
                        precision, "--threads", "1"]

    def time(self, seconds):
        run = subprocess.run(self.command + ["--seconds", str(seconds)], env=environment(),
                             stdout=subprocess.PIPE, text=True, check=True)
        return json.loads(run.stdout)["ms_per_step"]

    def close(self):
        pass


def measure(options, shape, precision):
    contenders = {name: Peer(options, name, shape, precision) for name in PEERS}
    for kernel in ["autograd", "fast"] if precision == "float32" else ["fast"]:
        contenders[kernel] = Ours(options, kernel, shape, precision)
    times = {name: [] for name in contenders}
    for _ in range(options.rounds):
        for name, contender in contenders.items():
            times[name].append(contender.time(options.seconds))
    for contender in contenders.values():
        contender.close()
    return times


def bench(options, *arguments):
    run = subprocess.run([options.anchorctl, "bench", "--json", *arguments], env=environment(),
                         stdout=subprocess.PIPE, text=True, check=True)
    return json.loads(run.stdout)


def processor():
    for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.processor()


def flags():
    text = pathlib.Path("/proc/cpuinfo").read_text()
    known = ["avx2", "avx512f", "avx512_bf16", "amx_bf16"]
    return ", ".join(f for f in known if f" {f}" in text)


def ratio(above, below):
    """Of the values of one round each; the median over the rounds."""
    return statistics.median(a / b for a, b in zip(above, below, strict=True))


def shape_section(shape, precision, times):
    lines = [f"### {shape}, {precision}", "", "| what | ms/step | lowest to highest round | `fast` is "
             "faster by | aim |", "|---|---|---|---|---|"]
    for name, values in times.items():
        aim = TARGETS[shape, precision].get(name)
        lines.append(f"| {TITLES[name]} | {statistics.median(values):.2f} | {min(values):.2f} to "
                     f"{max(values):.2f} | {ratio(values, times['fast']):.2f} | "
                     f"{aim if aim else ''} |")
    return lines + [""]


def machine():
    return f"{processor()} ({os.cpu_count()} cores; {flags()})"


def with_section(text, lines):
    """The document with the section `lines`, in the place of the one with its title or at the end."""
    head, *sections = re.split(r"(?m)^(?=## Measured on )", text)
    titles = [section.split("\n", 1)[0] for section in sections]
    section = "\n".join(lines).rstrip("\n") + "\n\n"
    if lines[0] in titles:
        sections[titles.index(lines[0])] = section
    else:
        sections.append(section)
    return "".join([head.rstrip("\n") + "\n\n", *sections]).rstrip("\n") + "\n"


def machine_section(options):
    lines = ["### A run on it", "",
             f"{platform.system()} {'.'.join(platform.release().split('.')[:2])}, one intra-op thread.",
             ""]
    lines += ["| shape | ms/step | sequences/s | GFLOP a step, nothing left out | as fast as at | recording, "
              "share of training | sequences drawn a second | same bits twice |",
              "|---|---|---|---|---|---|---|---|"]
    for shape in options.shapes:
        one = bench(options, "--shape", shape, "--seconds", str(options.seconds))
        lines.append(
            f"| {shape} | {one['ms_per_step']:.2f} | {one['sequences_per_s']:.0f} | "
            f"{one['gflop_per_step']:.3f} | {100 * one['share_of_peak']:.0f} % of "
            f"{one['gemm_peak_gflops']:.0f} GFLOP/s | {100 * one['record_share']:.1f} % | "
            f"{one['sampler_per_s'] / 1e6:.1f} million | {'yes' if one['same_bits'] else 'NO'} |")
    lines += ["", "Runs at once, one core each:", "",
              "| shape | runs | sequences/s of all | against one run |", "|---|---|---|---|"]
    for shape in options.shapes:
        rates = {}
        for _ in range(options.rounds):
            for fleet in [1, os.cpu_count()]:
                one = bench(options, "--shape", shape, "--fleet", str(fleet), "--steps-only",
                            "--seconds", str(options.seconds))
                rates.setdefault(fleet, []).append(one["sequences_per_s"])
        for fleet, values in rates.items():
            lines.append(f"| {shape} | {fleet} | {statistics.median(values):.0f} | "
                         f"{ratio(values, rates[1]):.2f} |")
    return lines + [""]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--python", default=sys.executable, help="a Python with PyTorch")
    parser.add_argument("--anchorctl", default="build/release/bin/anchorctl")
    parser.add_argument("--core", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--seconds", type=float, default=3)
    parser.add_argument("--shapes", nargs="+", default=["paper", "demo"])
    parser.add_argument("--precisions", nargs="+", default=["float32"],
                        choices=["float32", "bfloat16"])
    parser.add_argument("--out", type=pathlib.Path, default=HERE.parents[1] / "docs/performance.md",
                        help="its section \"## Measured on\" this machine is replaced, or added")
    options = parser.parse_args()
    lines = [f"## Measured on {machine()}", "",
             f"`tests/bench/run_bench.py --rounds {options.rounds} --seconds {options.seconds:g}`: "
             "all contenders of a table in turns on one core; medians over the rounds, of times and of "
             "the ratios within a round.", ""]
    for precision in options.precisions:
        for shape in options.shapes:
            times = measure(options, shape, precision)
            lines += shape_section(shape, precision, times)
            print("\n".join(lines[-9:]), flush=True)
    lines += machine_section(options)
    options.out.write_text(with_section(options.out.read_text(), lines))


if __name__ == "__main__":
    main()
