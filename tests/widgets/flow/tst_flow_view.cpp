// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/widgets/made_run.h"
#include "widgets/flow/flow_view.h"
#include "widgets/flow/path_list.h"
#include "widgets/fonts.h"

#include <QApplication>
#include <QComboBox>
#include <QSignalSpy>
#include <QSlider>
#include <QTest>

using namespace anchorlens;
using namespace anchorlens::widgets;

namespace {

template <typename Control>
Control* named(const QWidget& view, const char* name) {
  const auto controls = view.findChildren<Control*>();
  for (Control* control : controls) {
    if (control->accessibleName() == QLatin1String(name)) {
      return control;
    }
  }
  qFatal("There is no control named %s.", name);
}

}  // namespace

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
