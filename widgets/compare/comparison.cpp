// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/compare/comparison.h"

#include "widgets/number_format.h"

#include <QCoreApplication>

#include <cmath>
#include <limits>

namespace anchorlens::widgets {

namespace {

QString tr(const char* text) {
  return QCoreApplication::translate("CompareView", text);
}

QString missingHead(const ComparedSide& side, const core::HeadPair& pair, bool is_second) {
  const int other = is_second ? pair.first : pair.second;
  return tr("%1 has no head that belongs to %2.").arg(side.name, headName(pair.layer, other));
}

/// "0.73", or an en dash.
QString valueAt(const HeadMapData& map, Cell cell, bool with_sign = false) {
  return formatScore(map.contains(cell) ? static_cast<double>(map.at(cell))
                                        : std::numeric_limits<double>::quiet_NaN(),
                     with_sign);
}

/// The map that says what a cell is; null when neither run has one.
const HeadMapData* anyMap(const Comparison::Maps& maps) {
  for (const int column : {0, 1}) {
    const HeadMapData& map = maps.maps[static_cast<std::size_t>(column)];
    if (!map.isEmpty()) {
      return &map;
    }
  }
  return nullptr;
}

}  // namespace

const HeadMapData* ComparedSide::map(int layer, int head) const {
  if (head < 0 || layer < 0 || layer >= count.layers || head >= count.heads) {
    return nullptr;
  }
  const auto index = static_cast<std::size_t>(layer * count.heads + head);
  return index < maps.size() && !maps[index].isEmpty() ? &maps[index] : nullptr;
}

HeadMapData differenceMap(const HeadMapData& first, const HeadMapData& second) {
  HeadMapData difference = second;
  difference.mean.clear();
  for (std::size_t i = 0; i < difference.pattern.size(); ++i) {
    difference.pattern[i] = second.pattern[i] - first.pattern[i];
  }
  return difference;
}

HeadReading differenceReading() {
  HeadReading reading;
  reading.values = HeadValues::Difference;
  reading.common_end = 1;
  return reading;
}

Comparison::Maps Comparison::mapsOf(std::size_t index) const {
  Maps all;
  all.mean_difference = std::numeric_limits<double>::quiet_NaN();
  if (index >= pairs.size()) {
    return all;
  }
  const core::HeadPair& pair = pairs[index];
  for (const bool is_second : {false, true}) {
    const ComparedSide& side = is_second ? second : first;
    const std::size_t column = is_second ? 1 : 0;
    const int head = is_second ? pair.second : pair.first;
    if (const HeadMapData* map = side.map(pair.layer, head)) {
      all.maps[column] = *map;
    } else {
      all.gaps[column] = head < 0 ? missingHead(side, pair, is_second) : side.problem;
    }
  }
  if (!all.maps[0].isEmpty() && all.maps[0].length == all.maps[1].length) {
    all.maps[2] = differenceMap(all.maps[0], all.maps[1]);
    all.mean_difference = core::meanAbsoluteDifference(all.maps[0].pattern, all.maps[1].pattern,
                                                       all.maps[0].length, all.maps[0].causal);
  }
  return all;
}

int Comparison::pairOf(bool is_second, int layer, int head) const {
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    if (pairs[i].layer == layer && (is_second ? pairs[i].second : pairs[i].first) == head) {
      return static_cast<int>(i);
    }
  }
  return -1;
}

QString comparedHeadName(const core::HeadPair& pair, int column) {
  if (column == 2 && pair.isWhole() && pair.first != pair.second) {
    return headName(pair.layer, pair.second) +
           QStringLiteral(" %1 H%2").arg(kMinus).arg(pair.first);
  }
  const int head = column == 1 || pair.first < 0 ? pair.second : pair.first;
  return head < 0 ? QStringLiteral("–") : headName(pair.layer, head);
}

QString comparedCellDescription(const Comparison& comparison, std::size_t index, Cell cell) {
  const Comparison::Maps maps = comparison.mapsOf(index);
  const HeadMapData* map = anyMap(maps);
  if (map == nullptr || !map->contains(cell)) {
    return {};
  }
  const QString place = cellDescription(*map, cell);
  if (!map->allows(cell)) {
    return place;
  }
  return place.left(place.indexOf(QStringLiteral("Attention "))) +
         QStringLiteral("%1 %2, %3 %4, difference %5.")
             .arg(comparison.first.name, valueAt(maps.maps[0], cell), comparison.second.name,
                  valueAt(maps.maps[1], cell), valueAt(maps.maps[2], cell, true));
}

CellTip comparedCellTip(const Comparison& comparison, std::size_t index, Cell cell) {
  const Comparison::Maps maps = comparison.mapsOf(index);
  const HeadMapData* map = anyMap(maps);
  if (map == nullptr) {
    return {};
  }
  CellTip tip = cellTip(*map, cell);
  if (!map->contains(cell) || !map->allows(cell)) {
    return tip;
  }
  tip.lines = {QStringLiteral("%1  %2").arg(comparison.first.name, valueAt(maps.maps[0], cell)),
               QStringLiteral("%1  %2").arg(comparison.second.name, valueAt(maps.maps[1], cell)),
               tr("Difference  %1").arg(valueAt(maps.maps[2], cell, true))};
  return tip;
}

NumberTable comparisonNumbers(const Comparison& comparison, std::size_t index) {
  NumberTable table;
  const Comparison::Maps maps = comparison.mapsOf(index);
  const HeadMapData* map = anyMap(maps);
  if (map == nullptr) {
    return table;
  }
  const core::HeadPair& pair = comparison.pairs[index];
  table.title = tr("%1 %2, step %3, and %4 %5, step %6")
                    .arg(comparison.first.name, comparedHeadName(pair, 0),
                         formatInteger(comparison.first.step), comparison.second.name,
                         comparedHeadName(pair, 1), formatInteger(comparison.second.step));
  table.columns = {QStringLiteral("reader"),    QStringLiteral("reader_token"),
                   QStringLiteral("source"),    QStringLiteral("source_token"),
                   QStringLiteral("first"),     QStringLiteral("second"),
                   QStringLiteral("difference")};
  const auto value = [](const HeadMapData& of, Cell cell) {
    return of.contains(cell) ? static_cast<double>(of.at(cell))
                             : std::numeric_limits<double>::quiet_NaN();
  };
  const auto token = [map](int position) {
    return map->is_mean ? QString() : map->tokens.at(static_cast<std::size_t>(position)).text;
  };
  for (int reader = 0; reader < map->length; ++reader) {
    for (int source = 0; source < map->length; ++source) {
      const Cell cell{reader, source};
      if (map->allows(cell)) {
        table.rows.push_back({qint64(reader), token(reader), qint64(source), token(source),
                              value(maps.maps[0], cell), value(maps.maps[1], cell),
                              value(maps.maps[2], cell)});
      }
    }
  }
  return table;
}

}  // namespace anchorlens::widgets
