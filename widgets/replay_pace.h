// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>

namespace anchorlens::widgets {

/// How many frames a replay goes on as time passes. Eased, it starts slowly and slows down before
/// its end; never so much that it stands. Pure.
class ReplayPace {
 public:
  static constexpr std::array<double, 10> kRates{1, 2, 4, 8, 16, 32, 64, 128, 256, 1024};
  static constexpr double kUsual = 8;
  static constexpr double kEaseMs = 600;    ///< until full speed, and from it to the end
  static constexpr double kSlowest = 0.25;  ///< share of the speed at either end

  void setRate(double frames_per_second);
  double rate() const { return m_rate; }
  void setEased(bool on) { m_is_eased = on; }
  bool isEased() const { return m_is_eased; }
  /// The rate that many places further in kRates, from the nearest one.
  double rateAfter(int by) const;

  /// From rest; the first frame is due after one frame's time.
  void start();
  /// Frames that are due after `ms` more milliseconds, with `left` frames until the end.
  int advance(double ms, int left);

 private:
  double m_rate = kUsual;
  bool m_is_eased = true;
  double m_elapsed_ms = 0;
  double m_due = 0;  ///< frames, the part of one that is not yet due
};

}  // namespace anchorlens::widgets
