// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/anchorlens/live_data.h"
#include "app/anchorlens/pace.h"
#include "app/anchorlens/session_factory.h"
#include "app/anchorlens/speed_probe.h"
#include "app/common/job_thread.h"

#include <QElapsedTimer>
#include <QObject>
#include <QString>
#include <QTimer>

#include <functional>
#include <memory>
#include <optional>

namespace anchorlens::app {

/// How a run begins or goes on in the worker.
struct RunOrder {
  enum class Kind { Create, Resume, Fork };
  Kind kind = Kind::Create;
  RunId run_id = 0;
  std::filesystem::path directory;
  core::ExperimentSpec spec;                ///< Create, Fork
  std::optional<std::int64_t> more_steps;   ///< Resume
  std::filesystem::path parent;             ///< Fork
  std::int64_t fork_step = 0;               ///< Fork
  std::vector<core::Intervention> changes;  ///< Fork: from where it begins
  /// Resume: is made where it goes on; the run is then held, paused.
  std::optional<core::Intervention> change;
  core::Provenance provenance;
  bool paused = false;  ///< take one step (Step on a draft) and pause
};

/// Trains on its own thread in slices of about 20 ms and queues itself again, so that pause, step
/// and stop are ordinary queued calls. All slots run on the worker's thread; call them through
/// QMetaObject::invokeMethod with a functor. Frames and scalars go into the mailbox, which outlives
/// the worker; everything that changes a run's state is a signal with the run's id.
class TrainingWorker : public QObject {
  Q_OBJECT

 public:
  TrainingWorker(std::shared_ptr<RunMailbox> mailbox, SessionFactory factory);
  /// Saves a run that is still open.
  ~TrainingWorker() override;

  /// Opens the engine module; engineOpened or engineFailed follows.
  void openEngine();
  /// Ends what is open (saved as paused), then begins. Where that cannot be saved it stays held:
  /// notSaved follows, and runFailed of a new run.
  void begin(const RunOrder& order);
  void pause();
  void resume();
  /// One optimiser step, then paused.
  void stepOnce();
  /// Changes the run that is held, from the next step on; intervened or interventionRefused
  /// follows.
  void intervene(const core::Intervention& change);
  /// Writes a checkpoint, ends the run in the state `Stopped`. Where it cannot be written the run
  /// stays held, paused: notSaved follows.
  void stop();
  /// Saves as paused and lets the run go (its lock too): the window closes or another run begins.
  /// False: it could not be saved and stays held; notSaved follows.
  bool release();
  void setPace(std::optional<double> steps_per_second);
  /// Whether live frames are wanted between recorded ones.
  void setLiveFrames(bool wanted) { m_wants_live_frames = wanted; }
  /// The untrained heads of a draft; previewReady or previewFailed follows.
  void preview(RunId id, const core::ExperimentSpec& spec);
  /// How fast an experiment of this shape trains, by training one for a second in slices. Anything
  /// else that is asked for drops it. measured, measureFailed or measureDropped follows.
  void measure(RunId id, const core::ExperimentSpec& spec);

 signals:
  void engineOpened(const anchorlens::engine::EngineInfo& info);
  void engineFailed(const QString& message);
  void started(const anchorlens::app::RunFacts& facts);
  /// Training, Paused, Stopped, Finished; `reason` of a stop condition.
  void stateChanged(anchorlens::app::RunId run_id, anchorlens::core::RunState state, qint64 step,
                    const QString& reason);
  /// Its checkpoint could not be written: the run stays held, paused.
  void notSaved(anchorlens::app::RunId run_id, qint64 step, const QString& message);
  /// The run could not begin or go on. Its files are as they were last saved.
  void runFailed(anchorlens::app::RunId run_id, qint64 step, const QString& message);
  /// `change`: with the step where it acts.
  void intervened(anchorlens::app::RunId run_id, const anchorlens::core::Intervention& change,
                  const std::vector<anchorlens::core::Intervention>& history);
  void interventionRefused(anchorlens::app::RunId run_id, const QString& message);
  /// Not fatal; an empty text: resolved.
  void runWarning(anchorlens::app::RunId run_id, const QString& text);
  void previewReady(const anchorlens::app::RunFacts& facts, anchorlens::app::FramePtr frame);
  void previewFailed(anchorlens::app::RunId id, const QString& message);
  void measured(anchorlens::app::RunId id, double steps_per_second);
  void measureFailed(anchorlens::app::RunId id, const QString& message);
  void measureDropped(anchorlens::app::RunId id);

 private:
  static constexpr Micros kMeasureSlice{20'000};
  /// The one place where what the engine throws is caught; a training fails by it.
  void guard(const std::function<void()>& work);
  void guard(const std::function<void()>& work,
             const std::function<void(const QString&)>& on_error);
  void tick();
  void measureTick();
  void endMeasure(const QString& problem);
  void dropMeasure();
  void queueTick(Micros wait);
  void fail(const QString& message);
  void handle(engine::RunSession::Outcome outcome);
  /// False: it could not be saved; the session stays.
  bool settle(core::RunState state);
  void publishLiveFrame(bool at_any_cost);
  engine::RunSession::Options optionsOf(const RunOrder& order);
  Micros now() const;

  std::shared_ptr<RunMailbox> m_mailbox;
  SessionFactory m_factory;
  JobThread m_background;  ///< writes checkpoints; outlives the session
  std::unique_ptr<engine::RunSession> m_session;
  RunId m_run_id = 0;
  bool m_is_training = false;
  bool m_is_saved = true;
  bool m_wants_live_frames = true;
  Pace m_pace;
  QTimer m_timer;
  QTimer m_measure_timer;
  std::unique_ptr<SpeedProbe> m_probe;
  RunId m_measure_id = 0;  ///< 0: nothing is being measured
  QElapsedTimer m_clock;
  Micros m_last_live{0};
  Micros m_live_cost{0};
  std::int64_t m_live_step = -1;
};

}  // namespace anchorlens::app
