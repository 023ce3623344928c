// SPDX-License-Identifier: GPL-3.0-or-later
// The names of a phase diagram's axes; cells and keys: tests/app/tst_study_view.cpp.
#include "tests/support/tip_at.h"
#include "widgets/fonts.h"
#include "widgets/phase_view.h"
#include "widgets/text_paint.h"

#include <QApplication>
#include <QTest>

using namespace anchorlens;
using namespace anchorlens::widgets;

namespace {

/// One cell, whose run has not begun.
core::PhaseDiagram oneCell(const std::string& x_label, const std::string& y_label) {
  core::PhaseDiagram diagram;
  diagram.choice.x = 0;
  diagram.choice.y = 1;
  diagram.x_label = x_label;
  diagram.y_label = y_label;
  diagram.x_values = {"0.001"};
  diagram.y_values = {"2"};
  diagram.cells.resize(1);
  diagram.cells[0].members = {0};
  return diagram;
}

}  // namespace

class TestPhaseView : public QObject {
  Q_OBJECT

 private slots:
  void initTestCase() { QApplication::setFont(textFont(13)); }

  void namesOfAxesAreToldInFull() {
    const std::string across = "the learning rate from the first step to the end of its warm-up";
    const std::string up = "how many layers the model has, embedding and output not counted";
    PhaseView view;
    view.resize(260, 160);
    view.setDiagram(oneCell(across, up));
    view.show();
    QVERIFY(QTest::qWaitForWindowExposed(&view));
    const PhaseLayout& layout = view.phaseLayout();
    QVERIFY(QRectF(view.rect()).contains(layout.x_label));
    QVERIFY(QRectF(view.rect()).contains(layout.y_label));
    QCOMPARE(tests::tipAt(view, layout.x_label.center()), QString::fromStdString(across));
    QCOMPARE(tests::tipAt(view, layout.y_label.center()), QString::fromStdString(up));
    QCOMPARE(tests::tipAt(view, view.cellRect({0, 0}).center()),
             QString::fromStdString(across + " 0.001, " + up + " 2: 0 of 1 done."));
  }

  void namesAreWholeWhereThereIsRoom() {
    const std::string across = "learning rate of the second half";
    const std::string up = "how many layers the model has";
    PhaseView view;
    view.resize(700, 400);
    view.setDiagram(oneCell(across, up));
    const PhaseLayout& layout = view.phaseLayout();
    const QFont font = textFont(basePixelSize(view) * 0.95);
    const double width = textWidth(QString::fromStdString(across), font);
    const double height = textWidth(QString::fromStdString(up), font);
    QVERIFY(layout.map.width() < width);
    QVERIFY(layout.map.height() < height);
    QVERIFY(layout.x_label.width() >= width);
    QVERIFY(layout.y_label.height() >= height);
    QVERIFY(QRectF(view.rect()).contains(layout.x_label | layout.y_label));
    QVERIFY(!layout.x_label.intersects(layout.y_label));
  }

  /// The cell stays, and what is told of it is of the study that is shown.
  void theCellIsToldOfTheDiagramThatIsShown() {
    PhaseView view;
    view.setDiagram(oneCell("rate", "layers"));
    QCOMPARE(view.accessibleDescription(), QStringLiteral("rate 0.001, layers 2: 0 of 1 done."));
    view.setDiagram(oneCell("gamma", "layers"));
    QCOMPARE(view.accessibleDescription(), QStringLiteral("gamma 0.001, layers 2: 0 of 1 done."));
    view.setDiagram({});
    QCOMPARE(view.accessibleDescription(), QString());
  }

  void shortNamesStandOverTheMiddle() {
    PhaseView view;
    view.resize(700, 400);
    view.setDiagram(oneCell("rate", "layers"));
    const PhaseLayout& layout = view.phaseLayout();
    QCOMPARE(layout.x_label.center().x(), layout.map.center().x());
    QCOMPARE(layout.y_label.center().y(), layout.map.center().y());
    view.setDiagram(oneCell("rate", ""));
    QVERIFY(layout.y_label.isEmpty());
  }
};

QTEST_MAIN(TestPhaseView)
#include "tst_phase_view.moc"
