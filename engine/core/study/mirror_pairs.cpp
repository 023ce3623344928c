// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/study/mirror_pairs.h"

#include <algorithm>
#include <optional>
#include <span>
#include <utility>

namespace anchorlens::core {
namespace {

/// The places of the two anchor variables of a sequence; empty when it has another number of them.
std::optional<std::pair<std::size_t, std::size_t>> anchorPlaces(
    const Task& task, std::span<const std::uint8_t> roles) {
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < roles.size(); ++i) {
    const RoleInfo& role = task.roles()[roles[i]];
    if (role.kind == RoleInfo::Kind::Anchor &&
        role.symbol.find_first_not_of("0123456789") != std::string::npos) {
      places.push_back(i);
    }
  }
  if (places.size() != 2) {
    return std::nullopt;
  }
  return std::pair(places[0], places[1]);
}

/// A group's name without "seen" or "held_out".
std::string combinationName(const GroupInfo& group) {
  return group.name.substr(0, group.name.find_last_of(' '));
}

std::optional<MirrorPair::Sequence> mirrored(const Task& task, std::span<const std::int32_t> row,
                                             const Judgement& own) {
  const auto places = anchorPlaces(task, own.roles);
  if (!places || own.answers.size() != 1 || own.answers != own.taught) {
    return std::nullopt;
  }
  std::vector<std::int32_t> swapped(row.begin(), row.end());
  std::swap(swapped[places->first], swapped[places->second]);
  const auto other = task.judge(swapped);
  if (!other || other->form != own.form || other->taught.size() != 1 ||
      other->taught == other->answers) {
    return std::nullopt;
  }
  const MirrorPair::Sequence sequence{0, own.answers[0].token, other->taught[0].token};
  return sequence.inferential == sequence.symmetric ? std::nullopt : std::optional(sequence);
}

}  // namespace

std::vector<MirrorPair> mirrorPairs(const Task& task, const SequenceSet& probe,
                                    std::size_t n_shown) {
  std::vector<MirrorPair> pairs;
  if (task.spec().relabel.empty()) {
    return pairs;
  }
  for (std::size_t i = 0; i < std::min(n_shown, probe.size()); ++i) {
    const auto own = task.judge(probe.row(i));
    if (!own || own->group < 0) {
      continue;
    }
    const GroupInfo& group = task.groups()[static_cast<std::size_t>(own->group)];
    auto sequence = group.kind == GroupInfo::Kind::HeldOutCombination
                        ? mirrored(task, probe.row(i), *own)
                        : std::nullopt;
    if (!sequence) {
      continue;
    }
    sequence->shown = i;
    const std::string name = combinationName(group);
    auto pair = std::find_if(pairs.begin(), pairs.end(),
                             [&](const MirrorPair& known) { return known.name == name; });
    if (pair == pairs.end()) {
      pair = pairs.insert(pairs.end(), MirrorPair{name, {}});
    }
    pair->sequences.push_back(*sequence);
  }
  return pairs;
}

void addFrame(const Frame& frame, const MirrorPair& pair, PairAnswers& answers) {
  answers.name = pair.name;
  answers.sequences = pair.sequences.size();
  if (pair.sequences.empty() || pair.sequences.back().shown >= frame.predictions.size()) {
    return;
  }
  std::size_t inferential = 0;
  std::size_t symmetric = 0;
  for (const MirrorPair::Sequence& sequence : pair.sequences) {
    const std::int32_t said = frame.predictions[sequence.shown].tokens[0];
    inferential += said == sequence.inferential ? 1 : 0;
    symmetric += said == sequence.symmetric ? 1 : 0;
  }
  const auto n = static_cast<double>(pair.sequences.size());
  answers.steps.push_back(frame.step);
  answers.inferential.push_back(static_cast<double>(inferential) / n);
  answers.symmetric.push_back(static_cast<double>(symmetric) / n);
}

}  // namespace anchorlens::core
