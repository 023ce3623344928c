// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorctl/causal_report.h"
#include "app/anchorctl/command.h"
#include "app/anchorctl/interrupt.h"
#include "app/anchorctl/open_run.h"
#include "app/anchorctl/report.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <unistd.h>
#include <vector>

namespace anchorlens::ctl {
namespace {

struct Options {
  std::string run;
  std::optional<std::int64_t> at;
  std::vector<std::string> ablate;
  std::string ablate_label;
  std::vector<std::string> cut;
  std::vector<std::string> patch;
  std::optional<std::int64_t> from_step;
  bool mean = false;
  bool renormalise = false;
  bool test_all = false;
  std::string sequences = "probe";
  std::uint64_t seed = 1;
  int draws = 5;
  bool json = false;
};

/// What was asked for, or what is wrong with it.
using Tests = core::Expected<std::vector<engine::CausalTest>, std::string>;

std::optional<engine::HeadRef> headOf(const std::string& text, const core::ModelSpec& model) {
  engine::HeadRef head;
  const char* end = text.data() + text.size();
  const auto layer = std::from_chars(text.data(), end, head.layer);
  if (layer.ec != std::errc() || layer.ptr == end || *layer.ptr != '.') {
    return std::nullopt;
  }
  const auto rest = std::from_chars(layer.ptr + 1, end, head.head);
  const bool is_inside =
      head.layer >= 0 && head.layer < model.n_layers && head.head >= 0 && head.head < model.n_heads;
  return rest.ec == std::errc() && rest.ptr == end && is_inside
             ? std::optional<engine::HeadRef>(head)
             : std::nullopt;
}

core::Expected<std::vector<engine::HeadRef>, std::string> headsOf(
    const std::vector<std::string>& words, const core::ModelSpec& model) {
  std::vector<engine::HeadRef> heads;
  for (const std::string& word : words) {
    const auto head = headOf(word, model);
    if (!head) {
      return core::Unexpected("\"" + word + "\": expected LAYER.HEAD with layers 0 to " +
                              std::to_string(model.n_layers - 1) + " and heads 0 to " +
                              std::to_string(model.n_heads - 1) + ", such as 1.0");
    }
    heads.push_back(*head);
  }
  std::sort(heads.begin(), heads.end());
  heads.erase(std::unique(heads.begin(), heads.end()), heads.end());
  return heads;
}

/// The sequences that are tested on.
const core::SequenceSet& sequencesOf(const Options& options, const engine::RunSnapshot& snapshot) {
  if (options.sequences == "train") {
    return snapshot.trainSample();
  }
  return options.sequences == "test" ? snapshot.test() : snapshot.probe();
}

engine::Result<std::vector<core::HeadScores>> scoresOf(engine::RunSnapshot& snapshot) {
  const auto frame = snapshot.frame();
  if (!frame) {
    return core::Unexpected(frame.error());
  }
  return (*frame)->scores;
}

Tests edgeTest(const Options& options, const engine::RunSnapshot& snapshot) {
  engine::CausalTest test;
  for (const std::string& text : options.cut) {
    auto edge = engine::EdgeSelection::parse(text, snapshot.task(), snapshot.spec().model);
    if (!edge) {
      return core::Unexpected(edge.error());
    }
    test.name += (test.name.empty() ? "" : ", ") + text;
    test.edges.push_back(std::move(*edge));
  }
  test.renormalise = options.renormalise;
  const auto& sequences = sequencesOf(options, snapshot);
  if (engine::edgesOf(test.edges, sequences, snapshot.spec().model).empty()) {
    return core::Unexpected("\"" + test.name +
                            "\" names no edge: a reader sees itself and what stands before it");
  }
  return std::vector{test};
}

Tests labelTest(const Options& options, engine::RunSnapshot& snapshot) {
  const auto scores = scoresOf(snapshot);
  if (!scores) {
    return core::Unexpected(scores.error().message);
  }
  const core::Label label =
      options.ablate_label == "shift" ? core::Label::Shift : core::Label::Broadcast;
  engine::CausalTest test;
  test.heads = engine::headsLabelled(snapshot.spec().model, *scores, label);
  test.name = "all " + options.ablate_label;
  if (test.heads.empty()) {
    return core::Unexpected("no head is labelled " + options.ablate_label + " at step " +
                            std::to_string(snapshot.step()) +
                            "; anchorctl score shows what each head is");
  }
  return std::vector{test};
}

/// What the model of another step gives for the same sequences.
engine::Result<std::shared_ptr<const engine::InspectOutput>> otherStep(
    const Options& options, const core::SequenceSet& sequences) {
  const auto other = engine::RunSnapshot::open(options.run, options.from_step);
  if (!other) {
    return core::Unexpected(other.error());
  }
  if ((*other)->step() != *options.from_step) {
    return core::Unexpected(engine::EngineError{
        "step " + std::to_string(*options.from_step) +
            " has no checkpoint and is too far for a replay; the nearest earlier one is " +
            std::to_string((*other)->step()),
        {}});
  }
  engine::InspectRequest request;
  request.want_head_outputs = true;
  auto output = (*other)->trainer().inspect(sequences, request);
  if (!output) {
    return core::Unexpected(output.error());
  }
  return std::make_shared<const engine::InspectOutput>(std::move(*output));
}

Tests headTest(const Options& options, const engine::RunSnapshot& snapshot) {
  const bool is_patch = !options.patch.empty();
  auto heads = headsOf(is_patch ? options.patch : options.ablate, snapshot.spec().model);
  if (!heads) {
    return core::Unexpected(heads.error());
  }
  engine::CausalTest test;
  test.heads = std::move(*heads);
  test.name = engine::headsText(test.heads);
  if (is_patch && options.from_step) {
    auto from = otherStep(options, sequencesOf(options, snapshot));
    if (!from) {
      return core::Unexpected(from.error().message);
    }
    test.method = engine::HeadMethod::OtherStep;
    test.from = std::move(*from);
    test.from_step = options.from_step;
  } else if (is_patch) {
    test.method = engine::HeadMethod::OtherSequence;
  }
  return std::vector{test};
}

Tests testsOf(const Options& options, engine::RunSnapshot& snapshot) {
  const core::ModelSpec::Kind kind = snapshot.spec().model.kind;
  if (kind != core::ModelSpec::Kind::Transformer) {
    return core::Unexpected(
        std::string(kind == core::ModelSpec::Kind::Lstm ? "an LSTM" : "an MLP") +
        " has no attention heads: there is nothing to take away");
  }
  Tests tests = std::vector<engine::CausalTest>{};
  if (options.test_all) {
    const auto scores = scoresOf(snapshot);
    if (!scores) {
      return core::Unexpected(scores.error().message);
    }
    tests = engine::testsOfAllHeads(snapshot.spec().model, *scores);
  } else if (!options.cut.empty()) {
    tests = edgeTest(options, snapshot);
  } else if (!options.ablate_label.empty()) {
    tests = labelTest(options, snapshot);
  } else {
    tests = headTest(options, snapshot);
  }
  if (tests) {
    for (engine::CausalTest& test : *tests) {
      test.method = options.mean ? engine::HeadMethod::Mean : test.method;
      test.seed = options.seed;
      test.draws = options.draws;
    }
  }
  return tests;
}

/// What is wrong before anything is opened.
std::string wrongUse(const Options& options) {
  const int selections = (options.ablate.empty() ? 0 : 1) + (options.ablate_label.empty() ? 0 : 1) +
                         (options.cut.empty() ? 0 : 1) + (options.patch.empty() ? 0 : 1) +
                         (options.test_all ? 1 : 0);
  if (selections != 1) {
    return "expected one of --ablate, --ablate-label, --cut, --patch, --test-all-heads";
  }
  if (options.from_step && options.patch.empty()) {
    return "--from-step belongs to --patch";
  }
  if (options.mean && (!options.cut.empty() || !options.patch.empty())) {
    return "--mean belongs to --ablate, --ablate-label and --test-all-heads";
  }
  if (options.renormalise && options.cut.empty()) {
    return "--renormalise belongs to --cut";
  }
  return {};
}

void tellProgress(std::size_t done, std::size_t total) {
  if (isatty(STDERR_FILENO) != 0 && total > 1) {
    std::cerr << "\r" << done << " of " << total << " tests" << (done == total ? "\n" : "")
              << std::flush;
  }
}

/// Empty with `interrupted` set after a signal.
engine::Result<std::vector<engine::CausalRecord>> runTests(
    const Options& options, engine::RunSnapshot& snapshot,
    const std::vector<engine::CausalTest>& tests, const Interrupt& interrupt) {
  engine::CausalTester tester(snapshot.trainer(), snapshot.task(), snapshot.spec().model,
                              sequencesOf(options, snapshot));
  std::vector<engine::CausalRecord> records;
  for (const engine::CausalTest& test : tests) {
    if (interrupt.isRequested()) {
      break;
    }
    const auto result = tester.run(test);
    if (!result) {
      return core::Unexpected(result.error());
    }
    records.push_back(engine::recordOf(*result, options.sequences));
    tellProgress(records.size(), tests.size());
  }
  return records;
}

void print(const Options& options, const std::vector<engine::CausalRecord>& records,
           const core::Task& task) {
  if (!options.json) {
    std::cout << (options.test_all ? causalTable(records) : causalText(records.front(), task));
    return;
  }
  if (!options.test_all) {
    printJson(engine::causalJson(records.front(), task));
    return;
  }
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const engine::CausalRecord& record : records) {
    list.push_back(engine::causalJson(record, task));
  }
  printJson({{"step", records.front().result.step}, {"tests", std::move(list)}});
}

int runIntervene(const Options& options) {
  if (const std::string wrong = wrongUse(options); !wrong.empty()) {
    printError("anchorctl intervene", wrong);
    return kBadInput;
  }
  const OpenedRun opened = openRun(options.run, options.at);
  if (!opened.snapshot) {
    return opened.code;
  }
  engine::RunSnapshot& snapshot = *opened.snapshot;
  if (sequencesOf(options, snapshot).size() == 0) {
    printError(options.run, "this run has no " + options.sequences + " sequences");
    return kBadInput;
  }
  const Tests tests = testsOf(options, snapshot);
  if (!tests) {
    printError(options.run, tests.error());
    return kBadInput;
  }
  const Interrupt interrupt;
  const auto records = runTests(options, snapshot, *tests, interrupt);
  if (!records) {
    printError(options.run, records.error().message);
    return kFailed;
  }
  if (!records->empty()) {
    if (const auto kept = engine::keepCausalTests(options.run, *records, snapshot.task()); !kept) {
      std::cerr << "not kept in the run: " << kept.error().text() << "\n";
    }
  }
  if (interrupt.isRequested()) {
    std::cerr << records->size() << " of " << tests->size() << " tests were made\n";
    return kInterrupted;
  }
  print(options, *records, snapshot.task());
  return kDone;
}

}  // namespace

void addIntervene(CLI::App& program, Action& action) {
  auto options = std::make_shared<Options>();
  CLI::App* command = addCommand(program, "intervene", "What a run can do without heads or edges",
                                 "anchorctl intervene run --at 500 --ablate 1.0");
  command->add_option("RUN", options->run, "The folder of a run")->required();
  command->add_option("--at", options->at, "The step; the last checkpoint's unless said")
      ->check(CLI::NonNegativeNumber);
  command->add_option("--ablate", options->ablate, "Heads whose output becomes 0: L.H[,L.H...]")
      ->delimiter(',');
  command->add_option("--ablate-label", options->ablate_label, "Every head with this label")
      ->check(CLI::IsMember({"shift", "broadcast"}));
  command->add_option("--cut", options->cut,
                      "Attention that becomes 0: L.H:READER>SOURCE, or L:READER>SOURCE for every "
                      "head of the layer; places are positions, reader, key, anchor, key:x, "
                      "anchor:A, *; any number of times");
  command
      ->add_option("--patch", options->patch,
                   "Heads that get their output of another sequence, or of --from-step")
      ->delimiter(',');
  command->add_option("--from-step", options->from_step, "The step that patches come from")
      ->check(CLI::NonNegativeNumber);
  command->add_flag("--test-all-heads", options->test_all, "Each head alone, and each label");
  command->add_flag("--mean", options->mean, "The mean output in the place of 0");
  command->add_flag("--renormalise", options->renormalise, "Rows with cut edges add up to 1 again");
  command->add_option("--on", options->sequences, "The sequences; probe unless said")
      ->check(CLI::IsMember({"probe", "test", "train"}));
  command->add_option("--seed", options->seed, "Of the controls; 1 unless said");
  command->add_option("--draws", options->draws, "Of the control; 5 unless said")
      ->check(CLI::Range(1, 1000));
  addJson(*command, options->json);
  command->callback([options, &action] { action = [options] { return runIntervene(*options); }; });
}

}  // namespace anchorlens::ctl
