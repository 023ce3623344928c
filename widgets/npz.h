// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QString>
#include <QStringList>

#include <cstdint>
#include <vector>

namespace anchorlens::widgets {

/// NumPy's .npz: a zip of .npy files, stored without compression and without dates, so that equal
/// arrays give equal bytes. Arrays are row-major and little-endian.
class NpzWriter {
 public:
  using Shape = std::vector<std::int64_t>;  ///< its product is the number of values
  void add(const QString& name, const Shape& shape, const std::vector<float>& values);
  void add(const QString& name, const Shape& shape, const std::vector<double>& values);
  void add(const QString& name, const Shape& shape, const std::vector<std::int64_t>& values);
  /// Unicode strings, dtype <U(longest).
  void add(const QString& name, const Shape& shape, const QStringList& values);

  QByteArray bytes() const;

 private:
  struct Entry {
    QByteArray name;
    QByteArray data;
  };
  void addArray(const QString& name, const QByteArray& descriptor, const Shape& shape,
                const QByteArray& values);
  std::vector<Entry> m_entries;
};

}  // namespace anchorlens::widgets
