// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/session/controls.h"

#include "engine/core/random.h"
#include "engine/session/patches.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

namespace anchorlens::engine {
namespace {

constexpr std::size_t kNearest = 8;

template <typename T>
void shuffle(std::vector<T>& values, core::Random& random) {
  for (std::size_t i = values.size(); i > 1; --i) {
    std::swap(values[i - 1], values[random.below(static_cast<std::uint32_t>(i))]);
  }
}

struct Candidate {
  EdgeRef edge;
  float mass = 0;
};

/// The edges of one sequence and layer that are not among `edges`, which are ascending.
std::vector<Candidate> candidatesOf(std::uint32_t sequence, int layer,
                                    const std::vector<EdgeRef>& edges,
                                    const core::PatternBatch& patterns, int length,
                                    bool is_causal) {
  std::vector<Candidate> candidates;
  const auto T = static_cast<std::size_t>(patterns.seq_len);
  for (int head = 0; head < patterns.n_heads; ++head) {
    const auto map = patterns.of(sequence, layer, head);
    for (int q = 0; q < length; ++q) {
      for (int k = 0; k < (is_causal ? q + 1 : length); ++k) {
        const EdgeRef edge{sequence, static_cast<std::uint16_t>(layer),
                           static_cast<std::uint16_t>(head), static_cast<std::uint16_t>(q),
                           static_cast<std::uint16_t>(k)};
        if (!std::binary_search(edges.begin(), edges.end(), edge)) {
          candidates.push_back(
              {edge, map[static_cast<std::size_t>(q) * T + static_cast<std::size_t>(k)]});
        }
      }
    }
  }
  return candidates;
}

/// Takes one of the nearest to `mass` out of the candidates.
EdgeRef takeNear(std::vector<Candidate>& candidates, float mass, core::Random& random) {
  const std::size_t near = std::min(kNearest, candidates.size());
  const auto is_nearer = [mass](const Candidate& a, const Candidate& b) {
    const float to_a = std::abs(a.mass - mass);
    const float to_b = std::abs(b.mass - mass);
    return to_a != to_b ? to_a < to_b : a.edge < b.edge;
  };
  const auto end = candidates.begin() + static_cast<std::ptrdiff_t>(near);
  std::partial_sort(candidates.begin(), end, candidates.end(), is_nearer);
  const std::size_t chosen = random.below(static_cast<std::uint32_t>(near));
  const EdgeRef edge = candidates[chosen].edge;
  candidates[chosen] = candidates.back();
  candidates.pop_back();
  return edge;
}

/// "9, 10, 12"
std::string listed(const std::vector<std::int32_t>& lengths) {
  constexpr std::size_t kNamed = 12;
  std::string text;
  for (std::size_t i = 0; i < std::min(lengths.size(), kNamed); ++i) {
    text += (text.empty() ? "" : ", ") + std::to_string(lengths[i]);
  }
  return lengths.size() > kNamed
             ? text + " and " + std::to_string(lengths.size() - kNamed) + " more"
             : text;
}

}  // namespace

std::vector<std::vector<HeadRef>> controlHeads(const std::vector<HeadRef>& others,
                                               std::size_t count, int draws, std::uint64_t seed) {
  constexpr int kTries = 50;
  core::Random random(seed, "causal/heads");
  std::set<std::vector<HeadRef>> sets;
  for (int tried = 0; tried < kTries * draws && sets.size() < static_cast<std::size_t>(draws);
       ++tried) {
    std::vector<HeadRef> heads = others;
    shuffle(heads, random);
    heads.resize(count);
    std::sort(heads.begin(), heads.end());
    sets.insert(std::move(heads));
  }
  return {sets.begin(), sets.end()};
}

std::vector<EdgeRef> controlEdges(const std::vector<EdgeRef>& edges,
                                  const core::PatternBatch& patterns, const core::SequenceSet& set,
                                  const core::ModelSpec& model, std::uint64_t seed) {
  core::Random random(seed, "causal/edges");
  const bool is_causal = model.mask == core::ModelSpec::Mask::Causal;
  const auto T = static_cast<std::size_t>(patterns.seq_len);
  std::vector<EdgeRef> control;
  std::vector<Candidate> candidates;
  const EdgeRef* before = nullptr;
  for (const EdgeRef& edge : edges) {
    if (before == nullptr || before->sequence != edge.sequence || before->layer != edge.layer) {
      candidates = candidatesOf(edge.sequence, edge.layer, edges, patterns,
                                set.lengths[edge.sequence], is_causal);
    }
    before = &edge;
    if (!candidates.empty()) {
      const auto map = patterns.of(edge.sequence, edge.layer, edge.head);
      control.push_back(takeNear(candidates, map[edge.query * T + edge.key], random));
    }
  }
  std::sort(control.begin(), control.end());
  return control;
}

std::vector<std::size_t> otherRows(const std::vector<std::int32_t>& lengths, std::uint64_t seed) {
  core::Random random(seed, "causal/sequences");
  std::vector<std::size_t> order = sameRows(lengths.size());
  shuffle(order, random);
  std::map<std::int32_t, std::vector<std::size_t>> alike;
  for (const std::size_t row : order) {
    alike[lengths[row]].push_back(row);
  }
  std::vector<std::size_t> rows(lengths.size());
  for (const auto& [length, group] : alike) {
    if (group.size() == 1) {
      return {};
    }
    for (std::size_t i = 0; i < group.size(); ++i) {
      rows[group[i]] = group[(i + 1) % group.size()];  // one cycle: nobody gets himself
    }
  }
  return rows;
}

std::string whyNoOtherRows(const std::vector<std::int32_t>& lengths) {
  std::map<std::int32_t, std::size_t> counts;
  for (const std::int32_t length : lengths) {
    ++counts[length];
  }
  std::vector<std::int32_t> alone;
  std::vector<std::int32_t> shared;
  for (const auto& [length, count] : counts) {
    (count == 1 ? alone : shared).push_back(length);
  }
  if (alone.empty()) {
    return {};
  }
  return "A patch takes another sequence of the same length, but " +
         (alone.size() == 1 ? "length " : std::string("each of the lengths ")) + listed(alone) +
         " has one sequence alone; " +
         (shared.empty() ? "no length has more" : "two or more have length " + listed(shared)) +
         ": take more sequences (another set, or a larger probe), or patch from another step.";
}

}  // namespace anchorlens::engine
