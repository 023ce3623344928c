# SPDX-License-Identifier: GPL-3.0-or-later
"""Part of a study: fewer values of its axes and fewer seeds, in a study file of its own.

    anchorctl studies identity-size | cut_study.py '/data/n_train=[1000, 600]' --seeds 1 > part.json

Seeds are the first ones. A value that the study does not have is an error: nothing is added.
"""

import argparse
import json
import sys


def values_of(axis):
    if axis["values"] is not None:
        return axis["values"]
    span = axis["range"]
    if span["step"] is None or span["spacing"] != "linear":
        raise ValueError(f"{axis['pointer']}: only linear ranges with a step can be cut")
    count = int((span["to"] - span["from"]) / span["step"] + 1e-9) + 1
    return [span["from"] + i * span["step"] for i in range(count)]


def cut(study, kept, n_seeds):
    """The study with, for each pointer of `kept`, those values alone, in their order."""
    axes = {axis["pointer"]: axis for axis in study["axes"]}
    for pointer, values in kept.items():
        if pointer not in axes:
            raise ValueError(f"{pointer} is no axis of {study['name']}; its axes: {', '.join(axes)}")
        missing = [value for value in values if value not in values_of(axes[pointer])]
        if missing:
            raise ValueError(f"{pointer} never is {missing[0]} in {study['name']}")
        axes[pointer].update(values=values, range=None)
    if n_seeds > study["seeds"]["count"]:
        raise ValueError(f"{study['name']} has {study['seeds']['count']} seeds")
    study["seeds"]["count"] = n_seeds
    study["name"] += "-part"
    return study


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("keep", nargs="*", metavar="/POINTER=[VALUE, ...]")
    parser.add_argument("--seeds", type=int, default=1)
    arguments = parser.parse_args()
    kept = {}
    for text in arguments.keep:
        pointer, _, values = text.partition("=")
        kept[pointer] = json.loads(values)
    try:
        json.dump(cut(json.load(sys.stdin), kept, arguments.seeds), sys.stdout, indent=2)
    except ValueError as error:
        sys.exit(f"cut_study.py: {error}")
    print()


if __name__ == "__main__":
    main()
