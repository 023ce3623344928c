// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

/// The one time cursor: which step every view shows. Pure rules, no Qt.
namespace anchorlens::app {

/// Rules: it starts at the live end and follows; any move by the user stops following; `goLive`, or
/// `newest` when the newest frame is shown already, follows again; between frames the earlier frame
/// is shown; selecting another run keeps the step or takes the nearest; pausing, finishing and
/// failing never move it.
class TimeCursor {
 public:
  /// A run of which nothing was shown yet: live end, following.
  void start(std::vector<std::int64_t> frames, bool is_live);
  /// Another run is shown: the step is kept, or the nearest frame taken. Following goes on only
  /// where there is a live end.
  void selectRun(std::vector<std::int64_t> frames, bool is_live);
  /// A restored session: that step and mode.
  void restore(std::vector<std::int64_t> frames, std::int64_t step, bool following, bool is_live);

  /// Training begins or ends on this run. Never moves the cursor.
  void setLive(bool is_live) { m_is_live = is_live; }
  void appendFrame(std::int64_t step);
  /// The same run with other frames (it went on from an earlier step): what is gone is left.
  void setFrames(std::vector<std::int64_t> frames);
  /// The newest snapshot, recorded or not.
  void setLiveStep(std::int64_t step);

  void moveTo(std::int64_t step);  ///< the frame at or before it
  void moveToNearest(std::int64_t step);
  void moveBy(int frames);
  void first();
  void newest();
  /// The next of `steps` (checkpoints, markers; ascending) in that direction; none: stays.
  void moveAmong(const std::vector<std::int64_t>& steps, int direction);
  void goLive() { m_is_following = true; }
  void setFollowing(bool following);

  bool isFollowing() const { return m_is_following; }
  /// The step that is displayed: that of a frame, or of the live snapshot.
  std::int64_t step() const;
  /// Whether step() is the live snapshot and not a recorded frame.
  bool showsLive() const;
  const std::vector<std::int64_t>& frames() const { return m_frames; }
  std::size_t frameCount() const { return m_frames.size(); }
  /// Index of the recorded frame at or before step(); empty without frames.
  std::optional<std::size_t> frameIndex() const;
  bool isAtNewest() const;
  /// Steps between the live end and the displayed step; 0 while following.
  std::int64_t behindLive() const;

 private:
  std::optional<std::size_t> indexAtOrBefore(std::int64_t step) const;
  void place(std::size_t index);
  std::int64_t liveEnd() const;

  std::vector<std::int64_t> m_frames;  ///< ascending
  std::optional<std::int64_t> m_live_step;
  std::int64_t m_step = 0;
  bool m_is_following = true;
  bool m_is_live = false;
};

}  // namespace anchorlens::app
