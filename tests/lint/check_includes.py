#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fails when a file includes what its folder may not, or lacks its SPDX line (CONTRIBUTING.md)."""

import pathlib
import re
import sys

TORCH = r"(torch|ATen|c10|caffe2)/"
EIGEN = r"Eigen/"
QT = r"(Q[A-Z]\w*|Qt\w*/.*|qcustomplot\.h)$"
FORBIDDEN = {
    "engine/core": [TORCH, QT, r"engine/(session|torch)", r"widgets/", r"app/"],
    "engine/session": [EIGEN, TORCH, QT, r"engine/torch/", r"widgets/", r"app/"],
    "engine/session.h": [EIGEN, TORCH, QT, r"engine/torch/", r"widgets/", r"app/"],
    "engine/torch": [EIGEN, QT, r"widgets/", r"app/"],
    "widgets": [EIGEN, TORCH, r"engine/(session|torch)", r"app/", r"(QThread|thread|QtConcurrent)$"],
    "app/anchorctl": [EIGEN, TORCH, QT, r"engine/torch/", r"widgets/"],
    "app/anchorlens": [EIGEN, TORCH, r"engine/torch/"],
}
INCLUDE = re.compile(r'^\s*#\s*include\s*[<"]([^>"]+)[>"]')


def problems(root: pathlib.Path):
    for folder, patterns in FORBIDDEN.items():
        start = root / folder
        files = [start] if start.is_file() else sorted(start.rglob("*"))
        for file in files:
            if file.suffix not in {".h", ".cpp"}:
                continue
            lines = file.read_text(encoding="utf-8").splitlines()
            name = file.relative_to(root)
            if not lines or "SPDX-License-Identifier: GPL-3.0-or-later" not in lines[0]:
                yield f"{name}:1: the first line must be the SPDX line"
            for number, line in enumerate(lines, 1):
                match = INCLUDE.match(line)
                if match and file.suffix == ".h" and re.match(EIGEN, match[1]):
                    yield f"{name}:{number}: a header may not include {match[1]}: it is slow to compile"
                elif match and any(re.match(pattern, match[1]) for pattern in patterns):
                    yield f"{name}:{number}: {folder} may not include {match[1]}"


def main() -> int:
    root = pathlib.Path(sys.argv[1])
    found = list(problems(root))
    for line in found:
        print(line)
    print(f"{len(found)} problems")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
