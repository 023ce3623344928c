// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/head_values.h"
#include "widgets/number_format.h"
#include "widgets/plain_number.h"

#include <algorithm>
#include <cmath>

namespace anchorlens::widgets {

QString formatWeighted(double value) {
  return value != 0 && std::abs(value) < 0.005 ? formatShort(value, 2) : formatScore(value);
}

QString scaleNote(const MapScale& scale, const HeadMapOptions& options) {
  QStringList parts;
  if (options.per_head) {
    parts << QStringLiteral("per head");
  }
  if (scale.unit != 1) {
    parts << QStringLiteral("× ") + formatShort(scale.unit, 1);
  }
  return parts.join(QStringLiteral(", "));
}

namespace {

QString valueText(const HeadReading& reading, double value) {
  switch (reading.values) {
    case HeadValues::Difference:
      return QStringLiteral("Difference to an untrained head ") + formatScore(value, true);
    case HeadValues::Weighted:
      return QStringLiteral("Value-weighted ") + formatWeighted(value);
    case HeadValues::Scores:
      return QStringLiteral("Score before softmax ") + formatWeighted(value);
    default:
      return {};
  }
}

/// The map of the attention itself: what is said of it is said as ever.
HeadMapData attentionOf(const HeadMapData& data, const HeadReading& reading) {
  HeadMapData map = data;
  if (!reading.attention.empty()) {
    map.pattern = reading.attention;
  }
  return map;
}

QString entropyText(const HeadMapData& data, const HeadReading& reading, int reader) {
  const double most = std::log2(1.0 / data.untrained(reader));
  return QStringLiteral("Entropy of the row %1 of %2 bits")
      .arg(formatScore(rowEntropy(data, reading, reader)), formatScore(std::max(most, 0.0)));
}

QString columnName(HeadValues values) {
  switch (values) {
    case HeadValues::Difference:
      return QStringLiteral("difference");
    case HeadValues::Weighted:
      return QStringLiteral("value_weighted");
    case HeadValues::Scores:
      return QStringLiteral("score");
    default:
      return {};
  }
}

}  // namespace

QString readingTitle(const HeadMapData& data, const HeadReading& reading) {
  switch (reading.values) {
    case HeadValues::LayerMean:
      return QStringLiteral("Layer %1, mean of %2 heads").arg(data.layer).arg(reading.n_averaged);
    case HeadValues::AllMean:
      return QStringLiteral("Mean of all %1 heads").arg(reading.n_averaged);
    default:
      return headName(data.layer, data.head, true);
  }
}

QString cellDescription(const HeadMapData& data, const HeadReading& reading, Cell cell) {
  QString text = cellDescription(attentionOf(data, reading), cell);
  if (reading.n_averaged > 0 && !text.isEmpty()) {
    const qsizetype name = text.indexOf(QStringLiteral(". "));
    text = readingTitle(data, reading) + text.mid(name);
  }
  if (!data.contains(cell) || !data.allows(cell)) {
    return text;
  }
  const QString value = valueText(reading, data.at(cell));
  text += value.isEmpty() ? QString() : QStringLiteral(" ") + value + QStringLiteral(".");
  return text + QStringLiteral(" ") + entropyText(data, reading, cell.reader) + QStringLiteral(".");
}

CellTip cellTip(const HeadMapData& data, const HeadReading& reading, Cell cell) {
  CellTip tip = cellTip(attentionOf(data, reading), cell);
  if (!data.contains(cell) || !data.allows(cell)) {
    return tip;
  }
  const QString value = valueText(reading, data.at(cell));
  if (!value.isEmpty()) {
    tip.lines.prepend(value);
  }
  tip.lines << entropyText(data, reading, cell.reader);
  return tip;
}

NumberTable readingNumbers(const HeadMapData& data, const HeadReading& reading) {
  NumberTable table = headMapNumbers(attentionOf(data, reading));
  const QString column = columnName(reading.values);
  if (!column.isEmpty()) {
    table.title = QStringLiteral("%1 of layer %2 head %3, step %4")
                      .arg(headValuesName(reading.values))
                      .arg(data.layer)
                      .arg(data.head)
                      .arg(formatInteger(data.step));
    table.columns << column;
  } else if (reading.n_averaged > 0) {
    table.title = QStringLiteral("Attention: %1, step %2")
                      .arg(readingTitle(data, reading), formatInteger(data.step));
    // No single head: the column would name the selected one.
    const auto head = table.columns.indexOf(QStringLiteral("head"));
    for (auto& row : table.rows) {
      row[static_cast<std::size_t>(head)] = QStringLiteral("mean of %1").arg(reading.n_averaged);
      if (reading.values == HeadValues::AllMean) {
        row[static_cast<std::size_t>(head) - 1] = QStringLiteral("all");
      }
    }
  }
  table.columns << QStringLiteral("row_entropy_bits");
  std::size_t row = 0;
  for (int reader = 0; reader < data.length; ++reader) {
    for (int source = 0; source < data.length; ++source) {
      if (!data.allows({reader, source})) {
        continue;
      }
      auto& cells = table.rows[row++];
      if (!column.isEmpty()) {
        cells.push_back(static_cast<double>(data.at({reader, source})));
      }
      cells.push_back(rowEntropy(data, reading, reader));
    }
  }
  return table;
}

}  // namespace anchorlens::widgets
