#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""check_cuda_plugin.py PLUGIN TORCH_LIB_FOLDER: whether libanchorlens_cuda.so will find what it needs.

It is linked to nothing of CUDA and opened only where CUDA is; so that this is known on a machine
without a GPU, each of its undefined symbols must be defined by LibTorch's CUDA libraries, by CUDA's
runtime, or by what it is linked to. Exit code 77: skipped, with the reason."""

import pathlib
import re
import shutil
import subprocess
import sys

CUDA = ["libtorch_cuda.so", "libc10_cuda.so"]
ENTRY = "anchorlens_make_graph_recorder"


def skip(reason):
    print("skipped:", reason)
    sys.exit(77)


def run(*command):
    return subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout


def symbols(file, kind):
    """Names without their versions. Weak ones need not be there."""
    lines = (line.split() for line in run("nm", "-D", "--" + kind + "-only", file).splitlines())
    return {words[-1].split("@")[0] for words in lines if kind == "defined" or words[-2] == "U"}


def main():
    plugin, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    missing = [tool for tool in ["nm", "readelf", "ldd"] if shutil.which(tool) is None]
    if missing:
        skip(f"{missing[0]} is missing")
    if not (folder / CUDA[0]).exists():
        skip(f"this LibTorch has no {CUDA[0]}")
    runtimes = sorted(folder.glob("../../nvidia/cu*/lib/libcudart.so*"))
    if not runtimes:
        skip("CUDA's runtime is not beside LibTorch")

    needed = re.findall(r"\(NEEDED\).*\[(.*)\]", run("readelf", "-d", plugin))
    print("linked to:", ", ".join(needed))
    assert not [name for name in needed if "cuda" in name or "cudart" in name], needed
    assert ENTRY in symbols(plugin, "defined")

    linked = set()
    for path in re.findall(r"=> (/\S+)", run("ldd", plugin)):
        linked |= symbols(path, "defined")
    open_symbols = symbols(plugin, "undefined") - linked
    for file in [folder / name for name in CUDA] + [runtimes[0]]:
        found = open_symbols & symbols(file, "defined")
        print(f"{file.name}: {len(found)}", *sorted(found), sep="\n  ")
        open_symbols -= found
        if file.name == CUDA[0]:
            assert any("capture_begin" in name for name in found), found
    assert not open_symbols, f"nobody defines {sorted(open_symbols)}"


if __name__ == "__main__":
    main()
