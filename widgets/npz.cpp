// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/npz.h"

#include <string>

namespace anchorlens::widgets {

void NpzWriter::add(const QString& name, const Shape& shape, const std::vector<float>& values) {
  m_writer.add(name.toStdString(), shape, values);
}

void NpzWriter::add(const QString& name, const Shape& shape, const std::vector<double>& values) {
  m_writer.add(name.toStdString(), shape, values);
}

void NpzWriter::add(const QString& name, const Shape& shape,
                    const std::vector<std::int64_t>& values) {
  m_writer.add(name.toStdString(), shape, values);
}

void NpzWriter::add(const QString& name, const Shape& shape, const QStringList& values) {
  std::vector<std::string> texts;
  for (const QString& value : values) {
    texts.push_back(value.toStdString());
  }
  m_writer.add(name.toStdString(), shape, texts);
}

void NpzWriter::add(const NumberTable& table) {
  const auto n = static_cast<std::int64_t>(table.rows.size());
  for (qsizetype column = 0; column < table.columns.size(); ++column) {
    const auto c = static_cast<std::size_t>(column);
    std::vector<std::int64_t> integers;
    std::vector<double> numbers;
    QStringList texts;
    for (const auto& row : table.rows) {
      if (const auto* integer = std::get_if<qint64>(&row[c])) {
        integers.push_back(*integer);
      } else if (const auto* number = std::get_if<double>(&row[c])) {
        numbers.push_back(*number);
      } else {
        texts << std::get<QString>(row[c]);
      }
    }
    const QString& name = table.columns[column];
    if (!integers.empty()) {
      add(name, {n}, integers);
    } else if (!numbers.empty()) {
      add(name, {n}, numbers);
    } else {
      add(name, {n}, texts);
    }
  }
}

QByteArray NpzWriter::bytes() const {
  return QByteArray::fromStdString(m_writer.bytes());
}

}  // namespace anchorlens::widgets
