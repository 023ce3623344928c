// SPDX-License-Identifier: GPL-3.0-or-later
// What a run writes: checkpoints, status, its end.
#include "engine/core/step_schedule.h"
#include "engine/session/training_run.h"

#include <algorithm>
#include <utility>

namespace anchorlens::engine {
namespace {

constexpr std::chrono::seconds kCommitInterval{1};

/// "2 140"
std::string withSpaces(std::int64_t number) {
  std::string text = std::to_string(number);
  for (auto at = static_cast<std::ptrdiff_t>(text.size()) - 3; at > 0; at -= 3) {
    text.insert(static_cast<std::size_t>(at), 1, ' ');
  }
  return text;
}

/// An error's text that ends in one full stop.
std::string sentence(const core::IoError& error) {
  std::string text = error.text();
  text.erase(text.find_last_not_of('.') + 1);
  return text + ".";
}

}  // namespace

void TrainingRun::keepUp() {
  const core::RecordSpec& record = m_parts.spec.record;
  const Clock::time_point now = Clock::now();
  const std::chrono::duration<double> since = now - m_last_checkpoint;
  if (isDue(record.checkpoints, step(), 0, totalSteps())) {
    m_wanted = Kept::Always;
  } else if (!m_wanted && since.count() >= record.checkpoint_seconds) {
    m_wanted = Kept::Latest;
  }
  // One that the schedule asks for is of this step: it waits for the one before it.
  if (m_pending && (m_wanted == Kept::Always || isWritten())) {
    report(endCheckpoint());
  }
  if (!m_warning.empty() && now < m_retry_at) {
    return;
  }
  if (m_wanted && !m_pending) {
    if (Io begun = beginCheckpoint(*m_wanted); !begun || !m_pending) {
      report(begun);
    }
  } else if (now - m_last_commit >= kCommitInterval || (!m_warning.empty() && !m_pending)) {
    report(commit(core::RunState::Training));
  }
}

void TrainingRun::finish() {
  if (m_stop.isMet() && step() < totalSteps()) {
    const core::StopRule& rule = *m_goal.stop_when;
    std::string share = std::to_string(rule.at_least);
    share.erase(share.find_last_not_of('0') + 1);
    m_reason = "Stopped at step " + withSpaces(step()) + ": " + rule.metric + " was " + share +
               " or more in " + std::to_string(rule.evaluations) + " evaluations running.";
  }
  addEvent("finished",
           m_reason.empty() ? "Finished at step " + withSpaces(step()) + "." : m_reason);
  m_outcome = Outcome::Finished;
  m_end_reason = m_reason;
  m_end_is_written = false;
  if (auto written = writeEnd(); !written) {
    m_outcome = Outcome::Failed;
    m_reason = "Trained to step " + withSpaces(step()) +
               ", but that could not be saved: " + sentence(written.error()) +
               " The last checkpoint is of step " + withSpaces(m_checkpoint_step) + ".";
  }
}

TrainingRun::Io TrainingRun::writeEnd() {
  if (auto written = keepCheckpoint(); !written) {
    return written;
  }
  auto written = commit(core::RunState::Finished);
  m_end_is_written = written.has_value();
  return written;
}

/// What is not in the numbers (memory, a device that is gone) may go well next time: the run can
/// be gone on with.
void TrainingRun::fail(const EngineError& error) {
  m_outcome = Outcome::Failed;
  m_reason = error.message;
  m_failed_as =
      error.cause == EngineError::Cause::Numbers ? core::RunState::Failed : core::RunState::Stopped;
  addEvent("failed", m_reason);
  // The weights are those of the last good step.
  Io written = keepCheckpoint();
  if (written) {
    written = commit(m_failed_as);
  }
  report(written);
}

/// A checkpoint of this step that stays. None of one that could not be measured: whoever goes on
/// takes it again.
TrainingRun::Io TrainingRun::keepCheckpoint() {
  if (m_pending) {
    // Whether that one failed does not matter: this one is newer.
    [[maybe_unused]] const Io ignored = endCheckpoint();
  }
  if (m_keeper.stays(step()) || step() != m_measured_step) {
    return {};
  }
  return writeCheckpoint(Kept::Always);
}

/// Written before this returns.
TrainingRun::Io TrainingRun::writeCheckpoint(Kept kept) {
  Io begun = beginCheckpoint(kept);
  return begun && m_pending ? endCheckpoint() : begun;
}

/// Begins a checkpoint of this step; without a background, ends it too.
TrainingRun::Io TrainingRun::beginCheckpoint(Kept kept) {
  // First: a checkpoint after a clamp is no use without its pattern.
  if (Io written = m_is_history_written ? Io() : writeHistory(); !written) {
    return written;
  }
  auto checkpoint = m_parts.trainer->snapshot(true);
  if (!checkpoint) {
    return core::Unexpected(core::IoError{"", checkpoint.error().message});
  }
  checkpoint->metadata["record"] = recordStateText({m_frames.state(), m_stop.streak()});
  checkpoint->metadata[CheckpointKeeper::kKey] = CheckpointKeeper::text(kept);
  for (const auto& [key, value] : m_metadata) {
    checkpoint->metadata[key] = value;
  }
  m_writer->setStatus(m_is_training ? core::RunState::Training : core::RunState::Created, step(),
                      totalSteps());
  auto job = m_writer->beginCheckpoint(std::move(*checkpoint));
  if (!job) {
    return core::Unexpected(job.error());
  }
  m_wanted.reset();
  m_last_checkpoint = m_last_commit = Clock::now();
  // A std::function can only hold what can be copied.
  const std::shared_ptr<core::CheckpointJob> shared = std::move(*job);
  const auto done = std::make_shared<std::promise<void>>();
  m_pending.emplace(Pending{shared, done->get_future(), step(), kept});
  const auto work = [shared, done] {
    shared->write();
    done->set_value();
  };
  if (m_options.background) {
    m_options.background(work);
    return {};
  }
  work();
  return endCheckpoint();
}

bool TrainingRun::isWritten() const {
  return m_pending->written.wait_for(std::chrono::seconds(0)) == std::future_status::ready;
}

/// Waits for the checkpoint that is being written.
TrainingRun::Io TrainingRun::endCheckpoint() {
  m_pending->written.wait();
  const Pending ended = std::move(*m_pending);
  m_pending.reset();
  auto info = m_writer->endCheckpoint(*ended.job);
  if (!info) {
    // Of a later step, then.
    m_wanted = std::min(ended.kept, m_wanted.value_or(Kept::Latest));
    return core::Unexpected(info.error());
  }
  m_checkpoint_step = ended.step;
  m_keeper.written(m_writer->directory(), ended.step, ended.kept);
  tellCheckpoints();
  return {};
}

void TrainingRun::tellCheckpoints() {
  if (m_options.sink.checkpoints) {
    m_options.sink.checkpoints(m_keeper.steps());
  }
}

TrainingRun::Io TrainingRun::commit(core::RunState state) {
  const bool has_finished = state == core::RunState::Finished;
  m_writer->setStatus(state, step(), totalSteps(), has_finished ? m_end_reason : m_reason);
  auto written = m_is_history_written ? Io() : writeHistory();
  if (written) {
    written = m_writer->commit();
  }
  if (written) {
    m_last_commit = Clock::now();
  }
  return written;
}

/// Keeps the warning in step with whether the last write worked.
void TrainingRun::report(const Io& written) {
  if (written) {
    if (!m_warning.empty()) {
      m_warning.clear();
      addEvent("resolved", "The run can be written again.");
      if (m_options.sink.warning) {
        m_options.sink.warning({});
      }
    }
    return;
  }
  m_retry_at = Clock::now() + m_options.retry_after;
  if (!m_warning.empty()) {
    return;  // said already
  }
  m_warning = sentence(written.error()) +
              " Training goes on without new checkpoints; the last one is of step " +
              withSpaces(m_checkpoint_step) + ".";
  addEvent("warning", m_warning);
  if (m_options.sink.warning) {
    m_options.sink.warning(m_warning);
  }
}

void TrainingRun::addEvent(const std::string& kind, const std::string& text) {
  const core::Event event{step(), kind, text};
  m_writer->addEvent(event);
  if (m_options.sink.event) {
    m_options.sink.event(event);
  }
}

core::Expected<void, core::IoError> TrainingRun::save(core::RunState state) {
  if (!m_end_is_written) {
    auto written = writeEnd();
    if (written) {
      m_outcome = Outcome::Finished;
      m_reason = m_end_reason;
    }
    report(written);
    return written;
  }
  if (m_outcome == Outcome::Finished) {
    return {};
  }
  Io written = keepCheckpoint();
  if (written && m_outcome == Outcome::Running) {
    const std::string name(core::runStateName(state));
    addEvent(name, "Saved at step " + withSpaces(step()) + ".");
    m_is_training = false;
  }
  if (written) {
    written = commit(m_outcome == Outcome::Running ? state : m_failed_as);
  }
  report(written);
  return written;
}

}  // namespace anchorlens::engine
