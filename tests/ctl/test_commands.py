# SPDX-License-Identifier: GPL-3.0-or-later
"""Commands that need no engine: presets, check, sample; help, usage errors and exit codes."""

import json
import os
import stat
import subprocess
import unittest
import xml.etree.ElementTree

import ctl
from ctl import BAD_INPUT, DONE, FAILED, ControlTest

PRESETS = [
    "demo", "identity", "reading-comprehension", "classification", "composite", "working-memory",
    "synonym", "recitation-forward", "recitation-reverse", "multi-anchor", "statistical"]
COMMANDS = ["presets", "studies", "check", "sample", "notation", "train", "resume", "fork", "sweep",
            "eval", "score", "intervene", "export", "import", "prune", "circuits", "bench"]

# Whatever opens the engine fails with this.
NO_ENGINE = {"ANCHORLENS_ENGINE": "/nowhere/libanchorlens_engine.so"}


class Help(ControlTest):
    def test_program(self):
        text = self.expect(DONE, "--help").stdout
        for command in COMMANDS:
            self.assertIn(command, text)

    def test_every_command_has_an_example(self):
        for command in COMMANDS:
            text = self.expect(DONE, command, "--help").stdout
            self.assertIn("Example:\n  anchorctl " + command, text)

    def test_version_names_the_commit(self):
        text = self.expect(DONE, "--version").stdout
        self.assertRegex(text, r"^anchorctl \d+\.\d+\.\d+ \(commit ([0-9a-f]{12}(-dirty)?|unknown)\)\n$")


class Usage(ControlTest):
    def check_usage(self, *arguments):
        done = self.expect(BAD_INPUT, *arguments)
        self.assertEqual(done.stdout, "")
        self.assertIn("--help shows how it is used", done.stderr)
        return done.stderr

    def test_nothing(self):
        self.check_usage()

    def test_unknown_command(self):
        self.check_usage("tarin")

    def test_unknown_option(self):
        self.assertIn("--sseed", self.check_usage("sample", "x.json", "--sseed", "3"))

    def test_mistyped_words_are_named(self):
        for arguments, message in [
                (["trian", "demo.json"],
                 'anchorctl: there is no command "trian"; did you mean "train"?'),
                (["zzzzzzzz"], 'anchorctl: there is no command "zzzzzzzz"; expected one of "presets"'),
                (["--jsn", "presets"], 'anchorctl: there is no option "--jsn"'),
                (["train", "demo.json", "--ouut", "r"],
                 'anchorctl train: there is no option "--ouut"; did you mean "--out"?'),
                (["train", "demo.json", "--out", "r", "--treads=2"],
                 'anchorctl train: there is no option "--treads"; did you mean "--threads"?'),
                (["train", "demo.json", "--out", "r", "--treads", "2"],
                 'anchorctl train: there is no option "--treads"; did you mean "--threads"?')]:
            self.assertIn(message, self.check_usage(*arguments))

    def test_missing_arguments(self):
        self.check_usage("check")
        self.check_usage("train", "x.json")
        self.check_usage("fork", "run", "--out", "b")
        self.check_usage("export", "run")

    def test_wrong_numbers(self):
        self.check_usage("sample", "x.json", "-n", "0")
        self.check_usage("sample", "x.json", "-n", "three")
        self.check_usage("resume", "run", "--more-steps", "0")
        self.assertIn('--seed: expected an integer from 0 to 9007199254740991, got "-1"',
                      self.check_usage("sample", "x.json", "--seed", "-1"))
        self.assertIn('got "0x10"', self.check_usage("bench", "--threads", "0x10"))

    def test_numbers_are_decimal(self):
        drawn = self.expect_json("sample", self.tiny_file(), "-n", "010", "--seed", "010")
        self.assertEqual(len(drawn), 10)
        self.assertEqual(drawn, self.expect_json("sample", self.tiny_file(), "-n", "10",
                                                 "--seed", "10"))

    def test_empty_words(self):
        self.assertEqual('FILE: expected a text, got ""\n',
                         self.expect(BAD_INPUT, "check", "").stderr)
        self.assertEqual('--out: expected a text, got ""\n',
                         self.expect(BAD_INPUT, "sweep", "identity-size", "--out", "").stderr)

    def test_wrong_steps(self):
        for arguments in [("eval", "run"), ("score", "run"), ("circuits", "run"),
                          ("compare", "a", "b"), ("export", "run", "--weights", "w"),
                          ("intervene", "run"), ("fork", "run", "--out", "b")]:
            for step in ["abc", "-1", "1.5", "99999999999999999999"]:
                self.assertIn(f'--at: expected a step, an integer from 0, got "{step}"',
                              self.check_usage(*arguments, "--at", step))
        self.assertIn('--from-step: expected a step, an integer from 0, got "x"',
                      self.check_usage("intervene", "run", "--from-step", "x"))


class Presets(ControlTest):
    def test_names(self):
        self.assertEqual(self.expect_json("presets"), PRESETS)

    def test_table_names_all(self):
        text = self.expect(DONE, "presets").stdout
        for name in PRESETS:
            self.assertRegex(text, rf"(?m)^{name} ")

    def test_every_preset_is_right_and_complete(self):
        for name in PRESETS:
            text = self.expect(DONE, "presets", name).stdout
            experiment = json.loads(text)
            self.assertEqual(experiment["format"], "anchorlens-experiment")
            path = self.path(name + ".json")
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)
            self.assertEqual(self.expect_json("check", path), {"ok": True, "errors": []})
            facts = self.expect(DONE, "check", path).stdout
            self.assertIn("ok", facts)
            self.assertIn("Held out for test: sequences in which", facts)
            self.assertIn("possible training sequences", facts)

    def test_json_is_the_file(self):
        self.assertEqual(self.expect_json("presets", "demo")["name"], "demo")

    def test_unknown(self):
        done = self.expect(BAD_INPUT, "presets", "nothing")
        self.assertIn("nothing: there is no preset of that name", done.stderr)


class Studies(ControlTest):
    def test_names_and_files(self):
        names = self.expect_json("studies")
        self.assertIn("identity-size-fast", names)
        for name in names:
            study = json.loads(self.expect(DONE, "studies", name).stdout)
            self.assertEqual((study["format"], study["name"]), ("anchorlens-study", name))

    def test_table(self):
        text = self.expect(DONE, "studies").stdout
        self.assertRegex(text, r"(?m)^identity-size +660  /model/kind, /data/n_train$")
        self.assertRegex(text, r"(?m)^same-or-different-fast +10  /task/anchors/1/operation$")

    def test_unknown(self):
        done = self.expect(BAD_INPUT, "studies", "nothing")
        self.assertIn("nothing: there is no study of that name", done.stderr)


class Check(ControlTest):
    def test_all_errors_with_pointers(self):
        path = self.tiny_file("/training/batch_size=0", "/model/n_heds=8", "/data/n_test=32.7",
                              "/task/forms/0/pattern=* 3 x * -> y")
        answer = self.expect_json("check", path, code=BAD_INPUT)
        self.assertFalse(answer["ok"])
        pointers = [error["pointer"] for error in answer["errors"]]
        for pointer in ["/training/batch_size", "/model/n_heds", "/data/n_test"]:
            self.assertIn(pointer, pointers)
        for error in answer["errors"]:
            self.assertEqual(set(error), {"pointer", "message"})
        done = self.expect(BAD_INPUT, "check", path)
        self.assertEqual(done.stdout, "")
        lines = done.stderr.splitlines()
        self.assertEqual(len(lines), len(pointers))
        for line, pointer in zip(lines, pointers):
            self.assertTrue(line.startswith(f"{path}: {pointer}: "), line)

    def test_pattern_errors_name_the_column(self):
        path = self.tiny_file("/task/forms/0/pattern=* 3 x ** ) -> x")
        (error,) = self.expect_json("check", path, code=BAD_INPUT)["errors"]
        self.assertEqual(error["pointer"], "/task/forms/0/pattern")
        self.assertRegex(error["message"], r"^column \d+: ")

    def test_columns_count_characters_from_1(self):
        pattern = "* 3 x * → y"  # the arrow is one character of three bytes
        said = "/task/forms/0/pattern: column 11: y is not in the sequence"
        right = self.tiny_file()
        for command in ["check", "sample", "notation"]:
            done = self.expect(BAD_INPUT, command, right, "--set", f"/task/forms/0/pattern={pattern}")
            self.assertIn(said, done.stderr)
        done = self.expect(BAD_INPUT, "check", right, "--set", f"/task/forms/-/pattern={pattern} +")
        self.assertIn("--set: /task/forms/1/pattern: column 14: ", done.stderr)
        wrong = self.tiny_file(f"/task/forms/0/pattern={pattern}")
        self.assertIn(f"{wrong}: {said}", self.expect(BAD_INPUT, "check", wrong).stderr)
        (error,) = self.expect_json("check", wrong, code=BAD_INPUT)["errors"]
        self.assertTrue(error["message"].startswith("column 11: "), error)
        broken = self.tiny_file("/task/forms/0/pattern=* 3 x * → )")
        for command in ["check", "sample"]:
            self.assertIn("column 11: ", self.expect(BAD_INPUT, command, broken).stderr)

    def test_set_is_checked_too(self):
        path = self.tiny_file()
        answer = self.expect_json("check", path, "--set", "/training/seed=-1", code=BAD_INPUT)
        self.assertEqual(answer["errors"][0]["pointer"], "/training/seed")
        done = self.expect(BAD_INPUT, "check", path, "--set", "/training/seeds=3")
        self.assertTrue(done.stderr.startswith("--set: /training/seeds: no such field"), done.stderr)

    def test_set_takes_a_pattern_that_begins_with_a_brace(self):
        chain = ["--set", "/task/forms/0/pattern={ a b | b c | c d } a -> d",
                 "--set", "/task/held_out=[{\"rule\": \"residue\", \"key\": \"answer\"}]",
                 "--set", "/task/seq_len=7"]
        done = self.expect(DONE, "check", self.tiny_file(), *chain)
        self.assertIn("{ a b | b c | c d } a -> d", done.stdout)

    def test_preset_name_instead_of_a_file(self):
        hint = "there is no such file, but a preset of that name: anchorctl presets demo > demo.json"
        done = self.expect(BAD_INPUT, "check", "demo", cwd=self.folder)
        self.assertEqual(done.stderr, f"demo: {hint}\n")
        answer = self.expect_json("check", "demo", code=BAD_INPUT, cwd=self.folder)
        self.assertEqual(answer["errors"], [{"pointer": "", "message": hint}])

    def test_files_that_are_none(self):
        answer = self.expect_json("check", self.path("absent.json"), code=BAD_INPUT)
        self.assertEqual(answer["errors"][0]["pointer"], "")
        broken = self.path("broken.json")
        with open(broken, "w", encoding="utf-8") as file:
            file.write('{"format": ')
        self.assertIn(broken, self.expect(BAD_INPUT, "check", broken).stderr)
        self.expect(BAD_INPUT, "check", self.folder)

    def test_does_not_open_the_engine(self):
        path = self.tiny_file()
        self.expect(DONE, "check", path, environment=NO_ENGINE)
        self.expect(DONE, "presets", environment=NO_ENGINE)
        self.expect(DONE, "studies", environment=NO_ENGINE)
        self.expect(DONE, "sample", path, environment=NO_ENGINE)
        done = self.expect(FAILED, "train", path, "--out", self.path("run"), environment=NO_ENGINE)
        self.assertIn("/nowhere/libanchorlens_engine.so", done.stderr)
        self.assertFalse(os.path.exists(self.path("run")))


class Notation(ControlTest):
    def test_formats(self):
        path = self.preset_file("composite")
        latex = self.expect(DONE, "notation", path).stdout
        self.assertIn(r"B(A(x))", latex)
        self.assertIn(r"(A, B) = (\mathbf{3}, \mathbf{4})", latex)
        svg = self.expect(DONE, "notation", path, "--format", "svg").stdout
        self.assertEqual(xml.etree.ElementTree.fromstring(svg).tag,
                         "{http://www.w3.org/2000/svg}svg")

    def test_out_is_a_new_file(self):
        path = self.preset_file("composite")
        out = self.path("task.svg")
        self.expect(DONE, "notation", path, "--format", "svg", "--out", out)
        with open(out, encoding="utf-8") as file:
            self.assertEqual(file.read(),
                             self.expect(DONE, "notation", path, "--format", "svg").stdout)
        done = self.expect(BAD_INPUT, "notation", path, "--out", out)
        self.assertIn("exists already", done.stderr)
        self.expect(FAILED, "notation", path, "--out", self.path("no/such.svg"))

    def test_json(self):
        path = self.preset_file("composite")
        for form in ["latex", "svg"]:
            text = self.expect(DONE, "notation", path, "--format", form).stdout
            self.assertEqual(self.expect_json("notation", path, "--format", form),
                             {"format": form, "text": text})
        out = self.path("task.tex")
        self.assertEqual(self.expect_json("notation", path, "--out", out),
                         {"file": out, "format": "latex"})
        self.assertTrue(os.path.exists(out))


class Sample(ControlTest):
    def test_shape(self):
        path = self.preset_file("composite")
        samples = self.expect_json("sample", path, "-n", "20", "--seed", "4")
        self.assertEqual(len(samples), 20)
        for sample in samples:
            self.assertEqual(
                list(sample), ["tokens", "roles", "reader", "target", "form", "split", "group"])
            self.assertEqual(len(sample["tokens"]), 9)
            self.assertEqual(sample["reader"], 8)
            self.assertEqual(sample["split"], "train")
            named = {role: token for role, token in zip(sample["roles"], sample["tokens"])}
            self.assertEqual(set(named), {"noise", "key:x", "anchor:A", "anchor:B"})
            shift = {1: 5, 2: 1, 3: -2, 4: -8}
            answer = named["key:x"] + shift[named["anchor:A"]] + shift[named["anchor:B"]]
            self.assertEqual(sample["target"], [{"token": answer, "p": 1.0}])

    def test_literal_anchor(self):
        sample = self.expect_json("sample", self.preset_file("identity"), "-n", "1")[0]
        at = sample["roles"].index("anchor:3")
        self.assertEqual(sample["tokens"][at], 3)
        self.assertEqual(sample["roles"][at + 1], "key:x")
        self.assertEqual(sample["target"][0]["token"], sample["tokens"][at + 1])

    def test_splits_follow_the_rule(self):
        path = self.preset_file("identity")
        for split in ["train", "test"]:
            for sample in self.expect_json("sample", path, "-n", "200", "--split", split):
                at = sample["roles"].index("key:x")
                held_out = (sample["tokens"][at] - at) % 8 == 0
                self.assertEqual(held_out, split == "test")
                self.assertEqual(sample["split"], split)

    def test_seed(self):
        path = self.preset_file("identity")
        first = self.expect_json("sample", path, "--seed", "1")
        self.assertEqual(first, self.expect_json("sample", path, "--seed", "1"))
        self.assertNotEqual(first, self.expect_json("sample", path, "--seed", "2"))
        self.assertEqual(len(first), 5)

    def test_probabilities(self):
        sample = self.expect_json("sample", self.preset_file("statistical"), "-n", "1")[0]
        key = sample["tokens"][sample["roles"].index("key:x")]
        self.assertEqual(sample["target"],
                         [{"token": key, "p": 0.8}, {"token": key + 1, "p": 0.2}])

    def test_for_people(self):
        text = self.expect(DONE, "sample", self.preset_file("identity"), "-n", "2").stdout
        self.assertEqual(len(text.splitlines()), 4)
        self.assertIn("-> ", text)

    def test_nothing_held_out(self):
        path = self.preset_file("identity", ["/task/held_out=[]"])
        done = self.expect(BAD_INPUT, "sample", path, "--split", "test")
        self.assertIn("/task/held_out", done.stderr)

    def test_preset_name_instead_of_a_file(self):
        done = self.expect(BAD_INPUT, "sample", "demo", cwd=self.folder)
        self.assertIn("anchorctl presets demo > demo.json", done.stderr)


class Errors(ControlTest):
    def test_runs_that_are_none(self):
        for arguments in [("resume", "absent"), ("eval", "absent"), ("score", "absent"),
                          ("export", "absent", "--weights", "w.safetensors"),
                          ("fork", "absent", "--at", "1", "--out", "b")]:
            done = self.expect(BAD_INPUT, *arguments, cwd=self.folder)
            self.assertIn("absent", done.stderr)
            self.assertEqual(done.stdout, "")
            self.assertEqual(os.listdir(self.folder), [])

    def test_a_wrong_set(self):
        path = self.tiny_file()
        done = self.expect(BAD_INPUT, "train", path, "--out", self.path("run"),
                           "--set", "/training/sed=1", "--set", "/data/n_test=many")
        lines = done.stderr.splitlines()
        self.assertTrue(any("/training/sed" in line for line in lines), lines)
        self.assertFalse(os.path.exists(self.path("run")))

    def test_out_is_never_overwritten(self):
        path = self.tiny_file()
        os.mkdir(self.path("full"))
        with open(self.path("full", "mine"), "w", encoding="utf-8"):
            pass
        for out in [self.path("full"), path]:
            before = os.stat(out)
            done = self.expect(BAD_INPUT, "train", path, "--out", out)
            self.assertIn(out, done.stderr)
            self.assertEqual(stat.S_IFMT(os.stat(out).st_mode), stat.S_IFMT(before.st_mode))
        self.assertEqual(os.listdir(self.path("full")), ["mine"])

    def test_output_that_cannot_be_written(self):
        with open("/dev/full", "w", encoding="utf-8") as full:
            done = subprocess.run([ctl.PROGRAM, "presets", "demo"], stdout=full,
                                  stderr=subprocess.PIPE, text=True, check=False)
        self.assertEqual(done.returncode, FAILED)
        self.assertIn("could not be written", done.stderr)


if __name__ == "__main__":
    unittest.main()
