// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/session/import_run.h"

#include "engine/core/experiment_json.h"
#include "engine/core/learning_rate.h"
#include "engine/core/store/file_io.h"
#include "engine/core/store/run_store.h"
#include "engine/session/checkpoint_keeper.h"
#include "engine/session/measure.h"
#include "engine/session/provenance.h"
#include "engine/session/run_parts.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <system_error>
#include <utility>

namespace anchorlens::engine {
namespace fs = std::filesystem;
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

core::Unexpected<EngineError> failure(const std::string& message) {
  return core::Unexpected(EngineError{message, {}});
}

/// The new run could not be written.
core::Unexpected<EngineError> notWritten(const core::IoError& error) {
  return core::Unexpected(storageError(error));
}

/// What the log says wins over what is computed on other sequences.
void take(double& value, double logged) {
  value = std::isnan(logged) ? value : logged;
}

/// Writes one run; whoever makes it looks after its folder.
class Importer {
 public:
  Importer(const core::ImportPlan& plan, RunParts parts, const ImportOptions& options)
      : m_plan(plan), m_parts(std::move(parts)), m_options(options) {
    for (const core::ImportedLogRow& row : plan.log) {
      m_log[row.step] = row;
    }
  }

  Result<ImportedRun> write(const fs::path& folder) {
    core::Provenance provenance = provenanceOf(m_parts.spec, *m_parts.engine, *m_parts.trainer);
    provenance.emplace_back(kForeign, fs::absolute(m_plan.source).lexically_normal().string());
    auto writer = core::RunWriter::create(folder, m_parts.spec, provenance);
    if (!writer) {
      return notWritten(writer.error());
    }
    m_writer = std::move(*writer);
    m_writer->setTables(
        {m_parts.task.roles(), m_parts.task.groups(),
         subset(m_parts.probe, 0,
                std::min<std::size_t>(m_parts.probe.size(),
                                      static_cast<std::size_t>(m_parts.spec.probe.shown)))});
    const std::size_t total = m_plan.checkpoints.size();
    for (std::size_t i = 0; i < total; ++i) {
      if (m_options.is_stopped && m_options.is_stopped()) {
        return failure("Stopped; nothing was imported.");
      }
      if (auto added = addCheckpoint(m_plan.checkpoints[i], i == 0); !added) {
        return core::Unexpected(added.error());
      }
      if (m_options.progress) {
        m_options.progress(i + 1, total);
      }
    }
    addLogRows();
    return finish();
  }

 private:
  Result<void> addCheckpoint(const core::ImportCheckpoint& checkpoint, bool is_first) {
    if (auto loaded = load(checkpoint); !loaded) {
      return loaded;
    }
    auto metrics =
        evaluateSets(*m_parts.trainer, m_parts.task, m_parts.train_sample, m_parts.data->test);
    if (!metrics) {
      return core::Unexpected(metrics.error());
    }
    const core::RecordSpec& record = m_parts.spec.record;
    auto frame =
        makeFrame(*m_parts.trainer, m_parts.task, m_parts.probe, m_parts.spec.probe.shown,
                  {record.keep_patterns, record.keep_mean_pattern, record.keep_predictions},
                  m_parts.isCausal(), 0);
    if (!frame) {
      return core::Unexpected(frame.error());
    }
    m_result.test_accuracy = metrics->test_accuracy;
    addMetrics(std::move(*metrics), checkpoint.step);
    m_writer->addFrame(**frame);
    if (is_first) {
      m_writer->addEvent({checkpoint.step, "imported",
                          "Imported from " + m_plan.source.string() + ": " + m_plan.kind + "."});
    }
    m_writer->setStatus(core::RunState::Created, checkpoint.step, totalSteps());
    auto weights = m_parts.trainer->snapshot(false);
    if (!weights) {
      return core::Unexpected(weights.error());
    }
    weights->metadata[CheckpointKeeper::kKey] = CheckpointKeeper::text(Kept::Always);
    if (auto written = m_writer->writeCheckpoint(*weights); !written) {
      return notWritten(written.error());
    }
    return {};
  }

  /// The file's weights into the trainer.
  Result<void> load(const core::ImportCheckpoint& checkpoint) {
    const auto dict = core::StateDict::read(checkpoint.file);
    if (!dict) {
      return core::Unexpected(toEngineError(dict.error()));
    }
    auto tensors = core::toNative(*dict, m_parts.trainer->tensorShapes(false), m_parts.spec.model,
                                  m_plan.names);
    if (!tensors) {
      return core::Unexpected(toEngineError(tensors.error()));
    }
    const core::Checkpoint native{{{"step", std::to_string(checkpoint.step)}}, std::move(*tensors)};
    if (auto restored = m_parts.trainer->restore(native); !restored) {
      return failure(checkpoint.file.string() + ": " + restored.error().message);
    }
    return {};
  }

  void addMetrics(core::Metrics metrics, std::int64_t step) {
    metrics.step = step;
    metrics.epoch = epochOf(step);
    metrics.learning_rate = rateAt(step);
    if (const auto found = m_log.find(step); found != m_log.end()) {
      take(metrics.train_accuracy, found->second.train_accuracy);
      take(metrics.test_accuracy, found->second.test_accuracy);
      take(metrics.train_loss, found->second.train_loss);
      take(metrics.test_loss, found->second.test_loss);
    }
    m_writer->addMetrics(metrics);
    m_evaluated.push_back(step);
  }

  /// Training losses are rows of steps; evaluations between the checkpoints have no groups.
  void addLogRows() {
    const std::int64_t last = m_plan.checkpoints.back().step;
    for (const auto& [step, row] : m_log) {
      if (step > last) {
        break;
      }
      ++m_result.log_rows;
      if (!std::isnan(row.train_loss)) {
        m_writer->addStep({step, row.train_loss, kNone, rateAt(step)});
      }
      // A test loss alone makes no evaluation: it would tear the curves of accuracy.
      const bool has_accuracy = !std::isnan(row.train_accuracy) || !std::isnan(row.test_accuracy);
      if (!has_accuracy || std::binary_search(m_evaluated.begin(), m_evaluated.end(), step)) {
        continue;
      }
      core::Metrics metrics;
      metrics.step = step;
      metrics.epoch = epochOf(step);
      metrics.learning_rate = rateAt(step);
      metrics.train_accuracy = row.train_accuracy;
      metrics.train_loss = row.train_loss;
      metrics.test_accuracy = row.test_accuracy;
      metrics.test_loss = row.test_loss;
      m_writer->addMetrics(metrics);
    }
  }

  Result<ImportedRun> finish() {
    const std::int64_t last = m_plan.checkpoints.back().step;
    for (const std::string& note : m_plan.notes) {
      m_writer->addEvent({last, "imported", note});
    }
    m_writer->setStatus(core::RunState::Finished, last, totalSteps());
    if (auto written = m_writer->commit(); !written) {
      return notWritten(written.error());
    }
    m_result.kind = m_plan.kind;
    m_result.checkpoints = m_plan.checkpoints.size();
    m_result.last_step = last;
    m_result.notes = m_plan.notes;
    const auto logged = m_log.find(last);
    m_result.logged_test_accuracy = logged == m_log.end() ? kNone : logged->second.test_accuracy;
    return m_result;
  }

  std::int64_t totalSteps() const {
    return std::max(m_parts.trainer->totalSteps(), m_plan.checkpoints.back().step);
  }
  double epochOf(std::int64_t step) const {
    return static_cast<double>(step) / static_cast<double>(m_parts.trainer->stepsPerEpoch());
  }
  /// Of the step that ended there.
  double rateAt(std::int64_t step) const {
    return core::learningRate(m_parts.spec.training, std::max<std::int64_t>(0, step - 1),
                              m_parts.trainer->stepsPerEpoch());
  }

  const core::ImportPlan& m_plan;
  RunParts m_parts;
  const ImportOptions& m_options;
  std::unique_ptr<core::RunWriter> m_writer;
  std::map<std::int64_t, core::ImportedLogRow> m_log;
  std::vector<std::int64_t> m_evaluated;  ///< steps of the checkpoints, ascending
  ImportedRun m_result;
};

Result<RunParts> partsOf(const core::ImportPlan& plan, EngineModule* engine) {
  auto parts = makeParts(core::completed(plan.spec), engine);
  if (parts) {
    parts->spec.training.device = parts->trainer->device();
    parts->spec.training.kernel = parts->trainer->kernel();
  }
  return parts;
}

Result<ImportedRun> makeRun(const core::ImportPlan& plan, const fs::path& run,
                            const ImportOptions& options) {
  if (auto free = checkIsFree(run); !free) {
    return core::Unexpected(free.error());
  }
  auto parts = partsOf(plan, options.engine);
  if (!parts) {
    return core::Unexpected(parts.error());
  }
  const fs::path target = fs::absolute(run).lexically_normal();
  const fs::path folder =
      core::temporaryName(target.has_filename() ? target : target.parent_path());
  std::error_code code;
  fs::create_directories(folder.parent_path(), code);
  // The importer, and with it the writer, is gone before the folder gets its name.
  auto made = Importer(plan, std::move(*parts), options).write(folder);
  if (made) {
    fs::rename(folder, target, code);
    if (code) {
      made = notWritten({run.string(), "the run cannot be put in place: " + code.message() + "."});
    }
  }
  if (!made) {
    fs::remove_all(folder, code);
    EngineError why = made.error();
    if (why.cause == EngineError::Cause::Storage && why.message.starts_with(folder.string())) {
      why.message.replace(0, folder.string().size(), run.string());  // the name that was asked for
    }
    return core::Unexpected(std::move(why));
  }
  return made;
}

}  // namespace

Result<ImportedRun> importRun(const core::ImportPlan& plan, const fs::path& run,
                              const ImportOptions& options) {
  return guarded([&] { return makeRun(plan, run, options); });
}

}  // namespace anchorlens::engine
