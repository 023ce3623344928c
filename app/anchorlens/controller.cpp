// SPDX-License-Identifier: GPL-3.0-or-later
// What is shown: subject, time cursor, pictures. Orders to the worker are in controller_runs.cpp.
#include "app/anchorlens/controller.h"

#include "app/anchorlens/places.h"
#include "engine/core/thread_time.h"
#include "widgets/number_format.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace anchorlens::app {

Controller::Controller(SessionFactory factory, QObject* parent)
    : QObject(parent),
      m_draft(m_undo),
      m_library(m_runs),
      m_snapshots(factory),
      m_training(m_runs, std::move(factory)),
      m_run_folder(defaultRunFolder()) {
  connect(&m_draft, &DraftDocument::changed, this, &Controller::onDraftChanged);
  connect(&m_checks, &DraftChecks::changed, this, [this] {
    m_dirty |= Dirty::Checks;
    startWaiting();
    if (isDraftShown() && m_checks.checks().problems.empty()) {
      requestPreview();
      requestSpeed();
    }
  });
  connectTraining();
  connectLibrary();
  connectSpeed();
  m_cursor.start({0}, false);
  m_clock.start();
  m_timer.setInterval(kTickMs);
  connect(&m_timer, &QTimer::timeout, this, &Controller::onTimer);
  m_timer.start();
}

Controller::~Controller() {
  m_timer.stop();
  disconnect();
}

void Controller::connectTraining() {
  connect(&m_training, &TrainingControl::phaseChanged, this, [this] {
    m_dirty |= Dirty::Phase;
    m_dirty |= Dirty::Runs;
    m_dirty |= Dirty::Readouts;
    m_last_readout_ms = -kReadoutMs;
    const RunRecord* run = m_runs.find(m_training.active());
    const bool trains = m_training.isBusy() && run != nullptr && run->isLoaded();
    m_snapshots.setTraining(trains ? std::optional<int>(run->facts().spec.training.threads)
                                   : std::nullopt);
  });
  connect(&m_training, &TrainingControl::engineChanged, this, [this] { m_dirty |= Dirty::Phase; });
  connect(&m_training, &TrainingControl::started, this, [this](RunId run_id) {
    m_dirty |= Dirty::Runs | Dirty::History | Dirty::Experiment;
    const RunRecord* run = m_runs.find(run_id);
    emit announced(tr("Training %1.").arg(run->name()));
    if (run_id == m_shown) {
      m_dirty |= Dirty::Subject;  // its probe and history are known from now on
      syncCursor();
    }
  });
  connect(&m_training, &TrainingControl::settled, this, &Controller::onSettled);
  connect(&m_training, &TrainingControl::frameRecorded, this, &Controller::onFrameRecorded);
  connect(&m_training, &TrainingControl::intervened, this,
          [this] { m_dirty |= Dirty::History | Dirty::Cursor | Dirty::Runs; });
  connect(&m_training, &TrainingControl::warned, this,
          [this](RunId, const QString& text) { emit warned(text); });
  connect(&m_training, &TrainingControl::notSaved, this, &Controller::onNotSaved);
  connect(&m_training, &TrainingControl::previewReady, this,
          [this](const RunFacts& facts, const FramePtr& frame) {
            m_preview = facts;
            m_preview_frame = frame;
            m_preview_problem.clear();
            m_preview_probe =
                std::make_shared<const widgets::ProbeContext>(widgets::makeProbeContext(
                    *facts.task, *facts.probe, static_cast<std::size_t>(facts.spec.probe.shown),
                    facts.spec.model.mask == core::ModelSpec::Mask::Causal));
            if (isDraftShown())
              m_dirty |= Dirty::Subject;
          });
  connect(&m_training, &TrainingControl::previewFailed, this, [this](const QString& message) {
    m_preview_problem = message;
    m_preview_spec.reset();
    if (isDraftShown())
      m_dirty |= Dirty::Frame;
  });
}

void Controller::connectLibrary() {
  connect(&m_library, &RunLibrary::loaded, this, [this](RunId run_id) {
    m_dirty |= Dirty::Runs;
    if (run_id == m_shown) {
      const RunRecord* run = shownRun();
      if (m_cursor.frames().empty() && run->isLoaded())
        m_cursor.start(run->history().frames(), isLive(*run));
      if (m_kept && m_kept->run_id == run_id && run->isLoaded()) {
        // As between two runs that are known: following ends where there is no live end.
        const bool is_following = m_kept->is_following && isLive(*run);
        restoreCursor(m_kept->step, is_following);
        m_kept.reset();
      }
      m_dirty |= Dirty::Subject;
    }
    emit runLoaded(run_id);
  });
  connect(&m_library, &RunLibrary::updated, this, [this](RunId run_id) {
    m_dirty |= Dirty::Runs;
    const RunRecord* run = m_runs.find(run_id);
    if (run->isOurs() && !run->history().checkpoints().empty() &&
        run->state() == core::RunState::Training) {
      emit announced(
          tr("Training %1. Checkpoint saved at step %2.")
              .arg(run->name(), widgets::formatInteger(run->history().checkpoints().back())));
    }
    if (run_id == m_shown)
      m_dirty |= Dirty::History | Dirty::Phase;
  });
  connect(&m_library, &RunLibrary::frameReady, this, [this](RunId run_id, std::int64_t) {
    m_frame_problem.clear();
    if (run_id == m_shown)
      m_dirty |= Dirty::Cursor;
  });
  connect(&m_library, &RunLibrary::frameMissing, this,
          [this](RunId run_id, std::int64_t, const QString& message) {
            if (run_id != m_shown)
              return;
            m_frame_problem = message;
            m_dirty |= Dirty::Frame;
          });
}

bool Controller::isLive(const RunRecord& run) const {
  if (run.isOurs())
    return run.id() == m_training.active();
  return run.status().held && run.state() == core::RunState::Training;
}

void Controller::showDraft() {
  if (m_shown == 0)
    return;
  setChanged(false);
  m_shown = 0;
  m_cursor.start({0}, false);
  m_checks.setExperiment(m_draft.spec(), true);
  m_dirty |= Dirty::Subject | Dirty::Cursor | Dirty::Phase | Dirty::Readouts;
}

void Controller::showRun(RunId run_id) {
  RunRecord* run = m_runs.find(run_id);
  if (run == nullptr || run_id == m_shown)
    return;
  const bool was_draft = m_shown == 0;
  m_start_paused.reset();
  setChanged(false);
  m_shown = run_id;
  m_live_labellers.clear();
  m_frame_problem.clear();
  if (run->isLoaded())
    m_checks.setExperiment(run->facts().spec, true);
  // The draft has no time of its own that could be kept.
  if (was_draft || !run->isLoaded())
    m_cursor.start(run->history().frames(), isLive(*run));
  else
    m_cursor.selectRun(run->history().frames(), isLive(*run));
  m_dirty |= Dirty::Subject | Dirty::Cursor | Dirty::Phase | Dirty::Readouts;
}

std::shared_ptr<const widgets::ProbeContext> Controller::probe() const {
  const RunRecord* run = shownRun();
  return run != nullptr ? run->probe() : m_preview_probe;
}

const core::ExperimentSpec& Controller::shownExperiment() const {
  const RunRecord* run = shownRun();
  return run != nullptr && run->isLoaded() ? run->facts().spec : m_draft.spec();
}

QString Controller::framePlaceholder() const {
  const RunRecord* run = shownRun();
  if (run == nullptr) {
    if (!m_training.engineProblem().isEmpty())
      return m_training.engineProblem();
    return m_preview_problem.isEmpty() ? tr("The untrained model is being drawn…")
                                       : m_preview_problem;
  }
  if (!run->isLoaded())
    return run->problem().isEmpty() ? tr("Reading the run…") : run->problem();
  if (!m_frame_problem.isEmpty())
    return m_frame_problem;
  if (run->facts().spec.model.kind != core::ModelSpec::Kind::Transformer)
    return tr("This model has no attention heads. Its curves are in the Timeline.");
  if (run->history().frames().empty())
    return tr("This run has no frames yet.");
  return tr("This run kept no attention patterns.");
}

std::vector<core::HeadLabel> Controller::frameLabels() const {
  if (!m_frame)
    return {};
  const RunRecord* run = shownRun();
  if (m_is_live_frame && !m_is_changed)
    return m_live_labels;
  if (run != nullptr && !m_is_changed)
    return run->labelsAt(m_frame->step);
  std::vector<core::HeadLabel> labels;
  for (const auto& scores : m_frame->scores)
    labels.push_back(core::labelOf(scores, m_runs.thresholds()));
  return labels;
}

void Controller::setThresholds(const core::LabelThresholds& thresholds) {
  m_runs.setThresholds(thresholds);
  m_live_labellers.clear();
  if (m_is_live_frame && m_unchanged)
    labelLiveFrame();
  m_dirty |= Dirty::Frame | Dirty::History;
  emit thresholdsChanged(thresholds);
}

void Controller::labelLiveFrame() {
  m_live_labellers.resize(m_unchanged->scores.size(), core::Labeller(m_runs.thresholds()));
  m_live_labels.clear();
  for (std::size_t i = 0; i < m_unchanged->scores.size(); ++i)
    m_live_labels.push_back(m_live_labellers[i].next(m_unchanged->scores[i]));
}

void Controller::onDraftChanged() {
  if (std::exchange(m_start_paused, std::nullopt))
    emit announced(tr("Not started: the draft was changed."));
  if (isDraftShown())
    m_checks.setExperiment(m_draft.spec(), false);
  m_dirty |= Dirty::Experiment | Dirty::Phase | Dirty::Readouts;
}

void Controller::requestPreview() {
  // Heads do not change by what comes after step 0.
  core::ExperimentSpec wanted = m_draft.spec();
  const core::ExperimentSpec plain;
  wanted.name = plain.name;
  wanted.data = plain.data;
  wanted.record = plain.record;
  const auto seed = wanted.training.seed;
  const auto device = wanted.training.device;
  wanted.training = plain.training;
  wanted.training.seed = seed;
  wanted.training.device = device;
  if (m_preview_spec == wanted)
    return;
  m_preview_spec = wanted;
  m_training.preview(m_draft.spec());
}

void Controller::syncCursor() {
  const RunRecord* run = shownRun();
  if (run == nullptr)
    return;
  const auto& frames = run->history().frames();
  const auto before = std::pair{m_cursor.step(), m_cursor.frameCount()};
  m_cursor.setLive(isLive(*run));
  const bool is_shorter =
      frames.size() < m_cursor.frameCount() ||
      (!frames.empty() && !m_cursor.frames().empty() && frames.back() < m_cursor.frames().back());
  if (is_shorter)
    m_cursor.setFrames(frames);
  for (std::size_t i = m_cursor.frameCount(); i < frames.size(); ++i)
    m_cursor.appendFrame(frames[i]);
  const auto& snapshot = m_training.snapshot();
  if (snapshot && snapshot->run_id == m_shown)
    m_cursor.setLiveStep(snapshot->step);
  if (before != std::pair{m_cursor.step(), m_cursor.frameCount()})
    m_dirty |= Dirty::Cursor;
}

void Controller::setFrame(const FramePtr& frame, bool is_live) {
  if (frame == m_unchanged)
    return;
  m_unchanged = frame;
  m_is_live_frame = is_live;
  if (is_live)
    labelLiveFrame();
  emit unchangedFrameMoved();
  if (m_is_changed && frame)
    return;
  m_frame = frame;
  m_dirty |= Dirty::Frame;
}

bool Controller::isTraining() const {
  const Phase phase = m_training.phase();
  return phase != Phase::Idle && phase != Phase::Paused;
}

std::optional<SnapshotPlace> Controller::shownPlace() const {
  const RunRecord* run = shownRun();
  if (run == nullptr || !run->isLoaded() || !m_unchanged || run->history().checkpoints().empty())
    return std::nullopt;
  return SnapshotPlace{run->directory(), m_unchanged->step, run->facts().spec.training.threads};
}

void Controller::setChanged(bool changed) {
  if (std::exchange(m_is_changed, changed) == changed || changed)
    return;
  m_frame = m_unchanged;
  m_dirty |= Dirty::Frame;
}

void Controller::setChangedFrame(const FramePtr& frame) {
  if (!m_is_changed)
    return;
  m_frame = frame;
  m_dirty |= Dirty::Frame;
}

void Controller::resolveFrame() {
  const RunRecord* run = shownRun();
  if (run == nullptr) {
    setFrame(m_preview_frame, false);
    return;
  }
  const auto& snapshot = m_training.snapshot();
  if (m_cursor.showsLive() && snapshot && snapshot->run_id == m_shown &&
      snapshot->step == m_cursor.step()) {
    const bool is_recorded = run->cachedFrame(snapshot->step) == snapshot->frame;
    setFrame(snapshot->frame, !is_recorded);
    return;
  }
  const auto index = m_cursor.frameIndex();
  if (!index) {
    setFrame(nullptr, false);
    return;
  }
  const std::int64_t step = m_cursor.frames()[*index];
  if (const FramePtr cached = run->cachedFrame(step))
    setFrame(cached, false);
  else
    m_library.wantFrame(run->id(), step);  // the old picture stays until it is here
}

void Controller::onFrameRecorded(RunId run_id, const FramePtr& frame) {
  const RunRecord* run = m_runs.find(run_id);
  const auto labels = run->labelsAt(frame->step);
  if (m_announced_run != run_id) {
    m_announced_run = run_id;
    m_announced.clear();
  }
  m_announced.resize(labels.size(), false);
  const int n_heads = std::max(1, run->history().heads());
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const auto label = labels[i].label;
    const bool is_telling = labels[i].state == core::LabelState::Entered &&
                            (label == core::Label::Shift || label == core::Label::Broadcast);
    if (!is_telling || m_announced[i] || frame->step == 0)
      continue;
    m_announced[i] = true;
    const int layer = static_cast<int>(i) / n_heads;
    const int head = static_cast<int>(i) % n_heads;
    emit announced(tr("Layer %1 head %2 became %3 at step %4.")
                       .arg(layer)
                       .arg(head)
                       .arg(QString::fromUtf8(core::labelName(*label).data(),
                                              static_cast<int>(core::labelName(*label).size())),
                            widgets::formatInteger(frame->step)));
    emit emerged(run_id, layer, head, *label, frame->step);
  }
}

/// At full speed what training alone brings waits for its share of the time.
void Controller::onTimer() {
  const auto now = static_cast<double>(m_clock.elapsed());
  const double spent = core::threadMs();
  const bool is_asked = static_cast<bool>(m_dirty & ~DirtyFlags(Dirty::Readouts));
  const bool is_full_speed = m_training.phase() == Phase::Running && !m_training.pace();
  if (!is_asked && is_full_speed && !m_live_share.isDue(now, spent))
    return;
  m_live_share.shown(now, spent);
  tick();
}

void Controller::tick() {
  if (m_training.drain()) {
    m_dirty |= Dirty::History;
    m_dirty |= Dirty::Readouts;
  }
  if (m_training.phase() == Phase::Running) {
    if (const RunRecord* run = m_runs.find(m_training.active()))
      m_speed.add(Micros{m_clock.nsecsElapsed() / 1000}, run->status().step);
  }
  if (m_dirty & (Dirty::History | Dirty::Subject | Dirty::Phase))
    syncCursor();
  if (m_dirty & Dirty::Subject) {
    m_unchanged.reset();
    if (!m_is_changed)
      m_frame.reset();
  }
  if (m_dirty & (Dirty::History | Dirty::Subject | Dirty::Cursor))
    resolveFrame();
  DirtyFlags now = m_dirty;
  const bool readouts_due = m_clock.elapsed() - m_last_readout_ms >= kReadoutMs;
  if (readouts_due && (now & Dirty::Readouts)) {
    m_last_readout_ms = m_clock.elapsed();
    now |= Dirty::Runs;
    watchDivergence();
  } else {
    now &= ~DirtyFlags(Dirty::Readouts);
  }
  m_dirty &= ~now;
  if (now)
    emit refreshed(now);
}

void Controller::cursorChanged() {
  m_dirty |= Dirty::Cursor;
}

void Controller::moveCursor(std::int64_t step) {
  m_cursor.moveTo(step);
  cursorChanged();
}

void Controller::setFollowing(bool following) {
  m_cursor.setFollowing(following);
  cursorChanged();
}

void Controller::goLive() {
  m_cursor.goLive();
  cursorChanged();
}

void Controller::goNewest() {
  m_cursor.newest();
  cursorChanged();
}

void Controller::restoreCursor(std::int64_t step, bool following) {
  const RunRecord* run = shownRun();
  if (run == nullptr)
    return;
  m_cursor.restore(run->history().frames(), step, following, isLive(*run));
  cursorChanged();
}

}  // namespace anchorlens::app
