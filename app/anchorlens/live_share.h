// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace anchorlens::app {

/// When the window shows what a training at full speed brings: as often as the timer ticks where
/// that is cheap, and never more than a share of a core, so that watching slows nothing; but four
/// times a second at least. Pure rules without a clock, so that tests can count.
class LiveShare {
 public:
  static constexpr double kShare = 0.06;
  static constexpr double kLongestMs = 250;

  /// `now_ms` on a steady clock; `spent_ms`: the GUI thread's processor time so far.
  bool isDue(double now_ms, double spent_ms) const {
    const double waited = now_ms - m_now_ms;
    return spent_ms - m_spent_ms <= kShare * waited || waited >= kLongestMs;
  }
  /// Something is shown now; what it costs is spent from here on.
  void shown(double now_ms, double spent_ms) {
    m_now_ms = now_ms;
    m_spent_ms = spent_ms;
  }

 private:
  double m_now_ms = -kLongestMs;
  double m_spent_ms = 0;
};

}  // namespace anchorlens::app
