// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorctl/sweep_progress.h"

#include "app/anchorctl/report.h"

#include <iostream>
#include <unistd.h>

namespace anchorlens::ctl {
namespace {

constexpr double kSilence = 30;  // seconds

}  // namespace

std::string sweepLine(const SweepState& state) {
  std::string text = std::to_string(state.done) + " of " + std::to_string(state.runs) + " runs";
  if (state.failed > 0) {
    text += ", " + std::to_string(state.failed) + " failed";
  }
  text += "  " + withSpaces(state.steps) + " / " + withSpaces(state.total_steps) + " steps";
  return text + speedText(state.steps_per_second, state.total_steps - state.steps);
}

std::string sweepBar(const SweepState& state, int columns) {
  const std::string bar = barText(state.steps, state.total_steps);
  return cutToColumns(bar + " " + sweepLine(state), columns);
}

SweepProgress::SweepProgress() : m_is_terminal(isatty(STDERR_FILENO) == 1) {}

double SweepProgress::seconds() const {
  return std::chrono::duration<double>(Clock::now() - m_start).count();
}

void SweepProgress::say(const std::string& text) {
  std::cerr << (m_has_bar ? "\r\033[K" : "") << text << "\n" << std::flush;
  m_has_bar = false;
  m_last_said = seconds();
}

void SweepProgress::sayPlain(const std::string& text) {
  if (!m_is_terminal) {
    say(text);
  }
}

void SweepProgress::update(SweepState state) {
  m_state = state;
  m_speed.add(seconds(), state.steps);
  m_state.steps_per_second = m_speed.stepsPerSecond();
  if (m_is_terminal || seconds() - m_last_said >= kSilence) {
    draw();
  }
}

void SweepProgress::finish() {
  draw();
  if (m_has_bar) {
    std::cerr << "\n" << std::flush;
    m_has_bar = false;
  }
}

void SweepProgress::draw() {
  if (m_is_terminal) {
    std::cerr << "\r\033[K" << sweepBar(m_state, terminalColumns()) << std::flush;
    m_has_bar = true;
  } else {
    say(sweepLine(m_state));
  }
}

}  // namespace anchorlens::ctl
