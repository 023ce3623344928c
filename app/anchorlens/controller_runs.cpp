// SPDX-License-Identifier: GPL-3.0-or-later
// Orders to the worker, and the runs that they make.
#include "app/anchorlens/controller.h"
#include "app/anchorlens/places.h"
#include "engine/core/experiment_json.h"
#include "widgets/number_format.h"

#include <algorithm>
#include <utility>

namespace anchorlens::app {
namespace {

RunOrder resumeOf(const RunRecord& run) {
  RunOrder order;
  order.kind = RunOrder::Kind::Resume;
  order.run_id = run.id();
  order.directory = run.directory();
  return order;
}

constexpr std::int64_t kDivergenceSteps = 200;
constexpr double kDivergenceFactor = 10;
}  // namespace

Readouts Controller::readouts() const {
  Readouts readouts;
  const RunRecord* run = m_runs.find(m_training.active());
  if (run == nullptr)
    run = shownRun();
  if (run == nullptr)
    return readouts;
  readouts.step = run->status().step;
  readouts.total = run->status().total_steps;
  if (m_training.phase() == Phase::Running && run->id() == m_training.active()) {
    readouts.steps_per_second = m_speed.stepsPerSecond();
    readouts.seconds_left = m_speed.secondsLeft(readouts.total);
  }
  return readouts;
}

RunAction Controller::runAction() const {
  switch (m_training.phase()) {
    case Phase::Starting:
      return RunAction::Starting;
    case Phase::Running:
      return RunAction::Pause;
    case Phase::Pausing:
    case Phase::Stopping:
      return RunAction::Stopping;
    case Phase::Paused:
    case Phase::Idle:
      break;
  }
  const RunRecord* run = shownRun();
  if (run == nullptr) {
    const bool is_wrong = m_checks.isCurrent() && !m_checks.checks().problems.empty();
    return m_unread_texts > 0 || is_wrong ? RunAction::None : RunAction::Run;
  }
  if (run->id() == m_training.active())
    return RunAction::Resume;
  if (!canContinue(*run))
    return RunAction::None;
  return run->state() == core::RunState::Finished ? RunAction::ContinueMore : RunAction::Continue;
}

bool Controller::canStep() const {
  const RunAction action = runAction();
  return action == RunAction::Run || action == RunAction::Resume || action == RunAction::Continue ||
         action == RunAction::Pause;
}

bool Controller::canStop() const {
  const Phase phase = m_training.phase();
  return phase == Phase::Starting || phase == Phase::Running || phase == Phase::Paused;
}

void Controller::setUnreadTexts(int count) {
  if (count == 0 && m_unread_texts == 0)
    return;  // else they may be others
  m_unread_texts = count;
  m_dirty |= Dirty::Phase | Dirty::Readouts;
}

void Controller::begin(const RunOrder& order) {
  m_speed.reset();
  m_is_diverging = false;
  emit diverged({});
  m_training.begin(order);
  m_dirty |= Dirty::Runs | Dirty::Phase;
}

/// Run or Step, as soon as the checks are those of the draft.
void Controller::startWaiting() {
  if (!m_start_paused || !m_checks.isCurrent())
    return;
  const bool paused = *std::exchange(m_start_paused, std::nullopt);
  const core::SpecErrors& problems = m_checks.checks().problems;
  if (problems.empty())
    startDraft(paused);
  else
    emit announced(tr("Not started: %1").arg(QString::fromStdString(problems.front().message)));
}

/// Of no run in the list either: the folder of one may have been deleted by somebody.
std::filesystem::path Controller::newDirectory() const {
  const auto folder = toPath(m_run_folder);
  int number = nextRunNumber(m_run_folder);
  while (m_runs.find(folder / toPath(runDirectoryName(number))) != nullptr)
    ++number;
  return folder / toPath(runDirectoryName(number));
}

void Controller::startDraft(bool paused) {
  if (!m_checks.isCurrent() && !m_checks.isKnownGood()) {
    m_start_paused = paused;
    m_checks.hurry();
    return;
  }
  const auto directory = newDirectory();
  // The name is taken at once, so that the next run gets another one.
  std::error_code error;
  std::filesystem::create_directories(directory, error);
  RunOrder order;
  order.kind = RunOrder::Kind::Create;
  order.directory = directory;
  order.spec = m_draft.spec();
  order.paused = paused;
  RunRecord& run = m_runs.add(directory, runNameOf(directory));
  order.run_id = run.id();
  if (error) {
    run.setState(core::RunState::Failed, 0, {});
    run.setProblem(tr("%1: %2. Choose another folder for runs in Preferences.")
                       .arg(toText(directory), QString::fromStdString(error.message())));
    onSettled(run.id(), core::RunState::Failed);
    return;
  }
  begin(order);
  showRun(run.id());
}

void Controller::run() {
  switch (runAction()) {
    case RunAction::Pause:
      m_training.pause();
      break;
    case RunAction::Resume:
      m_training.resume();
      break;
    case RunAction::Run:
      startDraft(false);
      break;
    case RunAction::Continue:
      continueRun(m_shown, std::nullopt);
      break;
    default:
      break;
  }
}

void Controller::step() {
  const RunAction action = runAction();
  if (action == RunAction::Pause || action == RunAction::Resume) {
    m_training.stepOnce();
  } else if (action == RunAction::Run) {
    startDraft(true);
  } else if (action == RunAction::Continue) {
    RunOrder order = resumeOf(*shownRun());
    order.paused = true;
    begin(order);
  }
}

void Controller::stop() {
  m_training.stop();
}

void Controller::continueRun(RunId run_id, std::optional<std::int64_t> more_steps) {
  const RunRecord* run = m_runs.find(run_id);
  if (run == nullptr)
    return;
  showRun(run_id);
  if (run_id == m_training.active() && !more_steps) {
    m_training.resume();
    return;
  }
  RunOrder order = resumeOf(*run);
  order.more_steps = more_steps;
  begin(order);
}

void Controller::changeRun(RunId run_id, const core::Intervention& change) {
  const RunRecord* run = m_runs.find(run_id);
  if (run == nullptr)
    return;
  if (run_id == m_training.active()) {
    m_training.intervene(change);
    return;
  }
  RunOrder order = resumeOf(*run);
  order.change = change;
  begin(order);
}

void Controller::forkRun(RunId run_id, std::int64_t step, const core::ExperimentSpec& spec,
                         const std::vector<core::Intervention>& changes) {
  const RunRecord* parent = m_runs.find(run_id);
  if (parent == nullptr)
    return;
  RunOrder order;
  order.kind = RunOrder::Kind::Fork;
  order.parent = parent->directory();
  order.fork_step = step;
  order.changes = changes;
  order.spec = spec;
  order.directory = newDirectory();
  std::error_code error;
  std::filesystem::create_directories(order.directory, error);
  RunRecord& run = m_runs.add(order.directory, runNameOf(order.directory));
  order.run_id = run.id();
  begin(order);
  showRun(run.id());
}

void Controller::onSettled(RunId run_id, core::RunState state) {
  const RunRecord* run = m_runs.find(run_id);
  if (run == nullptr)
    return;
  const QString step = widgets::formatInteger(run->status().step);
  switch (state) {
    case core::RunState::Paused:
      emit announced(tr("Paused at step %1.").arg(step));
      break;
    case core::RunState::Stopped:
      emit announced(tr("Stopped at step %1. Checkpoint saved.").arg(step));
      break;
    case core::RunState::Finished:
      emit announced(run->status().reason.empty()
                         ? tr("%1 finished at step %2.").arg(run->name(), step)
                         : tr("%1 finished: %2")
                               .arg(run->name(), QString::fromStdString(run->status().reason)));
      break;
    case core::RunState::Failed:
      emit announced(tr("%1 failed.").arg(run->name()));
      emit runFailed(run_id);
      break;
    default:
      break;
  }
  m_dirty |= Dirty::Runs | Dirty::Phase | Dirty::History | Dirty::Readouts;
  m_last_readout_ms = -kReadoutMs;
  tick();  // the last state is always on screen
}

void Controller::onNotSaved(RunId run_id, const QString& message) {
  const RunRecord* run = m_runs.find(run_id);
  if (run == nullptr) {
    emit warned(tr("A run that was taken out of the list could not be saved (%1). Undo brings it "
                   "back, paused.")
                    .arg(message));
    return;
  }
  const QString step = widgets::formatInteger(run->status().step);
  emit announced(tr("Paused at step %1, not saved.").arg(step));
  emit warned(
      tr("%1 could not be saved (%2). It is held, paused at step %3: free space or mend the "
         "folder, then stop it or go on.")
          .arg(run->name(), message, step));
  m_dirty |= Dirty::Runs | Dirty::Phase | Dirty::History | Dirty::Readouts;
  m_last_readout_ms = -kReadoutMs;
  tick();
}

void Controller::watchDivergence() {
  const RunRecord* run = m_runs.find(m_training.active());
  if (run == nullptr || m_training.phase() != Phase::Running || m_is_diverging)
    return;
  const auto& loss = run->history().stepLoss();
  if (loss.isEmpty())
    return;
  const double newest = loss.values.back();
  const double since = loss.steps.back() - static_cast<double>(kDivergenceSteps);
  double lowest = newest;
  for (std::size_t i = loss.size(); i-- > 0 && loss.steps[i] >= since;)
    lowest = std::min(lowest, loss.values[i]);
  // Near zero the loss of single batches jumps by far more than that.
  const bool is_large = newest > 1.0;
  if (is_large && newest >= kDivergenceFactor * lowest) {
    m_is_diverging = true;
    emit diverged(tr("%1: loss grew tenfold in %2 steps.").arg(run->name()).arg(kDivergenceSteps));
  }
}

RunRecord& Controller::openRun(const std::filesystem::path& directory) {
  RunRecord& run = m_library.open(directory);
  m_dirty |= Dirty::Runs;
  showRun(run.id());
  return run;
}

void Controller::openRunHere(const std::filesystem::path& directory) {
  const RunRecord* shown = shownRun();
  std::optional<Kept> kept;
  if (shown != nullptr && shown->isLoaded())
    kept = Kept{0, m_cursor.step(), m_cursor.isFollowing()};
  else
    kept = m_kept;  // the run before was never seen
  RunRecord& run = openRun(directory);
  m_kept.reset();
  if (run.isLoaded() || !kept)
    return;
  kept->run_id = run.id();
  m_kept = kept;
}

void Controller::copySettings(RunId run_id) {
  const RunRecord* run = m_runs.find(run_id);
  if (run == nullptr || !run->isLoaded())
    return;
  m_draft.replace(run->facts().spec, {}, tr("copy settings of %1").arg(run->name()));
  showDraft();
}

void Controller::choosePreset(const QString& name) {
  replaceDraft(core::preset(name.toStdString()), tr("choose preset %1").arg(name));
}

void Controller::replaceDraft(const core::ExperimentSpec& spec, const QString& text) {
  m_draft.replace(spec, {}, text);
  showDraft();
  m_checks.setExperiment(m_draft.spec(), true);
}

}  // namespace anchorlens::app
