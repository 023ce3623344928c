// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/npz.h"

#include "engine/core/store/crc32.h"
#include "engine/core/store/npz_parts.h"

#include <span>
#include <string>

namespace anchorlens::widgets {

namespace {

template <typename T>
QByteArray raw(const std::vector<T>& values) {
  const std::span bytes = std::as_bytes(std::span(values));
  return QByteArray(reinterpret_cast<const char*>(bytes.data()),
                    static_cast<qsizetype>(bytes.size()));
}

}  // namespace

void NpzWriter::addArray(const QString& name, const QByteArray& descriptor, const Shape& shape,
                         const QByteArray& values) {
  const std::string header = core::npyHeader(descriptor.toStdString(), shape);
  m_entries.push_back({name.toUtf8() + ".npy", QByteArray::fromStdString(header) + values});
}

void NpzWriter::add(const QString& name, const Shape& shape, const std::vector<float>& values) {
  addArray(name, "<f4", shape, raw(values));
}

void NpzWriter::add(const QString& name, const Shape& shape, const std::vector<double>& values) {
  addArray(name, "<f8", shape, raw(values));
}

void NpzWriter::add(const QString& name, const Shape& shape,
                    const std::vector<std::int64_t>& values) {
  addArray(name, "<i8", shape, raw(values));
}

void NpzWriter::add(const QString& name, const Shape& shape, const QStringList& values) {
  std::vector<std::string> texts;
  for (const QString& value : values) {
    texts.push_back(value.toStdString());
  }
  const core::NpyTexts array = core::npyTexts(texts);
  addArray(name, QByteArray::fromStdString(array.descriptor), shape,
           QByteArray::fromStdString(array.values));
}

QByteArray NpzWriter::bytes() const {
  QByteArray out;
  core::ZipParts zip;
  for (const Entry& entry : m_entries) {
    const std::span data(entry.data.constData(), static_cast<std::size_t>(entry.data.size()));
    out += QByteArray::fromStdString(
        zip.entry(entry.name.toStdString(), core::crc32(0, std::as_bytes(data)), data.size()));
    out += entry.data;
  }
  return out + QByteArray::fromStdString(zip.directory());
}

}  // namespace anchorlens::widgets
