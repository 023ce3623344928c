// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/flow/flow_graph.h"

#include <algorithm>
#include <array>
#include <numeric>

namespace anchorlens::widgets {

namespace {

std::size_t indexOf(int layer, int head, int n_heads) {
  return static_cast<std::size_t>(layer * n_heads + head);
}

bool isWanted(const FlowGraph& graph, const FlowOptions& options, int layer, int head) {
  switch (options.heads) {
    case FlowOptions::Heads::All:
      return true;
    case FlowOptions::Heads::Labelled: {
      const BadgeInfo* badge = graph.badge(layer, head);
      return badge != nullptr && badge->state == core::LabelState::Entered;
    }
    case FlowOptions::Heads::Selected:
      break;
  }
  return layer == options.layer && head == options.head;
}

bool isKept(const FlowOptions& options, const FlowEdge& edge) {
  return options.kept && edge.isSame(*options.kept);
}

void addEdges(FlowGraph& graph, const HeadMapData& map, const FlowOptions& options) {
  const bool is_wanted = isWanted(graph, options, map.layer, map.head);
  for (int reader = 0; reader < map.length; ++reader) {
    for (int source = 0; source < map.length; ++source) {
      const Cell cell{reader, source};
      const FlowEdge edge{map.layer, map.head, reader, source, map.at(cell)};
      const bool is_wide = is_wanted && graph.width(edge) >= options.hide_below;
      if (map.allows(cell) && (is_wide || isKept(options, edge))) {
        graph.edges.push_back(edge);
      }
    }
  }
}

/// The strongest first would cover the rest: they come last.
void keepStrongest(FlowGraph& graph, const FlowOptions& options) {
  std::stable_sort(
      graph.edges.begin(), graph.edges.end(),
      [&graph](const FlowEdge& a, const FlowEdge& b) { return graph.width(a) < graph.width(b); });
  if (graph.edges.size() > FlowGraph::kMostEdges) {
    graph.n_hidden = graph.edges.size() - FlowGraph::kMostEdges;
    const auto first = graph.edges.begin() + static_cast<std::ptrdiff_t>(graph.n_hidden);
    const auto kept = std::find_if(graph.edges.begin(), first, [&options](const FlowEdge& edge) {
      return isKept(options, edge);
    });
    if (kept != first) {
      *first = *kept;  // instead of the weakest
    }
    graph.edges.erase(graph.edges.begin(), first);
  }
}

double largestCell(const EvaluatedHeads& heads) {
  float most = 0;
  for (const std::vector<float>& cells : heads.cells) {
    most = std::accumulate(cells.begin(), cells.end(), most,
                           [](float a, float b) { return std::max(a, b); });
  }
  return static_cast<double>(most);
}

QString tokenWord(const FlowGraph& graph, int position) {
  const TokenText& token = graph.tokens[static_cast<std::size_t>(position)];
  constexpr std::array<const char*, 4> kRoles{"", ", anchor", ", key", ", answer"};
  const QString role = QString::fromLatin1(kRoles[static_cast<std::size_t>(token.role)]);
  return graph.is_mean
             ? QStringLiteral("position %1").arg(position)
             : QStringLiteral("position %1, token %2%3,").arg(position).arg(token.text, role);
}

}  // namespace

const BadgeInfo* FlowGraph::badge(int layer, int head) const {
  const std::size_t i = indexOf(layer, head, n_heads);
  return i < badges.size() ? &badges[i] : nullptr;
}

Mechanism FlowGraph::mechanism(int layer, int head) const {
  const BadgeInfo* of = badge(layer, head);
  return of != nullptr && of->state == core::LabelState::Entered ? of->mechanism : Mechanism::None;
}

double FlowGraph::movedAt(int layer, int head, Cell cell) const {
  const auto& cells = moved->cells[indexOf(layer, head, n_heads)];
  return static_cast<double>(cells[static_cast<std::size_t>(cell.reader * length + cell.source)]);
}

double FlowGraph::width(int layer, int head, Cell cell, float attention) const {
  return moved && most_moved > 0 ? movedAt(layer, head, cell) / most_moved
                                 : static_cast<double>(attention);
}

FlowGraph makeFlowGraph(const std::vector<HeadMapData>& maps, int n_layers, int n_heads,
                        std::vector<BadgeInfo> badges, bool has_residual,
                        const FlowOptions& options, EvaluatedPtr moved) {
  FlowGraph graph;
  if (maps.empty() || maps.front().isEmpty()) {
    return graph;
  }
  const HeadMapData& first = maps.front();
  graph.step = first.step;
  graph.n_layers = n_layers;
  graph.n_heads = n_heads;
  graph.length = first.length;
  graph.causal = first.causal;
  graph.is_mean = first.is_mean;
  graph.has_residual = has_residual;
  graph.tokens = first.tokens;
  graph.badges = std::move(badges);
  if (moved) {
    graph.most_moved = largestCell(*moved);
    graph.moved = std::move(moved);
  }
  for (const HeadMapData& map : maps) {
    addEdges(graph, map, options);
  }
  keepStrongest(graph, options);
  return graph;
}

FlowGraph makeFlowGraph(const core::Frame& frame, const ProbeContext& probe, ProbeChoice choice,
                        const std::vector<core::HeadLabel>& labels, bool has_residual,
                        const FlowOptions& options, EvaluatedPtr moved) {
  const core::PatternBatch& batch = choice.mean ? frame.mean : frame.shown;
  const auto maps = moved ? moved->maps : makeHeadMaps(frame, probe, choice);
  std::vector<BadgeInfo> badges;
  for (std::size_t i = 0; i < std::min(labels.size(), frame.scores.size()); ++i) {
    badges.push_back(badgeOf(labels[i], frame.scores[i], probe.roles));
  }
  FlowGraph graph = makeFlowGraph(maps, batch.n_layers, batch.n_heads, std::move(badges),
                                  has_residual, options, std::move(moved));
  if (graph.isEmpty() || choice.mean) {
    return graph;
  }
  addRoutes(graph, maps, probe, choice.sequence);
  const auto i = static_cast<std::size_t>(choice.sequence);
  if (graph.step == frame.step && i < frame.predictions.size()) {
    graph.predicted = QString::number(frame.predictions[i].tokens[0]);
  }
  return graph;
}

QString edgeDescription(const FlowGraph& graph, const FlowEdge& edge) {
  QString to = tokenWord(graph, edge.reader);
  if (to.endsWith(QLatin1Char(','))) {
    to.chop(1);
  }
  QString size = QStringLiteral("attention %1").arg(static_cast<double>(edge.weight), 0, 'f', 2);
  if (graph.moved) {
    size += QStringLiteral(", value-weighted %1")
                .arg(formatMapValue(graph.movedAt(edge.layer, edge.head, edge.cell())));
  }
  return QStringLiteral("Layer %1 head %2 moves %3 to %4: %5.")
      .arg(edge.layer)
      .arg(edge.head)
      .arg(tokenWord(graph, edge.source), to, size);
}

NumberTable flowNumbers(const FlowGraph& graph) {
  NumberTable table;
  table.title = QStringLiteral("Flow, step %1").arg(graph.step);
  table.columns = {
      QStringLiteral("layer"),        QStringLiteral("head"),   QStringLiteral("reader"),
      QStringLiteral("reader_token"), QStringLiteral("source"), QStringLiteral("source_token"),
      QStringLiteral("weight"),       QStringLiteral("label"),  QStringLiteral("route")};
  if (graph.moved) {
    table.columns << QStringLiteral("value_weighted");
  }
  const auto token = [&](int position) {
    return graph.is_mean ? QString() : graph.tokens[static_cast<std::size_t>(position)].text;
  };
  for (auto edge = graph.edges.rbegin(); edge != graph.edges.rend(); ++edge) {
    const BadgeInfo* badge = graph.badge(edge->layer, edge->head);
    const bool is_labelled = badge != nullptr && badge->state == core::LabelState::Entered;
    const QString label = is_labelled ? badge->text : QString();
    QStringList routes;
    for (const FlowRoute& route : graph.routes) {
      const bool is_on =
          std::any_of(route.path.steps.begin(), route.path.steps.end(), [&](const FlowStep& step) {
            return step.layer == edge->layer && step.head == edge->head &&
                   step.from == edge->source && step.to == edge->reader;
          });
      if (is_on) {
        routes << route.name;
      }
    }
    table.rows.push_back({static_cast<qint64>(edge->layer), static_cast<qint64>(edge->head),
                          static_cast<qint64>(edge->reader), token(edge->reader),
                          static_cast<qint64>(edge->source), token(edge->source),
                          static_cast<double>(edge->weight), label,
                          routes.join(QStringLiteral("; "))});
    if (graph.moved) {
      table.rows.back().push_back(graph.movedAt(edge->layer, edge->head, edge->cell()));
    }
  }
  return table;
}

}  // namespace anchorlens::widgets
