// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Which step of one run is shown beside which step of another (docs/compare.md).
namespace anchorlens::core {

enum class AlignBy {
  Step,
  Emergence,  ///< of the first broadcast
  Accuracy,   ///< test accuracy reaches kAlignedAccuracy
};
inline constexpr int kAlignBys = 3;
inline constexpr double kAlignedAccuracy = 0.9;
std::string_view alignByName(AlignBy by);  ///< "step", "emergence", "accuracy"
std::optional<AlignBy> alignByNamed(std::string_view name);

/// When one run's event happened; none: not (yet), or before its record begins.
struct AlignedRun {
  std::string name;
  std::optional<std::int64_t> event;
  bool is_before = false;
};

/// A monotone map between the steps of two runs. Event falls on event, step 0 on step 0 with what
/// lies between stretched evenly, and after the event both go on step by step. By step, or where an
/// event did not happen, equal steps are shown.
class TimeAlignment {
 public:
  TimeAlignment() = default;
  TimeAlignment(AlignBy by, const AlignedRun& first, const AlignedRun& second);

  std::int64_t secondAt(std::int64_t first_step) const;
  std::int64_t firstAt(std::int64_t second_step) const;
  /// The same between whole steps, for curves.
  double firstAt(double second_step) const;

  /// By the events that were asked for, and not by step in their place.
  bool isByEvent() const { return m_first_event.has_value(); }
  /// Why equal steps are shown though an event was asked for, a sentence; empty when they are not.
  const std::string& problem() const { return m_problem; }

 private:
  double map(double step, double from_event, double to_event) const;

  std::optional<std::int64_t> m_first_event;
  std::int64_t m_second_event = 0;
  std::string m_problem;
};

/// The first of ascending `steps` whose value is at least `threshold`; none where the record begins
/// after step 0 with such a value, so that the first one is unknown.
std::optional<std::int64_t> firstReached(const std::vector<std::int64_t>& steps,
                                         const std::vector<double>& values, double threshold);

}  // namespace anchorlens::core
