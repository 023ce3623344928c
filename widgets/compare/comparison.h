// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/compare/match_heads.h"
#include "widgets/head_values.h"

#include <QString>

#include <array>
#include <cstdint>
#include <vector>

/// Two runs at one moment, head by head: what is drawn of them (docs/compare.md).
namespace anchorlens::widgets {

/// One of the runs.
struct ComparedSide {
  QString name;    ///< "Run 7"
  QString note;    ///< "seed 1", and what was changed in training and holds: "L1 H0 ablated"
  int colour = 0;  ///< of the run
  std::int64_t step = 0;
  core::HeadCount count;
  std::vector<HeadMapData> maps;  ///< [layer * heads + head]; empty: there is no picture
  QString problem;                ///< why there is none, a sentence

  /// Null where the run has no such head, or no picture.
  const HeadMapData* map(int layer, int head) const;
};

struct Comparison {
  ComparedSide first;
  ComparedSide second;
  std::vector<core::HeadPair> pairs;

  bool isEmpty() const { return first.maps.empty() && second.maps.empty(); }
  /// Maps of a pair: first, second, second - first. Empty ones where there is none.
  struct Maps {
    std::array<HeadMapData, 3> maps;
    std::array<QString, 3> gaps;  ///< in the place of an empty map, a sentence
    /// Mean of |second - first| over the cells that a reader may see; NaN without a difference.
    double mean_difference = 0;
  };
  Maps mapsOf(std::size_t pair) const;
  /// The pair with a head of the first run, or of the second; -1: none.
  int pairOf(bool is_second, int layer, int head) const;
};

/// second - first, cell by cell; both of one length.
HeadMapData differenceMap(const HeadMapData& first, const HeadMapData& second);
/// How the cells of a difference are read: -1 to +1.
HeadReading differenceReading();

/// "L1 H0"; of the difference of two heads "L1 H1 − H0".
QString comparedHeadName(const core::HeadPair& pair, int column);

/// "Layer 1 head 0. Reader 8, token 39. Source 3, token 46, key. Run 7 0.73, Run 6 0.29, difference
/// −0.44."
QString comparedCellDescription(const Comparison& comparison, std::size_t pair, Cell cell);
CellTip comparedCellTip(const Comparison& comparison, std::size_t pair, Cell cell);
/// Reader, source, both runs' attention and the difference.
NumberTable comparisonNumbers(const Comparison& comparison, std::size_t pair);

}  // namespace anchorlens::widgets
