# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes the tables of docs/reproduction.md from what studies recorded, so that no number is typed.

    table.py DIR                              prints the tables of the studies that lie in DIR
    table.py DIR --write reproduction.md      puts them into the document

Of each study NAME of resources/studies, DIR has NAME.csv (anchorctl sweep ... --collect) and, for
what a CSV does not have, NAME/ (the sweep's own folder; read with NumPy by
resources/python/anchorlens_run.py). What is not there makes no table, or an empty column.

A table's place in the document is between <!-- table NAME --> and <!-- end -->. A cell is the
median over the finished runs of a setting and, with more than one, their range.
"""

import argparse
import csv
import json
import pathlib
import re
import statistics
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
PLACE = re.compile(r"(<!-- table ([a-z-]+) -->\n).*?(<!-- end -->)", re.S)
LARGEST = re.compile(r"largest (\d+) ([a-z]+)")
# Places of decimals by column; accuracies have 3.
DIGITS = {"step": 0, "first at 0.9": 0, "test_loss": 4}


class Table:
    """Rows are the settings of a study; with `across`, those of its other axes, and the values of
    `across` are columns."""

    def __init__(self, columns, across=None, labels=None, derived=None):
        self.columns = columns  # title -> column of the CSV or of `derived`, as for number()
        self.across = across  # an axis
        self.labels = labels or {}  # axis -> (title, function of its text)
        self.derived = derived  # function of a run's folder: {column: number}


def anchors_of(text):
    return str(len(json.loads(text)["anchors"]))


def partners_of(text):
    return ", ".join(str(token) for token in json.loads(text) if token != 4)


def opened(folder):
    sys.path.insert(0, str(ROOT / "resources" / "python"))
    import anchorlens_run  # wants NumPy

    return anchorlens_run.Run(folder)


def evaluations(folder):
    """Steps and test accuracies of a run, and {group: its accuracies}."""
    with opened(folder) as run:
        metrics = run.metrics()
        names = [group["name"] for group in run.groups()]
    groups = {name: metrics["group_accuracy"][:, i].tolist() for i, name in enumerate(names)}
    return metrics["step"].tolist(), metrics["test_accuracy"].tolist(), groups


def last_answers(folder):
    """Of each shown sequence: its tokens, and {token: p} of its most probable answers, from the
    run's last frame."""
    with opened(folder) as run:
        frame = run.frame(int(run.frame_steps()[-1]))
        shown = run.shown()
    answers = [dict(zip(map(int, tokens), map(float, p)))
               for tokens, p in zip(frame["tokens"], frame["p"])]
    return list(zip([sequence["tokens"] for sequence in shown], answers))


def shares_of_scale(folder):
    """initial-scale: shares of the answers to the 64 typed sequences of the pair (4, 3), and the
    highest inferential share that its test sequences had."""
    counts = {"inferential": 0, "symmetric": 0, "neither": 0}
    answers = last_answers(folder)
    for tokens, probable in answers:
        key = int(tokens[list(tokens).index(4) - 1])
        said = max(probable, key=probable.get)
        counts[{-10: "inferential", -6: "symmetric"}.get(said - key, "neither")] += 1
    shares = {name: count / len(answers) for name, count in counts.items()}
    return {**shares, "highest": max(evaluations(folder)[2]["A=4 B=3 held_out"])}


def probabilities(folder):
    """statistical: the mean probability of the key and of the one after it, over the shown
    held-out sequences."""
    key, after = [], []
    for tokens, probable in last_answers(folder):
        x = int(tokens[list(tokens).index(3) + 1])
        key.append(probable.get(x, 0.0))
        after.append(probable.get(x + 1, 0.0))
    return {"p of x": statistics.mean(key), "p of x+1": statistics.mean(after)}


def first_steps(folder):
    """same-or-different: the first evaluation with 0.9 of the held-out sequences right."""
    steps, accuracies, _ = evaluations(folder)
    reached = [step for step, accuracy in zip(steps, accuracies) if accuracy >= 0.9]
    return {"first at 0.9": reached[0]} if reached else {}


def held_out_pair(folder):
    """composite-depth: the highest accuracy on the pair (3, 4), and the largest fall between two
    evaluations."""
    values = evaluations(folder)[2]["A=3 B=4 held_out"]
    return {"highest": max(values),
            "fall": max([a - b for a, b in zip(values, values[1:])], default=0)}


TEST = {"test accuracy": "test_accuracy"}
TRAIN_AND_TEST = {"training accuracy": "train_accuracy", **TEST}
TABLES = {
    "identity-size": Table(TRAIN_AND_TEST, across="kind"),
    "depth-and-shift": Table(
        {**TRAIN_AND_TEST, "layer 0: shift": "largest 0 shift", "layer 1: shift": "largest 1 shift",
         "layer 0: broadcast": "largest 0 broadcast", "layer 1: broadcast": "largest 1 broadcast"}),
    "shift-direction": Table(
        TRAIN_AND_TEST, labels={"pattern": ("pattern", lambda text: f"`{text}`")}),
    "recitation": Table(TEST, across="pattern"),
    "two-or-ten-anchors": Table(
        {**TRAIN_AND_TEST, "anchor 1": "accuracy A=1 held_out",
         "anchor 2": "accuracy A=2 held_out", "test loss": "test_loss"},
        labels={"task": ("anchors", anchors_of)}),
    "synonym": Table(
        {**TRAIN_AND_TEST, "`9 4 x`, never trained": "accuracy form1 S=4 held_out"},
        labels={"S": ("9 is trained before", partners_of), "weight": ("weight of its form", str)}),
    "statistical": Table(
        {**TEST, "test loss": "test_loss", "p of x": "p of x", "p of x+1": "p of x+1"},
        derived=probabilities),
    "same-or-different": Table(
        {"first evaluation at 0.9": "first at 0.9", "last step": "step", **TEST},
        derived=first_steps, labels={"operation": ("anchor 1 is x+5, anchor 2", str)}),
    "composite-depth": Table(
        {**TRAIN_AND_TEST, "pair (3, 4)": "accuracy A=3 B=4 held_out",
         "pair (3, 4): highest": "highest", "pair (3, 4): largest fall": "fall"},
        derived=held_out_pair),
    "initial-scale": Table(
        {"training": "train_accuracy", "inferential": "inferential", "symmetric": "symmetric",
         "neither": "neither", "(4, 3) as x-10": "accuracy A=4 B=3 held_out",
         "(4, 3) as x-10: highest": "highest"},
        derived=shares_of_scale),
    "components": Table(TRAIN_AND_TEST),
    "output-and-positions": Table(TRAIN_AND_TEST),
}
TABLES["scale-and-depth"] = TABLES["initial-scale"]
TABLES.update({name + "-fast": table for name, table in list(TABLES.items())})
# Sweeps of a study that ships with --set, or of a part of it (cut_study.py), as the document says.
CHANGED = {"two-or-ten-anchors-longer": TABLES["two-or-ten-anchors"],
           "initial-scale-slower": TABLES["initial-scale"],
           "initial-scale-longer": TABLES["initial-scale"]}
for _name in ["identity-size", "depth-and-shift", "shift-direction", "same-or-different"]:
    _whole = TABLES[_name]
    CHANGED[_name + "-part"] = Table({"last step": "step", **_whole.columns}, _whole.across,
                                     _whole.labels, _whole.derived)
TABLES.update(CHANGED)


def axes_of(rows):
    """Names of the axes: what stands between "run" and "seed"."""
    names = list(rows[0])
    return names[names.index("run") + 1:names.index("seed")]


def number(row, column):
    """A cell; "largest LAYER SCORE" is that of the layer's heads."""
    layer = LARGEST.fullmatch(column)
    if layer:
        heads = re.compile(rf"{layer[1]}\.\d+ {layer[2]}")
        found = [float(text) for name, text in row.items() if heads.fullmatch(name) and text]
        return max(found, default=None)
    text = row.get(column, "")
    return None if text in ("", None) else float(text)


def cell(rows, column):
    """Median and range; "-" when there is nothing."""
    values = [value for value in (number(row, column) for row in rows) if value is not None]
    if not values:
        return "-"
    digits = DIGITS.get(column, 3)
    middle, least, most = (f"{value:.{digits}f}" for value in
                           (statistics.median(values), min(values), max(values)))
    return middle if len(values) == 1 or least == most else f"{middle} ({least} to {most})"


def by_setting(rows, axes):
    """{values of the axes: rows}, in the order of the file."""
    settings = {}
    for row in rows:
        settings.setdefault(tuple(row[axis] for axis in axes), []).append(row)
    return settings


def line(cells):
    return "| " + " | ".join(cells) + " |\n"


def escaped(text):
    return text.replace("|", "\\|")


def table_text(rows, table):
    """Markdown. Only finished runs count; "runs" says how many of a row's."""
    axes = [axis for axis in axes_of(rows) if axis != table.across]
    across = list(dict.fromkeys(row[table.across] for row in rows)) if table.across else [None]
    titles = [table.labels.get(axis, (axis, str))[0] for axis in axes] + ["runs"]
    for title in table.columns:
        titles += [title if value is None else f"`{value}`: {title}" for value in across]
    text = line(map(escaped, titles)) + line(["---"] * len(titles))
    for values, members in by_setting(rows, axes).items():
        done = [row for row in members if row["state"] == "finished"]
        cells = [table.labels.get(axis, (axis, str))[1](value) for axis, value in zip(axes, values)]
        cells.append(str(len(done)) if len(done) == len(members)
                     else f"{len(done)} of {len(members)}")
        for column in table.columns.values():
            cells += [cell([row for row in done
                            if value is None or row[table.across] == value], column)
                      for value in across]
        text += line(map(escaped, cells))
    return text


def add_derived(rows, folder, derive):
    """Numbers of run folders as columns of the rows; none without NumPy or the folder."""
    for row in rows:
        if row["state"] != "finished" or not (folder / row["run"]).is_dir():
            continue
        try:
            row.update({name: str(value) for name, value in derive(folder / row["run"]).items()})
        except ImportError as error:
            print(f"{folder}: {error}", file=sys.stderr)
            return


def study_table(directory, name):
    """The text of a study's table; None when it was not collected."""
    file = directory / (name + ".csv")
    if not file.is_file():
        return None
    with open(file, encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    table = TABLES[name]
    if table.derived is not None:
        add_derived(rows, directory / name, table.derived)
    return table_text(rows, table)


def fill(document, directory):
    """The document with the tables of the studies in `directory`; others stay as they are."""
    def replaced(match):
        if match[2] not in TABLES:
            raise SystemExit(f"table.py: there is no table of the name {match[2]}")
        text = study_table(directory, match[2])
        return match[0] if text is None else match[1] + text + match[3]

    return PLACE.sub(replaced, document)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("directory", type=pathlib.Path)
    parser.add_argument("--write", type=pathlib.Path, metavar="FILE")
    options = parser.parse_args()
    if options.write is not None:
        text = fill(options.write.read_text(encoding="utf-8"), options.directory)
        options.write.write_text(text, encoding="utf-8")
        return
    for name in TABLES:
        text = study_table(options.directory, name)
        if text is not None:
            print(f"{name}\n\n{text}")


if __name__ == "__main__":
    main()
