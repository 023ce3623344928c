#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes docs/tasks.md: every preset and example with its pattern and its first five samples.

    docs/make_tasks.py build/release/bin/anchorctl > docs/tasks.md
"""

import json
import pathlib
import subprocess
import sys
import tempfile

SHOWS = {
    "demo": "The fast settings: both mechanisms emerge within seconds, while the learning rate still rises. "
            "`ANCHORLENS_LONG=1 ctest --preset dev -R ctl_demo -V` trains seeds 11 to 15.",
    "identity": "The simplest anchor: the answer is the token after it.",
    "reading-comprehension": "Three facts and a question: the key that stands behind the anchor asked for.",
    "classification": "The anchor whose key is nearest to the last token.",
    "composite": "Two operations after each other; one pair of anchors is never trained.",
    "working-memory": "As composite, with noise in between: the steps have to be carried along.",
    "synonym": "Anchor 9 does what 3 does; it is held out in two of its pairs.",
    "recitation-forward": "Recite what followed.",
    "recitation-reverse": "Recite what came before.",
    "multi-anchor": "Ten anchors, each of which never sees some of the keys.",
    "statistical": "The answer is random: x with 80 %, x+1 with 20 %.",
}


def run(program: str, *arguments: str) -> str:
    return subprocess.run([program, *arguments], check=True, capture_output=True, text=True).stdout


def sample_line(sample: dict) -> str:
    def shown(token: int, role: str) -> str:
        kind = role.split(":")[0]
        return {"anchor": f"[{token}]", "key": f"({token})"}.get(kind, str(token))

    tokens = " ".join(shown(t, r) for t, r in zip(sample["tokens"], sample["roles"]))
    answers = sample["target"]
    if len(answers) == 1:
        answer = str(answers[0]["token"])
    else:
        answer = " | ".join(f"{100 * a['p']:.0f} % {a['token']}" for a in answers)
    return f"{tokens} -> {answer}    {sample['group']}"


def section(program: str, name: str, folder: pathlib.Path) -> str:
    text = run(program, "presets", name)
    experiment = json.loads(text)
    file = folder / f"{name}.json"
    file.write_text(text, encoding="utf-8")
    lines = [f"### {name}", ""]
    if name in SHOWS:
        lines += [SHOWS[name], ""]
    patterns = " and ".join(f"`{form['pattern']}`" for form in experiment["task"]["forms"])
    anchors = ", ".join(f"{a['token']} `{a['operation']}`" for a in experiment["task"]["anchors"])
    lengths = experiment["task"]["seq_len"]
    lines.append(f"{patterns}, length {lengths}" + (f"; anchors {anchors}" if anchors else ""))
    for split in ("train", "test"):
        samples = json.loads(
            run(program, "sample", str(file), "-n", "5", "--split", split, "--seed", "1", "--json")
        )
        lines += ["", f"    # anchorctl sample {name}.json -n 5 --split {split} --seed 1"]
        lines += ["    " + sample_line(sample) for sample in samples]
    return "\n".join(lines) + "\n"


def main() -> None:
    program = sys.argv[1]
    presets = json.loads(run(program, "presets", "--json"))
    examples = [p.stem for p in sorted((pathlib.Path(__file__).parent.parent / "resources/examples").glob("*.json"))]
    print("<!-- SPDX-License-Identifier: GPL-3.0-or-later -->")
    print("# Tasks\n")
    print("Written by `docs/make_tasks.py build/release/bin/anchorctl > docs/tasks.md`; the samples are those of")
    print("the command above them (printed with `--json`). `[ ]` marks an anchor, `( )` a key; the group stands behind the")
    print("answer. `anchorctl presets NAME` prints the whole file.\n")
    with tempfile.TemporaryDirectory() as folder:
        for title, names in (("Presets", presets), ("Examples", examples)):
            print(f"## {title}\n")
            for name in names:
                print(section(program, name, pathlib.Path(folder)))


if __name__ == "__main__":
    main()
