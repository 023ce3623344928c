// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/frame.h"
#include "engine/core/task/sequence_set.h"
#include "engine/core/task/task.h"

#include <functional>
#include <vector>

/// Sequences and heads made by hand.
namespace anchorlens::test {

/// Appends a sequence; the set's seq_len is set beforehand, padding is added.
inline void addSequence(core::SequenceSet& set, const std::vector<int>& tokens,
                        const std::vector<int>& roles, int form = 0) {
  const auto seq_len = static_cast<std::size_t>(set.seq_len);
  for (std::size_t i = 0; i < seq_len; ++i) {
    set.tokens.push_back(i < tokens.size() ? tokens[i] : 0);
    set.roles.push_back(static_cast<std::uint8_t>(i < roles.size() ? roles[i] : 0));
  }
  set.lengths.push_back(static_cast<std::int32_t>(tokens.size()));
  set.targets.push_back(0);
  set.groups.push_back(0);
  set.forms.push_back(static_cast<std::int16_t>(form));
  set.splits.push_back(core::Split::Test);
  set.answer_offsets.push_back(0);
}

/// One head over all sequences: `cell(sequence, query, key)`.
inline core::PatternBatch makeHead(
    const core::SequenceSet& set,
    const std::function<double(std::size_t sequence, int query, int key)>& cell) {
  core::PatternBatch batch;
  batch.n = set.size();
  batch.n_layers = 1;
  batch.n_heads = 1;
  batch.seq_len = set.seq_len;
  batch.pattern.assign(batch.n * batch.cells(), 0.0F);
  for (std::size_t i = 0; i < batch.n; ++i) {
    for (int query = 0; query < set.lengths[i]; ++query) {
      for (int key = 0; key < set.lengths[i]; ++key) {
        const auto at = i * batch.cells() + static_cast<std::size_t>(query * set.seq_len + key);
        batch.pattern[at] = static_cast<float>(cell(i, query, key));
      }
    }
  }
  return batch;
}

/// Roles: noise, an anchor A, a second anchor B, keys x and y.
inline std::vector<core::RoleInfo> madeRoles() {
  using Kind = core::RoleInfo::Kind;
  return {{Kind::Noise, "noise", ""},
          {Kind::Anchor, "anchor:A", "A"},
          {Kind::Anchor, "anchor:B", "B"},
          {Kind::Key, "key:x", "x"},
          {Kind::Key, "key:y", "y"}};
}

}  // namespace anchorlens::test
