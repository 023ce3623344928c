// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/session/edges.h"

#include <algorithm>
#include <charconv>
#include <set>

namespace anchorlens::engine {
namespace {

std::optional<int> numberOf(std::string_view text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool is_whole = error == std::errc() && end == text.data() + text.size();
  return is_whole && value >= 0 ? std::optional<int>(value) : std::nullopt;
}

std::string knownPlaces(const core::Task& task) {
  std::string known = "reader, anchor, key";
  for (const core::RoleInfo& role : task.roles()) {
    if (role.kind != core::RoleInfo::Kind::Noise) {
      known += ", " + role.name;
    }
  }
  return known + ", a position from 0 to " + std::to_string(task.seqLen() - 1) + ", *";
}

/// Roles that a name stands for: "key" for every key.
std::vector<std::uint8_t> rolesNamed(std::string_view name, const core::Task& task) {
  std::vector<std::uint8_t> roles;
  for (std::size_t i = 0; i < task.roles().size(); ++i) {
    const core::RoleInfo& role = task.roles()[i];
    const bool is_kind = (name == "key" && role.kind == core::RoleInfo::Kind::Key) ||
                         (name == "anchor" && role.kind == core::RoleInfo::Kind::Anchor);
    if (is_kind || (role.kind != core::RoleInfo::Kind::Noise && role.name == name)) {
      roles.push_back(static_cast<std::uint8_t>(i));
    }
  }
  return roles;
}

core::Unexpected<std::string> badEdge(std::string_view text) {
  return core::Unexpected("\"" + std::string(text) +
                          "\": expected LAYER.HEAD:READER>SOURCE, such as 0.0:key>anchor (or "
                          "0:key>anchor for every head of the layer)");
}

}  // namespace

core::Expected<Places, std::string> Places::parse(std::string_view text, const core::Task& task) {
  Places places;
  if (text == "*") {
    places.all = true;
  } else if (text == "reader") {
    places.reader = true;
  } else if (const auto position = numberOf(text); position && *position < task.seqLen()) {
    places.positions.push_back(*position);
  } else {
    places.roles = rolesNamed(text, task);
    if (places.roles.empty()) {
      return core::Unexpected("\"" + std::string(text) + "\" is no place of this task: expected " +
                              knownPlaces(task));
    }
  }
  return places;
}

std::vector<int> Places::of(const core::SequenceSet& set, std::size_t sequence) const {
  std::vector<int> found;
  const auto sequence_roles = set.rolesOf(sequence);
  for (int p = 0; p < set.lengths[sequence]; ++p) {
    const bool has_role = std::find(roles.begin(), roles.end(),
                                    sequence_roles[static_cast<std::size_t>(p)]) != roles.end();
    const bool is_named = std::find(positions.begin(), positions.end(), p) != positions.end();
    if (all || has_role || is_named || (reader && p + 1 == set.lengths[sequence])) {
      found.push_back(p);
    }
  }
  return found;
}

core::Expected<EdgeSelection, std::string> EdgeSelection::parse(std::string_view text,
                                                                const core::Task& task,
                                                                const core::ModelSpec& model) {
  const std::size_t colon = text.find(':');
  const std::size_t arrow = text.find('>');
  if (colon == std::string_view::npos || arrow == std::string_view::npos || arrow < colon) {
    return badEdge(text);
  }
  const std::string_view place = text.substr(0, colon);
  const std::size_t dot = place.find('.');
  const auto layer = numberOf(place.substr(0, dot));
  EdgeSelection edge;
  if (dot != std::string_view::npos) {
    edge.head = numberOf(place.substr(dot + 1));
  }
  if (!layer || (dot != std::string_view::npos && !edge.head)) {
    return badEdge(text);
  }
  if (*layer >= model.n_layers || edge.head.value_or(0) >= model.n_heads) {
    return core::Unexpected("\"" + std::string(text) + "\": this model has layers 0 to " +
                            std::to_string(model.n_layers - 1) + " and heads 0 to " +
                            std::to_string(model.n_heads - 1));
  }
  auto query = Places::parse(text.substr(colon + 1, arrow - colon - 1), task);
  auto key = Places::parse(text.substr(arrow + 1), task);
  if (!query || !key) {
    return core::Unexpected(!query ? query.error() : key.error());
  }
  edge.layer = *layer;
  edge.query = std::move(*query);
  edge.key = std::move(*key);
  edge.text = std::string(text);
  return edge;
}

std::vector<EdgeRef> edgesOf(const std::vector<EdgeSelection>& selections,
                             const core::SequenceSet& set, const core::ModelSpec& model) {
  std::vector<EdgeRef> edges;
  const bool is_causal = model.mask == core::ModelSpec::Mask::Causal;
  for (const EdgeSelection& selection : selections) {
    const int first = selection.head.value_or(0);
    const int last = selection.head.value_or(model.n_heads - 1);
    for (std::size_t i = 0; i < set.size(); ++i) {
      const std::vector<int> keys = selection.key.of(set, i);
      for (const int q : selection.query.of(set, i)) {
        for (const int k : keys) {
          for (int head = first; head <= last && !(is_causal && k > q); ++head) {
            edges.push_back({static_cast<std::uint32_t>(i),
                             static_cast<std::uint16_t>(selection.layer),
                             static_cast<std::uint16_t>(head), static_cast<std::uint16_t>(q),
                             static_cast<std::uint16_t>(k)});
          }
        }
      }
    }
  }
  std::sort(edges.begin(), edges.end());
  edges.erase(std::unique(edges.begin(), edges.end()), edges.end());
  return edges;
}

std::string whyNoEdge(const std::string& name, const std::vector<EdgeSelection>& selections,
                      const core::SequenceSet& set, core::ModelSpec model) {
  model.mask = core::ModelSpec::Mask::None;
  const bool is_hidden = !edgesOf(selections, set, model).empty();
  return "\"" + name + "\" names no edge: " +
         (is_hidden ? "a reader sees itself and what stands before it"
                    : "no sequence has both the reader and the source");
}

}  // namespace anchorlens::engine
