// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QRect>
#include <QString>

#include <functional>
#include <optional>
#include <utility>

class QWidget;

/// What painted views are to assistive technology. A description belongs to its widget.
namespace anchorlens::widgets {

/// Cells in rows and columns, one of them current.
struct CellTable {
  std::function<int()> rows;
  std::function<int()> columns;
  std::function<QString(int row, int column)> text;
  std::function<QRect(int row, int column)> box;  ///< in the widget
  std::function<std::optional<std::pair<int, int>>()> current;
};
void describeAsTable(QWidget& widget, CellTable table);
/// The person moved to another cell. Not to be called for what comes live.
void tellCurrentCell(QWidget& widget);

/// Something with one value that a sentence says: a slider.
struct SpokenValue {
  std::function<double()> now;
  std::function<std::pair<double, double>()> range;
  std::function<QString()> text;
  std::function<void(double)> set;
};
void describeAsValue(QWidget& widget, SpokenValue value);

/// Once in a program. Boxes then also have the name that they were given: Qt says what is chosen
/// in its place.
void installAccessibleViews();

}  // namespace anchorlens::widgets
