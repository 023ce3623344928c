// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/expected.h"
#include "engine/core/store/run_store.h"
#include "engine/core/store/sqlite.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

/// What readers ask a run's database. Any content is safe: what is not as the writer made it is
/// said in a sentence.
namespace anchorlens::core {

/// Why a query gave nothing: SQLite's word, or ours on what it found.
struct QueryError {
  SqlError sql;
  std::string damage;
};
template <typename T>
using Queried = Expected<T, QueryError>;

Queried<RunStatus> queryStatus(Database& database);  ///< without the holder
Queried<Provenance> queryProvenance(Database& database);

/// Rows with step > after, ascending.
Queried<std::vector<StepMetrics>> querySteps(Database& database, std::int64_t after);
Queried<std::vector<Metrics>> queryMetrics(Database& database, std::int64_t after);
Queried<std::vector<Event>> queryEvents(Database& database, std::int64_t after);
Queried<std::vector<std::int64_t>> queryFrameSteps(Database& database, std::int64_t after);
Queried<std::vector<RunReader::FrameScores>> queryScores(Database& database, std::int64_t after);

/// Null when there is no frame of this step.
Queried<std::shared_ptr<const Frame>> queryFrame(Database& database, std::int64_t step);

}  // namespace anchorlens::core
