// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorctl/text_table.h"

#include <algorithm>
#include <numeric>

namespace anchorlens::ctl {

std::size_t textWidth(const std::string& text) {
  const auto is_start = [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; };
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), is_start));
}

std::string TextTable::text() const {
  std::vector<std::size_t> widths;
  for (std::size_t c = 0; c < m_columns.size(); ++c) {
    std::size_t width = textWidth(m_columns[c].title);
    for (const Row& row : m_rows) {
      width = row ? std::max(width, textWidth(row->at(c))) : width;
    }
    widths.push_back(width);
  }
  std::string text;
  const auto add_line = [&](const std::vector<std::string>& cells) {
    std::string line;
    for (std::size_t c = 0; c < cells.size(); ++c) {
      const std::string padding(widths[c] - textWidth(cells[c]), ' ');
      const bool is_left = m_columns[c].align == Align::Left;
      line += (c == 0 ? "" : "  ") + (is_left ? cells[c] + padding : padding + cells[c]);
    }
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + "\n";
  };
  const std::size_t gaps = m_columns.empty() ? 0 : 2 * (m_columns.size() - 1);
  const std::string rule(std::accumulate(widths.begin(), widths.end(), gaps), '-');
  std::vector<std::string> titles;
  for (const Column& column : m_columns) {
    titles.push_back(column.title);
  }
  add_line(titles);
  text += rule + "\n";
  auto note = m_notes.begin();
  for (std::size_t i = 0; i < m_rows.size(); ++i) {
    if (m_rows[i]) {
      add_line(*m_rows[i]);
    } else {
      text += rule + "\n";
    }
    for (; note != m_notes.end() && note->first == i + 1; ++note) {
      text += note->second + "\n";
    }
  }
  return text;
}

}  // namespace anchorlens::ctl
