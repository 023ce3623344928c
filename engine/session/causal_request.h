// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/session/causal_record.h"
#include "engine/session/causal_test.h"
#include "engine/session/run_session.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

/// Causal tests as people ask for them: the options of `anchorctl intervene`, and the window's
/// dialog.
namespace anchorlens::engine {

/// Of the first five one is said.
struct CausalRequest {
  std::vector<std::string> ablate;  ///< heads: "1.0"
  std::string ablate_label;         ///< every head with it: "shift"; empty: not asked for
  std::vector<std::string> cut;     ///< edges: "0:key>anchor"
  std::vector<std::string> patch;   ///< heads that get another output
  bool test_all = false;            ///< each head alone, and each label
  /// Where patches come from; none: from another sequence.
  std::optional<std::int64_t> from_step;
  bool mean = false;         ///< heads become their mean, not 0
  bool renormalise = false;  ///< rows with cut edges add up to 1 again
  std::string sequences = "probe";
  std::uint64_t seed = CausalTest().seed;
  int draws = CausalTest().draws;
  bool operator==(const CausalRequest&) const = default;
};

/// The sequences that a run has: "probe", "test", "train".
const std::vector<std::string>& sequenceNames();
/// The names of all labels.
const std::vector<std::string>& labelNames();

/// Options that do not go together, in the words of the command; empty: they do.
std::string wrongUse(const CausalRequest& request);

/// Why a model has nothing to take away; empty: it has.
std::string whyNoHeads(const core::ModelSpec& model);

/// Heads ascending, each once; or what is wrong with a word, and what would be right.
core::Expected<std::vector<HeadRef>, std::string> headsOf(const std::vector<std::string>& words,
                                                          const core::ModelSpec& model);
/// In the order of the words.
core::Expected<std::vector<EdgeSelection>, std::string> edgesNamed(
    const std::vector<std::string>& words, const core::Task& task, const core::ModelSpec& model);

/// The weights of another step of the same run.
using StepOpener = std::function<Result<std::unique_ptr<RunSnapshot>>(std::int64_t step)>;

/// What is to be tested, or what is wrong with it at this step. wrongUse(request) is empty.
Result<std::vector<CausalTest>> testsOf(const CausalRequest& request, RunSnapshot& snapshot,
                                        const StepOpener& open_step);

/// The set of a name of sequenceNames().
const core::SequenceSet& sequencesNamed(const std::string& name, const RunSnapshot& snapshot);

/// Called after each test with what is done so far; false ends the series there.
using TestsTeller = std::function<bool(const std::vector<CausalRecord>& done)>;

/// What was made of some tests.
struct TestSeries {
  std::vector<CausalRecord> records;
  std::optional<EngineError> error;  ///< of the test after them; none are made after one
};

/// Makes them one after the other. A series that is ended or stopped is no error: it is as long as
/// it came.
TestSeries runTests(const std::vector<CausalTest>& tests, const std::string& sequences,
                    RunSnapshot& snapshot, const TestsTeller& tell,
                    const std::stop_token& stop = {});

/// What `anchorctl intervene RUN --at STEP` needs besides for the same tests; what is not changed
/// is not said.
std::vector<std::string> interveneWords(const CausalRequest& request);

}  // namespace anchorlens::engine
