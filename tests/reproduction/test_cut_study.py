# SPDX-License-Identifier: GPL-3.0-or-later
"""cut_study.py on the studies that ship: what is kept, and what it refuses."""

import json
import pathlib
import unittest

from cut_study import cut

STUDIES = pathlib.Path(__file__).resolve().parents[2] / "resources" / "studies"


def study(name):
    return json.loads((STUDIES / f"{name}.json").read_text(encoding="utf-8"))


class Cut(unittest.TestCase):
    def test_values_and_seeds_are_fewer_and_nothing_else_changes(self):
        part = cut(study("identity-size"), {"/data/n_train": [600, 100]}, 2)
        self.assertEqual([axis["values"] for axis in part["axes"]],
                         [["transformer", "lstm", "mlp"], [600, 100]])
        self.assertEqual((part["seeds"]["first"], part["seeds"]["count"]), (1, 2))
        self.assertEqual(part["name"], "identity-size-part")
        self.assertEqual(part["base"], study("identity-size")["base"])

    def test_what_the_study_does_not_have_is_refused(self):
        for kept, seeds, said in [({"/data/n_train": [650]}, 1, "never is 650"),
                                  ({"/model/n_layers": [2]}, 1, "is no axis"),
                                  ({}, 11, "has 10 seeds")]:
            with self.assertRaisesRegex(ValueError, said):
                cut(study("identity-size"), kept, seeds)


if __name__ == "__main__":
    unittest.main()
