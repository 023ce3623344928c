// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/npz.h"

#include "engine/core/store/crc32.h"

#include <QtEndian>

#include <algorithm>
#include <bit>
#include <span>

namespace anchorlens::widgets {

namespace {

static_assert(std::endian::native == std::endian::little,
              "arrays are written as they lie in memory");

template <typename T>
QByteArray raw(const std::vector<T>& values) {
  const std::span bytes = std::as_bytes(std::span(values));
  return QByteArray(reinterpret_cast<const char*>(bytes.data()),
                    static_cast<qsizetype>(bytes.size()));
}

template <typename T>
void put(QByteArray& out, T value) {
  const T little = qToLittleEndian(value);
  out.append(reinterpret_cast<const char*>(&little), sizeof(T));
}

/// What the local header and the central directory say alike of an entry.
QByteArray common(const QByteArray& name, const QByteArray& data) {
  const auto crc = core::crc32(
      0, std::as_bytes(std::span(data.constData(), static_cast<std::size_t>(data.size()))));
  QByteArray out;
  put<quint16>(out, 20);      // version needed
  put<quint16>(out, 0x0800);  // names are UTF-8
  put<quint16>(out, 0);       // stored
  put<quint16>(out, 0);       // 00:00
  put<quint16>(out, 0x21);    // 1980-01-01
  put<quint32>(out, crc);
  put<quint32>(out, static_cast<quint32>(data.size()));
  put<quint32>(out, static_cast<quint32>(data.size()));
  put<quint16>(out, static_cast<quint16>(name.size()));
  put<quint16>(out, 0);  // no extra field
  return out;
}

}  // namespace

void NpzWriter::addArray(const QString& name, const QByteArray& descriptor, const Shape& shape,
                         const QByteArray& values) {
  QByteArray header = "{'descr': '" + descriptor + "', 'fortran_order': False, 'shape': (";
  for (const std::int64_t size : shape) {
    header += QByteArray::number(static_cast<qint64>(size)) + ", ";
  }
  header += "), }";
  // Magic, version and length take 10 bytes; the whole is a multiple of 64 and ends in a newline.
  const qsizetype used = 10 + header.size() + 1;
  header += QByteArray((64 - used % 64) % 64, ' ') + '\n';
  QByteArray data("\x93NUMPY\x01\x00", 8);
  put<quint16>(data, static_cast<quint16>(header.size()));
  m_entries.push_back({name.toUtf8() + ".npy", data + header + values});
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
  std::vector<QList<uint>> texts;
  qsizetype longest = 1;
  for (const QString& value : values) {
    texts.push_back(value.toUcs4());
    longest = std::max(longest, texts.back().size());
  }
  QByteArray bytes;
  for (const QList<uint>& text : texts) {
    for (qsizetype i = 0; i < longest; ++i) {
      put<quint32>(bytes, i < text.size() ? text[i] : 0);
    }
  }
  addArray(name, "<U" + QByteArray::number(longest), shape, bytes);
}

QByteArray NpzWriter::bytes() const {
  QByteArray out;
  QByteArray directory;
  for (const Entry& entry : m_entries) {
    const QByteArray fields = common(entry.name, entry.data);
    const auto offset = static_cast<quint32>(out.size());
    out += QByteArray("PK\x03\x04", 4) + fields + entry.name + entry.data;
    directory += QByteArray("PK\x01\x02", 4);
    put<quint16>(directory, 20);  // made by
    directory += fields;
    put<quint16>(directory, 0);  // comment
    put<quint16>(directory, 0);  // disk
    put<quint16>(directory, 0);  // internal attributes
    put<quint32>(directory, 0);  // external attributes
    put<quint32>(directory, offset);
    directory += entry.name;
  }
  const auto count = static_cast<quint16>(m_entries.size());
  const auto start = static_cast<quint32>(out.size());
  out += directory + QByteArray("PK\x05\x06", 4);
  put<quint32>(out, 0);  // disks
  put<quint16>(out, count);
  put<quint16>(out, count);
  put<quint32>(out, static_cast<quint32>(directory.size()));
  put<quint32>(out, start);
  put<quint16>(out, 0);
  return out;
}

}  // namespace anchorlens::widgets
