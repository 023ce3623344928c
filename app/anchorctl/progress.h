// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/frame.h"

#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <utility>

namespace anchorlens::ctl {

/// Steps per second over the last few seconds.
class Speedometer {
 public:
  explicit Speedometer(double window = 5.0) : m_window(window) {}
  void add(double seconds, std::int64_t step);
  /// Empty until there are two moments to compare, and as long as nothing moved between them.
  std::optional<double> stepsPerSecond() const;

 private:
  double m_window;  ///< seconds
  std::deque<std::pair<double, std::int64_t>> m_points;
};

/// What a line of progress tells.
struct ProgressState {
  std::int64_t step = 0;
  std::int64_t total = 0;
  std::optional<double> steps_per_second;
  std::optional<double> loss;
  std::optional<double> train_accuracy;
  std::optional<double> test_accuracy;
};

/// One line for a terminal of `columns` columns: bar, step, speed, time left, loss, accuracy.
std::string progressBar(const ProgressState& state, int columns);
/// The same as a plain line without a bar.
std::string progressLine(const ProgressState& state);
/// "0:07", "1:02:03"
std::string durationText(double seconds);
/// "  412 steps/s  ETA 0:52" with two spaces before it; empty when the speed is not known.
std::string speedText(std::optional<double> steps_per_second, std::int64_t steps_left);
/// "[########................]"
std::string barText(std::int64_t done, std::int64_t total);
/// A line that fits: one that wraps cannot be drawn over.
std::string cutToColumns(std::string line, int columns);
/// Of the terminal on standard error; 80 when it says none.
int terminalColumns();

/// Tells on standard error how training goes: a bar that is drawn over itself on a terminal, else
/// a plain line at most once a second.
class Progress {
 public:
  Progress(std::int64_t first_step, std::int64_t total);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void stepped(const core::StepMetrics& step);
  void evaluated(const core::Metrics& metrics);
  /// Something to say between the lines.
  void say(const std::string& text);
  /// Draws what is due.
  void update();
  /// Draws the last state and leaves the line.
  void finish();

 private:
  double seconds() const;
  void draw();
  void clearBar();

  using Clock = std::chrono::steady_clock;
  Clock::time_point m_start = Clock::now();
  ProgressState m_state;
  Speedometer m_speed;
  bool m_is_terminal = false;
  bool m_has_bar = false;
  bool m_has_news = false;
  bool m_is_finished = false;
  double m_last_drawn = -1e9;
};

}  // namespace anchorlens::ctl
