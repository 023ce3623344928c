// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace anchorlens::core {

/// Which side of the held-out rules a sequence lies on.
enum class Split : std::uint8_t { Train, Test };

/// A possible answer and its probability.
struct Answer {
  std::int32_t token = 0;
  double p = 1.0;
  bool operator==(const Answer&) const = default;
};

/// Many sequences with all that the task knows of them, as arrays; the currency between generator,
/// trainer, scores and views. T = seq_len (the longest).
///
/// Shape:
///   tokens, roles:               [n, seq_len]; padding on the right is token 0, role 0
///   lengths, targets, groups, forms, splits: [n]
///   answer_offsets:              [n + 1] into answers
struct SequenceSet {
  int seq_len = 0;
  std::vector<std::int32_t> tokens;
  std::vector<std::uint8_t> roles;    ///< index into Task::roles(); 0 is noise (and padding)
  std::vector<std::int32_t> lengths;  ///< real tokens; the reader (output row) is lengths - 1
  std::vector<std::int32_t> targets;  ///< the drawn answer; for evaluation the most probable one
  std::vector<std::int32_t> groups;   ///< index into Task::groups()
  std::vector<std::int16_t> forms;
  std::vector<Split> splits;
  std::vector<std::uint32_t> answer_offsets{0};
  std::vector<Answer> answers;  ///< the distribution of each answer, most probable first

  std::size_t size() const { return lengths.size(); }
  std::span<const std::int32_t> row(std::size_t i) const {
    return {tokens.data() + i * static_cast<std::size_t>(seq_len),
            static_cast<std::size_t>(lengths[i])};
  }
  std::span<const std::uint8_t> rolesOf(std::size_t i) const {
    return {roles.data() + i * static_cast<std::size_t>(seq_len),
            static_cast<std::size_t>(lengths[i])};
  }
  std::span<const Answer> answersOf(std::size_t i) const {
    return {answers.data() + answer_offsets[i], answer_offsets[i + 1] - answer_offsets[i]};
  }
};

}  // namespace anchorlens::core
