// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/session/causal_request.h"

#include "engine/session/controls.h"

#include <algorithm>
#include <utility>

namespace anchorlens::engine {
namespace {

using Tests = Result<std::vector<CausalTest>>;

core::Unexpected<EngineError> refused(std::string why) {
  return core::Unexpected(EngineError{std::move(why), {}});
}

Result<std::vector<core::HeadScores>> scoresOf(RunSnapshot& snapshot) {
  const auto frame = snapshot.frame();
  if (!frame) {
    return core::Unexpected(frame.error());
  }
  return (*frame)->scores;
}

Tests everyHead(RunSnapshot& snapshot) {
  const auto scores = scoresOf(snapshot);
  if (!scores) {
    return core::Unexpected(scores.error());
  }
  return testsOfAllHeads(snapshot.spec().model, *scores);
}

Tests edgeTest(const CausalRequest& request, const RunSnapshot& snapshot) {
  auto edges = edgesNamed(request.cut, snapshot.task(), snapshot.spec().model);
  if (!edges) {
    return refused(edges.error());
  }
  CausalTest test;
  for (const EdgeSelection& edge : *edges) {
    test.name += (test.name.empty() ? "" : ", ") + edge.text;
  }
  test.edges = std::move(*edges);
  test.renormalise = request.renormalise;
  const auto& sequences = sequencesNamed(request.sequences, snapshot);
  if (edgesOf(test.edges, sequences, snapshot.spec().model).empty()) {
    return refused(whyNoEdge(test.name, test.edges, sequences, snapshot.spec().model));
  }
  return std::vector{test};
}

Tests labelTest(const CausalRequest& request, RunSnapshot& snapshot) {
  const auto scores = scoresOf(snapshot);
  if (!scores) {
    return core::Unexpected(scores.error());
  }
  const auto& names = labelNames();
  const auto index = std::find(names.begin(), names.end(), request.ablate_label) - names.begin();
  CausalTest test;
  test.heads = headsLabelled(snapshot.spec().model, *scores, static_cast<core::Label>(index));
  test.name = "all " + request.ablate_label;
  if (test.heads.empty()) {
    return refused("no head is labelled " + request.ablate_label + " at step " +
                   std::to_string(snapshot.step()) + "; anchorctl score shows what each head is");
  }
  return std::vector{test};
}

/// What the model of another step gives for the same sequences.
Result<std::shared_ptr<const InspectOutput>> otherStep(std::int64_t step,
                                                       const StepOpener& open_step,
                                                       const core::SequenceSet& sequences) {
  const auto other = open_step(step);
  if (!other) {
    return core::Unexpected(other.error());
  }
  if ((*other)->step() != step) {
    return core::Unexpected(EngineError{
        "step " + std::to_string(step) +
            " has no checkpoint and is too far for a replay; the nearest earlier one is " +
            std::to_string((*other)->step()),
        {}});
  }
  InspectRequest request;
  request.want_head_outputs = true;
  auto output = (*other)->trainer().inspect(sequences, request);
  if (!output) {
    return core::Unexpected(output.error());
  }
  return std::make_shared<const InspectOutput>(std::move(*output));
}

Tests headTest(const CausalRequest& request, const RunSnapshot& snapshot,
               const StepOpener& open_step) {
  const bool is_patch = !request.patch.empty();
  auto heads = headsOf(is_patch ? request.patch : request.ablate, snapshot.spec().model);
  if (!heads) {
    return refused(heads.error());
  }
  CausalTest test;
  test.heads = std::move(*heads);
  test.name = headsText(test.heads);
  const core::SequenceSet& sequences = sequencesNamed(request.sequences, snapshot);
  if (is_patch && request.from_step) {
    auto from = otherStep(*request.from_step, open_step, sequences);
    if (!from) {
      return core::Unexpected(from.error());
    }
    test.method = HeadMethod::OtherStep;
    test.from = std::move(*from);
    test.from_step = request.from_step;
  } else if (is_patch) {
    if (std::string why = whyNoOtherRows(sequences.lengths); !why.empty()) {
      return refused(std::move(why));
    }
    test.method = HeadMethod::OtherSequence;
  }
  return std::vector{test};
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) {
    text += (text.empty() ? "" : ",") + word;
  }
  return text;
}

}  // namespace

const std::vector<std::string>& sequenceNames() {
  static const std::vector<std::string> kNames{"probe", "test", "train"};
  return kNames;
}

const std::vector<std::string>& labelNames() {
  static const std::vector<std::string> kNames = [] {
    std::vector<std::string> names;
    for (std::size_t i = 0; i < std::tuple_size_v<decltype(core::HeadLabel::states)>; ++i) {
      names.emplace_back(core::labelName(static_cast<core::Label>(i)));
    }
    return names;
  }();
  return kNames;
}

std::string wrongUse(const CausalRequest& request) {
  const int selections = (request.ablate.empty() ? 0 : 1) + (request.ablate_label.empty() ? 0 : 1) +
                         (request.cut.empty() ? 0 : 1) + (request.patch.empty() ? 0 : 1) +
                         (request.test_all ? 1 : 0);
  if (selections != 1) {
    return "expected one of --ablate, --ablate-label, --cut, --patch, --test-all-heads";
  }
  if (request.from_step && request.patch.empty()) {
    return "--from-step belongs to --patch";
  }
  if (request.mean && (!request.cut.empty() || !request.patch.empty())) {
    return "--mean belongs to --ablate, --ablate-label and --test-all-heads";
  }
  if (request.renormalise && request.cut.empty()) {
    return "--renormalise belongs to --cut";
  }
  return {};
}

std::string whyNoHeads(const core::ModelSpec& model) {
  if (model.kind == core::ModelSpec::Kind::Transformer) {
    return {};
  }
  return std::string(model.kind == core::ModelSpec::Kind::Lstm ? "an LSTM" : "an MLP") +
         " has no attention heads: there is nothing to take away";
}

core::Expected<std::vector<HeadRef>, std::string> headsOf(const std::vector<std::string>& words,
                                                          const core::ModelSpec& model) {
  std::vector<HeadRef> heads;
  for (const std::string& word : words) {
    const auto head = core::parseHead(word);
    if (!head || core::whyNoSuchHead(model, *head)) {
      return core::Unexpected("\"" + word + "\": expected LAYER.HEAD with layers 0 to " +
                              std::to_string(model.n_layers - 1) + " and heads 0 to " +
                              std::to_string(model.n_heads - 1) + ", such as " +
                              core::headText({model.n_layers - 1, 0}));
    }
    heads.push_back(*head);
  }
  std::sort(heads.begin(), heads.end());
  heads.erase(std::unique(heads.begin(), heads.end()), heads.end());
  return heads;
}

core::Expected<std::vector<EdgeSelection>, std::string> edgesNamed(
    const std::vector<std::string>& words, const core::Task& task, const core::ModelSpec& model) {
  std::vector<EdgeSelection> edges;
  for (const std::string& word : words) {
    auto edge = EdgeSelection::parse(word, task, model);
    if (!edge) {
      return core::Unexpected(edge.error());
    }
    edges.push_back(std::move(*edge));
  }
  return edges;
}

const core::SequenceSet& sequencesNamed(const std::string& name, const RunSnapshot& snapshot) {
  if (name == "train") {
    return snapshot.trainSample();
  }
  return name == "test" ? snapshot.test() : snapshot.probe();
}

Result<std::vector<CausalTest>> testsOf(const CausalRequest& request, RunSnapshot& snapshot,
                                        const StepOpener& open_step) {
  if (std::string why = whyNoHeads(snapshot.spec().model); !why.empty()) {
    return refused(std::move(why));
  }
  if (sequencesNamed(request.sequences, snapshot).size() == 0) {
    return refused("this run has no " + request.sequences + " sequences");
  }
  Tests tests = request.test_all                ? everyHead(snapshot)
                : !request.cut.empty()          ? edgeTest(request, snapshot)
                : !request.ablate_label.empty() ? labelTest(request, snapshot)
                                                : headTest(request, snapshot, open_step);
  if (tests) {
    for (CausalTest& test : *tests) {
      test.method = request.mean ? HeadMethod::Mean : test.method;
      test.seed = request.seed;
      test.draws = request.draws;
    }
  }
  return tests;
}

TestSeries runTests(const std::vector<CausalTest>& tests, const std::string& sequences,
                    RunSnapshot& snapshot, const TestsTeller& tell, const std::stop_token& stop) {
  CausalTester tester(snapshot.trainer(), snapshot.task(), snapshot.spec().model,
                      sequencesNamed(sequences, snapshot));
  TestSeries series;
  for (const CausalTest& test : tests) {
    const auto result = tester.run(test, stop);
    if (stop.stop_requested()) {
      break;
    }
    if (!result) {
      series.error = result.error();
      break;
    }
    series.records.push_back(recordOf(*result, sequences));
    if (!tell(series.records)) {
      break;
    }
  }
  return series;
}

std::vector<std::string> interveneWords(const CausalRequest& request) {
  const CausalRequest usual;
  std::vector<std::string> words;
  const auto say = [&words](bool is_said, const char* option, const std::string& value = {}) {
    if (is_said) {
      words.emplace_back(option);
      if (!value.empty()) {
        words.push_back(value);
      }
    }
  };
  say(!request.ablate.empty(), "--ablate", joined(request.ablate));
  say(!request.ablate_label.empty(), "--ablate-label", request.ablate_label);
  for (const std::string& edge : request.cut) {
    say(true, "--cut", edge);
  }
  say(!request.patch.empty(), "--patch", joined(request.patch));
  say(request.from_step.has_value(), "--from-step", std::to_string(request.from_step.value_or(0)));
  say(request.test_all, "--test-all-heads");
  say(request.mean, "--mean");
  say(request.renormalise, "--renormalise");
  say(request.sequences != usual.sequences, "--on", request.sequences);
  say(request.seed != usual.seed, "--seed", std::to_string(request.seed));
  say(request.draws != usual.draws, "--draws", std::to_string(request.draws));
  return words;
}

}  // namespace anchorlens::engine
