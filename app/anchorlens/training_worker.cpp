// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorlens/training_worker.h"

#include "app/anchorlens/engine_text.h"
#include "engine/core/thread_time.h"

#include <QThread>

#include <cmath>
#include <exception>
#include <filesystem>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace anchorlens::app {

namespace {

constexpr Micros kSlice{20'000};

QString text(const std::string& message) {
  return QString::fromStdString(message);
}

/// The folder of a run that was refused was made before, to take its name. It is empty: what has
/// files stays.
void removeUnused(const RunOrder& order) {
  std::error_code error;
  if (order.kind != RunOrder::Kind::Resume)
    std::filesystem::remove(order.directory, error);
}

}  // namespace

TrainingWorker::TrainingWorker(std::shared_ptr<RunMailbox> mailbox, SessionFactory factory)
    : m_mailbox(std::move(mailbox)),
      m_factory(std::move(factory)),
      m_timer(this),
      m_measure_timer(this) {
  m_timer.setSingleShot(true);
  m_timer.setTimerType(Qt::PreciseTimer);
  connect(&m_timer, &QTimer::timeout, this, &TrainingWorker::tick);
  m_measure_timer.setSingleShot(true);
  connect(&m_measure_timer, &QTimer::timeout, this, &TrainingWorker::measureTick);
  m_clock.start();
}

TrainingWorker::~TrainingWorker() {
  blockSignals(true);
  release();
  m_session.reset();
}

Micros TrainingWorker::now() const {
  return Micros{m_clock.nsecsElapsed() / 1000};
}

void TrainingWorker::guard(const std::function<void()>& work) {
  guard(work, [this](const QString& message) { fail(message); });
}

void TrainingWorker::guard(const std::function<void()>& work,
                           const std::function<void(const QString&)>& on_error) {
  Q_ASSERT(QThread::currentThread() == thread());
  try {
    work();
  } catch (const std::exception& error) {
    on_error(text(error.what()));
  } catch (...) {
    on_error(tr("The engine ended by an unknown error."));
  }
}

void TrainingWorker::fail(const QString& message) {
  const auto step = m_session ? m_session->step() : 0;
  const RunId run_id = m_run_id;
  m_timer.stop();
  m_is_training = false;
  m_is_saved = true;
  m_session.reset();
  m_run_id = 0;
  emit runFailed(run_id, step, message);
}

void TrainingWorker::openEngine() {
  guard([this] {
    auto engine = m_factory.open_engine();
    if (engine)
      emit engineOpened((*engine)->info());
    else
      emit engineFailed(engineText(engine.error()));
  });
}

engine::RunSession::Options TrainingWorker::optionsOf(const RunOrder& order) {
  const RunId id = order.run_id;
  engine::RunSession::Options options;
  options.run_id = id;
  options.provenance = order.provenance;
  options.changes = order.changes;
  const auto mailbox = m_mailbox;
  options.sink.step = [mailbox, id](const core::StepMetrics& step) {
    mailbox->postScalar({id, step});
  };
  options.sink.metrics = [mailbox, id](const core::Metrics& metrics) {
    mailbox->postScalar({id, metrics});
  };
  options.sink.frame = [mailbox, id, this](FramePtr frame) {
    m_live_step = frame->step;
    mailbox->postSnapshot(
        std::make_shared<const LiveSnapshot>(LiveSnapshot{id, frame->step, frame}));
    mailbox->postScalar({id, std::move(frame)});
  };
  options.sink.event = [mailbox, id](const core::Event& event) {
    mailbox->postScalar({id, event});
  };
  options.sink.checkpoints = [mailbox, id](const std::vector<std::int64_t>& steps) {
    mailbox->postScalar({id, CheckpointSteps{steps}});
  };
  options.background = [this](std::function<void()> job) { m_background.post(std::move(job)); };
  options.sink.warning = [this, id](const std::string& message) {
    emit runWarning(id, text(message));
  };
  return options;
}

void TrainingWorker::begin(const RunOrder& order) {
  dropMeasure();
  if (!release()) {
    removeUnused(order);
    if (order.kind != RunOrder::Kind::Resume) {  // which is as it was
      emit runFailed(order.run_id, 0,
                     tr("The run before it could not be saved and is held: free space, then stop "
                        "it or begin again."));
    }
    return;
  }
  guard([this, &order] {
    m_run_id = order.run_id;
    m_live_step = -1;
    auto options = optionsOf(order);
    auto session = order.kind == RunOrder::Kind::Create
                       ? m_factory.create(order.spec, order.directory, std::move(options))
                   : order.kind == RunOrder::Kind::Resume
                       ? m_factory.resume(order.directory, std::move(options), order.more_steps)
                       : m_factory.fork(order.parent, order.fork_step, order.spec, order.directory,
                                        std::move(options));
    if (!session) {
      removeUnused(order);
      fail(engineText(session.error()));
      return;
    }
    m_session = std::move(*session);
    RunFacts facts{order.run_id,
                   m_session->directory(),
                   m_session->spec(),
                   m_session->task(),
                   std::make_shared<const core::SequenceSet>(m_session->probe()),
                   m_session->step(),
                   m_session->totalSteps()};
    facts.interventions = m_session->interventions();
    if (order.kind == RunOrder::Kind::Fork) {
      facts.parent = order.parent;
      facts.fork_step = m_session->step();
    }
    emit started(facts);
    if (order.change) {
      intervene(*order.change);
      settle(core::RunState::Paused);
    } else if (order.paused) {
      stepOnce();
    } else {
      resume();
    }
  });
}

void TrainingWorker::resume() {
  if (!m_session || m_is_training)
    return;
  dropMeasure();
  m_is_training = true;
  m_is_saved = false;
  m_pace.restart();
  emit stateChanged(m_run_id, core::RunState::Training, m_session->step(), {});
  queueTick(Micros{0});
}

void TrainingWorker::pause() {
  if (!m_session || !m_is_training)
    return;
  guard([this] {
    m_timer.stop();
    m_is_training = false;
    publishLiveFrame(true);
    settle(core::RunState::Paused);
  });
}

void TrainingWorker::stepOnce() {
  if (!m_session)
    return;
  dropMeasure();
  guard([this] {
    m_timer.stop();
    m_is_training = false;
    m_is_saved = false;
    const auto outcome = m_session->advance(Micros{0}, 1);
    if (outcome != engine::RunSession::Outcome::Running) {
      handle(outcome);
      return;
    }
    publishLiveFrame(true);
    // No checkpoint for each single step: release() and stop() write one.
    emit stateChanged(m_run_id, core::RunState::Paused, m_session->step(), {});
  });
}

void TrainingWorker::intervene(const core::Intervention& change) {
  const auto refuse = [this](const QString& why) { emit interventionRefused(m_run_id, why); };
  if (!m_session) {
    refuse(tr("Nothing is being trained: continue the run first."));
    return;
  }
  guard([&] {
    core::Intervention made = change;
    if (made.step == core::kNow)
      made.step = m_session->step();
    const auto asked = m_session->intervene(made);
    if (asked)
      emit intervened(m_run_id, made, m_session->interventions());
    else
      refuse(engineText(asked.error()));
  });
}

void TrainingWorker::stop() {
  dropMeasure();
  if (!m_session)
    return;
  guard([this] {
    m_timer.stop();
    m_is_training = false;
    publishLiveFrame(true);
    settle(core::RunState::Stopped);
  });
}

bool TrainingWorker::release() {
  dropMeasure();
  guard([this] {
    if (!m_session)
      return;
    m_timer.stop();
    m_is_training = false;
    if (!m_is_saved && !settle(core::RunState::Paused))
      return;
    m_session.reset();
    m_run_id = 0;
  });
  return m_session == nullptr;
}

bool TrainingWorker::settle(core::RunState state) {
  const auto saved = m_session->save(state);
  const auto step = m_session->step();
  m_is_saved = saved.has_value();
  if (!saved) {
    emit notSaved(m_run_id, step, text(saved.error().text()));
    return false;
  }
  const RunId run_id = m_run_id;
  if (state == core::RunState::Stopped) {
    m_session.reset();
    m_run_id = 0;
  }
  emit stateChanged(run_id, state, step, {});
  return true;
}

void TrainingWorker::setPace(std::optional<double> steps_per_second) {
  m_pace.setLimit(steps_per_second);
  if (m_is_training)
    queueTick(Micros{0});
}

void TrainingWorker::queueTick(Micros wait) {
  m_timer.start(std::chrono::duration_cast<std::chrono::milliseconds>(wait + Micros{999}));
}

void TrainingWorker::tick() {
  if (!m_session || !m_is_training)
    return;
  guard([this] {
    const Slice slice = m_pace.next(now(), m_session->step());
    if (slice.max_steps == 0) {
      queueTick(slice.wait);
      return;
    }
    handle(m_session->advance(kSlice, slice.max_steps));
  });
}

void TrainingWorker::handle(engine::RunSession::Outcome outcome) {
  using Outcome = engine::RunSession::Outcome;
  if (outcome == Outcome::Failed) {
    fail(text(m_session->reason()));
  } else if (outcome == Outcome::Finished) {
    const auto step = m_session->step();
    const QString reason = text(m_session->reason());
    const RunId run_id = m_run_id;
    publishLiveFrame(true);
    m_is_training = false;
    m_is_saved = true;
    m_session.reset();
    m_run_id = 0;
    emit stateChanged(run_id, core::RunState::Finished, step, reason);
  } else {
    publishLiveFrame(false);
    queueTick(Micros{0});
  }
}

void TrainingWorker::publishLiveFrame(bool at_any_cost) {
  if (m_session->step() == m_live_step)
    return;
  const bool is_due =
      m_wants_live_frames && isLiveFrameDue(now() - m_last_live, m_live_cost, !m_pace.limit());
  if (!is_due && !at_any_cost)
    return;
  // Processor time: what it costs does not grow because others have the processor.
  const double before = core::threadMs();
  auto frame = m_session->liveFrame();
  if (!frame)
    throw std::runtime_error(frame.error().message);
  m_live_step = (*frame)->step;
  m_last_live = now();
  m_live_cost = Micros{std::llround(1e3 * (core::threadMs() - before))};
  m_mailbox->postSnapshot(
      std::make_shared<const LiveSnapshot>(LiveSnapshot{m_run_id, m_live_step, *frame}));
}

}  // namespace anchorlens::app
