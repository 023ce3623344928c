// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/thread_time.h"
#include "tests/support/named.h"
#include "tests/support/tip_at.h"
#include "tests/widgets/made_run.h"
#include "widgets/figure/figure.h"
#include "widgets/flow/flow_figure.h"
#include "widgets/flow/flow_view.h"
#include "widgets/flow/path_list.h"
#include "widgets/fonts.h"

#include <QApplication>
#include <QComboBox>
#include <QMouseEvent>
#include <QSignalSpy>
#include <QSlider>
#include <QTest>

#include <algorithm>
#include <memory>

using namespace anchorlens;
using namespace anchorlens::widgets;

using tests::named;

class TestFlowView : public QObject {
  Q_OBJECT

 private:
  static void give(FlowView& view, const tests::MadeRun& run, std::int64_t step) {
    const auto frame = run.frame(step);
    std::vector<core::HeadLabel> labels;
    for (const auto& scores : frame->scores) {
      labels.push_back(core::labelOf(scores));
    }
    view.setFrame(frame, labels, true);
  }

  static void show(FlowView& view, const tests::MadeRun& run) {
    view.resize(900, 560);
    view.show();
    view.setProbe(run.probe());
    give(view, run, 18400);
    QVERIFY(QTest::qWaitForWindowExposed(&view));
  }

  static QPoint middleOf(const FlowCanvas& canvas, const FlowEdge& edge) {
    return canvas.flowLayout().edgePoint(edge.layer, edge.source, edge.reader, 0.5).toPoint();
  }

 private slots:
  void initTestCase() { QApplication::setFont(textFont(13)); }

  void hiddenViewKeepsTheFrameForLater() {
    const tests::MadeRun run;
    FlowView view;
    view.setProbe(run.probe());
    give(view, run, 18400);
    QVERIFY(view.canvas()->graph().isEmpty());
    view.show();
    QCOMPARE(view.canvas()->graph().step, 18400);
    QVERIFY(view.canvas()->graph().routes.front().is_marked);
  }

  void aClickSelectsTheHeadAndItsCell() {
    const tests::MadeRun run;
    FlowView view;
    show(view, run);
    QSignalSpy selected(&view, &FlowView::headSelected);
    QSignalSpy hovered(view.canvas(), &FlowCanvas::cellHovered);
    const FlowEdge edge = view.canvas()->graph().edges.back();
    QTest::mouseMove(view.canvas(), middleOf(*view.canvas(), edge));
    QTest::mouseClick(view.canvas(), Qt::LeftButton, {}, middleOf(*view.canvas(), edge));
    QCOMPARE(selected.count(), 1);
    QCOMPARE(*view.canvas()->selected(), edge);
    QCOMPARE(selected.front().at(0).toInt(), edge.layer);
    QVERIFY(!hovered.isEmpty());
    QCOMPARE(hovered.last().front().value<Cell>(), edge.cell());
    QVERIFY(view.canvas()->accessibleDescription().startsWith(
        QStringLiteral("Layer %1 head %2 moves").arg(edge.layer).arg(edge.head)));
    // A click beside everything lets go.
    QTest::mouseClick(view.canvas(), Qt::LeftButton, {}, QPoint(3, 3));
    QVERIFY(!view.canvas()->selected());
  }

  void upAndDownGoByStrength() {
    const tests::MadeRun run;
    FlowView view;
    show(view, run);
    const auto edges = view.canvas()->graph().edges;
    view.canvas()->setFocus();
    QTest::keyClick(view.canvas(), Qt::Key_Up);
    QCOMPARE(*view.canvas()->selected(), edges.back());
    QTest::keyClick(view.canvas(), Qt::Key_Down);
    QCOMPARE(*view.canvas()->selected(), edges[edges.size() - 2]);
    QTest::keyClick(view.canvas(), Qt::Key_Up);
    QCOMPARE(*view.canvas()->selected(), edges.back());
    QTest::keyClick(view.canvas(), Qt::Key_Escape);
    QVERIFY(!view.canvas()->selected());
  }

  void controlsFilterTheEdges() {
    const tests::MadeRun run;
    FlowView view;
    show(view, run);
    const auto all = view.canvas()->graph().edges.size();
    auto* least = named<QSlider>(view, "Hide below");
    least->setFocus();
    for (int i = 0; i < 40; ++i) {
      QTest::keyClick(least, Qt::Key_Right);
    }
    QCOMPARE(view.options().hide_below, 0.5);
    QVERIFY(view.canvas()->graph().edges.size() < all);
    for (const FlowEdge& edge : view.canvas()->graph().edges) {
      QVERIFY(edge.weight >= 0.5F);
    }
    auto* heads = named<QComboBox>(view, "Heads");
    QTest::keyClick(heads, Qt::Key_Down);  // labelled only
    for (const FlowEdge& edge : view.canvas()->graph().edges) {
      QVERIFY(view.canvas()->graph().mechanism(edge.layer, edge.head) != Mechanism::None);
    }
    QTest::keyClick(heads, Qt::Key_Down);  // the selected head alone
    view.selectHead(1, 1);
    for (const FlowEdge& edge : view.canvas()->graph().edges) {
      QVERIFY(edge.layer == 1 && edge.head == 1);
    }
  }

  void theOldPictureStaysUntilTheNewWidthsAreThere() {
    const tests::MadeRun run;
    FlowView view;
    show(view, run);
    QSignalSpy wanted(&view, &FlowView::evaluationWanted);
    QTest::keyClick(named<QComboBox>(view, "Width"), Qt::Key_Down);
    QVERIFY(view.needsEvaluation());
    QVERIFY(!wanted.isEmpty());
    QVERIFY(!view.canvas()->graph().moved);
    QCOMPARE(view.note(), QStringLiteral("Width: attention."));
    const auto widthsOf = [&run](std::int64_t step) {
      auto heads = std::make_shared<EvaluatedHeads>();
      heads->values = HeadValues::Weighted;
      heads->maps = makeHeadMaps(*run.frame(step), *run.probe(), {});
      for (const HeadMapData& map : heads->maps)
        heads->cells.push_back(map.pattern);
      return heads;
    };
    view.setEvaluated(widthsOf(18400));
    QVERIFY(view.canvas()->graph().moved);
    QVERIFY2(view.note().contains(QStringLiteral("weights of step 18")), qPrintable(view.note()));
    give(view, run, 4000);
    QCOMPARE(view.canvas()->graph().step, 18400);
    view.setEvaluated(widthsOf(4000));
    QCOMPARE(view.canvas()->graph().step, 4000);
    view.setProblem(QStringLiteral("There are no weights."));
    QVERIFY(!view.canvas()->graph().moved);
    QCOMPARE(view.note(), QStringLiteral("Width: attention. There are no weights."));
  }

  void aSelectedEdgeHasTheWeightOfTheFrame() {
    const tests::MadeRun run;
    FlowView view;
    show(view, run);
    const FlowStep step = view.canvas()->graph().routes.front().path.steps.back();
    view.canvas()->select(FlowEdge{step.layer, step.head, step.to, step.from, 0});
    const FlowEdge late = *view.canvas()->selected();
    QCOMPARE(late.weight, step.weight);
    give(view, run, 9200);  // while it emerges
    QVERIFY(view.canvas()->selected()->isSame(late));
    QVERIFY(view.canvas()->selected()->weight != late.weight);
    give(view, run, 18400);
    QCOMPARE(*view.canvas()->selected(), late);
  }

  void aSelectedEdgeIsDrawnHoweverWeak() {
    const tests::MadeRun run;
    FlowView view;
    show(view, run);
    const FlowEdge weak = view.canvas()->graph().edges.front();
    view.canvas()->select(weak);
    FlowOptions options = view.options();
    options.hide_below = 0.9;
    options.heads = FlowOptions::Heads::Labelled;
    view.setOptions(options);
    QVERIFY(view.canvas()->selected());
    QCOMPARE(*view.canvas()->selected(), weak);
    QTest::keyClick(view.canvas(), Qt::Key_Escape);
    for (const FlowEdge& edge : view.canvas()->graph().edges)
      QVERIFY(edge.weight >= 0.9F);
    view.selectEdge(weak);
    QCOMPARE(view.canvas()->graph().edges.front(), weak);
  }

  /// It is drawn, so it is there to be pointed at.
  void aWeakEdgeOfThePathIsChosenToo() {
    const tests::MadeRun run;
    FlowView view;
    show(view, run);
    FlowOptions options = view.options();
    options.hide_below = 1;
    view.setOptions(options);
    FlowCanvas& canvas = *view.canvas();
    const FlowStep step = canvas.graph().routes.front().path.steps.back();
    QVERIFY(step.isEdge());
    const FlowEdge edge{step.layer, step.head, step.to, step.from, step.weight};
    const auto is_listed = [&canvas, &edge] {
      const auto& edges = canvas.graph().edges;
      return std::any_of(edges.begin(), edges.end(),
                         [&edge](const FlowEdge& other) { return other.isSame(edge); });
    };
    QVERIFY(!is_listed());
    QSignalSpy selected(&view, &FlowView::headSelected);
    QSignalSpy hovered(&canvas, &FlowCanvas::cellHovered);
    QTest::mouseClick(&canvas, Qt::LeftButton, {}, middleOf(canvas, edge));
    QCOMPARE(hovered.last().front().value<Cell>(), edge.cell());
    QCOMPARE(selected.count(), 1);
    QVERIFY(canvas.selected());
    QCOMPARE(*canvas.selected(), edge);
    QTest::mouseClick(&canvas, Qt::LeftButton, {}, QPoint(3, 3));
    QVERIFY(!canvas.selected());
    QVERIFY(!is_listed());
  }

  void theTooltipStaysWhileTimeGoesOn() {
    const tests::MadeRun run;
    FlowView view;
    show(view, run);
    FlowCanvas& canvas = *view.canvas();
    const QImage plain = canvas.grab().toImage();
    const QPoint at = middleOf(canvas, canvas.graph().edges.back());
    QMouseEvent move(QEvent::MouseMove, at, canvas.mapToGlobal(at), Qt::NoButton, Qt::NoButton,
                     Qt::NoModifier);
    QApplication::sendEvent(&canvas, &move);
    const QImage pointed = canvas.grab().toImage();
    QVERIFY(pointed != plain);
    give(view, run, 17600);
    give(view, run, 18400);
    QVERIFY(canvas.grab().toImage() == pointed);
  }

  /// The frames of the made run do not say what the model answers.
  void theRightAnswerIsNotCalledTheOutput() {
    const tests::MadeRun run;
    const auto svgOf = [&run](const core::Frame& frame) {
      Figure figure;
      figure.content =
          std::make_shared<FlowFigure>(makeFlowGraph(frame, *run.probe(), {}, {}, true, {}), 0);
      const auto bytes = renderFigure(figure, FigureFormat::Svg);
      return bytes ? *bytes : QByteArray();
    };
    core::Frame frame = *run.frame(18400);
    QVERIFY(svgOf(frame).contains(">right answer<"));
    QVERIFY(!svgOf(frame).contains(">output<"));
    core::Prediction prediction;
    prediction.tokens[0] = run.probe()->shown.targets[0];
    frame.predictions = {prediction};
    QVERIFY(svgOf(frame).contains(">output<"));
    QVERIFY(!svgOf(frame).contains(">right answer<"));
    ++prediction.tokens[0];
    frame.predictions = {prediction};
    QVERIFY(svgOf(frame).contains(">output, should be "));
  }

  /// 4 layers, 4 heads and 20 positions: the time is only printed (docs/flow.md).
  void aMoveOfTheCursorIsTimed() {
    tests::MadeRunOptions options;
    options.n_layers = 4;
    options.n_heads = 4;
    options.seq_len = 20;
    const tests::MadeRun run(options);
    FlowView view;
    FlowOptions flow;
    flow.hide_below = 0.01;  // all 400 edges
    view.setOptions(flow);
    show(view, run);
    view.resize(1000, 700);
    std::vector<double> times;
    for (std::int64_t step = 0; step <= 18400; step += 400) {
      const auto frame = run.frame(step);
      std::vector<core::HeadLabel> labels;
      for (const auto& scores : frame->scores)
        labels.push_back(core::labelOf(scores));
      const double before = core::threadMs();
      view.setFrame(frame, labels, true);
      view.repaint();
      times.push_back(core::threadMs() - before);
      QCOMPARE(view.canvas()->graph().step, step);
      QCOMPARE(view.canvas()->graph().edges.size(), FlowGraph::kMostEdges);
    }
    std::sort(times.begin(), times.end());
    qInfo("A cursor move of 4 x 4 x 20: median %.1f ms, longest %.1f ms", times[times.size() / 2],
          times.back());
  }

  void anotherSequenceIsTold() {
    const tests::MadeRun run;
    FlowView view;
    show(view, run);
    QSignalSpy chosen(&view, &FlowView::choiceChanged);
    auto* probes = named<QComboBox>(view, "Probe sequence");
    QTest::keyClick(probes, Qt::Key_Down);
    QCOMPARE(chosen.count(), 1);
    QCOMPARE(view.choice(), (ProbeChoice{false, 1}));
    QTest::keyClick(probes, Qt::Key_End);
    QVERIFY(view.choice().mean);
    QVERIFY(view.canvas()->graph().is_mean);
    QCOMPARE(view.route(), -1);
  }

  void thePathIsAListOfTokensAndHeads() {
    const tests::MadeRun run;
    FlowView view;
    show(view, run);
    PathList list;
    list.setRoute(view.canvas()->graph(), view.route());
    const QStringList lines = list.lines();
    QCOMPARE(lines.size(), 5);  // the made run predicts nothing
    QVERIFY2(lines[0].startsWith(QStringLiteral("3, position")), qPrintable(lines[0]));
    QVERIFY2(lines[1].startsWith(QStringLiteral("Shift −1, L0 H0, 0.")), qPrintable(lines[1]));
    QVERIFY2(lines[2].endsWith(QStringLiteral("key")), qPrintable(lines[2]));
    QVERIFY2(lines[3].startsWith(QStringLiteral("Broadcast key, L1 H0, 0.")), qPrintable(lines[3]));
    QVERIFY2(lines[4].endsWith(QStringLiteral("last position")), qPrintable(lines[4]));
  }

  void rowsOfThePathAreToldInFull() {
    const tests::MadeRun run;
    FlowView view;
    show(view, run);
    PathList list;
    list.setRoute(view.canvas()->graph(), view.route());
    list.resize(120, list.sizeHint().height());
    list.show();
    QVERIFY(QTest::qWaitForWindowExposed(&list));
    const QStringList lines = list.lines();
    QCOMPARE(lines.size(), 5);
    for (int i = 0; i < 5; ++i)
      QCOMPARE(tests::tipAt(list, {60, (i + 0.5) * list.height() / 5.0}), lines[i]);
  }

  void emptyIsASentence() {
    FlowView view;
    view.setEmptyText(QStringLiteral("Nothing yet."));
    view.resize(600, 400);
    view.show();
    const QImage empty = view.grab().toImage();
    view.setEmptyText(QStringLiteral("Something else."));
    QVERIFY(view.grab().toImage() != empty);
  }
};

QTEST_MAIN(TestFlowView)
#include "tst_flow_view.moc"
