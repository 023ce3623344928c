#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes docs/report.md and its figures: an example of what a study with Anchorlens comes to.

    docs/make_report.py build/release/bin

Trains five seeds of the demo in a temporary folder (a few minutes), asks both programs for every
number and figure, and writes the command of each below it.
"""

import json
import pathlib
import shlex
import statistics
import subprocess
import sys
import tempfile

SEEDS = range(11, 16)
SHOWN = 11
HERE = pathlib.Path(__file__).resolve().parent
PICTURES = HERE / "pictures" / "report"


class Programs:
    """Runs commands where the runs are, and remembers how a person would type them."""

    def __init__(self, folder, runs):
        self.folder, self.runs = folder, runs

    def run(self, line):
        words = shlex.split(line)
        words[0] = str(self.folder / words[0])
        done = subprocess.run(words, cwd=self.runs, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            sys.exit(f"{line}\n{done.stderr}")
        return done.stdout

    def json(self, line):
        return json.loads(self.run(line + " --json"))


def figure(programs, name, text, options):
    line = f"anchorlens render seed-{SHOWN} {options} --dpi 160 -o {name}.png"
    programs.run(line)
    (programs.runs / f"{name}.png").replace(PICTURES / f"{name}.png")
    return f"![{text}](pictures/report/{name}.png)\n\n**{text}** `{line}`\n"


def table(header, rows):
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines) + "\n"


def emergence(scores, label):
    steps = [head[label]["emergence_step"] for head in scores["heads"]
             if head[label]["emergence_step"] is not None]
    return min(steps) if steps else None


def percent(value):
    return f"{100 * value:.1f} %"


def seeds(programs):
    rows = []
    for seed in SEEDS:
        scores = programs.json(f"anchorctl score seed-{seed}")
        accuracy = programs.json(f"anchorctl eval seed-{seed}")
        test = [group for group in accuracy["groups"] if group["split"] == "test"]
        right = sum(group["accuracy"] * group["n"] for group in test) / sum(g["n"] for g in test)
        rows.append((seed, emergence(scores, "shift"), emergence(scores, "broadcast"), right))
    return rows


def tests(programs):
    questions = [
        ("the head that shifts", "--ablate-label shift"),
        ("the head that broadcasts", "--ablate-label broadcast"),
        ("edges key → anchor of layer 0", "--cut '0:key>anchor'"),
        ("edges reader → key of layer 1", "--cut '1:reader>key'"),
    ]
    rows = []
    for name, options in questions:
        cells = [[], [], []]
        for seed in SEEDS:
            result = programs.json(f"anchorctl intervene seed-{seed} {options} --on test")
            control = result["control"]
            cells[0].append(result["intervened"]["accuracy"])
            if control is not None:
                cells[1].append(control["accuracy"])
            cells[2].append(result["necessity"])
        spread = [f"{percent(min(c))} to {percent(max(c))}" if c else "–" for c in cells[:2]]
        rows.append([name, *spread, f"{statistics.median(cells[2]):.2f}", f"`{options}`"])
    return rows


def report(programs):
    experiment = programs.run("anchorctl presets demo")
    (programs.runs / "demo.json").write_text(experiment, encoding="utf-8")
    for seed in SEEDS:
        programs.run(f"anchorctl train demo.json --set /training/seed={seed} --out seed-{seed}")
    # Before the figures: they say shift and broadcast of what a test has shown to be needed.
    tested = tests(programs)
    facts = seeds(programs)
    early = sum(row[2] <= row[1] for row in facts)
    shown = next(row for row in facts if row[0] == SHOWN)
    first, second = sorted((shown[1], shown[2]))
    model = json.loads(experiment)["model"]
    version = programs.run("anchorctl --version").split()[1]
    return f"""<!-- SPDX-License-Identifier: GPL-3.0-or-later -->
# How two layers learn to find a key: an example report

Written by `docs/make_report.py` with Anchorlens {version}: every number and figure comes from the command beside it.

**Question.** In `* 3 x * -> x` the answer is the token after the anchor 3, wherever it stands, and held-out keys are never
seen there in training. What do the heads of a small transformer ({model["n_layers"]} layers, {model["n_heads"]} head each,
width {model["d_model"]}) do to solve it, when do they learn it, and is it what the answer rests on?

**Runs.** `anchorctl presets demo > demo.json`, then for seeds {SEEDS[0]} to {SEEDS[-1]}
`anchorctl train demo.json --set /training/seed=SEED --out seed-SEED`; figures are of seed {SHOWN}.

## Two patterns emerge, in every seed

{figure(programs, "heads", "Figure 1. Attention of both heads before, at and after the two emergences.",
        f"--at 0,{first},{second},1500")}
Layer 0 comes to read the previous position (a *shift*), so that the key's position knows that an anchor stands before it;
layer 1 then reads the key from the last position, wherever the key is (a *broadcast*).

{table(["seed", "shift emerges, step", "broadcast emerges, step", "accuracy on held-out keys"],
       [[seed, shift, broadcast, percent(right)] for seed, shift, broadcast, right in facts])}
`anchorctl score seed-SEED --json` and `anchorctl eval seed-SEED --json`. An emergence is the first frame at which a
head's lift over an untrained head reaches 0.5 (docs/scores.md); frames are ten steps apart here. In {early} of
{len(facts)} seeds the broadcast is there no later than the shift: what comes first in the path need not come first in time.

{figure(programs, "curves", "Figure 2. Loss and accuracy.", "--view curves --width 5")}
{figure(programs, "ribbons", "Figure 3. What each head is called over time.", "--view ribbons")}
## The program finds the path

{figure(programs, "flow", "Figure 4. What moves where; the path anchor, key, output is found from the roles and attention.",
        "--view flow --heads labelled")}
{figure(programs, "lens", "Figure 5. What each layer and position would answer: only after layer 1 do later positions name the key.",
        "--view lens")}
## Another seed learns the same

{figure(programs, "compare", "Figure 6. The head that broadcasts in two seeds, and their difference; heads matched by their patterns.",
        f"--view compare --other seed-{SHOWN + 1} --match pattern --head 1.0")}
## It is what the answer rests on

{table(["without", "accuracy", "control of equal mass", "necessity (median)", "command"], tested)}
Lowest and highest of the five seeds, held-out keys; `anchorctl intervene seed-SEED COMMAND --on test --json`. The control
is the same number of other heads or of other edges with the nearest attention (docs/causal_tests.md); with one head a layer
the only other head is the one that the task needs as well, so that heads have no idle control here: the edges do.

{figure(programs, "heads_table", "Table 1. The heads of one run; `.tex` in the place of `.png` gives the LaTeX table.",
        "--view head-table")}
**In a paper.** The same commands with `.pdf` give vector figures with the fonts inside, `.tex` the tables, `.csv` and
`.npz` the numbers; `--frames 0:1500 -o heads.gif` gives Figure 1 as an animation. Each file says in its metadata which run,
step, seed and program it is from.
"""


def main():
    with tempfile.TemporaryDirectory() as runs:
        programs = Programs(pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(runs))
        PICTURES.mkdir(parents=True, exist_ok=True)
        (HERE / "report.md").write_text(report(programs), encoding="utf-8")


if __name__ == "__main__":
    main()
