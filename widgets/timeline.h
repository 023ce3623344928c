// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/store/bookmarks.h"
#include "widgets/replay_pace.h"
#include "widgets/run_history.h"
#include "widgets/theme.h"
#include "widgets/timeline_lanes.h"
#include "widgets/update_rate.h"

#include <QElapsedTimer>
#include <QWidget>

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

class QScrollArea;
class QTimer;

namespace anchorlens::widgets {

class BookmarkEditor;
class TimelineBar;
class TimelineHeader;
class TimelinePlot;

/// A run over time: ruler, loss, accuracy, one strip a head, markers, and one cursor through all.
///
/// The widget shows a cursor and tells where the user wants it; the rules of the cursor (Follow
/// live, earlier frame between frames) are the controller's. Setters only mark what changed:
/// refresh(), called from the window's one timer, draws it when the widget can be seen.
class Timeline : public QWidget {
  Q_OBJECT

 public:
  explicit Timeline(QWidget* parent = nullptr);
  ~Timeline() override;

  /// Not owned; must live until another one (or null) is set. Resets zoom to all time.
  void setHistory(const RunHistory* history);
  /// Something was added to the history.
  void historyChanged();
  /// Step under the cursor: one of the history's frames, as the controller resolved it.
  void setCursor(std::int64_t step);
  /// Newest step of a run in training (dashed line); empty when nothing trains.
  void setLive(std::optional<std::int64_t> step);
  /// While this is on, "behind live" is not shown.
  void setFollowLive(bool on);
  void setTheme(const Theme& theme);
  void setCompact(bool compact);
  /// Only the row of controls is left: a rail of 34 pixels.
  void setFolded(bool folded);
  bool isFolded() const { return m_is_folded; }
  /// Those of the run that is shown, steps ascending.
  void setBookmarks(std::vector<core::Bookmark> bookmarks);

  /// Draws what changed if the widget is visible; true when it drew. What grows in training is
  /// drawn ten times a second at most (UpdateRate), by itself.
  bool refresh();

  std::int64_t cursor() const;
  bool isPlaying() const;
  bool isLogarithmic() const;
  int smoothing() const;
  bool isUnfolded() const;  ///< all strips, those of heads without a pattern, too
  double replayRate() const { return m_pace.rate(); }
  bool isReplayEased() const { return m_pace.isEased(); }

  struct Range {
    double first = 0;
    double last = 1;
    bool operator==(const Range&) const = default;
  };
  Range range() const;
  bool showsAllTime() const;
  /// The steps that a replay repeats; empty: it plays to the newest frame.
  std::optional<Range> loop() const;
  /// x of a step in this widget's coordinates, and back; for tests and callouts.
  double xOfStep(std::int64_t step) const;
  std::int64_t stepAtX(double x) const;
  QRect stripRect(int layer, int head) const;  ///< empty when the strip is folded away
  QRect lanesRect() const;
  QRect rulerRect() const;
  TimelinePlot* plot() const { return m_plot; }
  BookmarkEditor* bookmarkEditor() const { return m_editor; }
  /// "Step 18 400, loss test 0.009, accuracy 99.8 percent, L1 H0 broadcast 0.88"
  QString description() const;

 public slots:
  void setLogarithmic(bool on);
  void setSmoothing(int level);  ///< 0 off, 1 light, 2 strong
  void setRange(anchorlens::widgets::Timeline::Range range);
  void fitAll();
  void zoom(double factor);  ///< about the cursor; 2 = twice as near
  void play();               ///< Replay: goes through the frames, or the loop's; again: stops
  void stop();
  void setReplayRate(double frames_per_second);
  void changeReplayRate(int by);  ///< places in ReplayPace::kRates
  void setReplayEased(bool on);
  /// Less than two frames are no loop: it is removed then.
  void setLoop(std::optional<anchorlens::widgets::Timeline::Range> loop);
  void loopFromCursor();
  void loopToCursor();
  void clearLoop();
  void stepFrames(int by);
  void stepCheckpoints(int by);
  void stepMarkers(int by);  ///< marks of any kind
  void stepAmong(anchorlens::widgets::TimeMark::Kind kind, int by);
  void setUnfolded(bool on);
  void toggleFolded();    ///< strips of heads without a pattern, where there are too many for all
  void editBookmark();    ///< at the cursor; a new one where there is none
  void removeBookmark();  ///< at the cursor
  void goFirst();
  void goNewest();

 signals:
  /// The user moved the cursor (drag, keys, buttons, replay): a step of a frame.
  void cursorMoved(std::int64_t step);
  void goLive();  ///< "Go to live", or newest when on the newest frame
  void playingChanged(bool playing);
  void headSelected(int layer, int head);  ///< a strip's name was clicked
  void optionsChanged();  ///< linear/log, smoothing, range, loop, strips, replay rate
  void bookmarkEdited(std::int64_t step, const QString& note);
  void bookmarkRemoved(std::int64_t step);
  void menuRequested(const QPoint& global);  ///< at the cursor, which is where it was asked for
  /// One line: what is at the cursor now, or why what was asked for is not there.
  void told(const QString& text);

 protected:
  void showEvent(QShowEvent* event) override;
  void hideEvent(QHideEvent* event) override;
  void changeEvent(QEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;
  void focusInEvent(QFocusEvent* event) override;
  void focusOutEvent(QFocusEvent* event) override;
  void contextMenuEvent(QContextMenuEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;

 private:
  void connectParts();
  void applySizes();
  void moveCursor(std::int64_t step);  ///< by the user: to the frame shown at this step
  void moveToFrame(int index);
  void showFrame(int index);  ///< the same, and brings it into view
  bool stepTo(std::vector<std::int64_t> steps, int by);
  void tellMarks();
  void playOn();
  std::pair<int, int> playedFrames() const;
  std::int64_t frameAtCursor() const;
  const core::Bookmark* bookmarkAtCursor() const;
  void placeEditor();
  void updateBar();

  const RunHistory* m_history = nullptr;
  TimelineBar* m_bar = nullptr;
  QScrollArea* m_scroll = nullptr;
  TimelineHeader* m_header = nullptr;
  TimelinePlot* m_plot = nullptr;
  BookmarkEditor* m_editor = nullptr;
  QTimer* m_replay = nullptr;
  QElapsedTimer m_replay_clock;
  ReplayPace m_pace;
  QTimer* m_late = nullptr;  ///< draws what was put off
  QElapsedTimer m_clock;
  UpdateRate m_rate{UpdateRate::kGrowthMs};
  std::int64_t m_cursor = 0;
  std::optional<std::int64_t> m_live;
  bool m_follows_live = true;
  bool m_is_compact = false;
  bool m_is_folded = false;
  bool m_is_dirty = false;
  bool m_is_waiting = false;  ///< for the next turn of the event loop
  bool m_has_grown = false;   ///< dirty by new rows of the history, which may wait
};

}  // namespace anchorlens::widgets
