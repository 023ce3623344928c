#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes widgets/colour_map_data.inc; needs matplotlib, whose tables of these two maps are CC0.

Viridis: Stefan van der Walt, Nathaniel Smith (2015), https://bids.github.io/colormap, CC0.
Cividis: J. Nunez, C. Anderton, R. Renslow (2018), PLOS ONE 13(7): e0199239, CC0.

    python3 make_colour_maps.py > ../../widgets/colour_map_data.inc
"""

import matplotlib


def rows(name):
    colours = matplotlib.colormaps[name].colors
    values = [sum(round(c * 255) << shift for c, shift in zip(rgb, (16, 8, 0))) for rgb in colours]
    for i in range(0, 256, 10):
        yield "    " + " ".join(f"0x{v:06x}," for v in values[i:i + 10])


print("// SPDX-License-Identifier: GPL-3.0-or-later")
print("// Made by resources/colour_maps/make_colour_maps.py, which names the sources (CC0).")
for name in ("viridis", "cividis"):
    print(f"constexpr std::array<std::uint32_t, 256> k{name.capitalize()}{{{{")
    print("\n".join(rows(name)))
    print("}};")
