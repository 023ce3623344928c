// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/widgets/made_run.h"
#include "widgets/compare/comparison.h"

namespace anchorlens::tests {

/// Two moments of the made-up run, as if they were two runs.
inline widgets::ComparedSide madeSide(const MadeRun& run, std::int64_t step, const QString& name,
                                      int colour) {
  widgets::ComparedSide side;
  side.name = name;
  side.note = QStringLiteral("seed %1").arg(colour + 1);
  side.colour = colour;
  side.step = step;
  side.count = {run.options().n_layers, run.options().n_heads};
  side.maps = widgets::makeHeadMaps(*run.frame(step), *run.probe(), {});
  return side;
}

inline widgets::Comparison madeComparison(const MadeRun& run) {
  widgets::Comparison made;
  made.first = madeSide(run, 14000, QStringLiteral("Run 7"), 0);
  made.second = madeSide(run, 4000, QStringLiteral("Run 6"), 1);
  made.pairs = core::matchByPosition(made.first.count, made.second.count);
  return made;
}

}  // namespace anchorlens::tests
