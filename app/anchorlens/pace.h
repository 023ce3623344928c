// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

/// How fast the worker trains: pure rules without a clock or a thread, so that tests can count.
namespace anchorlens::app {

using Micros = std::chrono::microseconds;

/// What the next slice may do.
struct Slice {
  std::int64_t max_steps = 0;  ///< 0: nothing is due yet
  Micros wait{0};              ///< time until the next step is due; 0 when max_steps > 0
  bool operator==(const Slice&) const = default;
};

/// Training as fast as the machine can, or at most so many steps a second.
///
/// A limit is a line of due steps from an anchor (a moment and a step). When training falls behind
/// the line (a checkpoint, a slow machine) the anchor moves: what was missed is never caught up in
/// a burst.
class Pace {
 public:
  /// steps/s; empty = full speed. Starts a new line at the next slice.
  void setLimit(std::optional<double> steps_per_second);
  std::optional<double> limit() const { return m_limit; }
  /// Starts a new line: call after a pause.
  void restart() { m_has_anchor = false; }

  /// `now` on any steady clock, `step` the steps done so far.
  Slice next(Micros now, std::int64_t step);

 private:
  std::optional<double> m_limit;
  bool m_has_anchor = false;
  Micros m_anchor_time{0};
  std::int64_t m_anchor_step = 0;
};

/// Whether a live frame should be made now: at most one in 33 ms, and however dear a frame of this
/// model is, never more than a share of the time: a fifth where a pace leaves time over, an
/// eightieth where training has the whole of it.
bool isLiveFrameDue(Micros since_last, Micros cost_of_last, bool is_full_speed);

}  // namespace anchorlens::app
