// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/anchorctl/progress.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace anchorlens::ctl {

/// How far all runs of a study are.
struct SweepState {
  std::size_t runs = 0;
  std::size_t done = 0;    ///< finished or failed
  std::size_t failed = 0;  ///< of these
  std::int64_t steps = 0;
  std::int64_t total_steps = 0;
  std::optional<double> steps_per_second;  ///< of all processes together
};

/// One line for a terminal of `columns` columns.
std::string sweepBar(const SweepState& state, int columns);
/// "3 of 12 runs, 1 failed  8 500 / 18 000 steps  2 100 steps/s  ETA 0:05"
std::string sweepLine(const SweepState& state);

/// Tells on standard error how a sweep goes: a bar on a terminal; else a line for every run that
/// ends, and one of all when nothing was said for half a minute.
class SweepProgress {
 public:
  SweepProgress();
  SweepProgress(const SweepProgress&) = delete;
  SweepProgress& operator=(const SweepProgress&) = delete;

  void begin() { m_start = Clock::now(); }
  /// Something to say between the lines.
  void say(const std::string& text);
  /// The same, but not on a terminal, whose bar tells it.
  void sayPlain(const std::string& text);
  void update(SweepState state);
  void finish();

 private:
  using Clock = std::chrono::steady_clock;
  double seconds() const;
  void draw();

  Clock::time_point m_start = Clock::now();
  SweepState m_state;
  /// Processes start and end, runs evaluate: it takes longer than for one run to see how fast.
  Speedometer m_speed{60.0};
  bool m_is_terminal = false;
  bool m_has_bar = false;
  double m_last_said = 0;
};

}  // namespace anchorlens::ctl
