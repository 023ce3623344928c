// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/task/error_list.h"
#include "engine/core/task/sampler.h"
#include "engine/core/task/task.h"

#include <algorithm>
#include <cstring>
#include <optional>

namespace anchorlens::core {
namespace {

constexpr std::size_t kChunk = 1 << 15;  ///< draws between two looks at the stop token
constexpr std::int64_t kStreamingSample = 2000;
/// Tokens of one set: a bound on memory (about 20 GB with roles).
constexpr double kMostTokens = 4e9;

void append(SequenceSet& to, const SequenceSet& from) {
  const auto join = [](auto& a, const auto& b) { a.insert(a.end(), b.begin(), b.end()); };
  const std::uint32_t base = to.answer_offsets.back();
  for (std::size_t i = 1; i < from.answer_offsets.size(); ++i) {
    to.answer_offsets.push_back(base + from.answer_offsets[i]);
  }
  join(to.tokens, from.tokens);
  join(to.roles, from.roles);
  join(to.lengths, from.lengths);
  join(to.targets, from.targets);
  join(to.groups, from.groups);
  join(to.forms, from.forms);
  join(to.splits, from.splits);
  join(to.answers, from.answers);
}

/// Draws n sequences piece by piece; empty when stopped. `draw` draws some.
template <typename Draw>
bool drawInto(SequenceSet& set, std::int64_t n, const std::stop_token& stop, Draw draw) {
  for (auto left = static_cast<std::size_t>(std::max<std::int64_t>(n, 0)); left > 0;) {
    if (stop.stop_requested()) {
      return false;
    }
    const std::size_t now = std::min(left, kChunk);
    append(set, draw(now));
    left -= now;
  }
  return true;
}

std::uint64_t hashRow(const std::int32_t* row, std::size_t n) {
  std::uint64_t hash = 0x9e3779b97f4a7c15ULL;
  for (std::size_t i = 0; i < n; ++i) {
    hash = (hash ^ static_cast<std::uint64_t>(static_cast<std::uint32_t>(row[i]))) *
           0xff51afd7ed558ccdULL;
    hash ^= hash >> 32;
  }
  return hash;
}

/// Rows of a set by their content: open addressing, compared exactly.
class RowIndex {
 public:
  explicit RowIndex(const SequenceSet& set) : m_set(set), m_width(at(set.seq_len)) {
    std::size_t size = 16;
    while (size < 2 * set.size()) {
      size *= 2;
    }
    m_slots.assign(size, 0);
    for (std::size_t i = 0; i < set.size(); ++i) {
      std::size_t slot = hashRow(row(i), m_width) & (size - 1);
      while (m_slots[slot] != 0 && !isSame(m_slots[slot] - 1, row(i))) {
        slot = (slot + 1) & (size - 1);
      }
      m_slots[slot] = i + 1;
    }
  }

  bool contains(const std::int32_t* tokens) const {
    std::size_t slot = hashRow(tokens, m_width) & (m_slots.size() - 1);
    while (m_slots[slot] != 0 && !isSame(m_slots[slot] - 1, tokens)) {
      slot = (slot + 1) & (m_slots.size() - 1);
    }
    return m_slots[slot] != 0;
  }

 private:
  const std::int32_t* row(std::size_t i) const { return m_set.tokens.data() + i * m_width; }
  bool isSame(std::size_t i, const std::int32_t* tokens) const {
    return std::memcmp(row(i), tokens, m_width * sizeof(std::int32_t)) == 0;
  }

  const SequenceSet& m_set;
  std::size_t m_width;
  std::vector<std::size_t> m_slots;  ///< row + 1; 0 is free
};

Unexpected<SpecErrors> oneError(std::string pointer, std::string message) {
  return Unexpected(SpecErrors{{std::move(pointer), std::move(message), 0, 0}});
}

/// Sets that must be drawn for testing: -1 is the test split, others are groups.
std::vector<int> testParts(const Task& task) {
  std::vector<int> parts;
  if (task.analysis().has_test) {
    parts.push_back(-1);
  }
  for (int i = 0; i < toInt(task.groups().size()); ++i) {
    if (task.groups()[at(i)].kind == GroupInfo::Kind::HeldOutCombination) {
      parts.push_back(i);
    }
  }
  return parts;
}

std::optional<SpecErrors> checkSizes(const Task& task, const DataSpec& spec, std::size_t n_parts) {
  if (spec.n_train < 1) {
    return SpecErrors{{"/data/n_train", "There must be 1 training sequence or more.", 0, 0}};
  }
  if (spec.n_test < 1) {
    return SpecErrors{{"/data/n_test", "There must be 1 test sequence or more.", 0, 0}};
  }
  const double test = static_cast<double>(spec.n_test) * static_cast<double>(n_parts);
  if (std::max(test, static_cast<double>(spec.n_train)) * task.seqLen() > kMostTokens) {
    const bool is_test = test > static_cast<double>(spec.n_train);
    return SpecErrors{
        {is_test ? "/data/n_test" : "/data/n_train",
         (is_test ? plural(spec.n_test, "sequence") + " for each of " + std::to_string(n_parts) +
                        " test groups"
                  : plural(spec.n_train, "sequence")) +
             " of length " + std::to_string(task.seqLen()) + " do not fit into memory: at most " +
             std::to_string(static_cast<std::int64_t>(kMostTokens)) + " tokens are possible.",
         0, 0}};
  }
  return std::nullopt;
}

}  // namespace

Expected<Dataset, SpecErrors> makeDataset(const Task& task, const DataSpec& spec,
                                          std::stop_token stop) {
  const std::vector<int> parts = testParts(task);
  if (auto errors = checkSizes(task, spec, parts.size())) {
    return Unexpected(std::move(*errors));
  }
  Dataset data;
  data.train.seq_len = task.seqLen();
  data.test.seq_len = task.seqLen();
  Random train_random(spec.seed, "data/train");
  Random test_random(spec.seed, "data/test");
  const std::int64_t n_train =
      spec.mode == DataSpec::Mode::Fixed ? spec.n_train : std::min(spec.n_train, kStreamingSample);
  bool is_done = drawInto(data.train, n_train, stop,
                          [&](std::size_t n) { return task.draw(Split::Train, n, train_random); });
  for (const int part : parts) {
    is_done = is_done && drawInto(data.test, spec.n_test, stop, [&](std::size_t n) {
                return part < 0 ? task.draw(Split::Test, n, test_random)
                                : task.drawGroup(part, n, test_random);
              });
  }
  if (!is_done) {
    return oneError("/data", "Drawing the data was stopped.");
  }
  const std::size_t shared = countShared(data.train, data.test);
  if (shared > 0) {
    return oneError("/task/held_out", plural(static_cast<std::int64_t>(shared), "test sequence") +
                                          " also occur in training.");
  }
  return data;
}

std::size_t countShared(const SequenceSet& train, const SequenceSet& test) {
  if (train.seq_len != test.seq_len) {
    return 0;
  }
  const RowIndex rows(train);
  std::size_t shared = 0;
  for (std::size_t i = 0; i < test.size(); ++i) {
    shared += rows.contains(test.tokens.data() + i * at(test.seq_len)) ? 1 : 0;
  }
  return shared;
}

namespace {

void appendJudged(const Task& task, std::span<const std::int32_t> tokens,
                  const Judgement& judgement, SequenceSet& set) {
  const auto& answers = judgement.split == Split::Train ? judgement.taught : judgement.answers;
  const std::size_t padding = at(task.seqLen()) - tokens.size();
  set.tokens.insert(set.tokens.end(), tokens.begin(), tokens.end());
  set.tokens.insert(set.tokens.end(), padding, 0);
  set.roles.insert(set.roles.end(), judgement.roles.begin(), judgement.roles.end());
  set.roles.insert(set.roles.end(), padding, 0);
  set.lengths.push_back(toInt(tokens.size()));
  set.targets.push_back(answers.front().token);
  set.groups.push_back(judgement.group);
  set.forms.push_back(static_cast<std::int16_t>(judgement.form));
  set.splits.push_back(judgement.split);
  set.answers.insert(set.answers.end(), answers.begin(), answers.end());
  set.answer_offsets.push_back(static_cast<std::uint32_t>(set.answers.size()));
}

}  // namespace

Expected<SequenceSet, SpecErrors> makeProbe(const Task& task, const ProbeSpec& spec) {
  SpecErrors errors;
  SequenceSet set;
  set.seq_len = task.seqLen();
  if (spec.size < 1) {
    errors.push_back({"/probe/size", "The probe needs 1 sequence or more.", 0, 0});
  }
  if (toInt(spec.sequences.size()) > spec.size && spec.size > 0) {
    errors.push_back({"/probe/size",
                      "The probe holds " + plural(spec.size, "sequence") + ", but " +
                          std::to_string(spec.sequences.size()) + " are typed.",
                      0, 0});
  }
  for (std::size_t i = 0; i < spec.sequences.size(); ++i) {
    const std::vector<std::int32_t> tokens(spec.sequences[i].begin(), spec.sequences[i].end());
    auto judgement = task.judge(tokens);
    if (!judgement) {
      errors.push_back({"/probe/sequences/" + std::to_string(i), judgement.error(), 0, 0});
    } else {
      appendJudged(task, tokens, *judgement, set);
    }
  }
  if (!errors.empty()) {
    return Unexpected(std::move(errors));
  }
  Random random(spec.seed, "probe");
  const Split split = spec.split == ProbeSpec::Split::Train ? Split::Train : Split::Test;
  SequenceSet drawn = task.draw(split, at(spec.size) - set.size(), random);
  for (std::size_t i = 0; i < drawn.size(); ++i) {
    drawn.targets[i] = drawn.answersOf(i).front().token;  // evaluation: the most probable answer
  }
  append(set, drawn);
  return set;
}

}  // namespace anchorlens::core
