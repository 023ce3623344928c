// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/anchorlens/draft_checks.h"
#include "app/anchorlens/draft_document.h"
#include "app/anchorlens/live_share.h"
#include "app/anchorlens/run_library.h"
#include "app/anchorlens/snapshot_worker.h"
#include "app/anchorlens/speed_meter.h"
#include "app/anchorlens/time_cursor.h"
#include "app/anchorlens/training_control.h"

#include <QElapsedTimer>
#include <QFlags>
#include <QObject>
#include <QTimer>
#include <QUndoStack>

#include <deque>
#include <memory>
#include <optional>
#include <vector>

namespace anchorlens::app {

/// What changed since the last tick.
enum class Dirty : unsigned {
  Subject = 1,    ///< draft or another run is shown
  Frame = 2,      ///< another picture
  History = 4,    ///< curves, strips, markers
  Cursor = 8,     ///< step, Follow live
  Readouts = 16,  ///< step, speed, time left
  Runs = 32,      ///< rows of the Runs dock
  Phase = 64,     ///< what can be done: Run, Pause, Step, Stop
  Checks = 128,   ///< problems, samples, counts
  Experiment = 256,
};
Q_DECLARE_FLAGS(DirtyFlags, Dirty)
Q_DECLARE_OPERATORS_FOR_FLAGS(DirtyFlags)
constexpr DirtyFlags kAllDirty = DirtyFlags::fromInt(0x1ff);

/// Numbers of the toolbar.
struct Readouts {
  std::int64_t step = 0;
  std::int64_t total = 0;
  std::optional<double> steps_per_second;
  std::optional<std::int64_t> seconds_left;
};

/// What the primary button does.
enum class RunAction { Run, Pause, Resume, Continue, ContinueMore, Starting, Stopping, None };

/// The one owner of what the window shows: draft, runs, training, cursor. One timer drains the
/// worker's news and then tells what changed; views are set by whoever listens. GUI thread.
class Controller : public QObject {
  Q_OBJECT

 public:
  static constexpr int kTickMs = 33;
  static constexpr int kReadoutMs = 250;

  explicit Controller(SessionFactory factory = {}, QObject* parent = nullptr);
  ~Controller() override;

  QUndoStack& undoStack() { return m_undo; }
  DraftDocument& draft() { return m_draft; }
  DraftChecks& draftChecks() { return m_checks; }
  RunList& runs() { return m_runs; }
  const RunList& runs() const { return m_runs; }
  RunLibrary& library() { return m_library; }
  TrainingControl& training() { return m_training; }
  /// Questions about weights at any step.
  Snapshots& snapshots() { return m_snapshots; }
  const TimeCursor& cursor() const { return m_cursor; }

  /// What is shown: null, the draft; else a run.
  RunRecord* shownRun() const { return m_runs.find(m_shown); }
  bool isDraftShown() const { return m_shown == 0; }
  void showDraft();
  void showRun(RunId run_id);

  /// Labels and emergence of everything that is shown go by these from now on.
  void setThresholds(const core::LabelThresholds& thresholds);

  /// The picture under the cursor; null while there is none.
  const FramePtr& frame() const { return m_frame; }
  std::vector<core::HeadLabel> frameLabels() const;
  /// A run trains, or is about to be saved: its last steps are not on the disk yet.
  bool isTraining() const;
  /// The same, and the views follow it.
  bool followsTraining() const { return isTraining() && m_cursor.isFollowing(); }
  /// The weights of the picture that is shown; empty while there are none on disk.
  std::optional<SnapshotPlace> shownPlace() const;
  /// The picture that would be shown of the model as it is; frame() unless the model is changed.
  const FramePtr& unchangedFrame() const { return m_unchanged; }
  /// While something is taken out of the model, pictures come from whoever does that: the old one
  /// stays until setChangedFrame() gives the next, after each unchangedFrameMoved(). Another
  /// subject ends it.
  void setChanged(bool changed);
  bool isChanged() const { return m_is_changed; }
  void setChangedFrame(const FramePtr& frame);
  /// Roles and shown sequences of what is shown; null while unknown.
  std::shared_ptr<const widgets::ProbeContext> probe() const;
  const core::ExperimentSpec& shownExperiment() const;
  /// Why there is no picture; empty when there is one.
  QString framePlaceholder() const;
  const RunFacts* previewFacts() const { return m_preview ? &*m_preview : nullptr; }

  Readouts readouts() const;
  RunAction runAction() const;
  bool canStep() const;
  bool canStop() const;
  /// Texts of form and Composer that are no values, and so are not in the draft.
  void setUnreadTexts(int count);

  // Training.
  /// The primary button, save for ContinueMore, which needs a number. A draft that is still to be
  /// checked is started once it is found good; else announced() says why it is not.
  void run();
  void step();
  void stop();
  void continueRun(RunId run_id, std::optional<std::int64_t> more_steps);
  void forkRun(RunId run_id, std::int64_t step, const core::ExperimentSpec& spec,
               const std::vector<core::Intervention>& changes = {});
  /// From the next step on. A run that is not held is opened where it goes on, and held, paused.
  void changeRun(RunId run_id, const core::Intervention& change);
  void setRunFolder(const QString& folder) { m_run_folder = folder; }
  const QString& runFolder() const { return m_run_folder; }
  /// Of the next run.
  std::filesystem::path newDirectory() const;

  // Speed (controller_speed.cpp).
  /// Whether somebody looks at how fast the draft trains: it is measured then, while idle.
  void setSpeedWanted(bool wanted);
  widgets::TrainingSpeed speed() const;
  /// Measured steps/s of experiments of this shape; empty when none has been measured yet.
  std::optional<double> measuredStepsPerSecond(const core::ExperimentSpec& spec) const;

  // Time.
  void moveCursor(std::int64_t step);
  void setFollowing(bool following);
  void goLive();
  void goNewest();
  void restoreCursor(std::int64_t step, bool following);

  // Runs and draft.
  RunRecord& openRun(const std::filesystem::path& directory);
  /// Shows a run at the step that is shown now, or the nearest, also where it is still to be read.
  void openRunHere(const std::filesystem::path& directory);
  void copySettings(RunId run_id);
  void choosePreset(const QString& name);
  /// Another experiment in the draft's place; `text` continues "Undo ...".
  void replaceDraft(const core::ExperimentSpec& spec, const QString& text);
  // Steps of undo.
  void renameRun(RunId run_id, const QString& name);
  void recolourRun(RunId run_id, int colour);
  /// Out of the list; the files stay. One that trains stays in it.
  void removeRun(RunId run_id);
  /// What such a step does. The run is the `known` one, or that of the directory where there is
  /// none.
  void applyEntry(const RunEntry& entry, RunId known = 0);
  void markRunsChanged() { m_dirty |= Dirty::Runs; }

  /// Drains and tells now, as the timer does; for tests and the end of a run.
  void tick();

 signals:
  void refreshed(anchorlens::app::DirtyFlags dirty);
  /// One line for the status bar; polite and rare.
  void announced(const QString& text);
  /// A head got its label at this step; told once a run and head.
  void emerged(anchorlens::app::RunId run_id, int layer, int head, anchorlens::core::Label label,
               qint64 step);
  void thresholdsChanged(const anchorlens::core::LabelThresholds& thresholds);
  /// unchangedFrame() is another one.
  void unchangedFrameMoved();
  /// Not fatal; an empty text: resolved.
  void warned(const QString& text);
  /// The loss of a training grows; an empty text: another training began.
  void diverged(const QString& text);
  void runFailed(anchorlens::app::RunId run_id);
  /// A run from disk was read (or could not be).
  void runLoaded(anchorlens::app::RunId run_id);

 private:
  void connectTraining();
  void connectLibrary();
  void connectSpeed();
  void requestSpeed();
  void keepSpeed(const widgets::TrainingSpeed& speed);
  void onDraftChanged();
  void requestPreview();
  void syncCursor();
  void labelLiveFrame();
  void resolveFrame();
  void setFrame(const FramePtr& frame, bool is_live);
  void onFrameRecorded(RunId run_id, const FramePtr& frame);
  void onNotSaved(RunId run_id, const QString& message);
  void onSettled(RunId run_id, core::RunState state);
  void onTimer();
  void watchDivergence();
  void begin(const RunOrder& order);
  void startDraft(bool paused);
  void startWaiting();
  void pushEntry(const QString& text, const RunRecord& run, const RunEntry& after);
  void takeOut(RunRecord& run);
  RunRecord& bringBack(const RunEntry& entry, RunId known);
  void cursorChanged();
  bool isLive(const RunRecord& run) const;

  QUndoStack m_undo;
  DraftDocument m_draft;
  RunList m_runs;
  std::deque<std::unique_ptr<RunRecord>> m_removed;  ///< the last ones, for undo
  DraftChecks m_checks;
  RunLibrary m_library;
  Snapshots m_snapshots;
  TrainingControl m_training;
  TimeCursor m_cursor;
  SpeedMeter m_speed;
  LiveShare m_live_share;
  QElapsedTimer m_clock;
  qint64 m_last_readout_ms = -kReadoutMs;
  QTimer m_timer;
  DirtyFlags m_dirty;
  RunId m_shown = 0;
  /// What openRunHere keeps until its run is read.
  struct Kept {
    RunId run_id = 0;
    std::int64_t step = 0;
    bool is_following = false;
  };
  std::optional<Kept> m_kept;
  QString m_run_folder;
  int m_unread_texts = 0;
  std::optional<bool> m_start_paused;  ///< Run or Step was pressed, and waits for the checks
  bool m_is_preview_due = false;
  std::optional<core::ExperimentSpec> m_preview_spec;
  std::optional<RunFacts> m_preview;
  FramePtr m_preview_frame;
  std::shared_ptr<const widgets::ProbeContext> m_preview_probe;
  QString m_preview_problem;
  FramePtr m_frame;
  FramePtr m_unchanged;
  bool m_is_changed = false;
  bool m_is_live_frame = false;
  std::vector<core::Labeller> m_live_labellers;
  std::vector<core::HeadLabel> m_live_labels;
  QString m_frame_problem;
  RunId m_announced_run = 0;
  std::vector<bool> m_announced;
  bool m_is_diverging = false;
  bool m_is_speed_wanted = false;
  std::optional<core::ExperimentSpec> m_measuring;  ///< the shape that is being measured
  /// What has been measured, newest last.
  std::vector<std::pair<core::ExperimentSpec, widgets::TrainingSpeed>> m_speeds;
};

}  // namespace anchorlens::app
