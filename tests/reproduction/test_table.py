# SPDX-License-Identifier: GPL-3.0-or-later
"""table.py on made CSVs: medians, ranges, unfinished runs, and what it leaves as it is."""

import pathlib
import re
import tempfile
import unittest

import table

SIZES = """run,kind,n_train,seed,state,reason,step,test_accuracy
01,transformer,200,1,finished,,2000,0.25
02,transformer,200,2,finished,,2000,0.5
03,transformer,200,3,finished,,2000,1
04,lstm,200,1,finished,,2000,0.125
05,lstm,200,2,stopped,,100,0.9
06,lstm,200,3,not started,,,
"""
SAME = """run,operation,seed,state,reason,step,test_accuracy
1,x+5,1,finished,stopped early,140,0.992
2,x+5,2,finished,stopped early,180,0.996
3,x+1,1,failed,NaN,7,0.1
"""
DOCUMENT = """# Head
<!-- table identity-size-fast -->
old | numbers
<!-- end -->
between
<!-- table components -->
stays
<!-- end -->
"""


class Tables(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        (self.folder / "identity-size-fast.csv").write_text(SIZES, encoding="utf-8")
        (self.folder / "same-or-different.csv").write_text(SAME, encoding="utf-8")

    def test_median_and_range_of_finished_runs_by_column(self):
        self.assertEqual(
            table.study_table(self.folder, "identity-size-fast"),
            "| n_train | runs | `transformer`: training accuracy | `lstm`: training accuracy |"
            " `transformer`: test accuracy | `lstm`: test accuracy |\n"
            "| --- | --- | --- | --- | --- | --- |\n"
            "| 200 | 4 of 6 | - | - | 0.500 (0.250 to 1.000) | 0.125 |\n")

    def test_rows_are_settings(self):
        self.assertEqual(
            table.study_table(self.folder, "same-or-different"),
            "| anchor 1 is x+5, anchor 2 | runs | first evaluation at 0.9 | last step |"
            " test accuracy |\n"
            "| --- | --- | --- | --- | --- |\n"
            "| x+5 | 2 | - | 160 (140 to 180) | 0.994 (0.992 to 0.996) |\n"
            "| x+1 | 0 of 1 | - | - | - |\n")

    def test_largest_of_a_layer(self):
        row = {"0.0 shift": "0.25", "0.1 shift": "0.75", "1.0 shift": "", "10.0 shift": "1"}
        self.assertEqual(table.number(row, "largest 0 shift"), 0.75)
        self.assertIsNone(table.number(row, "largest 1 shift"))

    def test_columns_are_of_the_csv_or_derived(self):
        """Every column that a table asks for can be there."""
        derived = {"first at 0.9", "highest", "fall", "inferential", "symmetric", "neither",
                   "p of x", "p of x+1"}
        known = re.compile(r"step|(train|test)_(accuracy|loss)|accuracy .*(seen|held_out)")
        for name, made in table.TABLES.items():
            for column in made.columns.values():
                with self.subTest(name, column=column):
                    self.assertTrue(
                        known.fullmatch(column) or table.LARGEST.fullmatch(column)
                        or (made.derived is not None and column in derived))

    def test_only_what_is_there_is_written(self):
        text = table.fill(DOCUMENT, self.folder)
        self.assertNotIn("old | numbers", text)
        self.assertIn("| 200 | 4 of 6 |", text)
        self.assertIn("between\n<!-- table components -->\nstays\n<!-- end -->\n", text)
        self.assertEqual(table.fill(text, self.folder), text)

    def test_unknown_table(self):
        with self.assertRaises(SystemExit):
            table.fill("<!-- table nothing -->\n<!-- end -->\n", self.folder)

    def test_every_table_is_of_a_study_that_ships(self):
        studies = {file.stem for file in (table.ROOT / "resources" / "studies").glob("*.json")}
        self.assertEqual(set(table.TABLES) - set(table.CHANGED), studies)


if __name__ == "__main__":
    unittest.main()
