// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/figure/figure.h"

namespace anchorlens::widgets {

/// A table as it is printed: texts, with the digits that people want.
struct PrintedTable {
  QString title;
  QStringList columns;
  std::vector<bool> is_number;    ///< by column: set to the right
  std::vector<QStringList> rows;  ///< as many texts a row as there are columns
  QString note;                   ///< a sentence under it; may be empty
};

/// For LaTeX: a tabular that needs no package and uses booktabs' rules where they are loaded.
QString latexTable(const PrintedTable& table);

/// A table as a figure: typeset, as LaTeX, and its exact numbers.
class TableFigure : public FigureContent {
 public:
  TableFigure(QString view, std::vector<std::int64_t> steps, PrintedTable printed,
              NumberTable numbers)
      : m_view(std::move(view)),
        m_steps(std::move(steps)),
        m_printed(std::move(printed)),
        m_numbers(std::move(numbers)) {}
  QString view() const override { return m_view; }
  QString problem() const override;
  std::vector<std::int64_t> steps() const override { return m_steps; }
  double paint(const FigureCanvas& canvas, double top) const override;
  NumberTable numbers() const override { return m_numbers; }
  QString latex() const override { return latexTable(m_printed); }

 private:
  QString m_view;
  std::vector<std::int64_t> m_steps;
  PrintedTable m_printed;
  NumberTable m_numbers;
};

}  // namespace anchorlens::widgets
