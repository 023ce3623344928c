// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorctl/circuits_report.h"
#include "app/anchorctl/command.h"
#include "app/anchorctl/report.h"
#include "engine/core/analysis/weight_arrays.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <iostream>
#include <limits>
#include <memory>
#include <optional>
#include <system_error>

namespace anchorlens::ctl {
namespace {

using core::analysis::HeadPlace;

/// What the matrices of heads may take: 1 GiB as numbers.
constexpr std::int64_t kMostValues = (std::int64_t{1} << 30) / 8;

struct Options {
  std::string run;
  std::optional<std::int64_t> at;
  std::vector<std::string> heads;
  bool fold = false;
  bool read_embedding = false;
  std::string out;
  bool json = false;
};

/// "1.0"
std::optional<HeadPlace> parseHead(const std::string& text, const core::ModelSpec& model) {
  HeadPlace head;
  const char* end = text.data() + text.size();
  const auto layer = std::from_chars(text.data(), end, head.layer);
  if (layer.ec != std::errc() || layer.ptr == end || *layer.ptr != '.') {
    return std::nullopt;
  }
  const auto last = std::from_chars(layer.ptr + 1, end, head.head);
  const bool is_there = last.ec == std::errc() && last.ptr == end && head.layer >= 0 &&
                        head.layer < model.n_layers && head.head >= 0 && head.head < model.n_heads;
  return is_there ? std::optional(head) : std::nullopt;
}

/// The heads whose matrices are wanted; an error was printed when there is none.
std::optional<std::vector<HeadPlace>> headsOf(const Options& options,
                                              const core::ModelSpec& model) {
  std::vector<std::string> words = options.heads;
  if (words.empty()) {
    words.emplace_back(options.out.empty() ? "none" : "all");
  }
  if (words == std::vector<std::string>{"none"}) {
    return std::vector<HeadPlace>();
  }
  if (words == std::vector<std::string>{"all"}) {
    return core::analysis::allHeads(model);
  }
  if (model.kind != core::ModelSpec::Kind::Transformer) {
    printError("--heads", "This model has no heads.");
    return std::nullopt;
  }
  std::vector<HeadPlace> heads;
  for (const std::string& word : words) {
    const auto head = parseHead(word, model);
    if (!head) {
      printError("--heads", "expected all, none or layer.head with layers 0 to " +
                                std::to_string(model.n_layers - 1) + " and heads 0 to " +
                                std::to_string(model.n_heads - 1) + ", got " + word);
      return std::nullopt;
    }
    heads.push_back(*head);
  }
  return heads;
}

/// Whether there is a file that -o may become.
bool isOutRight(const Options& options) {
  const auto suffix = std::filesystem::path(options.out).extension();
  if (!options.out.empty() && suffix != ".npz" && suffix != ".csv") {
    printError(options.out, "the name says the format; expected .npz or .csv at its end");
    return false;
  }
  std::error_code code;
  if (!options.out.empty() && std::filesystem::exists(options.out, code)) {
    printError(options.out, "exists already; -o wants a new file");
    return false;
  }
  return true;
}

int write(const CircuitsReport& report, const Options& options) {
  const bool is_npz = options.out.ends_with(".npz");
  const std::string bytes = is_npz ? circuitsNpz(report) : circuitsCsv(report);
  if (const auto written = core::writeFileAtomically(options.out, bytes); !written) {
    printError("", written.error().text());
    return kFailed;
  }
  if (options.json) {
    printJson({{"step", report.step}, {"file", options.out}, {"arrays", report.arrays.size()}});
  } else {
    std::cout << options.out << ": weights of step " << withSpaces(report.step) << ", "
              << report.arrays.size() << " arrays\n";
  }
  return kDone;
}

int runCircuits(const Options& options) {
  if (!isOutRight(options)) {
    return kBadInput;
  }
  auto run = core::analysis::RunWeights::open(options.run);
  if (!run) {
    printError("", run.error().text());
    return kBadInput;
  }
  const core::ModelSpec& model = (*run)->spec().model;
  const auto heads = headsOf(options, model);
  if (!heads) {
    return kBadInput;
  }
  if (const std::string why = core::analysis::whyNotFoldable(model); options.fold && !why.empty()) {
    printError("--fold", why);
    return kBadInput;
  }
  const bool is_table = options.out.empty() && !options.json;
  core::analysis::ArraysWanted wanted;
  wanted.heads = is_table ? std::vector<HeadPlace>() : *heads;
  if (core::analysis::countValues(**run, wanted.heads) > kMostValues) {
    printError("--heads", "the matrices of " + std::to_string(heads->size()) +
                              " heads take more than 1 GB: name fewer of them");
    return kBadInput;
  }
  const auto step = (*run)->stepAt(options.at.value_or(std::numeric_limits<std::int64_t>::max()));
  if (!step) {
    printError(options.run, "there is no checkpoint at or before this step");
    return kBadInput;
  }
  if (options.at && *options.at != *step) {
    std::cerr << options.run << ": step " << *options.at << " has no checkpoint; this is step "
              << *step << "\n";
  }
  wanted.norm =
      options.fold ? core::analysis::NormChoice::Folded : core::analysis::NormChoice::AsIs;
  wanted.reading = options.read_embedding ? core::analysis::Reading::Embedding
                                          : core::analysis::Reading::Unembedding;
  auto arrays = core::analysis::weightArrays(**run, *step, wanted);
  if (!arrays) {
    printError("", arrays.error().text());
    return kFailed;
  }
  const bool is_all = options.heads == std::vector<std::string>{"all"};
  const CircuitsReport report{*step,
                              options.fold,
                              options.read_embedding,
                              model,
                              is_all ? std::vector<HeadPlace>() : *heads,
                              std::move(*arrays)};
  if (!options.out.empty()) {
    return write(report, options);
  }
  if (options.json) {
    printJson(circuitsJson(report));
  } else {
    std::cout << circuitsText(report);
  }
  return kDone;
}

}  // namespace

void addCircuits(CLI::App& program, Action& action) {
  auto options = std::make_shared<Options>();
  CLI::App* command =
      addCommand(program, "circuits", "What heads read and write, from the weights alone",
                 "anchorctl circuits run --at 500 -o circuits.npz");
  command->add_option("RUN", options->run, "The folder of a run")->required();
  addStep(*command, "--at", options->at,
          "The last checkpoint at or before it; the last one unless said");
  command
      ->add_option("--heads", options->heads,
                   "Whose matrices over tokens and positions, without a file or --json whose "
                   "tables: all (of a file unless said), none, or layer.head with commas")
      ->delimiter(',');
  command->add_flag("--fold", options->fold,
                    "Take LayerNorm's scale and centring into the next matrix (pre-LN)");
  command->add_flag("--read-embedding", options->read_embedding,
                    "Read value paths through the embedding instead of the unembedding");
  command->add_option("-o,--out", options->out, "A new file, .npz or .csv");
  addJson(*command, options->json);
  command->callback([options, &action] { action = [options] { return runCircuits(*options); }; });
}

}  // namespace anchorlens::ctl
