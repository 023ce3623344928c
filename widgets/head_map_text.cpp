// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/head_map_data.h"
#include "widgets/number_format.h"

#include <limits>

namespace anchorlens::widgets {

namespace {

const TokenText& tokenAt(const HeadMapData& data, int position) {
  static const TokenText none;
  const auto i = static_cast<std::size_t>(position);
  return i < data.tokens.size() ? data.tokens[i] : none;
}

QString roleSuffix(TokenRole role) {
  switch (role) {
    case TokenRole::Anchor:
      return QStringLiteral(", anchor");
    case TokenRole::Key:
      return QStringLiteral(", key");
    default:
      return {};
  }
}

QString describePosition(const HeadMapData& data, const QString& axis, int position) {
  const QString place = QStringLiteral("%1 %2").arg(axis).arg(position);
  if (data.is_mean) {
    return place;
  }
  const TokenText& token = tokenAt(data, position);
  return place + QStringLiteral(", token ") + token.text + roleSuffix(token.role);
}

}  // namespace

QString cellDescription(const HeadMapData& data, Cell cell) {
  if (!data.contains(cell)) {
    return {};
  }
  QString text =
      QStringLiteral("Layer %1 head %2. ").arg(data.layer).arg(data.head) +
      describePosition(data, QStringLiteral("Reader"), cell.reader) + QStringLiteral(". ") +
      describePosition(data, QStringLiteral("Source"), cell.source) + QStringLiteral(". ");
  if (!data.allows(cell)) {
    return text + QStringLiteral("Not allowed.");
  }
  return text + QStringLiteral("Attention %1, untrained %2.")
                    .arg(formatScore(data.at(cell)), formatScore(data.untrained(cell.reader)));
}

CellTip cellTip(const HeadMapData& data, Cell cell) {
  CellTip tip;
  if (!data.contains(cell)) {
    return tip;
  }
  tip.title =
      data.is_mean
          ? QStringLiteral("Position %1 reads position %2").arg(cell.reader).arg(cell.source)
          : QStringLiteral("Position %1 reads %2 at position %3")
                .arg(cell.reader)
                .arg(tokenAt(data, cell.source).text)
                .arg(cell.source);
  if (!data.allows(cell)) {
    tip.lines << QStringLiteral("Not allowed: the source comes after the reader");
    return tip;
  }
  const QString mean = QStringLiteral("Mean over %1 sequences %2");
  const QString untrained = formatScore(data.untrained(cell.reader));
  if (data.is_mean) {
    tip.lines << mean.arg(formatInteger(data.probe_size), formatScore(data.at(cell))) +
                     QStringLiteral(", untrained head ") + untrained;
    return tip;
  }
  tip.lines << QStringLiteral("Attention %1, untrained head %2")
                   .arg(formatScore(data.at(cell)), untrained);
  if (!data.mean.empty()) {
    tip.lines << mean.arg(formatInteger(data.probe_size), formatScore(data.mean[data.index(cell)]));
  }
  return tip;
}

NumberTable headMapNumbers(const HeadMapData& data) {
  NumberTable table;
  table.title = QStringLiteral("Attention of layer %1 head %2, step %3")
                    .arg(data.layer)
                    .arg(data.head)
                    .arg(formatInteger(data.step));
  table.columns = {
      QStringLiteral("step"),         QStringLiteral("layer"),        QStringLiteral("head"),
      QStringLiteral("reader"),       QStringLiteral("reader_token"), QStringLiteral("source"),
      QStringLiteral("source_token"), QStringLiteral("attention"),    QStringLiteral("mean")};
  for (int reader = 0; reader < data.length; ++reader) {
    for (int source = 0; source < data.length; ++source) {
      const Cell cell{reader, source};
      if (!data.allows(cell)) {
        continue;
      }
      const double value = data.at(cell);
      const double mean = data.is_mean        ? value
                          : data.mean.empty() ? std::numeric_limits<double>::quiet_NaN()
                                              : static_cast<double>(data.mean[data.index(cell)]);
      table.rows.push_back({qint64(data.step), qint64(data.layer), qint64(data.head),
                            qint64(reader), data.is_mean ? QString() : tokenAt(data, reader).text,
                            qint64(source), data.is_mean ? QString() : tokenAt(data, source).text,
                            value, mean});
    }
  }
  return table;
}

}  // namespace anchorlens::widgets
