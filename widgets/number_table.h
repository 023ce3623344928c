// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QString>
#include <QStringList>

#include <variant>
#include <vector>

namespace anchorlens::widgets {

/// The numbers behind a view, as an ordinary table: for the T key, the clipboard and CSV files.
struct NumberTable {
  using Value = std::variant<QString, double, qint64>;
  QString title;
  QStringList columns;
  std::vector<std::vector<Value>> rows;  ///< as many values a row as there are columns

  /// Comma-separated after RFC 4180 (but "\n" lines), with a header. NaN is an empty field.
  QByteArray csv() const;
  /// Tab-separated with a header; tabs and line ends in texts become spaces.
  QString tsv() const;
};

QString valueText(const NumberTable::Value& value);

}  // namespace anchorlens::widgets
