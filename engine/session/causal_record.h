// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/error.h"
#include "engine/session/causal_test.h"

#include <nlohmann/json.hpp>

#include <filesystem>
#include <string>
#include <vector>

/// Causal tests that are kept in a run: RUN/causal_tests.jsonl, one a line (docs/format_run.md).
/// Apart from the database: any process may add to it, whoever trains the run.
namespace anchorlens::engine {

/// A result with where it comes from.
struct CausalRecord {
  CausalResult result;
  std::string sequences = "probe";  ///< "probe", "test", "train"
  std::string time;                 ///< UTC, "2024-05-01T12:00:00Z"
  std::string version;              ///< of Anchorlens
  std::string commit;
  bool operator==(const CausalRecord&) const = default;
};

/// Now, by this program.
CausalRecord recordOf(const CausalResult& result, const std::string& sequences);

/// The line's object; groups by name.
nlohmann::ordered_json causalJson(const CausalRecord& record, const core::Task& task);

/// Adds lines, whole or not at all, also while others add theirs. An error says why they are not
/// kept: a run that cannot be written.
core::Expected<void, core::IoError> keepCausalTests(const std::filesystem::path& run,
                                                    const std::vector<CausalRecord>& records,
                                                    const core::Task& task);

/// Removes the tests of weights after `step`: a change of the training from there on makes others.
/// Whole or not at all, also while others add theirs.
core::Expected<void, core::IoError> forgetCausalTestsAfter(const std::filesystem::path& run,
                                                           std::int64_t step);

/// In the order they were made; lines that are no record are skipped, and so are groups that are
/// not among `groups`, those of the task. Empty when there are none.
std::vector<CausalRecord> readCausalTests(const std::filesystem::path& run,
                                          const std::vector<core::GroupInfo>& groups = {});

/// Whether a record is what the Inspector and tables of heads tell of a head: the zero ablation of
/// this head alone, on the probe, with the usual seed and at most the usual draws of the control:
/// fewer are all there are in a model of few heads.
bool isPlainTest(const CausalRecord& record, std::int64_t step, const HeadRef& head);

/// Whether some test at this step shows that the answer needs this head, alone or with the others
/// of the test: a necessity of 0.5 and more. Figures may say "shift" and "broadcast" then.
bool showsNeed(const std::vector<CausalRecord>& records, std::int64_t step, const HeadRef& head);

}  // namespace anchorlens::engine
