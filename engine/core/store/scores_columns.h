// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/scores.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace anchorlens::core {

/// A column's name in parts, put together only when somebody asks: "broadcasts", 1, "output",
/// "mass" is "broadcasts1.output.mass".
struct ColumnName {
  std::string_view base;
  int index = -1;
  std::string_view part = {};
  std::string_view field = {};

  std::string text() const {
    std::string name(base);
    name += index < 0 ? std::string() : std::to_string(index);
    for (const std::string_view piece : {part, field}) {
      name += piece.empty() ? std::string() : "." + std::string(piece);
    }
    return name;
  }
};

/// Goes over every field of a head in the order of the file: the one place that knows it. `Io` has
///   column(ColumnName, T&)        one number, to be read or written
///   lift(ColumnName, Score&)      the lift of a score, after its mass and chance
template <typename Io>
class ScoreColumns {
 public:
  ScoreColumns(Io& io, std::size_t n_rows, std::size_t n_broadcasts)
      : m_io(io), m_n_rows(n_rows), m_n_broadcasts(n_broadcasts) {}

  void visit(HeadScores& head) {
    for (std::size_t i = 0; i < head.shift_lags.size(); ++i) {
      score({"lag", static_cast<int>(i) + 1}, head.shift_lags[i]);
    }
    m_io.column({"shift_lag"}, head.shift_lag);
    m_io.column({"shift_consistency"}, head.shift_consistency);
    optional({"row"}, head.shift_row,
             [this](ColumnName name, RowScore& value) { row(name, value); });
    list({"rows"}, head.shift_rows, m_n_rows,
         [this](ColumnName name, RowScore& value) { row(name, value); });
    list({"broadcasts"}, head.broadcasts, m_n_broadcasts,
         [this](ColumnName name, BroadcastScore& value) { broadcast(name, value); });
    m_io.column({"best_broadcast"}, head.best_broadcast);
    score({"self"}, head.self);
    score({"sink"}, head.sink);
    score({"previous"}, head.previous);
    const auto visitScore = [this](ColumnName name, Score& value) { score(name, value); };
    optional({"induction"}, head.induction, visitScore);
    optional({"duplicate"}, head.duplicate, visitScore);
  }

 private:
  static ColumnName with(ColumnName name, std::string_view field) {
    name.field = field;
    return name;
  }
  static ColumnName within(ColumnName name, std::string_view part) {
    name.part = part;
    return name;
  }
  void score(ColumnName name, Score& value) {
    m_io.column(with(name, "mass"), value.mass);
    m_io.column(with(name, "chance"), value.chance);
    m_io.lift(with(name, "lift"), value);
  }
  void row(ColumnName name, RowScore& value) {
    m_io.column(with(name, "reader"), value.reader);
    m_io.column(with(name, "source"), value.source);
    score(name, value.score);
  }
  void broadcast(ColumnName name, BroadcastScore& value) {
    m_io.column(with(name, "source"), value.source);
    const ColumnName output = within(name, "output");
    score(output, value.output);
    m_io.column(with(output, "coverage"), value.output_coverage);
    m_io.column(with(output, "tracking"), value.output_tracking);
    m_io.column(with(output, "fixed_column"), value.output_fixed_column);
    m_io.column(with(output, "fixed_lift"), value.output_fixed_lift);
    const ColumnName later = within(name, "later");
    optional(later, value.later, [this](ColumnName inner, Score& all) { score(inner, all); });
    m_io.column(with(later, "coverage"), value.later_coverage);
    m_io.column(with(later, "tracking"), value.later_tracking);
    m_io.column(with(later, "fixed_column"), value.later_fixed_column);
    m_io.column(with(later, "fixed_lift"), value.later_fixed_lift);
  }
  /// A column that says whether it is there; its own columns always have their place.
  template <typename T, typename Visit>
  void optional(ColumnName name, std::optional<T>& value, const Visit& visitValue) {
    bool is_present = value.has_value();
    m_io.column(with(name, "present"), is_present);
    T content = value ? *value : T{};
    visitValue(name, content);
    value = is_present ? std::optional<T>(content) : std::nullopt;
  }
  /// A column with the number in use; `full` of them have columns.
  template <typename T, typename Visit>
  void list(ColumnName name, std::vector<T>& values, std::size_t full, const Visit& visitValue) {
    std::size_t used = values.size();
    m_io.column(with(name, "count"), used);
    values.resize(full);
    for (std::size_t i = 0; i < full; ++i) {
      name.index = static_cast<int>(i);
      visitValue(name, values[i]);
    }
    values.resize(used < full ? used : full);
  }

  Io& m_io;
  std::size_t m_n_rows;
  std::size_t m_n_broadcasts;
};

}  // namespace anchorlens::core
