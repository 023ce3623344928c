#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes the fonts in this folder from the upstream releases; needs fonttools.

    python3 make_fonts.py FOLDER_WITH_INTER FOLDER_WITH_JETBRAINS_MONO

Kept: Latin, Greek, Cyrillic, punctuation, arrows, mathematics and shapes, kerning. Left out: other
alphabets, and ligatures ("->" must stay two characters while somebody types a pattern). JetBrains
Mono gets a thin space of half a character, which it lacks, so that thousands are grouped in it.
The figure-*.otf and .ttf files are what SVG figures embed: the characters that figures print.
"""

import pathlib
import sys

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables._g_l_y_f import Glyph

RANGES = [(0x20, 0x24F), (0x2B0, 0x2FF), (0x370, 0x3FF), (0x400, 0x45F), (0x2000, 0x206F),
          (0x2070, 0x209F), (0x20AC, 0x20AC), (0x2100, 0x214F), (0x2190, 0x21FF),
          (0x2200, 0x22FF), (0x25A0, 0x25FF), (0x2713, 0x2717), (0xFFFD, 0xFFFD)]
FIGURE = [(0x20, 0x7E), (0xA0, 0xA0), (0xB7, 0xB7), (0xD7, 0xD7), (0x3B3, 0x3B3),
          (0x2009, 0x2009), (0x2013, 0x2014), (0x2026, 0x2026), (0x2192, 0x2192),
          (0x2212, 0x2212)]


def characters(ranges):
    return [c for first, last in ranges for c in range(first, last + 1)]


def add_thin_space(font):
    space = font.getBestCmap()[0x20]
    width = font["hmtx"][space][0] // 2
    name = "thinspace.half"
    font.setGlyphOrder(font.getGlyphOrder() + [name])
    font["glyf"].glyphs[name] = Glyph()
    font["glyf"].glyphOrder = font.getGlyphOrder()
    font["hmtx"][name] = (width, 0)
    for table in font["cmap"].tables:
        if table.isUnicode():
            table.cmap[0x2009] = name
            table.cmap[0x202F] = name


def make(source, target, ranges, thin_space):
    font = TTFont(source, recalcTimestamp=False)
    if thin_space:
        add_thin_space(font)
    options = subset.Options()
    options.layout_features = ["kern", "mark", "mkmk", "ccmp", "locl"]
    options.name_IDs = ["*"]
    options.hinting = False
    options.notdef_outline = True
    worker = subset.Subsetter(options)
    worker.populate(unicodes=characters(ranges))
    worker.subset(font)
    font.save(target, reorderTables=True)
    print(f"{target.name}: {target.stat().st_size} bytes")


def main():
    here = pathlib.Path(__file__).parent
    inter, mono = (pathlib.Path(folder) for folder in sys.argv[1:3])
    for weight in ("Regular", "SemiBold"):
        make(inter / f"Inter-{weight}.otf", here / f"Inter-{weight}.otf", RANGES, False)
        make(mono / f"JetBrainsMono-{weight}.ttf", here / f"JetBrainsMono-{weight}.ttf", RANGES, True)
        make(inter / f"Inter-{weight}.otf", here / f"figure-Inter-{weight}.otf", FIGURE, False)
        make(mono / f"JetBrainsMono-{weight}.ttf", here / f"figure-JetBrainsMono-{weight}.ttf",
             FIGURE, True)


main()
