// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorctl/progress.h"

#include "app/anchorctl/report.h"

#include <algorithm>
#include <cmath>
#include <iostream>
#include <sys/ioctl.h>
#include <unistd.h>

namespace anchorlens::ctl {
namespace {

constexpr double kBarInterval = 0.1;
constexpr double kLineInterval = 1.0;
constexpr int kBarWidth = 24;

std::string speedText(const ProgressState& state) {
  return anchorlens::ctl::speedText(state.steps_per_second, state.total - state.step);
}

std::string metricsText(const ProgressState& state) {
  std::string text;
  if (state.loss) {
    text += "  loss " + fixed(*state.loss, 4);
  }
  if (state.train_accuracy) {
    text += "  train " + fixed(*state.train_accuracy, 3);
  }
  if (state.test_accuracy) {
    text += "  test " + fixed(*state.test_accuracy, 3);
  }
  return text;
}

std::string stepText(const ProgressState& state) {
  return withSpaces(state.step) + " / " + withSpaces(state.total);
}

}  // namespace

int terminalColumns() {
  winsize size{};
  if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) {
    return 80;
  }
  return size.ws_col;
}

std::string speedText(std::optional<double> steps_per_second, std::int64_t steps_left) {
  if (!steps_per_second) {
    return {};
  }
  const double speed = *steps_per_second;
  std::string text = "  " + fixed(speed, speed < 10 ? 2 : 0) + " steps/s";
  if (speed > 0 && steps_left > 0) {
    text += "  ETA " + durationText(static_cast<double>(steps_left) / speed);
  }
  return text;
}

std::string barText(std::int64_t done, std::int64_t total) {
  const double share = total > 0 ? static_cast<double>(done) / static_cast<double>(total) : 1.0;
  const auto filled = static_cast<std::size_t>(std::clamp(share, 0.0, 1.0) * kBarWidth);
  return "[" + std::string(filled, '#') + std::string(kBarWidth - filled, '.') + "]";
}

std::string cutToColumns(std::string line, int columns) {
  line.resize(std::min(line.size(), static_cast<std::size_t>(std::max(columns - 1, 1))));
  return line;
}

void Speedometer::add(double seconds, std::int64_t step) {
  m_points.emplace_back(seconds, step);
  while (m_points.size() > 2 && seconds - m_points[1].first > m_window) {
    m_points.pop_front();
  }
}

std::optional<double> Speedometer::stepsPerSecond() const {
  if (m_points.size() < 2 || m_points.back().first <= m_points.front().first ||
      m_points.back().second <= m_points.front().second) {
    return std::nullopt;
  }
  return static_cast<double>(m_points.back().second - m_points.front().second) /
         (m_points.back().first - m_points.front().first);
}

std::string durationText(double seconds) {
  const auto total = static_cast<std::int64_t>(std::llround(std::min(seconds, 1e9)));
  const auto two_digits = [](std::int64_t n) { return (n < 10 ? "0" : "") + std::to_string(n); };
  const std::int64_t hours = total / 3600;
  const std::int64_t minutes = total / 60 % 60;
  const std::string head =
      hours > 0 ? std::to_string(hours) + ":" + two_digits(minutes) : std::to_string(minutes);
  return head + ":" + two_digits(total % 60);
}

std::string progressBar(const ProgressState& state, int columns) {
  return cutToColumns(barText(state.step, state.total) + " " + stepText(state) + speedText(state) +
                          metricsText(state),
                      columns);
}

std::string progressLine(const ProgressState& state) {
  return "step " + stepText(state) + metricsText(state) + speedText(state);
}

Progress::Progress(std::int64_t first_step, std::int64_t total)
    : m_is_terminal(isatty(STDERR_FILENO) == 1) {
  m_state.step = first_step;
  m_state.total = total;
  m_speed.add(0, first_step);
}

Progress::~Progress() {
  clearBar();
}

void Progress::stepped(const core::StepMetrics& step) {
  m_state.step = step.step;
  m_state.loss = step.loss;
}

void Progress::evaluated(const core::Metrics& metrics) {
  const auto number = [](double value) {
    return std::isfinite(value) ? std::optional(value) : std::nullopt;
  };
  m_state.train_accuracy = number(metrics.train_accuracy);
  m_state.test_accuracy = number(metrics.test_accuracy);
  m_has_news = true;
}

void Progress::say(const std::string& text) {
  clearBar();
  std::cerr << text << "\n" << std::flush;
}

void Progress::update() {
  const double interval = m_is_terminal ? kBarInterval : kLineInterval;
  // Plain lines are for evaluations; a long time without one is told too.
  const bool is_due = m_is_terminal || m_has_news || seconds() - m_last_drawn >= 30;
  if (is_due && seconds() - m_last_drawn >= interval) {
    draw();
  }
}

void Progress::finish() {
  if (m_is_finished) {
    return;
  }
  m_is_finished = true;
  draw();
  if (m_has_bar) {
    std::cerr << "\n" << std::flush;
    m_has_bar = false;
  }
}

double Progress::seconds() const {
  return std::chrono::duration<double>(Clock::now() - m_start).count();
}

void Progress::draw() {
  m_last_drawn = seconds();
  m_has_news = false;
  m_speed.add(m_last_drawn, m_state.step);
  m_state.steps_per_second = m_speed.stepsPerSecond();
  if (m_is_terminal) {
    std::cerr << "\r\033[K" << progressBar(m_state, terminalColumns()) << std::flush;
    m_has_bar = true;
  } else {
    std::cerr << progressLine(m_state) << "\n" << std::flush;
  }
}

void Progress::clearBar() {
  if (m_has_bar) {
    std::cerr << "\r\033[K" << std::flush;
    m_has_bar = false;
  }
}

}  // namespace anchorlens::ctl
