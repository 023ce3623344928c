// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/anchorlens/run_list.h"
#include "app/anchorlens/training_worker.h"
#include "app/anchorlens/worker_thread.h"

#include <QObject>

#include <memory>
#include <optional>

namespace anchorlens::app {

/// Where training stands. The run that it is about is TrainingControl::active().
enum class Phase { Idle, Starting, Running, Pausing, Paused, Stopping };

/// The window's side of the worker: gives orders, keeps the phase, and puts news into the records.
/// What comes from a run that is no longer the active one changes that run's record only.
class TrainingControl : public QObject {
  Q_OBJECT

 public:
  TrainingControl(RunList& runs, SessionFactory factory, QObject* parent = nullptr);

  Phase phase() const { return m_phase; }
  /// The run that the worker holds or is beginning; 0: none.
  RunId active() const { return m_active; }
  bool isBusy() const { return m_phase != Phase::Idle && m_phase != Phase::Paused; }

  /// `order.run_id` is in the list. A run that is held is saved and let go first.
  void begin(const RunOrder& order);
  void pause();
  void resume();
  void stepOnce();
  void stop();
  /// Changes the active run from the next step on; intervened or interventionRefused follows.
  void intervene(const core::Intervention& change);
  bool canIntervene() const { return m_phase == Phase::Running || m_phase == Phase::Paused; }
  /// Saves the held run as paused and lets it go; released() follows, or notReleased() where it
  /// could not be saved.
  void release();
  void setPace(std::optional<double> steps_per_second);
  std::optional<double> pace() const { return m_pace; }
  void setLiveFrames(bool wanted);

  void openEngine();
  const std::optional<engine::EngineInfo>& engine() const { return m_engine; }
  const QString& engineProblem() const { return m_engine_problem; }
  /// The untrained heads of a draft; only the answer to the newest question is told.
  void preview(const core::ExperimentSpec& spec);
  /// How fast it trains here; only the answer to the newest question is told.
  void measure(const core::ExperimentSpec& spec);

  /// Mailbox into records; true when there was something.
  bool drain();
  /// Newest live picture of the active run; null when there is none.
  const std::shared_ptr<const LiveSnapshot>& snapshot() const { return m_snapshot; }

 signals:
  void phaseChanged();
  void engineChanged();
  /// Facts are in the record.
  void started(anchorlens::app::RunId run_id);
  /// Its state changed: paused, stopped, finished, failed (the reason is in the record).
  void settled(anchorlens::app::RunId run_id, anchorlens::core::RunState state);
  void frameRecorded(anchorlens::app::RunId run_id, anchorlens::app::FramePtr frame);
  void intervened(anchorlens::app::RunId run_id, const anchorlens::core::Intervention& change);
  void interventionRefused(anchorlens::app::RunId run_id, const QString& message);
  void warned(anchorlens::app::RunId run_id, const QString& text);
  void previewReady(const anchorlens::app::RunFacts& facts, anchorlens::app::FramePtr frame);
  void previewFailed(const QString& message);
  void measured(double steps_per_second);
  void measureFailed(const QString& message);
  /// Something else came between: ask again when training is idle.
  void measureDropped();
  void released();
  void notReleased();
  /// Stop or Pause could not write its checkpoint: the run stays held, paused.
  void notSaved(anchorlens::app::RunId run_id, const QString& message);

 private:
  void connectMeasure();
  void setPhase(Phase phase);
  void onStarted(const RunFacts& facts);
  void onStateChanged(RunId run_id, core::RunState state, qint64 step, const QString& reason);
  void onNotSaved(RunId run_id, qint64 step, const QString& message);
  void onFailed(RunId run_id, qint64 step, const QString& message);
  void letGo(RunId run_id);
  void take(const RunNews& news);

  RunList& m_runs;
  std::shared_ptr<RunMailbox> m_mailbox = std::make_shared<RunMailbox>();
  Phase m_phase = Phase::Idle;
  RunId m_active = 0;
  bool m_is_started = false;  ///< the active run's facts have come
  std::vector<RunNews> m_early;
  std::optional<double> m_pace;
  std::optional<engine::EngineInfo> m_engine;
  QString m_engine_problem;
  std::shared_ptr<const LiveSnapshot> m_snapshot;
  RunId m_preview_id = 0;
  RunId m_measure_id = 0;
  WorkerThread<TrainingWorker> m_thread;  ///< last: ends before what it posts to
};

}  // namespace anchorlens::app
