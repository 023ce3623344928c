// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/number_table.h"

#include "widgets/number_format.h"

#include <cmath>

namespace anchorlens::widgets {

namespace {

QString csvField(const QString& text) {
  if (!text.contains(',') && !text.contains('"') && !text.contains('\n') && !text.contains('\r')) {
    return text;
  }
  QString quoted = text;
  quoted.replace(QStringLiteral("\""), QStringLiteral("\"\""));
  return '"' + quoted + '"';
}

QString tsvField(QString text) {
  for (QChar& c : text) {
    if (c == '\t' || c == '\n' || c == '\r') {
      c = ' ';
    }
  }
  return text;
}

template <typename Field>
QString lines(const NumberTable& table, QChar separator, Field field) {
  QString out;
  const auto line = [&](const QStringList& values) { out += values.join(separator) + '\n'; };
  QStringList header;
  for (const QString& column : table.columns) {
    header << field(column);
  }
  line(header);
  for (const auto& row : table.rows) {
    QStringList values;
    for (const auto& value : row) {
      values << field(valueText(value));
    }
    line(values);
  }
  return out;
}

}  // namespace

QString valueText(const NumberTable::Value& value) {
  if (const auto* text = std::get_if<QString>(&value)) {
    return *text;
  }
  if (const auto* number = std::get_if<double>(&value)) {
    return std::isnan(*number) ? QString() : formatExact(*number);
  }
  return QString::number(std::get<qint64>(value));
}

QByteArray NumberTable::csv() const {
  return lines(*this, ',', csvField).toUtf8();
}

QString NumberTable::tsv() const {
  return lines(*this, '\t', tsvField);
}

}  // namespace anchorlens::widgets
