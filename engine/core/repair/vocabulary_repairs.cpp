// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/experiment/limits.h"
#include "engine/core/repair/candidates.h"

#include <algorithm>

namespace anchorlens::core {
namespace {

/// The list of intervals that the problem is about: noise, a key's, a rule's.
Intervals* intervalsAt(const Candidates& candidates, ExperimentSpec& spec) {
  if (candidates.isUnder("/task/noise")) {
    return &spec.task.noise;
  }
  if (candidates.isUnder("/task/keys/*")) {
    const auto key = spec.task.keys.find(candidates.step(2));
    return key == spec.task.keys.end() ? nullptr : &key->second;
  }
  const std::size_t rule = candidates.index(2, spec.task.held_out.size());
  if (candidates.isUnder("/task/held_out/*/intervals") && rule < spec.task.held_out.size()) {
    auto* keys = std::get_if<KeysRule>(&spec.task.held_out[rule]);
    return keys == nullptr ? nullptr : &keys->intervals;
  }
  return nullptr;
}

std::string rangeText(const Interval& interval) {
  return std::to_string(interval.first) + " to " + std::to_string(interval.last);
}

/// One interval that is reversed or leaves the vocabulary.
void proposeInterval(Candidates& candidates) {
  ExperimentSpec scratch = candidates.spec();
  Intervals* intervals = intervalsAt(candidates, scratch);
  if (intervals == nullptr) {
    return;
  }
  const std::size_t i = candidates.index(candidates.steps().size() - 1, intervals->size());
  if (i >= intervals->size() || candidates.steps().size() < 3) {
    return;
  }
  Interval turned = (*intervals)[i];
  if (turned.first > turned.last) {
    std::swap(turned.first, turned.last);
  }
  const int end = candidates.task().d_vocab - 1;
  addVocabulary(candidates, largestToken(candidates.task()));
  const Interval inside{std::clamp(turned.first, 1, std::max(end, 1)),
                        std::clamp(turned.last, 1, std::max(end, 1))};
  for (const Interval& interval : {turned, inside}) {
    candidates.add(rangeText(interval),
                   [&](ExperimentSpec& next) { (*intervalsAt(candidates, next))[i] = interval; });
  }
}

/// Noise or a key without a token.
void proposeTokens(Candidates& candidates) {
  if (!candidates.says("has no tokens")) {
    return;
  }
  const Intervals noise =
      candidates.task().noise.empty() ? TaskSpec().noise : candidates.task().noise;
  const Intervals most{{1, candidates.task().d_vocab - 1}};
  for (const Intervals& intervals : {noise, most}) {
    candidates.add(rangeText(intervals.front()), [&](ExperimentSpec& next) {
      *intervalsAt(candidates, next) = intervals;
      for (auto& [name, key] : next.task.keys) {
        key = key.empty() ? intervals : key;
      }
    });
  }
}

void proposeLengths(Candidates& candidates) {
  const auto& lengths = candidates.task().seq_len;
  const std::size_t i = lengths.size() == 1 ? 0 : candidates.index(2, lengths.size());
  if (lengths.size() > 1 && i < lengths.size()) {
    const bool is_twice = std::count(lengths.begin(), lengths.end(), lengths[i]) > 1;
    candidates.add(
        (is_twice ? "Remove the second " : "Remove length ") + std::to_string(lengths[i]),
        [&](ExperimentSpec& next) { eraseAt(next.task.seq_len, i); });
    return;
  }
  const int wanted = lengths.empty() ? 0 : lengths.front();
  const int nearest =
      std::clamp(wanted, TaskSpec().seq_len.front(), static_cast<int>(limits::kLength));
  candidates.add("Length " + std::to_string(nearest),
                 [&](ExperimentSpec& next) { setLength(next, nearest); });
}

}  // namespace

void proposeVocabulary(Candidates& candidates) {
  if (candidates.isUnder("/task/seq_len")) {
    proposeLengths(candidates);
  }
  if (candidates.isAt("/task/d_vocab")) {
    addVocabulary(candidates, largestToken(candidates.task()));
  }
  if (candidates.isAt("/task/keys/*") && candidates.says("No pattern has a key")) {
    const std::string name = candidates.step(2);
    candidates.add("Remove key " + name, [&](ExperimentSpec& next) { next.task.keys.erase(name); });
  }
  if (ExperimentSpec scratch = candidates.spec(); intervalsAt(candidates, scratch) != nullptr) {
    proposeTokens(candidates);
    proposeInterval(candidates);
  }
}

}  // namespace anchorlens::core
