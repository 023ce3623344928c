// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorlens/training_control.h"

#include <iterator>
#include <utility>
#include <variant>

namespace anchorlens::app {

TrainingControl::TrainingControl(RunList& runs, SessionFactory factory, QObject* parent)
    : QObject(parent),
      m_runs(runs),
      m_thread(QStringLiteral("training"), m_mailbox, std::move(factory)) {
  const auto* worker = m_thread.worker();
  connect(worker, &TrainingWorker::engineOpened, this, [this](const engine::EngineInfo& info) {
    m_engine = info;
    emit engineChanged();
  });
  connect(worker, &TrainingWorker::engineFailed, this, [this](const QString& message) {
    m_engine_problem = message;
    emit engineChanged();
  });
  connect(worker, &TrainingWorker::started, this, &TrainingControl::onStarted);
  connect(worker, &TrainingWorker::stateChanged, this, &TrainingControl::onStateChanged);
  connect(worker, &TrainingWorker::notSaved, this, &TrainingControl::onNotSaved);
  connect(worker, &TrainingWorker::runFailed, this, &TrainingControl::onFailed);
  connect(worker, &TrainingWorker::runWarning, this, &TrainingControl::warned);
  connect(worker, &TrainingWorker::intervened, this,
          [this](RunId run_id, const core::Intervention& change,
                 const std::vector<core::Intervention>& history) {
            drain();  // its flag
            if (RunRecord* run = m_runs.find(run_id))
              run->setInterventions(history);
            emit intervened(run_id, change);
          });
  connect(worker, &TrainingWorker::interventionRefused, this,
          &TrainingControl::interventionRefused);
  connect(worker, &TrainingWorker::previewReady, this,
          [this](const RunFacts& facts, const FramePtr& frame) {
            if (facts.run_id == m_preview_id)
              emit previewReady(facts, frame);
          });
  connect(worker, &TrainingWorker::previewFailed, this, [this](RunId id, const QString& message) {
    if (id == m_preview_id)
      emit previewFailed(message);
  });
  connectMeasure();
}

void TrainingControl::connectMeasure() {
  const auto* worker = m_thread.worker();
  connect(worker, &TrainingWorker::measured, this, [this](RunId id, double steps_per_second) {
    if (id == m_measure_id)
      emit measured(steps_per_second);
  });
  connect(worker, &TrainingWorker::measureFailed, this, [this](RunId id, const QString& message) {
    if (id == m_measure_id)
      emit measureFailed(message);
  });
  connect(worker, &TrainingWorker::measureDropped, this, [this](RunId id) {
    if (id == m_measure_id)
      emit measureDropped();
  });
}

void TrainingControl::setPhase(Phase phase) {
  if (phase == m_phase)
    return;
  m_phase = phase;
  emit phaseChanged();
}

void TrainingControl::begin(const RunOrder& order) {
  drain();
  m_active = order.run_id;
  m_is_started = false;
  m_snapshot.reset();
  if (RunRecord* run = m_runs.find(m_active)) {
    run->setOurs(true);
    if (order.kind != RunOrder::Kind::Resume)
      run->setState(core::RunState::Created, 0, {});
  }
  setPhase(Phase::Starting);
  m_thread.post([order](TrainingWorker& worker) { worker.begin(order); });
}

void TrainingControl::pause() {
  if (m_phase != Phase::Running)
    return;
  setPhase(Phase::Pausing);
  m_thread.post([](TrainingWorker& worker) { worker.pause(); });
}

void TrainingControl::resume() {
  if (m_phase != Phase::Paused)
    return;
  setPhase(Phase::Running);
  m_thread.post([](TrainingWorker& worker) { worker.resume(); });
}

void TrainingControl::stepOnce() {
  if (m_phase != Phase::Paused && m_phase != Phase::Running)
    return;
  m_thread.post([](TrainingWorker& worker) { worker.stepOnce(); });
}

void TrainingControl::intervene(const core::Intervention& change) {
  if (canIntervene())
    m_thread.post([change](TrainingWorker& worker) { worker.intervene(change); });
}

void TrainingControl::stop() {
  if (m_phase == Phase::Idle || m_phase == Phase::Stopping)
    return;
  setPhase(Phase::Stopping);
  m_thread.post([](TrainingWorker& worker) { worker.stop(); });
}

void TrainingControl::release() {
  m_thread.post([this](TrainingWorker& worker) {
    const bool is_released = worker.release();
    // Queued behind what release() has told.
    QMetaObject::invokeMethod(
        this,
        [this, is_released] {
          drain();
          if (!is_released) {
            emit notReleased();
            return;
          }
          letGo(m_active);
          emit released();
        },
        Qt::QueuedConnection);
  });
}

void TrainingControl::setPace(std::optional<double> steps_per_second) {
  m_pace = steps_per_second;
  m_thread.post([steps_per_second](TrainingWorker& worker) { worker.setPace(steps_per_second); });
}

void TrainingControl::setLiveFrames(bool wanted) {
  m_thread.post([wanted](TrainingWorker& worker) { worker.setLiveFrames(wanted); });
}

void TrainingControl::openEngine() {
  m_thread.post([](TrainingWorker& worker) { worker.openEngine(); });
}

void TrainingControl::preview(const core::ExperimentSpec& spec) {
  const RunId id = ++m_preview_id;
  m_thread.post([id, spec](TrainingWorker& worker) { worker.preview(id, spec); });
}

void TrainingControl::measure(const core::ExperimentSpec& spec) {
  const RunId id = ++m_measure_id;
  m_thread.post([id, spec](TrainingWorker& worker) { worker.measure(id, spec); });
}

void TrainingControl::onStarted(const RunFacts& facts) {
  if (RunRecord* run = m_runs.find(facts.run_id)) {
    run->truncateAfter(facts.step);
    run->setFacts(facts);
    run->setProblem({});
    run->setState(core::RunState::Training, facts.step, {});
  }
  if (facts.run_id != m_active)
    return;
  m_is_started = true;
  drain();
  // A Stop that was asked for meanwhile is still on its way.
  if (m_phase == Phase::Starting)
    setPhase(Phase::Running);
  emit started(facts.run_id);
}

void TrainingControl::onStateChanged(RunId run_id, core::RunState state, qint64 step,
                                     const QString& reason) {
  drain();
  if (RunRecord* run = m_runs.find(run_id))
    run->setState(state, step, reason);
  if (run_id == m_active) {
    const bool is_stopping = m_phase == Phase::Stopping && state == core::RunState::Training;
    if (state == core::RunState::Training && !is_stopping)
      setPhase(Phase::Running);
    else if (state == core::RunState::Paused && m_phase != Phase::Stopping)
      setPhase(Phase::Paused);
    else if (state == core::RunState::Stopped || state == core::RunState::Finished)
      letGo(run_id);
  } else if (RunRecord* run = m_runs.find(run_id)) {
    run->setOurs(false);
  }
  if (state != core::RunState::Training)
    emit settled(run_id, state);
}

void TrainingControl::onNotSaved(RunId run_id, qint64 step, const QString& message) {
  drain();
  if (RunRecord* run = m_runs.find(run_id))
    run->setState(core::RunState::Paused, step, {});
  // Also where another run was to begin or go on in its place.
  if (RunRecord* other = m_active != run_id ? m_runs.find(m_active) : nullptr)
    other->setOurs(false);
  m_active = run_id;
  m_is_started = true;
  setPhase(Phase::Paused);
  emit notSaved(run_id, message);
}

void TrainingControl::onFailed(RunId run_id, qint64 step, const QString& message) {
  drain();
  if (RunRecord* run = m_runs.find(run_id)) {
    run->setState(core::RunState::Failed, step, message);
    if (!run->isLoaded())
      run->setProblem(message);
  }
  letGo(run_id);
  emit settled(run_id, core::RunState::Failed);
}

void TrainingControl::letGo(RunId run_id) {
  if (RunRecord* run = m_runs.find(run_id))
    run->setOurs(false);
  if (run_id != m_active)
    return;
  m_active = 0;
  setPhase(Phase::Idle);
}

bool TrainingControl::drain() {
  auto contents = m_mailbox->take();
  const bool is_new = contents.snapshot != nullptr || !contents.scalars.empty();
  if (contents.snapshot && contents.snapshot->run_id == m_active)
    m_snapshot = contents.snapshot;
  // What a run tells before its facts have come (step 0; rows after a resume) waits for them.
  m_early.insert(m_early.end(), std::make_move_iterator(contents.scalars.begin()),
                 std::make_move_iterator(contents.scalars.end()));
  std::vector<RunNews> waiting;
  for (RunNews& news : std::exchange(m_early, {})) {
    if (news.run_id == m_active && !m_is_started)
      waiting.push_back(std::move(news));
    else
      take(news);
  }
  m_early = std::move(waiting);
  return is_new;
}

void TrainingControl::take(const RunNews& news) {
  RunRecord* run = m_runs.find(news.run_id);
  if (run == nullptr || !run->isLoaded())
    return;
  std::visit([run](const auto& it) { run->add(it); }, news.news);
  if (const auto* frame = std::get_if<FramePtr>(&news.news))
    emit frameRecorded(news.run_id, *frame);
}

}  // namespace anchorlens::app
