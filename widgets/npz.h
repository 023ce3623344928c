// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/store/npz_writer.h"
#include "widgets/number_table.h"

#include <QByteArray>
#include <QString>
#include <QStringList>

#include <cstdint>
#include <vector>

namespace anchorlens::widgets {

/// core::NpzWriter for Qt's texts.
class NpzWriter {
 public:
  using Shape = core::NpzWriter::Shape;
  void add(const QString& name, const Shape& shape, const std::vector<float>& values);
  void add(const QString& name, const Shape& shape, const std::vector<double>& values);
  void add(const QString& name, const Shape& shape, const std::vector<std::int64_t>& values);
  /// Unicode strings, dtype <U(longest).
  void add(const QString& name, const Shape& shape, const QStringList& values);

  /// Every column of a table as an array of its own.
  void add(const NumberTable& table);

  QByteArray bytes() const;

 private:
  core::NpzWriter m_writer;
};

}  // namespace anchorlens::widgets
