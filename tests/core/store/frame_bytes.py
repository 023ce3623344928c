# SPDX-License-Identifier: GPL-3.0-or-later
"""How many bytes the frames of a run take, and what a compressor would make of them.

Usage: python3 tests/core/store/frame_bytes.py RUN

One line for each way: bytes a frame on average, its share of the plain float32 arrays, and the time
to compress one frame. "cells" is what is stored: see docs/format_run.md, "Frames".
"""

import pathlib
import sys
import time
import zlib

import numpy as np

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[3] / "resources" / "python"))
import anchorlens_run  # noqa: E402


def shuffled(values):
    """All first bytes, then all second bytes, ...: exponents beside exponents."""
    return np.frombuffer(values, np.uint8).reshape(-1, 4).T.tobytes()


def main():
    run = anchorlens_run.Run(sys.argv[1])
    rows = run._query("SELECT step, arrays FROM frames ORDER BY step")
    plain, cells, stored = [], [], []
    for _, blob in rows:
        arrays = anchorlens_run.decode_frame(blob)
        patterns = [arrays[name] for name in ("shown", "mean") if name in arrays]
        visible = np.logical_or.reduce(
            [(pattern != 0).any(axis=(0, 1, 2)) for pattern in patterns])
        plain.append(b"".join(pattern.tobytes() for pattern in patterns))
        cells.append(b"".join(pattern[..., visible].tobytes() for pattern in patterns))
        stored.append(len(blob))
    scores = run._query("SELECT avg(length(heads)) FROM scores")[0][0]
    full = np.mean([len(each) for each in plain])
    print(f"{len(rows)} frames, patterns of {full:.0f} bytes as plain float32 arrays; "
          f"stored with predictions and header: {np.mean(stored):.0f}; head scores: {scores:.0f}")

    def line(name, sizes, seconds=0.0):
        print(f"{name:<28}{np.mean(sizes):>9.0f}{np.mean(sizes) / full:>7.2f}"
              f"{1e3 * seconds / len(rows):>8.2f} ms")

    line("cells (stored)", [len(each) for each in cells])
    for kind, frames in (("plain", plain), ("cells", cells)):
        for order, change in (("", bytes), (" shuffled", shuffled)):
            for level in (1, 6):
                inputs = [change(frame) for frame in frames]
                begin = time.perf_counter()
                sizes = [len(zlib.compress(each, level)) for each in inputs]
                line(f"{kind}{order} + zlib {level}", sizes, time.perf_counter() - begin)


if __name__ == "__main__":
    main()
