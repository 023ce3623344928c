// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/head_map_data.h"
#include "widgets/number_table.h"

#include <QImage>
#include <QString>

#include <memory>
#include <optional>
#include <variant>
#include <vector>

/// The pictures of the Weights tab as values: made in a worker, drawn on screen and in files.
namespace anchorlens::widgets {

/// A matrix as an image. Values that are no numbers are cells that do not exist (hatched).
struct MatrixPlot {
  int rows = 0;
  int cols = 0;
  std::vector<float> values;
  bool is_signed = true;  ///< colours from -limit over 0 to limit; else from 0 to limit
  double limit = 1;
  /// Of each cell its colour's number (colourIndex), 8 bits, so that a theme only changes the
  /// table.
  QImage cells;
  std::vector<TokenText> row_labels;  ///< [rows]; anchors are marked
  std::vector<TokenText> col_labels;  ///< [cols]
  QString row_title;                  ///< "Reader token"
  QString col_title;
  QString value_name;  ///< "Score"

  float at(int row, int col) const {
    return values[static_cast<std::size_t>(row) * static_cast<std::size_t>(cols) +
                  static_cast<std::size_t>(col)];
  }
};

/// Points with numbers beside them.
struct ScatterPlot {
  struct Point {
    double x = 0;
    double y = 0;
    QString text;
    TokenRole role = TokenRole::Noise;
    bool is_used = true;  ///< else small and without a label
    QString use;          ///< "key", "unused"
  };
  std::vector<Point> points;
  QString x_title;
  QString y_title;
};

/// Lines over numbers.
struct LinePlot {
  enum class Style { Main, Dimmed, Second };  ///< accent; dotted behind; dashed, right axis
  struct Line {
    QString name;
    Style style = Style::Main;
    std::vector<double> xs;
    std::vector<double> ys;
  };
  std::vector<Line> lines;
  QString x_title;
  QString y_title;
  QString right_title;  ///< empty: no right axis; it runs from 0 to 1
  bool is_log = false;
  bool are_steps = false;        ///< x is training steps
  std::optional<double> cursor;  ///< a line at this x
};

/// One picture: a title, and either a content or a sentence that says why there is none.
struct Plot {
  QString id;  ///< "pca", "cosine", ...: for options and files
  QString title;
  QString subtitle;
  QString empty_text;
  std::variant<std::monostate, MatrixPlot, ScatterPlot, LinePlot> content;

  bool isEmpty() const { return content.index() == 0; }
  const MatrixPlot* matrix() const { return std::get_if<MatrixPlot>(&content); }
  const ScatterPlot* scatter() const { return std::get_if<ScatterPlot>(&content); }
  const LinePlot* lines() const { return std::get_if<LinePlot>(&content); }
};
using PlotPtr = std::shared_ptr<const Plot>;

/// What is under the pointer or the keyboard: row and column of a matrix; a point; line and place.
struct PlotItem {
  int first = -1;
  int second = -1;
  bool isValid() const { return first >= 0 && second >= 0; }
  bool operator==(const PlotItem&) const = default;
};

bool contains(const Plot& plot, PlotItem item);
/// Where the keyboard begins: the largest cell, the first anchor (or point), the end of a line.
PlotItem firstItem(const Plot& plot);
/// One step by an arrow key: to the next cell, to the nearest point in that direction, along a line
/// or to the next one.
PlotItem movedItem(const Plot& plot, PlotItem from, int key);

/// "Reader token 46, key; source token 3, anchor" and the value.
CellTip plotTip(const Plot& plot, PlotItem item);
/// The same as a sentence, for assistive technology.
QString plotDescription(const Plot& plot, PlotItem item);

/// plot, row, column, value: the same columns for every plot, so that several make one table.
NumberTable plotNumbers(const Plot& plot);

inline constexpr int kColourSteps = 255;
inline constexpr int kNoCell = 255;
/// 0..254, or kNoCell for what is no number.
int colourIndex(float value, double limit, bool is_signed);
/// Fills MatrixPlot::cells from its values.
void fillCells(MatrixPlot& plot);

}  // namespace anchorlens::widgets
