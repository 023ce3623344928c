// SPDX-License-Identifier: GPL-3.0-or-later
// Which ways the task's tokens take to the output.
#include "widgets/flow/flow_graph.h"

#include <algorithm>
#include <span>
#include <utility>

namespace anchorlens::widgets {

namespace {

/// How much an edge must have beyond an untrained head: the lift from which a label forms.
constexpr double kLeastLift = 0.25;

/// The head of a layer that moves most along an edge, and how much.
FlowStep strongestEdge(const std::vector<HeadMapData>& maps, int n_heads, int layer, int from,
                       int to) {
  FlowStep best{layer, -1, from, to, 0};
  for (int head = 0; head < n_heads; ++head) {
    const HeadMapData& map = maps[static_cast<std::size_t>(layer * n_heads + head)];
    const Cell cell{to, from};
    if (map.allows(cell) && map.at(cell) > best.weight) {
      best.head = head;
      best.weight = map.at(cell);
    }
  }
  return best;
}

/// A layer's step from one position to the same or another one; weight 0: impossible.
FlowStep strongestStep(const std::vector<HeadMapData>& maps, int n_heads, bool has_residual,
                       int layer, int from, int to) {
  if (from == to && has_residual) {
    return {layer, -1, from, to, 1};
  }
  return strongestEdge(maps, n_heads, layer, from, to);
}

/// Viterbi over the layers: states are indices, `step(layer, a, b)` is what leads from state a to
/// state b in a layer (weight 0: nothing does).
template <typename Step>
FlowPath strongestPath(int n_layers, std::size_t n_states, std::size_t first, std::size_t last,
                       const Step& step) {
  std::vector<double> strength(n_states, 0.0);
  strength[first] = 1;
  std::vector<std::vector<std::size_t>> before;
  std::vector<std::vector<FlowStep>> steps;
  for (int layer = 0; layer < n_layers; ++layer) {
    std::vector<double> next(n_states, 0.0);
    before.emplace_back(n_states, 0);
    steps.emplace_back(n_states);
    for (std::size_t from = 0; from < n_states; ++from) {
      for (std::size_t to = 0; to < n_states && strength[from] > 0; ++to) {
        const FlowStep taken = step(layer, from, to);
        const double total = strength[from] * static_cast<double>(taken.weight);
        if (total > next[to]) {
          next[to] = total;
          before.back()[to] = from;
          steps.back()[to] = taken;
        }
      }
    }
    strength = std::move(next);
  }
  FlowPath path;
  path.strength = strength[last];
  if (path.strength <= 0) {
    return {};
  }
  std::size_t state = last;
  for (std::size_t layer = steps.size(); layer-- > 0;) {
    path.steps.insert(path.steps.begin(), steps[layer][state]);
    state = before[layer][state];
  }
  return path;
}

int positionOf(std::span<const std::uint8_t> roles, std::uint8_t role) {
  const auto found = std::find(roles.begin(), roles.end(), role);
  return found == roles.end() ? -1 : static_cast<int>(found - roles.begin());
}

void addOnce(std::vector<std::vector<int>>& ways, std::vector<int> way) {
  way.erase(std::unique(way.begin(), way.end()), way.end());
  if (way.size() > 1 && std::find(ways.begin(), ways.end(), way) == ways.end()) {
    ways.push_back(std::move(way));
  }
}

/// Positions in one sequence.
using Pairs = std::vector<std::pair<int, int>>;

Pairs pairsOf(const ProbeContext& probe, std::size_t sequence) {
  const auto roles = probe.shown.rolesOf(sequence);
  const int form = sequence < probe.shown.forms.size() ? probe.shown.forms[sequence] : 0;
  Pairs pairs;
  for (const core::RolePair& pair : probe.pairs) {
    const int first = positionOf(roles, pair.first);
    const int second = positionOf(roles, pair.second);
    if (pair.form == form && first >= 0 && second >= 0) {
      pairs.emplace_back(first, second);
    }
  }
  return pairs;
}

/// The chains that `chain` begins: each pair starts with what the one before it ends with.
void addChains(std::vector<std::vector<int>>& ways, const Pairs& pairs, std::vector<int> chain,
               int output) {
  bool is_whole = true;
  for (const auto& [first, second] : pairs) {
    if (first == chain.back() && std::find(chain.begin(), chain.end(), second) == chain.end()) {
      std::vector<int> longer = chain;
      longer.push_back(second);
      addChains(ways, pairs, std::move(longer), output);
      is_whole = false;
    }
  }
  if (is_whole && chain.size() > 2) {
    std::sort(chain.begin(), chain.end());
    chain.push_back(output);
    addOnce(ways, std::move(chain));
  }
}

/// Each pair on its own, and where pairs hang together (x with A, A with B) each whole chain.
std::vector<std::vector<int>> waysOf(const ProbeContext& probe, std::size_t sequence, int output) {
  const auto roles = probe.shown.rolesOf(sequence);
  const Pairs pairs = pairsOf(probe, sequence);
  std::vector<std::vector<int>> ways;
  for (const auto& [first, second] : pairs) {
    addOnce(ways, {std::min(first, second), std::max(first, second), output});
  }
  for (const auto& pair : pairs) {
    const bool is_first = std::none_of(pairs.begin(), pairs.end(), [&pair](const auto& other) {
      return other.second == pair.first;
    });
    if (is_first) {
      addChains(ways, pairs, {pair.first}, output);
    }
  }
  if (ways.empty()) {  // a task without an anchor: its keys
    for (int position = 0; position < output; ++position) {
      const auto& role = probe.roles.at(roles[static_cast<std::size_t>(position)]);
      if (tokenRole(role) == TokenRole::Key) {
        addOnce(ways, {position, output});
      }
    }
  }
  return ways;
}

QString nameOf(const FlowGraph& graph, const std::vector<int>& way) {
  QStringList words;
  for (const int position : way) {
    words << (position == graph.output() ? QStringLiteral("output")
                                         : graph.tokens[static_cast<std::size_t>(position)].text);
  }
  return words.join(QStringLiteral(" → "));
}

bool isMarked(const FlowGraph& graph, const FlowRoute& route) {
  const auto is_strong = [&](const FlowStep& step) {
    const double chance = 1.0 / (graph.causal ? step.to + 1 : graph.length);
    return !step.isEdge() || core::lift(static_cast<double>(step.weight), chance) >= kLeastLift;
  };
  return route.path.strength > 0 &&
         std::all_of(route.path.steps.begin(), route.path.steps.end(), is_strong) &&
         (!route.alternative || route.path.strength > route.alternative->strength);
}

}  // namespace

FlowPath strongestAlong(const std::vector<HeadMapData>& maps, int n_layers, int n_heads,
                        bool has_residual, const std::vector<int>& positions) {
  if (positions.empty()) {
    return {};
  }
  const auto step = [&](int layer, std::size_t from, std::size_t to) -> FlowStep {
    if (to != from && to != from + 1) {
      return {layer, -1, positions[from], positions[to], 0};
    }
    return strongestStep(maps, n_heads, has_residual, layer, positions[from], positions[to]);
  };
  return strongestPath(n_layers, positions.size(), 0, positions.size() - 1, step);
}

FlowPath strongestAvoiding(const std::vector<HeadMapData>& maps, int n_layers, int n_heads,
                           bool has_residual, int from, int to, const std::vector<int>& avoided) {
  const auto is_avoided = [&](std::size_t position) {
    return std::find(avoided.begin(), avoided.end(), static_cast<int>(position)) != avoided.end();
  };
  const auto step = [&](int layer, std::size_t a, std::size_t b) -> FlowStep {
    if (is_avoided(a) || is_avoided(b)) {
      return {layer, -1, static_cast<int>(a), static_cast<int>(b), 0};
    }
    return strongestStep(maps, n_heads, has_residual, layer, static_cast<int>(a),
                         static_cast<int>(b));
  };
  const int length = maps.empty() ? 0 : maps.front().length;
  return strongestPath(n_layers, static_cast<std::size_t>(length), static_cast<std::size_t>(from),
                       static_cast<std::size_t>(to), step);
}

void addRoutes(FlowGraph& graph, const std::vector<HeadMapData>& maps, const ProbeContext& probe,
               int sequence) {
  const auto i = static_cast<std::size_t>(sequence);
  if (graph.isEmpty() || sequence < 0 || i >= probe.shown.size()) {
    return;
  }
  if (i < probe.shown.targets.size()) {
    graph.answer = QString::number(probe.shown.targets[i]);
  }
  for (const std::vector<int>& way : waysOf(probe, i, graph.output())) {
    FlowRoute route;
    route.name = nameOf(graph, way);
    route.positions = way;
    route.path = strongestAlong(maps, graph.n_layers, graph.n_heads, graph.has_residual, way);
    if (way.size() > 2) {
      route.alternative =
          strongestAvoiding(maps, graph.n_layers, graph.n_heads, graph.has_residual, way.front(),
                            way.back(), {way.begin() + 1, way.end() - 1});
    }
    route.is_marked = isMarked(graph, route);
    graph.routes.push_back(std::move(route));
  }
  std::stable_sort(
      graph.routes.begin(), graph.routes.end(), [](const FlowRoute& a, const FlowRoute& b) {
        return a.is_marked != b.is_marked ? a.is_marked : a.path.strength > b.path.strength;
      });
}

}  // namespace anchorlens::widgets
