// SPDX-License-Identifier: GPL-3.0-or-later
// Paths and edges of made maps, worked out by hand.
#include "tests/widgets/made_run.h"
#include "widgets/flow/flow_graph.h"

#include <QTest>

#include <algorithm>

using namespace anchorlens;
using namespace anchorlens::widgets;

namespace {

constexpr int kLength = 5;
constexpr int kAnchor = 1;
constexpr int kKey = 2;
constexpr int kOutput = 4;

struct Weight {
  int layer;
  int head;
  int reader;
  int source;
  float weight;
};

/// All other cells are 0.01.
std::vector<HeadMapData> mapsOf(int n_layers, int n_heads, const std::vector<Weight>& weights,
                                int length = kLength) {
  std::vector<HeadMapData> maps;
  for (int layer = 0; layer < n_layers; ++layer) {
    for (int head = 0; head < n_heads; ++head) {
      HeadMapData map;
      map.layer = layer;
      map.head = head;
      map.length = length;
      map.pattern.assign(static_cast<std::size_t>(length * length), 0.01F);
      for (int i = 0; i < length; ++i) {
        const TokenRole role = i == kAnchor ? TokenRole::Anchor
                               : i == kKey  ? TokenRole::Key
                                            : TokenRole::Noise;
        map.tokens.push_back({QString::number(20 + i), role});
      }
      maps.push_back(map);
    }
  }
  for (const Weight& w : weights) {
    HeadMapData& map = maps[static_cast<std::size_t>(w.layer * n_heads + w.head)];
    map.pattern[map.index({w.reader, w.source})] = w.weight;
  }
  return maps;
}

/// One sequence: anchor at 1, key at 2, output at 4.
ProbeContext probeOf() {
  ProbeContext probe;
  probe.roles = {{core::RoleInfo::Kind::Noise, "noise", ""},
                 {core::RoleInfo::Kind::Anchor, "anchor:3", "3"},
                 {core::RoleInfo::Kind::Key, "key:x", "x"}};
  probe.pairs = {{0, 1, 2}};
  probe.shown.seq_len = kLength;
  probe.shown.tokens = {20, 21, 22, 23, 24};
  probe.shown.roles = {0, 1, 2, 0, 0};
  probe.shown.lengths = {kLength};
  probe.shown.targets = {22};
  probe.shown.forms = {0};
  return probe;
}

FlowGraph graphOf(const std::vector<HeadMapData>& maps, int n_layers, int n_heads,
                  bool has_residual = true) {
  FlowGraph graph = makeFlowGraph(maps, n_layers, n_heads, {}, has_residual, {});
  addRoutes(graph, maps, probeOf(), 0);
  return graph;
}

}  // namespace

class TestFlowGraph : public QObject {
  Q_OBJECT

 private slots:
  void theTasksPathIsFound() {
    // The key reads the anchor in layer 0, the output the key in layer 1.
    const auto maps = mapsOf(2, 2,
                             {{0, 1, kKey, kAnchor, 0.9F},
                              {0, 0, kKey, kAnchor, 0.2F},
                              {1, 0, kOutput, kKey, 0.8F},
                              {1, 1, kOutput, kAnchor, 0.3F}});
    const FlowGraph graph = graphOf(maps, 2, 2);
    QCOMPARE(graph.routes.size(), std::size_t(1));
    const FlowRoute& route = graph.routes.front();
    QCOMPARE(route.name, QStringLiteral("21 → 22 → output"));
    QCOMPARE(route.positions, (std::vector<int>{kAnchor, kKey, kOutput}));
    QCOMPARE(route.path.steps,
             (std::vector<FlowStep>{{0, 1, kAnchor, kKey, 0.9F}, {1, 0, kKey, kOutput, 0.8F}}));
    QVERIFY(std::abs(route.path.strength - 0.72) < 1e-6);
    // Around the key: the anchor stays, then the output reads it.
    QVERIFY(route.alternative.has_value());
    QCOMPARE(route.alternative->steps, (std::vector<FlowStep>{{0, -1, kAnchor, kAnchor, 1.0F},
                                                              {1, 1, kAnchor, kOutput, 0.3F}}));
    QVERIFY(std::abs(route.alternative->strength - 0.3) < 1e-6);
    QVERIFY(route.is_marked);
    QCOMPARE(graph.answer, QStringLiteral("22"));
  }

  void aLayerMayBePassed() {
    const auto maps = mapsOf(4, 1, {{1, 0, kKey, kAnchor, 0.9F}, {3, 0, kOutput, kKey, 0.9F}});
    const FlowRoute route = graphOf(maps, 4, 1).routes.front();
    QCOMPARE(route.path.steps.size(), std::size_t(4));
    QVERIFY(!route.path.steps[0].isEdge() && !route.path.steps[2].isEdge());
    QVERIFY(std::abs(route.path.strength - 0.81) < 1e-6);
    QVERIFY(route.is_marked);
  }

  void withoutAResidualStreamStayingIsAnEdge() {
    const auto maps = mapsOf(
        3, 1, {{0, 0, kKey, kAnchor, 0.9F}, {1, 0, kKey, kKey, 0.5F}, {2, 0, kOutput, kKey, 0.8F}});
    const FlowRoute route = graphOf(maps, 3, 1, false).routes.front();
    QCOMPARE(route.path.steps[1], (FlowStep{1, 0, kKey, kKey, 0.5F}));
    QVERIFY(std::abs(route.path.strength - 0.36) < 1e-6);
  }

  void aStrongerWayAroundIsNotMarked() {
    const auto maps = mapsOf(
        2, 1,
        {{0, 0, kKey, kAnchor, 0.6F}, {1, 0, kOutput, kKey, 0.6F}, {1, 0, kOutput, kAnchor, 0.4F}});
    const FlowRoute route = graphOf(maps, 2, 1).routes.front();
    QVERIFY(route.path.strength < route.alternative->strength);
    QVERIFY(!route.is_marked);
  }

  void anUntrainedModelHasNoMarkedPath() {
    std::vector<Weight> uniform;
    for (int layer = 0; layer < 2; ++layer) {
      for (int reader = 0; reader < kLength; ++reader) {
        for (int source = 0; source <= reader; ++source) {
          uniform.push_back({layer, 0, reader, source, 1.0F / static_cast<float>(reader + 1)});
        }
      }
    }
    const FlowRoute route = graphOf(mapsOf(2, 1, uniform), 2, 1).routes.front();
    QVERIFY(std::abs(route.path.strength - 1.0 / 15) < 1e-6);
    QVERIFY(!route.is_marked);
  }

  void oneLayerHasNoPathOfTwoEdges() {
    const auto maps = mapsOf(1, 1, {{0, 0, kKey, kAnchor, 0.9F}});
    const FlowRoute route = graphOf(maps, 1, 1).routes.front();
    QCOMPARE(route.path, FlowPath{});
    QVERIFY(!route.is_marked);
  }

  void pairsThatHangTogetherAreOneChain() {
    // x A B at 1 2 3: x with A, A with B.
    ProbeContext probe = probeOf();
    probe.roles.push_back({core::RoleInfo::Kind::Anchor, "anchor:B", "B"});
    probe.shown.roles = {0, 2, 1, 3, 0};
    probe.pairs = {{0, 2, 1}, {0, 1, 3}};
    const auto maps = mapsOf(3, 1, {{0, 0, 2, 1, 0.9F}, {1, 0, 3, 2, 0.8F}, {2, 0, 4, 3, 0.7F}});
    FlowGraph graph = makeFlowGraph(maps, 3, 1, {}, true, {});
    addRoutes(graph, maps, probe, 0);
    QStringList names;
    for (const FlowRoute& route : graph.routes) {
      names << route.name;
    }
    names.sort();
    QCOMPARE(names, (QStringList{"21 → 22 → 23 → output", "21 → 22 → output", "22 → 23 → output"}));
    const auto chain = std::find_if(graph.routes.begin(), graph.routes.end(),
                                    [](const FlowRoute& r) { return r.positions.size() == 4; });
    QVERIFY(std::abs(chain->path.strength - 0.504) < 1e-6);
    QVERIFY(chain->is_marked);
  }

  void argumentsOfTheirOwnAreNotOneChain() {
    // x A y C B at 0 to 4, as in min(A(x), B(C(y))).
    using Kind = core::RoleInfo::Kind;
    ProbeContext probe;
    probe.roles = {{Kind::Noise, "noise", ""},      {Kind::Key, "key:x", "x"},
                   {Kind::Anchor, "anchor:A", "A"}, {Kind::Key, "key:y", "y"},
                   {Kind::Anchor, "anchor:C", "C"}, {Kind::Anchor, "anchor:B", "B"}};
    probe.pairs = {{0, 1, 2}, {0, 3, 4}, {0, 4, 5}};
    probe.shown.seq_len = 6;
    probe.shown.tokens = {20, 21, 22, 23, 24, 25};
    probe.shown.roles = {1, 2, 3, 4, 5, 0};
    probe.shown.lengths = {6};
    probe.shown.targets = {20};
    probe.shown.forms = {0};
    const auto maps = mapsOf(4, 1, {}, 6);
    for (int order = 0; order < 2; ++order) {
      FlowGraph graph = makeFlowGraph(maps, 4, 1, {}, true, {});
      addRoutes(graph, maps, probe, 0);
      QStringList names;
      for (const FlowRoute& route : graph.routes) {
        names << route.name;
      }
      names.sort();
      QCOMPARE(names, (QStringList{"20 → 21 → output", "22 → 23 → 24 → output", "22 → 23 → output",
                                   "23 → 24 → output"}));
      std::reverse(probe.pairs.begin(), probe.pairs.end());
    }
  }

  void edgesAreFilteredAndSorted() {
    const auto maps = mapsOf(2, 1, {{0, 0, kKey, kAnchor, 0.9F}, {1, 0, kOutput, kKey, 0.3F}});
    FlowGraph graph = graphOf(maps, 2, 1);
    QCOMPARE(graph.edges,
             (std::vector<FlowEdge>{{1, 0, kOutput, kKey, 0.3F}, {0, 0, kKey, kAnchor, 0.9F}}));
    FlowOptions options;
    options.hide_below = 0.5;
    QCOMPARE(makeFlowGraph(maps, 2, 1, {}, true, options).edges.size(), std::size_t(1));
    options.hide_below = 0.1;
    options.heads = FlowOptions::Heads::Selected;
    options.layer = 1;
    QCOMPARE(makeFlowGraph(maps, 2, 1, {}, true, options).edges.front().layer, 1);
    options.heads = FlowOptions::Heads::Labelled;
    QVERIFY(makeFlowGraph(maps, 2, 1, {}, true, options).edges.empty());
    BadgeInfo shift;
    shift.state = core::LabelState::Entered;
    shift.mechanism = Mechanism::Shift;
    QCOMPARE(makeFlowGraph(maps, 2, 1, {shift, BadgeInfo{}}, true, options).edges.front().layer, 0);
  }

  void onlyTheStrongestAreDrawnAndTheRestCounted() {
    tests::MadeRunOptions options;
    options.n_layers = 4;
    options.n_heads = 4;
    options.seq_len = 20;
    const tests::MadeRun run(options);
    FlowOptions all;
    all.hide_below = 0.001;
    const FlowGraph graph = makeFlowGraph(*run.frame(0), *run.probe(), {}, {}, true, all);
    QCOMPARE(graph.edges.size(), FlowGraph::kMostEdges);
    QVERIFY(graph.n_hidden > 0);
    QVERIFY(std::is_sorted(graph.edges.begin(), graph.edges.end(),
                           [](const auto& a, const auto& b) { return a.weight < b.weight; }));
    all.kept = FlowEdge{3, 3, 19, 0, 0};  // one of twenty like ones
    const FlowGraph with = makeFlowGraph(*run.frame(0), *run.probe(), {}, {}, true, all);
    QCOMPARE(with.edges.size(), FlowGraph::kMostEdges);
    QCOMPARE(with.n_hidden, graph.n_hidden);
    QVERIFY(with.edges.front().isSame(*all.kept));
  }

  void theMeanHasNoPath() {
    const tests::MadeRun run;
    const FlowGraph graph = makeFlowGraph(*run.frame(18400), *run.probe(), {true, 0}, {}, true, {});
    QVERIFY(graph.is_mean);
    QVERIFY(!graph.edges.empty());
    QVERIFY(graph.routes.empty());
  }

  void valueWeightedWidthsAreSharesOfTheLargest() {
    // The output reads the anchor twice as much as the key, but that moves a quarter as much.
    const auto maps = mapsOf(2, 1, {{1, 0, kOutput, kAnchor, 0.8F}, {1, 0, kOutput, kKey, 0.4F}});
    auto moved = std::make_shared<EvaluatedHeads>();
    moved->cells.assign(2, std::vector<float>(kLength * kLength, 0.0F));
    moved->cells[1][maps[1].index({kOutput, kAnchor})] = 1.5F;
    moved->cells[1][maps[1].index({kOutput, kKey})] = 6.0F;
    const FlowGraph graph = makeFlowGraph(maps, 2, 1, {}, true, {}, moved);
    QCOMPARE(graph.edges,
             (std::vector<FlowEdge>{{1, 0, kOutput, kAnchor, 0.8F}, {1, 0, kOutput, kKey, 0.4F}}));
    QCOMPARE(graph.most_moved, 6.0);
    QCOMPARE(graph.width(graph.edges[0]), 0.25);
    QCOMPARE(graph.width(graph.edges[1]), 1.0);
    FlowOptions options;
    options.hide_below = 0.5;
    QCOMPARE(makeFlowGraph(maps, 2, 1, {}, true, options, moved).edges,
             std::vector<FlowEdge>{graph.edges[1]});
    QCOMPARE(makeFlowGraph(maps, 2, 1, {}, true, options).edges,
             std::vector<FlowEdge>{graph.edges[0]});
    const NumberTable table = flowNumbers(graph);
    QCOMPARE(table.columns.back(), QStringLiteral("value_weighted"));
    QCOMPARE(std::get<double>(table.rows[0].back()), 6.0);
    QVERIFY(edgeDescription(graph, graph.edges[0])
                .endsWith(QStringLiteral("attention 0.80, value-weighted 1.5.")));
  }

  void numbersNameTheRoute() {
    const auto maps = mapsOf(2, 1, {{0, 0, kKey, kAnchor, 0.9F}, {1, 0, kOutput, kKey, 0.8F}});
    const NumberTable table = flowNumbers(graphOf(maps, 2, 1));
    QCOMPARE(table.rows.size(), std::size_t(2));
    QCOMPARE(std::get<qint64>(table.rows[0][2]), kKey);
    QCOMPARE(std::get<QString>(table.rows[0][3]), QStringLiteral("22"));
    QCOMPARE(std::get<QString>(table.rows[0][8]), QStringLiteral("21 → 22 → output"));
  }
};

QTEST_MAIN(TestFlowGraph)
#include "tst_flow_graph.moc"
