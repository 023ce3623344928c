# SPDX-License-Identifier: GPL-3.0-or-later
"""anchorlens render from outside: the same figure has the same bytes in every process.

ANCHORLENS names the window's program, ANCHORCTL the other one; ctest sets both."""

import csv
import json
import os
import re
import subprocess
import unittest

import ctl

PROGRAM = os.environ.get("ANCHORLENS", "anchorlens")
FORMATS = ["svg", "pdf", "png", "csv", "npz"]
VIEWS = ["attention", "flow", "curves", "scores", "weights", "circuits", "predictions", "groups",
         "group-losses", "probe", "lens", "ribbons", "head-table"]


def run_render(folder, *words):
    """The finished process, started in the folder."""
    return subprocess.run([PROGRAM, "render", *words], capture_output=True, text=True,
                          timeout=120, check=False, cwd=folder)


class RenderTest(ctl.ControlTest):
    """With a finished run."""

    def setUp(self):
        super().setUp()
        self.run_folder = self.path("run")
        self.expect(ctl.DONE, "train", self.tiny_file(), "--out", self.run_folder)

    def draw(self, *words):
        return run_render(self.folder, self.run_folder, *words)


class Render(RenderTest):
    def render(self, view, name, words=()):
        files = [self.path(f"{name}.{suffix}") for suffix in FORMATS]
        done = self.draw("--view", view, *words, "-o", *files)
        self.assertEqual(done.returncode, ctl.DONE, done.stderr)
        contents = []
        for file in files:
            with open(file, "rb") as source:
                contents.append(source.read())
        return contents

    def train_seed(self, seed):
        folder = self.path(f"seed{seed}")
        self.expect(ctl.DONE, "train", self.tiny_file(f"/training/seed={seed}"), "--out", folder)
        return folder

    def expect_same_bytes(self, view, words=()):
        first = self.render(view, "first", words)
        second = self.render(view, "second", words)
        for suffix, one, other in zip(FORMATS, first, second):
            with self.subTest(view=view, suffix=suffix):
                self.assertGreater(len(one), 15)
                self.assertTrue(one == other)

    def test_same_bytes_in_every_process(self):
        for view in VIEWS:
            self.expect_same_bytes(view)

    def test_same_bytes_of_several_runs(self):
        second, third = self.train_seed(2), self.train_seed(3)
        self.expect_same_bytes("compare", ["--other", second])
        self.expect_same_bytes("compare-curves",
                               ["--other", second, "--match", "pattern", "--log-time"])
        self.expect_same_bytes("seeds", ["--other", second, "--other", third, "--at", "40"])

    def test_what_no_frame_holds(self):
        plain = self.path("plain.csv")
        self.assertEqual(self.draw("--head", "1.0", "-o", plain).returncode, ctl.DONE)
        with open(plain, encoding="utf-8") as file:
            cells = len(file.readlines())
        for words, column in [
                (["--show", "weighted"], "value_weighted"),
                (["--show", "scores"], "score"),
                (["--show", "difference", "--probe", "mean"], "difference"),
                (["--show", "layer-mean"], "mean of 1"),
                (["--type", "21 22 3 46 50 51 52 53 54"], ",8,54,8,54,"),
        ]:
            files = [self.path(name) for name in ("x.csv", "x.svg", "x.npz")]
            done = self.draw("--head", "1.0", *words, "-o", *files)
            self.assertEqual(done.returncode, ctl.DONE, f"{words} {done.stderr}")
            with open(files[0], encoding="utf-8") as file:
                lines = file.readlines()
            self.assertEqual(len(lines), cells, words)
            self.assertIn(column, lines[0] + lines[-1], words)
        done = self.draw("--show", "all-mean", "-o", self.path("y.svg"))
        self.assertEqual(done.returncode, ctl.BAD_INPUT)
        self.assertIn("--head", done.stderr)
        flow = self.path("flow.csv")
        done = self.draw("--view", "flow", "--show", "weighted", "-o", flow, self.path("flow.svg"))
        self.assertEqual(done.returncode, ctl.DONE, done.stderr)
        with open(flow, encoding="utf-8") as file:
            moved = [float(row["value_weighted"]) for row in csv.DictReader(
                line for line in file if not line.startswith("#"))]
        self.assertEqual(moved, sorted(moved, reverse=True))
        self.assertGreater(moved[0], 0)
        done = self.draw("--view", "flow", "--show", "scores", "-o", self.path("y.svg"))
        self.assertEqual(done.returncode, ctl.BAD_INPUT)
        self.assertIn("attention or weighted", done.stderr)
        done = self.draw("--show", "weighted", "--probe", "mean", "-o", self.path("y.svg"))
        self.assertIn("one sequence", done.stderr)

    def test_without_a_head(self):
        for view in ("attention", "flow", "predictions", "probe", "lens"):
            self.expect_same_bytes(view, ["--without", "0.0"])
        whole = self.rows_of("--head", "1.0")
        rows = self.rows_of("--head", "1.0", "--without", "0.0")
        self.assertEqual(len(rows), len(whole))
        self.assertNotEqual(rows, whole)
        # What comes before the head is not changed.
        self.assertEqual(len(self.rows_of("--head", "0.0", "--without", "1.0")), len(whole))
        for row, other in zip(self.rows_of("--head", "0.0", "--without", "1.0"),
                              self.rows_of("--head", "0.0")):
            self.assertAlmostEqual(float(row["attention"]), float(other["attention"]), places=5)
        picture = self.path("both.svg")
        done = self.draw("--without", "1.0,0.0", "-o", picture)
        self.assertEqual(done.returncode, ctl.DONE, done.stderr)
        with open(picture, encoding="utf-8") as file:
            self.assertIn("without L0 H0 and L1 H0", file.read())

    def test_tables_for_papers(self):
        table = self.path("heads.tex")
        done = self.draw("--view", "head-table", "-o", table)
        self.assertEqual(done.returncode, ctl.DONE, done.stderr)
        with open(table, encoding="utf-8") as file:
            text = file.read()
        self.assertEqual(text.count("L0 H0 &"), 1)
        self.assertEqual(text.count("\\end{tabular}"), 1)
        tests = self.path("tests.tex")
        done = self.draw("--view", "causal-table", "-o", tests)
        self.assertEqual(done.returncode, ctl.FAILED)
        self.assertIn("no causal tests", done.stderr)
        self.assertFalse(os.path.exists(tests))
        self.expect(ctl.DONE, "intervene", self.run_folder, "--test-all-heads")
        self.assertEqual(self.draw("--view", "causal-table", "-o", tests).returncode, ctl.DONE)
        with open(tests, encoding="utf-8") as file:
            self.assertIn("& 0.0 & zero & probe & all &", file.read())
        kept = self.expect_json("intervene", self.run_folder, "--ablate", "0.0", "--on", "test")
        numbers = self.path("tests.csv")
        self.assertEqual(self.draw("--view", "causal-table", "-o", numbers).returncode, ctl.DONE)
        with open(numbers, encoding="utf-8") as file:
            rows = [row for row in csv.DictReader(
                line for line in file if not line.startswith("#"))
                if (row["test"], row["sequences"]) == ("0.0", "test")]
        self.assertEqual([row["group"] for row in rows],
                         ["all", *(group["name"] for group in kept["groups"])])
        for row, found in zip(rows, [kept, *kept["groups"]]):
            self.assertEqual(int(row["n"]), found["n"])
            for part, prefix in [("baseline", "baseline_"), ("intervened", ""), ("kept", "kept_")]:
                for measure in ("loss", "logit_difference"):
                    self.assertEqual(float(row[prefix + measure]), found[part][measure])
            self.assertEqual(float(row["accuracy"]), found["intervened"]["accuracy"])

    def test_necessity_is_of_the_plain_test_on_the_probe(self):
        self.expect(ctl.DONE, "intervene", self.run_folder, "--ablate", "0.0")
        kept = os.path.join(self.run_folder, "causal_tests.jsonl")
        with open(kept, encoding="utf-8") as file:
            test = json.loads(file.read())
        with open(kept, "w", encoding="utf-8") as file:
            for more in ({"necessity": 0.25}, {"necessity": 0.75, "sequences": "train"},
                         {"necessity": 0.5, "seed": 7}):
                file.write(json.dumps({**test, **more}) + "\n")
        rows = self.rows_of("--view", "head-table")
        self.assertEqual([row["necessity"] for row in rows
                          if (row["layer"], row["head"]) == ("0", "0")], ["0.25"])

    def test_animations(self):
        gif = self.path("a.gif")
        series = self.path("frames", "{step}.png")
        done = self.draw("--frames", "20:100:2", "--fps", "25", "-o", gif, series)
        self.assertEqual(done.returncode, ctl.DONE, done.stderr)
        with open(gif, "rb") as file:
            data = file.read()
        self.assertTrue(data.startswith(b"GIF89a"))
        # Frames 20, 60, 100: a control block each, of 4 hundredths of a second.
        self.assertEqual(data.count(b"\x21\xf9\x04\x04\x04\x00"), 3)
        self.assertEqual(sorted(os.listdir(self.path("frames"))),
                         ["000000020.png", "000000060.png", "000000100.png"])
        self.assertEqual(self.draw("--frames", "20:100:2", "--fps", "25", "-o",
                                   self.path("b.gif")).returncode, ctl.DONE)
        with open(self.path("b.gif"), "rb") as file:
            self.assertTrue(data == file.read())
        done = self.draw("--frames", "21:39", "-o", self.path("none", "{step}.png"))
        self.assertEqual(done.returncode, ctl.FAILED)
        self.assertIn("between the steps 21 and 39", done.stderr)
        self.assertFalse(os.path.exists(self.path("none")))

    def test_provenance_is_in_the_file_without_its_line(self):
        files = [self.path(name) for name in ("p.gif", "p.tex")]
        self.assertEqual(self.draw("--no-provenance", "--frames", "20:40", "-o",
                                   files[0]).returncode, ctl.DONE)
        self.assertEqual(self.draw("--view", "head-table", "--no-provenance", "-o",
                                   files[1]).returncode, ctl.DONE)
        for file in files:
            with open(file, "rb") as source:
                self.assertIn(b"seed 1, ", source.read(), file)

    def test_a_comparison_moves(self):
        words = ["--view", "compare", "--other", self.train_seed(2), "--frames", "20:100:2"]
        gif, series = self.path("a.gif"), self.path("frames", "{step}.png")
        done = self.draw(*words, "-o", gif, series)
        self.assertEqual(done.returncode, ctl.DONE, done.stderr)
        self.assertEqual(sorted(os.listdir(self.path("frames"))),
                         ["000000020.png", "000000060.png", "000000100.png"])
        pictures = []
        for name in os.listdir(self.path("frames")):
            with open(self.path("frames", name), "rb") as file:
                pictures.append(file.read())
        self.assertEqual(len(set(pictures)), 3)
        # One of them is what --at draws.
        still = self.path("still.png")
        self.assertEqual(self.draw(*words[:4], "--at", "60", "-o", still).returncode, ctl.DONE)
        with open(still, "rb") as file:
            self.assertIn(file.read(), pictures)
        with open(gif, "rb") as file:
            self.assertEqual(file.read().count(b"\x21\xf9\x04\x04"), 3)

    def test_two_runs_compared(self):
        other = self.train_seed(2)
        table, picture = self.path("compared.csv"), self.path("compared.svg")
        words = ["--view", "compare", "--other", other, "--match", "pattern", "--head", "1.0"]
        done = self.draw(*words, "--probe", "mean", "-o", table, picture)
        self.assertEqual(done.returncode, ctl.DONE, done.stderr)
        with open(table, encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        self.assertEqual(len(rows), 45)
        mean = sum(abs(float(row["difference"])) for row in rows) / len(rows)
        report = self.expect_json("compare", self.run_folder, other, "--match", "pattern")
        head = [head for head in report["heads"] if (head["layer"], head["first"]) == (1, 0)]
        self.assertAlmostEqual(mean, head[0]["mean_absolute_difference"], places=6)
        with open(picture, encoding="utf-8") as file:
            self.assertNotIn("<image", file.read())

    def rows_of(self, *words):
        table = self.path("rows.csv")
        done = self.draw(*words, "-o", table)
        self.assertEqual(done.returncode, ctl.DONE, done.stderr)
        with open(table, encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def test_curves_of_two_runs(self):
        own = self.rows_of("--view", "curves")
        both = self.rows_of("--view", "compare-curves", "--other", self.train_seed(2))
        self.assertEqual({row["run"] for row in both}, {"run", "seed2"})
        first = [row for row in both if row["run"] == "run"]
        loss = [name for name in own[0] if "loss" in name]
        self.assertTrue(first and loss)
        for name in loss:
            # Every loss of the run stands among those of the comparison.
            known = {row["loss"] for row in first}
            self.assertTrue({row[name] for row in own if row[name]} <= known, name)

    def test_a_part_of_time(self):
        words = ["--range", "20:60", "--markers", "--smooth", "light"]
        for view, its_words in (("curves", words), ("scores", words[:3])):
            self.expect_same_bytes(view, its_words)
            rows = self.rows_of("--view", view, *its_words)
            self.assertEqual({int(row["step"]) for row in rows}, {20, 40, 60})
        self.assertIn("test_loss_smoothed", self.rows_of("--view", "curves", *words)[0])
        other = self.train_seed(2)
        rows = self.rows_of("--view", "compare-curves", "--other", other, *words)
        self.assertEqual({int(row["step"]) for row in rows}, {20, 40, 60})
        self.assertTrue(all(row["loss smoothed"] for row in rows))
        done = self.draw("--view", "curves", "--range", "5000:6000", "-o", self.path("x.svg"))
        self.assertEqual(done.returncode, ctl.FAILED)
        self.assertIn("beyond the run's newest", done.stderr)

    def test_all_seeds(self):
        seeds = self.train_seed(2), self.train_seed(3)
        words = ["--view", "seeds"] + [word for seed in seeds for word in ("--other", seed)]
        rows = self.rows_of(*words)
        self.assertEqual([row["run"] for row in rows],
                         ["run, seed 1", "seed2, seed 2", "seed3, seed 3"])
        for row, folder in zip(rows, [self.run_folder, *seeds]):
            report = self.expect_json("eval", folder)
            self.assertAlmostEqual(float(row["Test accuracy"]), report["test_accuracy"], places=6)
        other = self.path("other")
        self.expect(ctl.DONE, "train", self.tiny_file("/model/d_mlp=48"), "--out", other)
        done = self.draw("--view", "seeds", "--other", other, "-o", self.path("x.svg"))
        self.assertEqual(done.returncode, ctl.FAILED)
        self.assertIn("another set-up", done.stderr)

    def test_mistakes_are_named(self):
        for words, expected in [
                (["--view", "nothing", "-o", "x.svg"], "--view"),
                (["--view", "curves", "-o", "x.gif"], "suffix"),
                (["--frames", "9:1", "-o", "x.gif"], "--frames"),
                (["--view", "curves", "--range", "60:20", "-o", "x.svg"], "--range 60:20"),
                (["--view", "curves", "--smooth", "2", "-o", "x.svg"], "--smooth"),
                (["--without", "1", "-o", "x.svg"], "--without 1: heads are layer.head"),
                (["--without", "7.0", "-o", "x.svg"], "There is no head 7.0: layers are 0 to 1"),
                (["--view", "curves", "--without", "1.0", "-o", "x.svg"],
                 "--without: --view curves does not have it; it is of attention, flow, "
                 "predictions, probe, lens"),
                (["--head", "7.0", "-o", "x.svg"], "this model has layers 0 to 1"),
                (["--view", "circuits", "--head", "1.0", "--with", "5.7", "-o", "x.svg"],
                 "--with: this model has layers 0 to 1"),
                (["--view", "circuits", "--head", "1.0", "--with", "1.0", "-o", "x.svg"],
                 "--with 1.0: it is a head of another layer than --head 1.0"),
                (["--view", "compare", "-o", "x.svg"], "--other"),
                (["--view", "compare-curves", "--other", "a", "--other", "b", "-o", "x.svg"],
                 "--other"),
                (["--head", "1.0", "--at", "20,40", "-o", "x.svg"],
                 "--at 20,40: this takes one step"),
                (["--view", "lens", "--at", "20", "--at", "40", "-o", "x.svg"],
                 "--at 20,40: this takes one step"),
                (["--view", "checkpoint", "--at", "40,80", "-o", "x.safetensors"],
                 "--at 40,80: this takes one step"),
                (["--view", "curves", "--at", "20", "-o", "x.svg"],
                 "--at 20: curves takes no step"),
                (["--at", "-5", "-o", "x.svg"], "--at -5: steps are whole numbers from 0"),
                (["--view", "experiment", "-o", "x.pdf"], "x.pdf: the suffix must be json"),
                (["--view", "checkpoint", "-o", "x.png"], "x.png: the suffix must be safetensors"),
                (["--view", "run", "-o", "x.json"], "x.json: the suffix must be anchorrun"),
                (["--view", "curves", "-o", "x"],
                 "x: the suffix must be svg, pdf, png, csv or npz"),
                (["--view", "flow", "--probe", "mean", "--route", "any", "-o", "x.svg"],
                 "--route any: the mean has no paths"),
                (["--view", "scores", "--smooth", "light", "-o", "x.svg"],
                 "--smooth: --view scores does not have it; it is of curves, compare-curves"),
                (["--type", "1 2", "--view", "flow", "-o", "x.svg"],
                 "--type: --view flow does not have it; it is of attention"),
                (["--number", "loss", "-o", "x.svg"],
                 "--number: --view attention does not have it; it is of phase"),
                (["--view", "circuits", "--fold", "--matrix", "embed", "-o", "x.svg"],
                 "--matrix: --view circuits does not have it; it is of weights"),
                (["--frames", "20:40", "-o", "x.svg"], "--frames is of animations"),
        ]:
            self.expect_refusal(words, expected)

    def test_each_view_has_what_its_options_say(self):
        """Whatever a description names a view for is not refused there, and nowhere else taken."""
        said = re.sub(r"\n {20,}", " ", self.draw("--help").stdout)
        views = re.search(r"--view TEXT:\{([^}]*)\}", said).group(1).split(",")
        option = re.compile(r"^ +(--[a-z-]+) +(?:([A-Z]+)(?::\{([^,}]*))?\S* )?"
                            r"[^\n]*?((?:[a-z-]+, )*[a-z-]+): ", re.MULTILINE)
        own = {}
        for name, takes, choice, of in option.findall(said):
            if set(of.split(", ")) <= set(views):
                own[name] = ([choice or "1"] if takes else [], of.split(", "))
        self.assertGreater(len(own), 15, said)
        self.assertEqual(own["--smooth"], (["off"], ["curves", "compare-curves"]))
        self.assertEqual(own["--fold"], ([], ["circuits"]))
        for name, (words, of) in own.items():
            for view in views:
                said = self.draw("--view", view, name, *words, "-o", "x.none").stderr
                self.assertEqual("does not have it" not in said, view in of, f"{name} {said}")

    def expect_refusal(self, words, expected):
        done = self.draw(*words)
        self.assertEqual(done.returncode, ctl.BAD_INPUT, f"{words} {done.stderr}")
        self.assertIn(expected, done.stderr + done.stdout, words)
        self.assertEqual([name for name in os.listdir(self.folder) if name.startswith("x")], [])

    def test_what_the_run_does_not_have(self):
        for view, file in [("attention", "x.svg"), ("flow", "x.svg"), ("weights", "x.svg"),
                           ("head-table", "x.tex"), ("groups", "x.csv"), ("seeds", "x.svg"),
                           ("checkpoint", "x.safetensors")]:
            self.expect_refusal(["--view", view, "--at", "9999", "-o", file],
                                "has no step 9999; its steps are 0 to 120")
        self.expect_refusal(["--at", "20,121", "-o", "x.svg"], "has no step 121")
        for view in ("attention", "flow", "lens"):
            self.expect_refusal(["--view", view, "--probe", "99", "-o", "x.svg"],
                                "--probe 99: the probe shows 4 sequence(s); expected 1 to 4")
        self.assertEqual(self.draw("--probe", "4", "-o", self.path("four.svg")).returncode,
                         ctl.DONE)
        # A seed that went on is enough for the step of all seeds.
        longer = self.train_seed(2)
        self.expect(ctl.DONE, "resume", longer, "--more-steps", "40")
        words = ["--view", "seeds", "--other", longer, "--at"]
        self.assertEqual(self.draw(*words, "150", "-o", self.path("seeds.csv")).returncode,
                         ctl.DONE)
        self.expect_refusal([*words, "161", "-o", "x.csv"], "has no step 161")

    def test_a_route_by_name(self):
        words = ["--view", "flow", "--route"]
        self.expect_refusal([*words, "nonsense", "-o", "x.svg"],
                            "--route nonsense: sequence 1 has the paths '")
        said = self.draw(*words, "nonsense", "-o", "x.svg").stderr
        routes = re.findall(r"'([^']* output)'", said)
        self.assertTrue(routes, said)
        pictures = set()
        for route in routes:
            picture = self.path("route.svg")
            done = self.draw(*words, route, "-o", picture)
            self.assertEqual(done.returncode, ctl.DONE, done.stderr)
            with open(picture, "rb") as file:
                pictures.add(file.read())
        self.assertEqual(len(pictures), len(routes))

    def test_options_before_the_run(self):
        for words in (["--at", "20,40"], ["--at", "40"], ["--without", "1.0,0.0"],
                      ["--at=20", "--at", "40"]):
            pictures = [self.path(name) for name in ("after.svg", "before.svg")]
            done = self.draw(*words, "-o", pictures[0])
            self.assertEqual(done.returncode, ctl.DONE, done.stderr)
            done = run_render(self.folder, *words, self.run_folder, "-o", pictures[1])
            self.assertEqual(done.returncode, ctl.DONE, f"{words} {done.stderr}")
            contents = []
            for picture in pictures:
                with open(picture, "rb") as file:
                    contents.append(file.read())
            self.assertTrue(contents[0] == contents[1], words)


class RenderStudy(ctl.ControlTest):
    def draw(self, *words):
        return run_render(self.folder, *words)

    def expect_refusal(self, words, expected):
        done = self.draw(*words, "-o", "x.svg")
        self.assertEqual(done.returncode, ctl.BAD_INPUT, f"{words} {done.stderr}")
        self.assertIn(expected, done.stderr, words)
        self.assertFalse(os.path.exists(self.path("x.svg")))

    def test_what_is_no_study(self):
        os.mkdir(self.path("empty"))
        for name in ("empty", "absent"):
            self.expect_refusal([name, "--view", "phase"],
                                f"{name}: no study's folder, it has no study.json")

    def test_all_errors_of_a_study(self):
        """As sweep says them; columns count characters, of which an arrow is one."""
        for name, expected, assignments, fields in (
                ("fields", "no_such_field", [], {"seeds": {"first": 1, "count": "two"},
                                                 "no_such_field": 1}),
                ("column", "pattern: column 11: ", ["/task/forms/0/pattern=* 3 x * → ?"], {})):
            os.mkdir(self.path(name))
            os.rename(self.study_file(*assignments, **fields), self.path(name, "study.json"))
            said = self.expect(ctl.BAD_INPUT, "sweep", os.path.join(name, "study.json"), "--out",
                               "out", cwd=self.folder).stderr.splitlines()
            self.assertIn(expected, "".join(said))
            for line in said:
                self.expect_refusal([name, "--view", "phase"], f"anchorlens render: {line}\n")

    def test_a_study_without_numbers(self):
        os.mkdir(self.path("new"))
        os.rename(self.study_file(), self.path("new", "study.json"))
        self.expect_refusal(["new", "--view", "study-curves"],
                            "No run of the study has numbers yet.")

    def test_curves_of_groups(self):
        study = self.path("study")
        self.expect(ctl.DONE, "sweep", self.study_file("/training/steps=40"), "--out", study,
                    "--jobs", "1")
        view = ["--view", "study-curves"]
        for name in ("Foo", "Train,Foo"):
            self.expect_refusal([study, *view, "--groups", name],
                                "--groups Foo: the study has no such group; it has Train, Test")
        self.expect_refusal([study, *view, "--at", "20"], "study-curves takes no step")
        self.expect_refusal([study, "--view", "phase", "--at", "20,40"], "this takes one step")
        # Options before the folder take one word each.
        for words in (["--settings", "1,2"], ["--groups", "Train,Test"], ["--groups", ""]):
            table = self.path("curves.csv")
            done = self.draw(*words, study, *view, "-o", table)
            self.assertEqual(done.returncode, ctl.DONE, f"{words} {done.stderr}")
            with open(table, encoding="utf-8", newline="") as rows:
                groups = {row["group"] for row in csv.DictReader(rows)}
            self.assertTrue({"Train", "Test"} <= groups, words)
        done = self.draw("--fixed", "d_mlp=16", study, "--view", "phase", "--x", "none", "--y",
                         "none", "-o", self.path("line.csv"))
        self.assertEqual(done.returncode, ctl.DONE, done.stderr)


if __name__ == "__main__":
    unittest.main()
