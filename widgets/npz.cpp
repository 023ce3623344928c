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

QByteArray NpzWriter::bytes() const {
  return QByteArray::fromStdString(m_writer.bytes());
}

}  // namespace anchorlens::widgets
