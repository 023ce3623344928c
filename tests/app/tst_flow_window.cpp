// SPDX-License-Identifier: GPL-3.0-or-later
// The Flow tab in the window, with the real engine: the demo's path, and what cutting it does.
#include "app/anchorlens/flow_cuts.h"
#include "app/anchorlens/help_text.h"
#include "app/anchorlens/key_filter.h"
#include "app/anchorlens/places.h"
#include "engine/core/experiment_json.h"
#include "engine/session/causal_record.h"
#include "engine/session/run_parts.h"
#include "tests/app/window_fixture.h"
#include "widgets/attention_view.h"
#include "widgets/flow/flow_view.h"
#include "widgets/flow/path_list.h"
#include "widgets/number_format.h"
#include "widgets/panel_facts.h"
#include "widgets/panel_inspector.h"

#include <QTabWidget>
#include <QTest>

#include <algorithm>
#include <limits>
#include <utility>

using namespace anchorlens;
using namespace anchorlens::app;

namespace {

constexpr int kSoonMs = 60'000;

/// "98.4 %" -> 0.984; -1 when there is no such row.
double share(const widgets::InspectorPanel& inspector, const QString& name) {
  for (const auto& [row, value] : inspector.facts()->facts()) {
    if (row.contains(name)) {
      QString number = value;
      return number.remove(QLatin1Char('%')).remove(widgets::kThinSpace).trimmed().toDouble() / 100;
    }
  }
  return -1;
}

}  // namespace

class TestFlowWindow : public QObject {
  Q_OBJECT

 private:
  tests::TemporaryHome m_home;
  KeyFilter m_keys;
  std::filesystem::path m_run;

  /// The run at its last step, with the Flow tab in front; null: the test has failed.
  widgets::FlowView* openInFlow(tests::Desk& desk) {
    auto* flow = desk.window.tabs()->findChild<widgets::FlowView*>();
    const auto open = [&] {
      desk.window.openPath(toText(m_run));
      QTRY_COMPARE_WITH_TIMEOUT(desk.shownStep(), std::int64_t{450}, kSoonMs);
      QTest::keyClick(&desk.window, Qt::Key_3, Qt::ControlModifier);
      QTRY_VERIFY_WITH_TIMEOUT(flow->isVisible() && !flow->canvas()->graph().isEmpty(), kSoonMs);
    };
    open();
    return QTest::currentTestFailed() ? nullptr : flow;
  }

 private slots:
  void initTestCase() {
    qApp->installEventFilter(&m_keys);
    m_run = toPath(m_home.path(QStringLiteral("demo")));
    core::ExperimentSpec spec = core::preset("demo");
    spec.training.steps = 450;
    spec.training.device = "cpu";
    auto session = engine::RunSession::create(spec, m_run, {});
    QVERIFY(session);
    QCOMPARE((*session)->advance(std::chrono::hours(1), std::numeric_limits<std::int64_t>::max()),
             engine::RunSession::Outcome::Finished);
  }

  /// An edge is named by roles where these mean one position each, else by positions.
  void aRoleThatStandsTwiceIsNamedByPosition() {
    using Kind = core::RoleInfo::Kind;
    widgets::ProbeContext probe;
    probe.roles = {
        {Kind::Noise, "noise", ""}, {Kind::Anchor, "anchor:3", "3"}, {Kind::Key, "key:x", "x"}};
    probe.shown.seq_len = 6;
    probe.shown.tokens = {20, 3, 46, 3, 46, 21, 20, 3, 46, 21, 22, 23};
    probe.shown.roles = {0, 1, 2, 1, 2, 0, 0, 1, 2, 0, 0, 0};
    probe.shown.lengths = {6, 6};
    const auto named = [&probe](int sequence, int reader, int source) {
      return edgeText(probe, sequence, {1, 0, reader, source, 0.5F});
    };
    QCOMPARE(named(0, 4, 3), QStringLiteral("1.0:4>3"));
    QCOMPARE(named(0, 2, 1), QStringLiteral("1.0:2>1"));
    QCOMPARE(named(0, 5, 2), QStringLiteral("1.0:reader>2"));
    QCOMPARE(named(1, 2, 1), QStringLiteral("1.0:key:x>anchor:3"));
    QCOMPARE(named(1, 5, 2), QStringLiteral("1.0:reader>key:x"));
    QCOMPARE(named(1, 3, 0), QStringLiteral("1.0:3>0"));
    QCOMPARE(named(1, 5, 5), QStringLiteral("1.0:reader>reader"));
    // What is written so names that edge alone in a sequence.
    const auto spec = core::preset("demo");
    const auto task = core::Task::compile(spec.task);
    QVERIFY(task.has_value());
    const auto edge = engine::EdgeSelection::parse("1.0:4>3", *task, spec.model);
    QVERIFY(edge.has_value());
    const auto found = engine::edgesOf({*edge}, probe.shown, spec.model);
    QCOMPARE(found.size(), std::size_t{2});  // one a sequence
    QCOMPARE(int(found[0].query), 4);
    QCOMPARE(int(found[0].key), 3);
  }

  void cuttingThePathTakesTheAccuracyAndRandomEdgesDoNot() {
    tests::Desk desk;
    auto* flow = openInFlow(desk);
    if (flow == nullptr)
      return;
    QVERIFY(flow->canvas()->graph().routes.front().is_marked);
    auto* inspector = desk.window.findChild<widgets::InspectorPanel*>();
    QCOMPARE(inspector->title(), QStringLiteral("Path"));
    QCOMPARE(inspector->path()->lines().size(), 6);
    QTRY_VERIFY_WITH_TIMEOUT(share(*inspector, QStringLiteral("all of them cut")) >= 0, kSoonMs);
    const double before = share(*inspector, QStringLiteral("Accuracy"));
    QVERIFY2(before > 0.95, qPrintable(QString::number(before)));
    QVERIFY(share(*inspector, QStringLiteral("all of them cut")) < 0.1);
    QVERIFY(share(*inspector, QStringLiteral("L1 H0 edge")) < 0.1);
    QVERIFY(share(*inspector, QStringLiteral("L0 H0 edge")) < 0.4);
    const double random = share(*inspector, QStringLiteral("random edges"));
    QVERIFY2(random > 0.9, qPrintable(QString::number(random)));
  }

  void widthsByWhatIsMovedComeFromTheWeights() {
    tests::Desk desk;
    auto* flow = openInFlow(desk);
    if (flow == nullptr)
      return;
    auto options = flow->options();
    options.width = widgets::FlowOptions::Width::Weighted;
    flow->setOptions(options);
    QTRY_VERIFY_WITH_TIMEOUT(flow->canvas()->graph().moved, kSoonMs);
    const auto& graph = flow->canvas()->graph();
    QCOMPARE(graph.step, std::int64_t{450});
    QVERIFY(graph.most_moved > 0);
    QCOMPARE(graph.width(graph.edges.back()), 1.0);
    QVERIFY(graph.routes.front().is_marked);
    QVERIFY2(flow->note().contains(QStringLiteral("weights of step 450")),
             qPrintable(flow->note()));
    // Of the mean there are no such widths.
    flow->setChoice({true, 0});
    QTRY_VERIFY_WITH_TIMEOUT(flow->note().contains(QStringLiteral("choose one")), kSoonMs);
    QVERIFY(!flow->canvas()->graph().moved);
  }

  void kCutsTheSelectedEdgeAndKeepsTheResult() {
    tests::Desk desk;
    auto* flow = openInFlow(desk);
    if (flow == nullptr)
      return;
    // Layouts settle one after the other: until the canvas keeps its size.
    for (QSize size; std::exchange(size, flow->canvas()->size()) != flow->canvas()->size();)
      QTest::qWait(100);
    auto* inspector = desk.window.findChild<widgets::InspectorPanel*>();
    const auto& step = flow->canvas()->graph().routes.front().path.steps.back();
    const auto& edges = flow->canvas()->graph().edges;
    const auto edge = std::find_if(edges.begin(), edges.end(), [&](const widgets::FlowEdge& e) {
      return e.layer == step.layer && e.head == step.head && e.reader == step.to &&
             e.source == step.from;
    });
    QVERIFY(edge != edges.end());
    const QPoint at = flow->canvas()
                          ->flowLayout()
                          .edgePoint(edge->layer, edge->source, edge->reader, 0.5)
                          .toPoint();
    QTest::mouseMove(flow->canvas(), at);
    QTest::mouseClick(flow->canvas(), Qt::LeftButton, {}, at);
    QVERIFY2(inspector->title().startsWith(QStringLiteral("Edge L1 H0")),
             qPrintable(inspector->title()));
    QCOMPARE(desk.window.attention()->options().layer, 1);
    QTest::keyClick(flow->canvas(), Qt::Key_K);
    QTRY_VERIFY_WITH_TIMEOUT(share(*inspector, QStringLiteral("with this edge cut")) >= 0, kSoonMs);
    QVERIFY(share(*inspector, QStringLiteral("with this edge cut")) < 0.1);
    const auto kept = engine::readCausalTests(m_run);
    QCOMPARE(kept.size(), std::size_t(1));
    QCOMPARE(kept.front().result.edges, (std::vector<std::string>{"1.0:reader>key:x"}));
    QTest::keyClick(flow->canvas(), Qt::Key_Escape);
    QCOMPARE(inspector->title(), QStringLiteral("Path"));
  }

  void theKeyThatCutsIsTheOneInUse() {
    tests::Desk desk;
    auto* flow = openInFlow(desk);
    if (flow == nullptr)
      return;
    const auto& step = flow->canvas()->graph().routes.front().path.steps.back();
    flow->selectEdge({step.layer, step.head, step.to, step.from, step.weight});
    const auto* inspector = desk.window.findChild<widgets::InspectorPanel*>();
    const auto says = [inspector](const char* text) {
      return inspector->numbers().title.contains(QString::fromLatin1(text));
    };
    QVERIFY2(says("K cuts it in every sequence"), qPrintable(inspector->numbers().title));
    ActionMap& actions = desk.window.actions();
    actions.setShortcuts(QStringLiteral("cut-edge"), {QKeySequence(Qt::Key_F8)});
    QVERIFY2(says("F8 cuts it in every sequence"), qPrintable(inspector->numbers().title));
    actions.setShortcuts(QStringLiteral("cut-edge"), {});
    QVERIFY2(says("Knock out edge cuts it"), qPrintable(inspector->numbers().title));
    QVERIFY(!helpText(HelpTopic::Flow, actions).contains(QStringLiteral(" K cuts")));
  }

  /// In a layer a path takes one edge of a sequence: there are others. A result without a control
  /// is made here, that its row is there.
  void thePathWithoutAControlSaysWhy() {
    const std::vector<widgets::FlowEdge> edges{{0, 0, 1, 0, 0.5F}, {1, 0, 3, 1, 0.5F}};
    PathCut cut;
    cut.step = 450;
    cut.baseline = 0.98;
    cut.edges = {0.25, 0.5};
    cut.all = 0.125;
    const QString why = QStringLiteral("Too few other edges are left in the same layers.");
    cut.no_control = why;
    const auto facts = cutFacts(cut, edges, 256);
    QCOMPARE(facts.size(), std::size_t{6});
    QCOMPARE(facts[2].first, QStringLiteral("L0 H0 edge 0 → 1 cut"));
    QCOMPARE(facts[2].second, widgets::formatAccuracy(0.25));
    QCOMPARE(facts[4].second, widgets::formatAccuracy(0.125));
    QCOMPARE(facts[5].first, QStringLiteral("random edges, equal weight"));
    QCOMPARE(facts[5].second, why);
    cut.control = 0.75;
    cut.no_control.clear();
    QCOMPARE(cutFacts(cut, edges, 256)[5].second, widgets::formatAccuracy(0.75));
  }

  /// The rule itself is of the causal test; here a result without a control.
  void whyThereIsNoControlIsSaid() {
    tests::Desk desk;
    auto* flow = openInFlow(desk);
    if (flow == nullptr)
      return;
    const auto& step = flow->canvas()->graph().routes.front().path.steps.back();
    const widgets::FlowEdge edge{step.layer, step.head, step.to, step.from, step.weight};
    flow->selectEdge(edge);
    auto* inspector = desk.window.findChild<widgets::InspectorPanel*>();
    QVERIFY(inspector->title().startsWith(QStringLiteral("Edge")));
    engine::CausalRecord record;
    record.result.no_control = "Too few other edges are left in the same layers.";
    emit desk.window.findChild<FlowCuts*>()->edgeCut(
        *desk.controller.shownPlace(),
        edgeText(*desk.controller.probe(), flow->choice().sequence, edge), record);
    const auto& facts = inspector->facts()->facts();
    const auto control = std::find_if(facts.begin(), facts.end(), [](const auto& fact) {
      return fact.first == QStringLiteral("random edges, equal weight");
    });
    QVERIFY(control != facts.end());
    QCOMPARE(control->second, QString::fromStdString(record.result.no_control));
  }

  /// Flow hides weak edges, and draws the one that was cut.
  void kInAttentionCutsAWeakCellToo() {
    tests::Desk desk;
    auto* flow = openInFlow(desk);
    if (flow == nullptr)
      return;
    QTest::keyClick(&desk.window, Qt::Key_2, Qt::ControlModifier);
    auto* attention = desk.window.attention();
    QTRY_VERIFY(attention->isVisible());
    attention->selectHead(1, 0);
    const core::PatternBatch& shown = desk.controller.frame()->shown;
    const auto sequence = static_cast<std::size_t>(attention->options().probe.sequence);
    const auto row = shown.of(sequence, 1, 0).last(static_cast<std::size_t>(shown.seq_len));
    const auto weakest = std::min_element(row.begin(), row.end());
    QVERIFY(*weakest > 0 && static_cast<double>(*weakest) < flow->options().hide_below);
    const widgets::Cell cell{shown.seq_len - 1, static_cast<int>(weakest - row.begin())};
    emit attention->large()->cellHovered(cell);
    QTest::keyClick(attention->large(), Qt::Key_K);
    QTRY_VERIFY(flow->isVisible());
    auto* inspector = desk.window.findChild<widgets::InspectorPanel*>();
    QTRY_VERIFY_WITH_TIMEOUT(share(*inspector, QStringLiteral("with this edge cut")) >= 0, kSoonMs);
    QVERIFY(flow->canvas()->selected());
    QCOMPARE(flow->canvas()->selected()->cell(), cell);
    QVERIFY2(desk.window.statusText().startsWith(QStringLiteral("Cut 1.0:")),
             qPrintable(desk.window.statusText()));
    // Of the mean no edge is cut, and none is promised to be.
    QTest::keyClick(flow->canvas(), Qt::Key_Escape);
    emit flow->choiceChanged({true, 0});  // as its box does
    QVERIFY(flow->canvas()->graph().is_mean);
    flow->canvas()->setFocus();
    QTest::keyClick(flow->canvas(), Qt::Key_Up);
    QVERIFY(inspector->title().startsWith(QStringLiteral("Edge")));
    QVERIFY2(inspector->numbers().title.contains(QStringLiteral("choose one")),
             qPrintable(inspector->numbers().title));
    QVERIFY(!desk.window.actions()[QStringLiteral("cut-edge")]->isEnabled());
  }

  void widthsAreBackAfterASequenceWasLookedAtElsewhere() {
    tests::Desk desk;
    auto* flow = openInFlow(desk);
    if (flow == nullptr)
      return;
    auto options = flow->options();
    options.width = widgets::FlowOptions::Width::Weighted;
    flow->setOptions(options);
    QTRY_VERIFY_WITH_TIMEOUT(flow->canvas()->graph().moved, kSoonMs);
    const widgets::ProbeChoice before = flow->choice();
    QTest::keyClick(&desk.window, Qt::Key_2, Qt::ControlModifier);
    QTRY_VERIFY(!flow->isVisible());
    QTest::keyClick(&desk.window, Qt::Key_N);
    QVERIFY(!(flow->choice() == before));
    QTest::keyClick(&desk.window, Qt::Key_N, Qt::ShiftModifier);
    QCOMPARE(flow->choice(), before);
    QTest::keyClick(&desk.window, Qt::Key_3, Qt::ControlModifier);
    QTRY_VERIFY(flow->isVisible());
    QTRY_VERIFY_WITH_TIMEOUT(flow->canvas()->graph().moved, kSoonMs);
  }

  /// A foreign run is not trained again from a checkpoint to the step that is shown.
  void weightsOfAnEarlierCheckpointAreNamed() {
    const auto folder = toPath(m_home.path(QStringLiteral("foreign")));
    {
      core::ExperimentSpec spec = core::preset("demo");  // a checkpoint every 100 steps
      spec.training.steps = 130;
      spec.training.device = "cpu";
      engine::RunSession::Options options;
      options.provenance.emplace_back(engine::kForeign, "made");
      auto session = engine::RunSession::create(spec, folder, std::move(options));
      QVERIFY(session);
      QCOMPARE((*session)->advance(std::chrono::hours(1), std::numeric_limits<std::int64_t>::max()),
               engine::RunSession::Outcome::Finished);
    }
    tests::Desk desk;
    desk.window.openPath(toText(folder));
    QTRY_COMPARE_WITH_TIMEOUT(desk.shownStep(), std::int64_t{130}, kSoonMs);
    desk.controller.moveCursor(120);
    QTRY_COMPARE_WITH_TIMEOUT(desk.shownStep(), std::int64_t{120}, kSoonMs);
    QTest::keyClick(&desk.window, Qt::Key_3, Qt::ControlModifier);
    auto* flow = desk.window.tabs()->findChild<widgets::FlowView*>();
    auto options = flow->options();
    options.width = widgets::FlowOptions::Width::Attention;
    flow->setOptions(options);
    QTRY_COMPARE_WITH_TIMEOUT(flow->canvas()->graph().step, std::int64_t{120}, kSoonMs);
    QVERIFY(!flow->canvas()->graph().routes.empty());
    auto* inspector = desk.window.findChild<widgets::InspectorPanel*>();
    QTRY_VERIFY_WITH_TIMEOUT(share(*inspector, QStringLiteral("random edges")) >= 0, kSoonMs);
    QCOMPARE(share(*inspector, QStringLiteral("Weights of step")), 1.0);  // 100
    const auto& step = flow->canvas()->graph().routes.front().path.steps.back();
    QVERIFY(step.isEdge());
    flow->selectEdge({step.layer, step.head, step.to, step.from, step.weight});
    QVERIFY(inspector->title().startsWith(QStringLiteral("Edge")));
    QTest::keyClick(flow->canvas(), Qt::Key_K);
    QTRY_VERIFY_WITH_TIMEOUT(share(*inspector, QStringLiteral("with this edge cut")) >= 0, kSoonMs);
    QCOMPARE(share(*inspector, QStringLiteral("Weights of step")), 1.0);
  }
};

QTEST_MAIN(TestFlowWindow)
#include "tst_flow_window.moc"
