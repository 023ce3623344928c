# SPDX-License-Identifier: GPL-3.0-or-later
"""The demo's story: what the two heads do is needed for the answer, and random edges are not.

Without the shift the head of layer 1 still sends some token of the sequence to the output: one of
eight, so 0.125 and not 0.012 is what guessing gets there. Seed 11 here, 11 to 15 with
ANCHORLENS_LONG=1: of five, four must tell it.
"""

import unittest

import ctl
from ctl import DONE, ControlTest

LEFT_WITHOUT_SHIFT = 0.3
LEFT_WITHOUT_BROADCAST = 0.05
SEEDS = [11, 12, 13, 14, 15] if ctl.LONG else [11]


class CausalStory(ControlTest):
    def story(self, run):
        """Whether cut edges and ablated labels take the accuracy while random edges do not."""
        found = {}
        for name, arguments in {
                "key reads anchor": ["--cut", "0:key>anchor"],
                "output reads key": ["--cut", "1:reader>key"],
                "all broadcasting": ["--ablate-label", "broadcast"],
                "all shifting": ["--ablate-label", "shift"]}.items():
            found[name] = self.expect_json("intervene", run, *arguments)
            numbers = found[name]
            control = numbers["control"] and round(numbers["control"]["accuracy"], 3)
            print(f"  {name}: {numbers['baseline']['accuracy']:.3f} -> "
                  f"{numbers['intervened']['accuracy']:.3f}, control {control}, chance "
                  f"{numbers['chance']:.3f}, attention {numbers['mass']:.2f} and "
                  f"{numbers['control_mass']:.2f}, necessity {numbers['necessity']:.2f}")
        left = {name: numbers["intervened"]["accuracy"] for name, numbers in found.items()}
        edges = ("key reads anchor", "output reads key")
        return (all(numbers["baseline"]["accuracy"] > 0.98 for numbers in found.values())
                and left["key reads anchor"] < LEFT_WITHOUT_SHIFT
                and left["all shifting"] < LEFT_WITHOUT_SHIFT
                and left["output reads key"] < LEFT_WITHOUT_BROADCAST
                and left["all broadcasting"] < LEFT_WITHOUT_BROADCAST
                and all(found[name]["control"]["accuracy_min"] > 0.95 for name in edges))

    def test_what_the_heads_do_is_needed(self):
        good = 0
        for seed in SEEDS:
            run = self.path(f"seed{seed}")
            self.expect(DONE, "train", self.preset_file("demo"), "--out", run, "--threads", "1",
                        "--device", "cpu", "--set", f"/training/seed={seed}", timeout=300)
            print(f"seed {seed}")
            good += 1 if self.story(run) else 0
        self.assertGreaterEqual(good, 4 if len(SEEDS) == 5 else 1)


if __name__ == "__main__":
    unittest.main()
