// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/session/training_run.h"

#include "engine/session/measure.h"

#include <algorithm>
#include <system_error>
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

TrainingRun::TrainingRun(RunParts parts, Options options, Goal goal)
    : m_parts(std::move(parts)),
      m_options(std::move(options)),
      m_goal(std::move(goal)),
      m_frames(m_parts.spec.record),
      m_stop(m_goal.stop_when) {}

Result<void> TrainingRun::begin(const std::filesystem::path& run, const Origin& origin) {
  m_metadata = origin.metadata;
  // Measured first: between the directory and its first checkpoint lies as little as possible.
  if (auto measured = measureFirst(); !measured) {
    return measured;
  }
  auto writer = core::RunWriter::create(run, m_parts.spec, origin.provenance, m_options.shared);
  if (!writer) {
    return core::Unexpected(toEngineError(writer.error()));
  }
  m_writer = std::move(*writer);
  setTables();
  addEvent(origin.event.kind, origin.event.text);
  postMeasured();
  auto written = writeCheckpoint();
  if (written) {
    written = commit(core::RunState::Created);
  }
  if (!written) {
    m_writer.reset();
    std::error_code ignored;
    std::filesystem::remove_all(run, ignored);  // it was made just now and holds no result
    return core::Unexpected(toEngineError(written.error()));
  }
  return {};
}

Result<void> TrainingRun::beginAgain(std::unique_ptr<core::RunWriter> writer,
                                     const core::Provenance& provenance) {
  m_writer = std::move(writer);
  setTables();
  for (const auto& [key, value] : provenance) {
    m_writer->setProvenance(key, value);
  }
  auto written = m_writer->truncateAfter(-1);
  if (!written) {
    return core::Unexpected(toEngineError(written.error()));
  }
  if (auto measured = measureFirst(); !measured) {
    return measured;
  }
  addEvent("started", "Started again: it had stopped before its first checkpoint.");
  postMeasured();
  written = writeCheckpoint();
  if (!written) {
    return core::Unexpected(toEngineError(written.error()));
  }
  return {};
}

Result<void> TrainingRun::continueFrom(std::unique_ptr<core::RunWriter> writer,
                                       const core::Checkpoint& checkpoint) {
  m_writer = std::move(writer);
  if (auto restored = m_parts.trainer->restore(checkpoint); !restored) {
    return restored;
  }
  const auto text = checkpoint.metadata.find("record");
  const auto state = parseRecordState(text != checkpoint.metadata.end() ? text->second : "");
  if (!state) {
    return core::Unexpected(
        EngineError{"The checkpoint of step " + std::to_string(step()) +
                        " does not say what was recorded before it (metadata \"record\").",
                    {}});
  }
  m_frames.setState(state->frames);
  m_stop.setStreak(state->stop_streak);
  if (const auto parent = checkpoint.metadata.find("parent"); parent != checkpoint.metadata.end()) {
    m_metadata["parent"] = parent->second;
  }
  m_checkpoint_step = step();
  auto written = m_writer->truncateAfter(step());
  if (!written) {
    return core::Unexpected(toEngineError(written.error()));
  }
  addEvent("resumed", "Went on from the checkpoint of step " + std::to_string(step()) + ".");
  if (hasEnded()) {
    finish();
  }
  return {};
}

Result<void> TrainingRun::leaveFinished(std::unique_ptr<core::RunWriter> writer,
                                        const core::Checkpoint& checkpoint,
                                        const std::string& reason) {
  m_writer = std::move(writer);
  m_outcome = Outcome::Finished;
  m_reason = m_end_reason = reason;
  m_checkpoint_step = stepOf(checkpoint);
  return m_parts.trainer->restore(checkpoint);
}

RunSession::Outcome TrainingRun::advance(std::chrono::microseconds budget, std::int64_t max_steps) {
  if (m_outcome != Outcome::Running) {
    return m_outcome;
  }
  startTraining();
  const Clock::time_point deadline = Clock::now() + budget;
  for (std::int64_t done = 0; m_outcome == Outcome::Running;) {
    if (auto trained = guarded([this] { return trainOne(); }); !trained) {
      fail(trained.error().message);
    }
    if (++done >= max_steps || Clock::now() >= deadline) {
      break;
    }
  }
  return m_outcome;
}

void TrainingRun::setTables() {
  const auto n_shown = static_cast<std::size_t>(m_parts.spec.probe.shown);
  m_writer->setTables({m_parts.task.roles(), m_parts.task.groups(),
                       subset(m_parts.probe, 0, std::min(n_shown, m_parts.probe.size()))});
}

void TrainingRun::startTraining() {
  if (m_is_training) {
    return;
  }
  m_is_training = true;
  m_last_checkpoint = Clock::now();
  report(commit(core::RunState::Training));
}

Result<void> TrainingRun::trainOne() {
  auto trained = m_parts.trainer->trainStep();
  if (!trained) {
    return core::Unexpected(trained.error());
  }
  m_learning_rate = trained->learning_rate;
  m_writer->addStep(*trained);
  if (m_options.sink.step) {
    m_options.sink.step(*trained);
  }
  const core::RecordSpec& record = m_parts.spec.record;
  if (isDue(record.evaluate, step(), 0, totalSteps())) {
    if (auto evaluated = evaluate(); !evaluated) {
      return evaluated;
    }
    m_stop.evaluated(m_metrics.train_accuracy, m_metrics.test_accuracy);
  }
  if (hasEnded() || m_frames.isDue(step(), 0, totalSteps())) {
    if (auto recorded = recordFrame(); !recorded) {
      return recorded;
    }
  }
  postMeasured();
  if (hasEnded()) {
    finish();
  } else {
    keepUp();
  }
  return {};
}

Result<void> TrainingRun::measureFirst() {
  auto evaluated = evaluate();
  return evaluated ? recordFrame() : evaluated;
}

Result<void> TrainingRun::evaluate() {
  auto metrics =
      evaluateSets(*m_parts.trainer, m_parts.task, m_parts.train_sample, m_parts.data->test);
  if (!metrics) {
    return core::Unexpected(metrics.error());
  }
  metrics->run_id = m_options.run_id;
  metrics->learning_rate = m_learning_rate;
  m_metrics = std::move(*metrics);
  m_has_new_metrics = true;
  return {};
}

Result<void> TrainingRun::recordFrame() {
  const core::RecordSpec& record = m_parts.spec.record;
  auto frame = makeFrame(*m_parts.trainer, m_parts.task, m_parts.probe, m_parts.spec.probe.shown,
                         {record.keep_patterns, record.keep_mean_pattern, record.keep_predictions},
                         m_parts.isCausal(), m_options.run_id);
  if (!frame) {
    return core::Unexpected(frame.error());
  }
  m_new_frame = std::move(*frame);
  m_frames.recorded(step(), m_new_frame->scores);
  return {};
}

void TrainingRun::postMeasured() {
  if (std::exchange(m_has_new_metrics, false)) {
    m_writer->addMetrics(m_metrics);
    if (m_options.sink.metrics) {
      m_options.sink.metrics(m_metrics);
    }
  }
  if (auto frame = std::exchange(m_new_frame, nullptr)) {
    m_writer->addFrame(*frame);
    if (m_options.sink.frame) {
      m_options.sink.frame(std::move(frame));
    }
  }
}

void TrainingRun::keepUp() {
  const core::RecordSpec& record = m_parts.spec.record;
  const Clock::time_point now = Clock::now();
  const std::chrono::duration<double> since = now - m_last_checkpoint;
  m_checkpoint_wanted = m_checkpoint_wanted || isDue(record.checkpoints, step(), 0, totalSteps()) ||
                        since.count() >= record.checkpoint_seconds;
  if (!m_warning.empty() && now < m_retry_at) {
    return;
  }
  if (m_checkpoint_wanted) {
    report(writeCheckpoint());
  } else if (now - m_last_commit >= kCommitInterval || !m_warning.empty()) {
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
  if (m_checkpoint_step != step()) {
    if (auto written = writeCheckpoint(); !written) {
      return written;
    }
  }
  auto written = commit(core::RunState::Finished);
  m_end_is_written = written.has_value();
  return written;
}

void TrainingRun::fail(const std::string& reason) {
  m_outcome = Outcome::Failed;
  m_reason = reason;
  addEvent("failed", reason);
  // The weights are those of the last good step.
  Io written = m_checkpoint_step == step() ? Io() : writeCheckpoint();
  if (written) {
    written = commit(core::RunState::Failed);
  }
  report(written);
}

TrainingRun::Io TrainingRun::writeCheckpoint() {
  auto checkpoint = m_parts.trainer->snapshot(true);
  if (!checkpoint) {
    return core::Unexpected(core::IoError{"", checkpoint.error().message});
  }
  checkpoint->metadata["record"] = recordStateText({m_frames.state(), m_stop.streak()});
  for (const auto& [key, value] : m_metadata) {
    checkpoint->metadata[key] = value;
  }
  m_writer->setStatus(m_is_training ? core::RunState::Training : core::RunState::Created, step(),
                      totalSteps());
  auto info = m_writer->writeCheckpoint(*checkpoint);
  if (!info) {
    return core::Unexpected(info.error());
  }
  m_checkpoint_step = step();
  m_checkpoint_wanted = false;
  m_last_checkpoint = m_last_commit = Clock::now();
  return {};
}

TrainingRun::Io TrainingRun::commit(core::RunState state) {
  const bool has_finished = state == core::RunState::Finished;
  m_writer->setStatus(state, step(), totalSteps(), has_finished ? m_end_reason : m_reason);
  auto written = m_writer->commit();
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
  const std::string text = sentence(written.error()) +
                           " Training goes on without new checkpoints; the last one is of step " +
                           withSpaces(m_checkpoint_step) + ".";
  if (text != m_warning) {
    m_warning = text;
    addEvent("warning", text);
    if (m_options.sink.warning) {
      m_options.sink.warning(text);
    }
  }
}

void TrainingRun::addEvent(const std::string& kind, const std::string& text) {
  const core::Event event{step(), kind, text};
  m_writer->addEvent(event);
  if (m_options.sink.event) {
    m_options.sink.event(event);
  }
}

Result<std::shared_ptr<const core::Frame>> TrainingRun::liveFrame() {
  return guarded([this] {
    return makeFrame(*m_parts.trainer, m_parts.task, m_parts.probe, m_parts.spec.probe.shown, {},
                     m_parts.isCausal(), m_options.run_id);
  });
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
  Io written = m_checkpoint_step == step() ? Io() : writeCheckpoint();
  if (written && m_outcome == Outcome::Running) {
    const std::string name(core::runStateName(state));
    addEvent(name, "Saved at step " + withSpaces(step()) + ".");
    m_is_training = false;
  }
  if (written) {
    written = commit(m_outcome == Outcome::Running ? state : core::RunState::Failed);
  }
  report(written);
  return written;
}

}  // namespace anchorlens::engine
