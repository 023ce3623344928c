// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/task/task.h"
#include "engine/inspect.h"
#include "engine/session.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// Attention edges by what they join: the task knows where anchors and keys stand in a sequence.
namespace anchorlens::engine {

/// Positions of a sequence, by what stands there: the union of what is named.
struct Places {
  bool all = false;                 ///< every real token
  bool reader = false;              ///< the output row, the last real token
  std::vector<int> positions;       ///< counted from 0
  std::vector<std::uint8_t> roles;  ///< index into Task::roles()

  /// "reader", "anchor" and "key" (any of them), a role's name ("anchor:3", "key:x"), a position
  /// ("4"), or "*". The error says what would be right for this task.
  static core::Expected<Places, std::string> parse(std::string_view text, const core::Task& task);
  /// Ascending, each once; only real tokens.
  std::vector<int> of(const core::SequenceSet& set, std::size_t sequence) const;
};

/// One layer's edges from readers (queries) to sources (keys).
struct EdgeSelection {
  int layer = 0;
  std::optional<int> head;  ///< none: every head of the layer
  Places query;
  Places key;
  std::string text;  ///< as it was written: "0:key>anchor", "1.0:reader>4"

  /// LAYER[.HEAD]:QUERY>KEY
  static core::Expected<EdgeSelection, std::string> parse(std::string_view text,
                                                          const core::Task& task,
                                                          const core::ModelSpec& model);
};

/// The edges that selections name in every sequence, ascending, each once. What a causal mask hides
/// is no edge.
std::vector<EdgeRef> edgesOf(const std::vector<EdgeSelection>& selections,
                             const core::SequenceSet& set, const core::ModelSpec& model);

/// Why selections with this name have no edge, edgesOf() being empty.
std::string whyNoEdge(const std::string& name, const std::vector<EdgeSelection>& selections,
                      const core::SequenceSet& set, core::ModelSpec model);

}  // namespace anchorlens::engine
