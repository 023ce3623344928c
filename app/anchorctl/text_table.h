// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace anchorlens::ctl {

/// A table of text with aligned columns, two spaces between them. Widths count code points.
class TextTable {
 public:
  enum class Align { Left, Right };
  struct Column {
    std::string title;
    Align align = Align::Left;
  };
  explicit TextTable(std::vector<Column> columns) : m_columns(std::move(columns)) {}

  /// As many cells as columns.
  void addRow(std::vector<std::string> cells) { m_rows.emplace_back(std::move(cells)); }
  /// A line of its own below the last row, which sets no widths.
  void addNote(std::string text) { m_notes.emplace_back(m_rows.size(), std::move(text)); }
  /// A line across.
  void addRule() { m_rows.emplace_back(std::nullopt); }

  /// Title line, rule, rows; every line ends in a newline and has no spaces at its end.
  std::string text() const;

 private:
  using Row = std::optional<std::vector<std::string>>;
  std::vector<Column> m_columns;
  std::vector<Row> m_rows;
  std::vector<std::pair<std::size_t, std::string>> m_notes;  ///< below so many rows
};

/// Code points of UTF-8 text.
std::size_t textWidth(const std::string& text);

}  // namespace anchorlens::ctl
