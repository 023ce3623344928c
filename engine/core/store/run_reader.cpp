// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/store/checkpoint_folder.h"
#include "engine/core/store/reader_connection.h"
#include "engine/core/store/run_lock.h"
#include "engine/core/store/run_place.h"
#include "engine/core/store/run_queries.h"
#include "engine/core/store/run_store.h"

#include <algorithm>
#include <type_traits>
#include <utility>

namespace anchorlens::core {
namespace fs = std::filesystem;
namespace {

class Reader final : public RunReader {
 public:
  Reader(fs::path run, FrozenExperiment experiment)
      : m_run(std::move(run)),
        m_spec(experiment.spec),
        m_connection(m_run, std::move(experiment)) {}

  /// That there is a database that can be read.
  Expected<void, IoError> check() const {
    const auto database = m_connection.database();
    return database ? Expected<void, IoError>() : Unexpected(database.error());
  }
  const fs::path& directory() const override { return m_run; }
  const ExperimentSpec& spec() const override { return m_spec; }

  Expected<RunStatus, IoError> status() const override {
    auto status = query([](Database& database) { return queryStatus(database); });
    if (status) {
      const LockState lock =
          lockState(m_run, isNetworkFileSystem(m_run) || isThere(m_run / kPrivateDatabaseName));
      status->held = lock.held;
      status->holder = lock.held ? lock.holder.text() : std::string();
    }
    return status;
  }
  Expected<Provenance, IoError> provenance() const override {
    return query([](Database& database) { return queryProvenance(database); });
  }
  Expected<std::vector<StepMetrics>, IoError> steps(std::int64_t after) const override {
    return query([after](Database& database) { return querySteps(database, after); });
  }
  Expected<std::vector<Metrics>, IoError> metrics(std::int64_t after) const override {
    return query([after](Database& database) { return queryMetrics(database, after); });
  }
  Expected<std::vector<Event>, IoError> events(std::int64_t after) const override {
    return query([after](Database& database) { return queryEvents(database, after); });
  }
  Expected<std::vector<std::int64_t>, IoError> frameSteps(std::int64_t after) const override {
    return query([after](Database& database) { return queryFrameSteps(database, after); });
  }
  Expected<std::vector<FrameScores>, IoError> scores(std::int64_t after) const override {
    return query([after](Database& database) { return queryScores(database, after); });
  }
  Expected<std::shared_ptr<const Frame>, IoError> frame(std::int64_t step) const override {
    auto found = query([step](Database& database) { return queryFrame(database, step); });
    if (found && *found == nullptr) {
      return Unexpected(
          IoError{m_run.string(), "The run has no frame of step " + std::to_string(step) + "."});
    }
    return found;
  }
  Expected<std::vector<CheckpointInfo>, IoError> checkpoints() const override {
    return listCheckpoints(m_run, m_spec.training);
  }

 private:
  /// A writer may end, or put a new copy in place, while we read: then once more, from the start.
  template <typename Query>
  auto query(const Query& run) const
      -> Expected<typename std::invoke_result_t<Query, Database&>::value_type, IoError> {
    constexpr int kTries = 2;
    IoError error;
    for (int attempt = 0; attempt < kTries; ++attempt) {
      const auto database = m_connection.database();
      if (!database) {
        return Unexpected(database.error());
      }
      auto result = run(**database);
      if (result) {
        return std::move(*result);
      }
      const QueryError& why = result.error();
      error = why.damage.empty() ? why.sql.about(m_connection.file())
                                 : IoError{m_connection.file().string(),
                                           "The database is damaged: " + why.damage + "."};
      if (!m_connection.mayBeBetterAgain()) {
        break;
      }
      m_connection.forget();
    }
    return Unexpected(std::move(error));
  }

  fs::path m_run;
  ExperimentSpec m_spec;
  mutable ReaderConnection m_connection;
};

}  // namespace

Expected<std::unique_ptr<RunReader>, IoError> RunReader::open(const fs::path& run) {
  auto experiment = readFrozenExperiment(run);
  if (!experiment) {
    return Unexpected(experiment.error());
  }
  auto reader = std::make_unique<Reader>(run, std::move(*experiment));
  if (auto check = reader->check(); !check) {
    return Unexpected(check.error());
  }
  return std::unique_ptr<RunReader>(std::move(reader));
}

std::size_t frameBytes(const ExperimentSpec& spec) {
  const auto& lengths = spec.task.seq_len;
  if (lengths.empty()) {
    return 0;
  }
  const bool has_heads = spec.model.kind == ModelSpec::Kind::Transformer;
  const auto T = static_cast<std::size_t>(*std::max_element(lengths.begin(), lengths.end()));
  const auto heads = has_heads ? static_cast<std::size_t>(spec.model.n_layers) *
                                     static_cast<std::size_t>(spec.model.n_heads)
                               : 0;
  const auto shown = static_cast<std::size_t>(
      std::max({0, spec.probe.shown, static_cast<int>(spec.probe.sequences.size())}));
  const std::size_t pattern = heads * T * T * sizeof(float);
  std::size_t bytes = 0;
  bytes += spec.record.keep_patterns ? shown * pattern : 0;
  bytes += spec.record.keep_mean_pattern && lengths.size() == 1 ? pattern : 0;
  bytes += spec.record.keep_predictions ? shown * sizeof(Prediction) : 0;
  bytes += heads * sizeof(HeadScores);
  return bytes;
}

}  // namespace anchorlens::core
