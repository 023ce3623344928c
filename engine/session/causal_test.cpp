// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/session/causal_test.h"

#include "engine/session/controls.h"
#include "engine/session/patches.h"

#include <algorithm>
#include <array>

namespace anchorlens::engine {
namespace {

/// Below this there is nothing to lose.
constexpr double kSmallestLead = 0.01;

std::optional<double> shareOf(double part, double baseline, double chance) {
  const double lead = baseline - chance;
  return lead < kSmallestLead ? std::nullopt : std::optional<double>(part / lead);
}

/// The means of several draws, and the range of their accuracy.
void setControl(CausalRow& row, const std::vector<CausalNumbers>& draws, double chance) {
  if (draws.empty()) {
    return;
  }
  CausalNumbers sum;
  row.control_min = draws.front().accuracy;
  row.control_max = draws.front().accuracy;
  for (const CausalNumbers& draw : draws) {
    sum.accuracy += draw.accuracy;
    sum.loss += draw.loss;
    sum.logit_difference += draw.logit_difference;
    row.control_min = std::min(row.control_min, draw.accuracy);
    row.control_max = std::max(row.control_max, draw.accuracy);
  }
  const auto n = static_cast<double>(draws.size());
  row.control = CausalNumbers{sum.accuracy / n, sum.loss / n, sum.logit_difference / n};
  row.control_necessity =
      shareOf(row.baseline.accuracy - row.control->accuracy, row.baseline.accuracy, chance);
}

std::vector<HeadRef> otherHeads(const core::ModelSpec& model, const std::vector<HeadRef>& heads) {
  std::vector<HeadRef> others;
  for (int layer = 0; layer < model.n_layers; ++layer) {
    for (int head = 0; head < model.n_heads; ++head) {
      if (std::find(heads.begin(), heads.end(), HeadRef{layer, head}) == heads.end()) {
        others.push_back({layer, head});
      }
    }
  }
  return others;
}

std::optional<std::string> whyNotTested(const CausalTest& test) {
  if (test.heads.empty() && test.edges.empty()) {
    return "Nothing is selected: expected heads or edges.";
  }
  if (!test.heads.empty() && !test.edges.empty()) {
    return "A test is of heads or of edges, not of both at once.";
  }
  if (test.method == HeadMethod::OtherStep && test.from == nullptr) {
    return "A patch from another step needs that step's model.";
  }
  return std::nullopt;
}

/// What is tested, without numbers.
CausalResult describe(const CausalTest& test) {
  CausalResult result;
  result.name = test.name;
  result.heads = test.heads;
  for (const EdgeSelection& edge : test.edges) {
    result.edges.push_back(edge.text);
  }
  result.method = test.method;
  result.renormalise = test.renormalise;
  result.from_step = test.from_step;
  result.seed = test.seed;
  return result;
}

}  // namespace

const char* methodName(HeadMethod method) {
  constexpr std::array kNames{"zero", "mean", "other sequence", "other step"};
  return kNames.at(static_cast<std::size_t>(method));
}

std::string headsText(const std::vector<HeadRef>& heads) {
  std::string text;
  for (const HeadRef& head : heads) {
    text +=
        (text.empty() ? "" : ", ") + std::to_string(head.layer) + "." + std::to_string(head.head);
  }
  return text;
}

CausalTester::CausalTester(Trainer& trainer, const core::Task& task, const core::ModelSpec& model,
                           const core::SequenceSet& sequences)
    : m_trainer(trainer), m_task(task), m_model(model), m_sequences(sequences) {}

Result<void> CausalTester::prepare(const CausalTest& test) {
  if (const auto why = whyNotTested(test)) {
    return core::Unexpected(EngineError{*why, {}});
  }
  const bool needs_outputs = test.method == HeadMethod::OtherSequence;
  if (needs_outputs) {
    if (const std::string why = whyNoOtherRows(m_sequences.lengths); !why.empty()) {
      return core::Unexpected(EngineError{why, {}});
    }
  }
  if (m_has_baseline && (!needs_outputs || !m_baseline.head_outputs.empty())) {
    return {};
  }
  InspectRequest request;
  request.want_patterns = true;
  request.want_head_outputs = needs_outputs;
  auto output = m_trainer.inspect(m_sequences, request);
  if (!output) {
    return core::Unexpected(output.error());
  }
  m_baseline = std::move(*output);
  m_has_baseline = true;
  return {};
}

InspectRequest CausalTester::without(const CausalTest& test,
                                     const std::vector<HeadRef>& heads) const {
  InspectRequest request;
  if (test.method == HeadMethod::Zero) {
    request.zeroed = heads;
  } else if (test.method == HeadMethod::Mean) {
    request.averaged = heads;
  } else {
    const bool is_step = test.method == HeadMethod::OtherStep;
    const std::vector<std::size_t> rows =
        is_step ? sameRows(m_sequences.size()) : otherRows(m_sequences.lengths, test.seed);
    for (const HeadRef& head : heads) {
      request.patches.push_back(headPatch(is_step ? *test.from : m_baseline, head, rows));
    }
  }
  return request;
}

CausalTester::Control CausalTester::edgeControl(const CausalTest& test,
                                                const std::vector<EdgeRef>& edges) const {
  Control control;
  for (int draw = 0; draw < test.draws; ++draw) {
    InspectRequest request;
    request.edges = controlEdges(edges, m_baseline.patterns, m_sequences, m_model,
                                 test.seed + static_cast<std::uint64_t>(draw));
    request.renormalise = test.renormalise;
    if (request.edges.size() != edges.size()) {
      return {{}, "Too few other edges are left in the same layers.", 0};
    }
    control.mass += massOf(request.edges) / test.draws;
    control.draws.push_back(std::move(request));
  }
  return control;
}

CausalTester::Control CausalTester::controlOf(const CausalTest& test,
                                              const std::vector<EdgeRef>& edges) const {
  if (test.heads.empty()) {
    return edgeControl(test, edges);
  }
  Control control;
  const std::vector<HeadRef> others = otherHeads(m_model, test.heads);
  if (others.empty()) {
    control.why_none = "There is no other head.";
  } else if (others.size() < test.heads.size()) {
    control.why_none = others.size() == 1
                           ? "There is only one other head."
                           : "There are only " + std::to_string(others.size()) + " other heads.";
  } else {
    for (const auto& heads : controlHeads(others, test.heads.size(), test.draws, test.seed)) {
      control.draws.push_back(without(test, heads));
    }
  }
  return control;
}

CausalTester::Numbers CausalTester::numbersOf(const InspectOutput& output) const {
  Numbers numbers;
  std::map<int, double> count;
  for (std::size_t i = 0; i < m_sequences.size(); ++i) {
    for (const int group : {-1, static_cast<int>(m_sequences.groups[i])}) {
      CausalNumbers& sum = numbers[group];
      ++count[group];
      sum.accuracy += output.correct[i];
      sum.loss += static_cast<double>(output.losses[i]);
      sum.logit_difference += static_cast<double>(output.logit_differences[i]);
    }
  }
  for (auto& [group, sum] : numbers) {
    sum = {sum.accuracy / count[group], sum.loss / count[group],
           sum.logit_difference / count[group]};
  }
  return numbers;
}

Result<CausalTester::Numbers> CausalTester::measure(const InspectRequest& request,
                                                    const std::stop_token& stop) const {
  if (stop.stop_requested()) {
    return core::Unexpected(EngineError{"The test was cancelled.", {}});
  }
  const auto output = m_trainer.inspect(m_sequences, request);
  if (!output) {
    return core::Unexpected(output.error());
  }
  return numbersOf(*output);
}

double CausalTester::massOf(const std::vector<EdgeRef>& edges) const {
  double mass = 0;
  const auto T = static_cast<std::size_t>(m_sequences.seq_len);
  for (const EdgeRef& edge : edges) {
    const auto map = m_baseline.patterns.of(edge.sequence, edge.layer, edge.head);
    mass += static_cast<double>(map[edge.query * T + edge.key]);
  }
  return edges.empty() ? 0.0 : mass / static_cast<double>(edges.size());
}

Result<CausalTester::Measured> CausalTester::measureAll(const CausalTest& test,
                                                        const std::vector<EdgeRef>& edges,
                                                        const Control& control,
                                                        const std::stop_token& stop) const {
  const bool is_heads = !test.heads.empty();
  InspectRequest cut;
  cut.edges = edges;
  cut.renormalise = test.renormalise;
  InspectRequest keep = cut;
  keep.keep_only_edges = true;
  std::vector<InspectRequest> requests;
  requests.push_back(is_heads ? without(test, test.heads) : cut);
  requests.push_back(is_heads ? without(test, otherHeads(m_model, test.heads)) : keep);
  requests.insert(requests.end(), control.draws.begin(), control.draws.end());
  std::vector<Numbers> numbers;
  for (const InspectRequest& request : requests) {
    auto measured = measure(request, stop);
    if (!measured) {
      return core::Unexpected(measured.error());
    }
    numbers.push_back(std::move(*measured));
  }
  return Measured{
      numbersOf(m_baseline), numbers[0], numbers[1], {numbers.begin() + 2, numbers.end()}};
}

CausalRow CausalTester::rowOf(int group, const Measured& measured, double chance) const {
  const auto& groups = m_sequences.groups;
  CausalRow row;
  row.group = group;
  row.n = group < 0 ? static_cast<std::int64_t>(m_sequences.size())
                    : std::count(groups.begin(), groups.end(), group);
  row.baseline = measured.baseline.at(group);
  row.intervened = measured.intervened.at(group);
  row.kept = measured.kept.at(group);
  std::vector<CausalNumbers> draws;
  for (const Numbers& draw : measured.draws) {
    draws.push_back(draw.at(group));
  }
  setControl(row, draws, chance);
  const double full = row.baseline.accuracy;
  row.necessity = shareOf(full - row.intervened.accuracy, full, chance);
  row.sufficiency = shareOf(row.kept.accuracy - chance, full, chance);
  return row;
}

Result<CausalResult> CausalTester::run(const CausalTest& test, const std::stop_token& stop) {
  if (const auto prepared = prepare(test); !prepared) {
    return core::Unexpected(prepared.error());
  }
  const std::vector<EdgeRef> edges = edgesOf(test.edges, m_sequences, m_model);
  if (test.heads.empty() && edges.empty()) {
    return core::Unexpected(
        EngineError{whyNoEdge(test.name, test.edges, m_sequences, m_model) + ".", {}});
  }
  const Control control = controlOf(test, edges);
  const auto measured = measureAll(test, edges, control, stop);
  if (!measured) {
    return core::Unexpected(measured.error());
  }
  CausalResult result = describe(test);
  result.step = m_trainer.step();
  result.chance = m_task.analysis().chance;
  result.draws = static_cast<int>(measured->draws.size());
  result.no_control = control.why_none;
  result.edges_per_sequence =
      static_cast<double>(edges.size()) / static_cast<double>(m_sequences.size());
  result.mass = massOf(edges);
  result.control_mass = control.mass;
  for (const auto& [group, numbers] : measured->baseline) {
    const CausalRow row = rowOf(group, *measured, result.chance);
    if (group < 0) {
      result.all = row;
    } else {
      result.groups.push_back(row);
    }
  }
  return result;
}

std::vector<HeadRef> headsLabelled(const core::ModelSpec& model,
                                   const std::vector<core::HeadScores>& scores, core::Label label) {
  std::vector<HeadRef> heads;
  for (std::size_t i = 0; i < scores.size(); ++i) {
    const core::HeadLabel found = core::labelOf(scores[i]);
    if (std::find(found.labels.begin(), found.labels.end(), label) != found.labels.end()) {
      const int index = static_cast<int>(i);
      heads.push_back({index / model.n_heads, index % model.n_heads});
    }
  }
  return heads;
}

std::vector<CausalTest> testsOfAllHeads(const core::ModelSpec& model,
                                        const std::vector<core::HeadScores>& scores) {
  std::vector<CausalTest> tests;
  for (const HeadRef& head : otherHeads(model, {})) {
    CausalTest test;
    test.heads = {head};
    test.name = headsText(test.heads);
    tests.push_back(std::move(test));
  }
  for (std::size_t i = 0; i < std::tuple_size_v<decltype(core::HeadLabel::states)>; ++i) {
    const auto label = static_cast<core::Label>(i);
    CausalTest test;
    test.heads = headsLabelled(model, scores, label);
    test.name = "all " + std::string(core::labelName(label));
    if (!test.heads.empty()) {
      tests.push_back(std::move(test));
    }
  }
  return tests;
}

}  // namespace anchorlens::engine
