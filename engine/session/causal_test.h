// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/scores.h"
#include "engine/session/edges.h"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

/// What a model can do without some of its heads or edges, with nothing but them, and without
/// others of equal mass: docs/causal_tests.md.
namespace anchorlens::engine {

/// What the output of an ablated head becomes.
enum class HeadMethod : std::uint8_t {
  Zero,           ///< 0
  Mean,           ///< its mean per position over the sequences
  OtherSequence,  ///< what it is in another sequence, drawn for each one by the seed
  OtherStep,      ///< what the model of another step gives for the same sequence
};
const char* methodName(HeadMethod method);  ///< "zero", "mean", "other sequence", "other step"

/// Heads or edges, and what is done to them.
struct CausalTest {
  std::string name;  ///< as people say it: "1.0", "all broadcast", "0:key>anchor"
  std::vector<HeadRef> heads;
  std::vector<EdgeSelection> edges;  ///< when there are no heads; attention becomes 0
  HeadMethod method = HeadMethod::Zero;
  bool renormalise = false;  ///< rows with cut edges are scaled to add up to 1 again
  /// Of OtherStep: which, and what Trainer::inspect kept of its head outputs.
  std::optional<std::int64_t> from_step;
  std::shared_ptr<const InspectOutput> from;
  std::uint64_t seed = 1;  ///< of the controls and the other sequences
  int draws = 5;           ///< of the control, at most
};

/// Means over sequences.
struct CausalNumbers {
  double accuracy = 0;
  double loss = 0;              ///< cross-entropy, nats
  double logit_difference = 0;  ///< the right answer's logit minus the best other one
  bool operator==(const CausalNumbers&) const = default;
};

/// One group of sequences, or all of them.
struct CausalRow {
  int group = -1;  ///< index into Task::groups(); -1: all sequences
  std::int64_t n = 0;
  CausalNumbers baseline;
  CausalNumbers intervened;
  CausalNumbers kept;                    ///< nothing but the selection works
  std::optional<CausalNumbers> control;  ///< mean of the draws; none: see CausalResult::no_control
  double control_min = 0;                ///< accuracy of the draws
  double control_max = 0;
  /// (baseline - intervened) / (baseline - chance), and the control's mean likewise; none where the
  /// baseline is not 0.01 above chance.
  std::optional<double> necessity;
  std::optional<double> control_necessity;
  std::optional<double> sufficiency;  ///< (kept - chance) / (baseline - chance)
  bool operator==(const CausalRow&) const = default;
};

struct CausalResult {
  std::int64_t step = 0;
  std::string name;
  std::vector<HeadRef> heads;
  std::vector<std::string> edges;
  HeadMethod method = HeadMethod::Zero;
  bool renormalise = false;
  std::optional<std::int64_t> from_step;
  std::uint64_t seed = 1;
  double chance = 0;
  int draws = 0;           ///< that the control is a mean of
  std::string no_control;  ///< why there is none; empty when there is one
  /// Of edges: how many there are in a sequence and the attention on each, in the mean.
  double edges_per_sequence = 0;
  double mass = 0;
  double control_mass = 0;
  CausalRow all;
  std::vector<CausalRow> groups;  ///< that occur, ascending
  bool operator==(const CausalResult&) const = default;
};

/// Tests of one model on one set of sequences; the unchanged model is run once for all of them.
class CausalTester {
 public:
  /// All must outlive this.
  CausalTester(Trainer& trainer, const core::Task& task, const core::ModelSpec& model,
               const core::SequenceSet& sequences);

  /// A stopped one is an error.
  Result<CausalResult> run(const CausalTest& test, const std::stop_token& stop = {});

 private:
  using Numbers = std::map<int, CausalNumbers>;  ///< by group; -1: all
  struct Measured {
    Numbers baseline, intervened, kept;
    std::vector<Numbers> draws;
  };
  struct Control {
    std::vector<InspectRequest> draws;
    std::string why_none;
    double mass = 0;
  };

  Result<void> prepare(const CausalTest& test);
  InspectRequest without(const CausalTest& test, const std::vector<HeadRef>& heads) const;
  Control edgeControl(const CausalTest& test, const std::vector<EdgeRef>& edges) const;
  Control controlOf(const CausalTest& test, const std::vector<EdgeRef>& edges) const;
  Result<Measured> measureAll(const CausalTest& test, const std::vector<EdgeRef>& edges,
                              const Control& control, const std::stop_token& stop) const;
  CausalRow rowOf(int group, const Measured& measured, double chance) const;
  Result<Numbers> measure(const InspectRequest& request, const std::stop_token& stop) const;
  Numbers numbersOf(const InspectOutput& output) const;
  double massOf(const std::vector<EdgeRef>& edges) const;

  Trainer& m_trainer;
  const core::Task& m_task;
  const core::ModelSpec& m_model;
  const core::SequenceSet& m_sequences;
  InspectOutput m_baseline;  ///< with patterns, and with head outputs once they are needed
  bool m_has_baseline = false;
};

/// Every head on its own, then every label that some head has entered at these scores (no
/// hysteresis), as "all shift".
std::vector<CausalTest> testsOfAllHeads(const core::ModelSpec& model,
                                        const std::vector<core::HeadScores>& scores);

/// Heads whose scores have entered a label.
std::vector<HeadRef> headsLabelled(const core::ModelSpec& model,
                                   const std::vector<core::HeadScores>& scores, core::Label label);

/// "1.0", "0.0, 0.1"
std::string headsText(const std::vector<HeadRef>& heads);

}  // namespace anchorlens::engine
