// SPDX-License-Identifier: GPL-3.0-or-later
// The matrix of pairs of the card of what is held out.
#include "tests/widgets/composer/held_out_bench.h"
#include "widgets/panel_pattern.h"

#include <QCheckBox>
#include <QLineEdit>
#include <QPushButton>
#include <QtTest>

#include <variant>

using namespace anchorlens;
using namespace anchorlens::widgets;
using tests::Bench;
using tests::retype;
using tests::State;

class TestHeldOutPairs : public QObject {
  Q_OBJECT

 private slots:
  void clickPaintsTheChosenState();
  void dragPaintsSixteenPairsInOneStep();
  void keysPaintAndMove();
  void enterEditsTheRelabelledOperation();
  void escapeAndFocusEndAnEdit();
  void diagonalAndClear();
  void cellsSayWhatTheyAre();
  void impossibleCellsAreNotPainted();
  void widerRulesStay();
  void widerRulesAreNotChangedHere();
  void oneVariableIsAList();
};

void TestHeldOutPairs::clickPaintsTheChosenState() {
  Bench bench(core::preset("composite"));
  const auto before = bench.spec;
  QCOMPARE(bench.state(3, 4), State::HeldOut);
  QTest::mouseClick(bench.pairs().brushButton(State::Trained), Qt::LeftButton);
  QTest::mouseClick(&bench.matrix(), Qt::LeftButton, {}, bench.centre(2, 3));
  QCOMPARE(bench.state(3, 4), State::Trained);
  QCOMPARE(bench.spec.task.held_out.size(), 1U);
  QTest::mouseClick(bench.pairs().brushButton(State::Relabelled), Qt::LeftButton);
  QTest::mouseClick(&bench.matrix(), Qt::LeftButton, {}, bench.centre(2, 3));
  QCOMPARE(bench.spec.task.relabel, (std::vector<core::RelabelSpec>{{{{"A", 3}, {"B", 4}}, "x"}}));
  QTest::mouseClick(bench.pairs().brushButton(State::HeldOut), Qt::LeftButton);
  QTest::mouseClick(&bench.matrix(), Qt::LeftButton, {}, bench.centre(2, 3));
  QVERIFY(bench.spec == before);
  QCOMPARE(bench.undoSteps(), 3);
}

void TestHeldOutPairs::dragPaintsSixteenPairsInOneStep() {
  Bench bench(core::preset("composite"));
  PairMatrix& matrix = bench.matrix();
  QTest::mousePress(&matrix, Qt::LeftButton, {}, bench.centre(0, 0));
  for (int row = 0; row < 4; ++row) {
    for (int i = 0; i < 4; ++i) {
      const QPoint at = bench.centre(row, row % 2 == 0 ? i : 3 - i);
      QMouseEvent move(QEvent::MouseMove, at, matrix.mapToGlobal(at), Qt::NoButton, Qt::LeftButton,
                       {});
      QApplication::sendEvent(&matrix, &move);
    }
  }
  QTest::mouseRelease(&matrix, Qt::LeftButton, {}, bench.centre(3, 0));
  for (int a = 1; a <= 4; ++a) {
    for (int b = 1; b <= 4; ++b)
      QCOMPARE(bench.state(a, b), State::HeldOut);
  }
  QCOMPARE(bench.undoSteps(), 1);
  QCOMPARE(bench.texts.size(), 15);  // (3, 4) was held out already
  // A second stroke is a second step.
  QTest::mouseClick(bench.pairs().brushButton(State::Trained), Qt::LeftButton);
  QTest::mouseClick(&matrix, Qt::LeftButton, {}, bench.centre(0, 0));
  QCOMPARE(bench.undoSteps(), 2);
}

void TestHeldOutPairs::keysPaintAndMove() {
  Bench bench(core::preset("composite"));
  const auto before = bench.spec;
  PairMatrix& matrix = bench.matrix();
  matrix.setFocus();
  for (const int key :
       {Qt::Key_Down, Qt::Key_Right, Qt::Key_Right, Qt::Key_Left, Qt::Key_Up, Qt::Key_Down})
    QTest::keyClick(&matrix, static_cast<Qt::Key>(key));
  QCOMPARE(matrix.currentCell(), (std::pair{1, 1}));
  QTest::keyClick(&matrix, Qt::Key_Space);
  QCOMPARE(bench.state(2, 2), State::HeldOut);
  QTest::keyClick(&matrix, Qt::Key_Space);
  QCOMPARE(bench.state(2, 2), State::Relabelled);
  QTest::keyClick(&matrix, Qt::Key_Space);
  QVERIFY(bench.spec == before);
  QCOMPARE(bench.undoSteps(), 3);
  QTest::keyClick(&matrix, Qt::Key_End);
  QCOMPARE(matrix.currentCell(), (std::pair{1, 3}));
  QTest::keyClick(&matrix, Qt::Key_Home);
  QTest::keyClick(&matrix, Qt::Key_Left);  // stays within
  QCOMPARE(matrix.currentCell(), (std::pair{1, 0}));
  // The window's shortcuts for these keys wait while the matrix has the focus.
  for (const int key : {Qt::Key_Space, Qt::Key_Left, Qt::Key_Return}) {
    QKeyEvent override(QEvent::ShortcutOverride, key, Qt::NoModifier);
    override.ignore();
    QApplication::sendEvent(&matrix, &override);
    QVERIFY(override.isAccepted());
  }
}

void TestHeldOutPairs::enterEditsTheRelabelledOperation() {
  Bench bench(core::preset("composite"));
  PairMatrix& matrix = bench.matrix();
  matrix.setFocus();
  matrix.setCurrentCell(3, 2);
  QTest::keyClick(&matrix, Qt::Key_Return);
  QVERIFY(matrix.isEditing());
  auto* editor = matrix.findChild<PatternEdit*>();
  QTRY_COMPARE(QApplication::focusWidget(), editor);
  QTest::keyClicks(editor, "x-6");
  QTest::keyClick(editor, Qt::Key_Return);
  QVERIFY(!matrix.isEditing());
  QCOMPARE(bench.spec.task.relabel,
           (std::vector<core::RelabelSpec>{{{{"A", 4}, {"B", 3}}, "x-6"}}));
  QCOMPARE(bench.undoSteps(), 1);
  QVERIFY(matrix.hasFocus());
  QCOMPARE(matrix.cellText(3, 2),
           QStringLiteral("First 4, second 3, relabelled x minus 6, was x minus 10"));
}

void TestHeldOutPairs::escapeAndFocusEndAnEdit() {
  Bench bench(core::preset("composite"));
  const auto before = bench.spec;
  PairMatrix& matrix = bench.matrix();
  matrix.setFocus();
  QTest::keyClick(&matrix, Qt::Key_F2);
  QTest::keyClicks(matrix.findChild<PatternEdit*>(), "x+9");
  QTest::keyClick(matrix.findChild<PatternEdit*>(), Qt::Key_Escape);
  QVERIFY(!matrix.isEditing());
  QVERIFY(bench.spec == before);
  QTRY_VERIFY(matrix.findChild<PatternEdit*>() == nullptr);  // deleted
  QTest::keyClick(&matrix, Qt::Key_F2);
  QTest::keyClicks(matrix.findChild<PatternEdit*>(), "x+9");
  bench.pairs().brushButton(State::Trained)->setFocus();
  QCOMPARE(bench.spec.task.relabel.size(), 1U);
}

void TestHeldOutPairs::diagonalAndClear() {
  Bench bench(core::preset("composite"));
  const auto button = [&](const QString& text) {
    for (auto* each : bench.pairs().findChildren<QPushButton*>()) {
      if (each->text() == text)
        return each;
    }
    return static_cast<QPushButton*>(nullptr);
  };
  QTest::mouseClick(button("Hold out the diagonal"), Qt::LeftButton);
  for (int a = 1; a <= 4; ++a)
    QCOMPARE(bench.state(a, a), State::HeldOut);
  QCOMPARE(bench.state(3, 4), State::HeldOut);
  QCOMPARE(bench.undoSteps(), 1);
  button("Clear")->setFocus();
  QTest::keyClick(button("Clear"), Qt::Key_Space);
  QCOMPARE(bench.spec.task.held_out.size(), 1U);
  QCOMPARE(bench.undoSteps(), 2);
  QVERIFY(!button("Clear")->isEnabled());
}

void TestHeldOutPairs::cellsSayWhatTheyAre() {
  auto spec = core::preset("composite");
  spec.task.anchors[1].operation = "x*3";
  Bench bench(spec);
  QCOMPARE(bench.matrix().cellText(2, 3),
           QStringLiteral("First 3, second 4, x minus 10, held out"));
  QCOMPARE(bench.matrix().cell(1, 2).operation, QStringLiteral("3*x-2"));
  QCOMPARE(shownOperation("3*x-2"), QStringLiteral("3x-2"));
  bench.card.setProblems({}, {});
  QCOMPARE(bench.matrix().cellText(1, 2),
           QStringLiteral("First 2, second 3, 3 times x minus 2, trained"));
  // An anchor with a problem dims its row and column.
  bench.card.setProblems({{"/task/anchors/1/operation", "too large"}}, {});
  QVERIFY(bench.matrix().isBroken(1, 0) && bench.matrix().isBroken(0, 1));
  QVERIFY(!bench.matrix().isBroken(0, 0));
  QVERIFY(bench.matrix().cellText(1, 2).endsWith("waits for an anchor with a problem"));
  bench.matrix().setFocus();
  bench.matrix().setCurrentCell(2, 3);
  QCOMPARE(bench.matrix().accessibleDescription(),
           QStringLiteral("First 3, second 4, x minus 10, held out"));
}

void TestHeldOutPairs::impossibleCellsAreNotPainted() {
  auto spec = core::preset("composite");
  spec.task.forms[0].distinct = {{"A", "B"}};
  Bench bench(spec);
  QTest::mouseClick(&bench.matrix(), Qt::LeftButton, {}, bench.centre(1, 1));
  QVERIFY(bench.spec == spec);
  QCOMPARE(bench.matrix().cellText(1, 1), QStringLiteral("First 2, second 2, never drawn"));
}

void TestHeldOutPairs::widerRulesStay() {
  auto spec = core::preset("composite");
  spec.task.held_out.emplace_back(core::AnchorsRule{{{"A", 2}}});
  Bench bench(spec);
  QTest::mouseClick(bench.pairs().brushButton(State::Trained), Qt::LeftButton);
  QTest::mouseClick(&bench.matrix(), Qt::LeftButton, {}, bench.centre(1, 1));
  QVERIFY(bench.spec == spec);
  // It is a row of its own, and can be typed.
  auto* values = qobject_cast<QLineEdit*>(bench.field("/task/held_out/2/values"));
  QVERIFY(values != nullptr);
  QCOMPARE(values->text(), QStringLiteral("A=2"));
  retype(values, "B=1");
  QCOMPARE(std::get<core::AnchorsRule>(bench.spec.task.held_out[2]).values,
           (core::AnchorValues{{"B", 1}}));
  QCOMPARE(bench.undoSteps(), 1);
}

void TestHeldOutPairs::widerRulesAreNotChangedHere() {
  auto spec = core::preset("composite");
  spec.task.held_out.emplace_back(core::AnchorsRule{{{"A", 2}}});
  Bench bench(spec);
  auto* box = bench.pairs().findChild<QCheckBox*>();
  QPushButton* clear = nullptr;
  for (auto* each : bench.pairs().findChildren<QPushButton*>())
    clear = each->text() == QLatin1String("Clear") ? each : clear;
  QVERIFY(clear != nullptr && clear->isEnabled() && box->isEnabled());
  // An operation that is typed would be without effect, and not to be seen.
  PairMatrix& matrix = bench.matrix();
  matrix.setFocus();
  matrix.setCurrentCell(1, 1);
  QTest::keyClick(&matrix, Qt::Key_Return);
  QTest::keyClicks(matrix.findChild<PatternEdit*>(), "x+9");
  QTest::keyClick(matrix.findChild<PatternEdit*>(), Qt::Key_Return);
  QVERIFY(bench.spec == spec);
  // What is left after Clear is the wider rule's: neither button promises to clear it.
  QTest::mouseClick(clear, Qt::LeftButton);
  QCOMPARE(bench.state(3, 4), State::Trained);
  QCOMPARE(bench.state(2, 2), State::HeldOut);
  QVERIFY(!clear->isEnabled() && !box->isEnabled());
  QVERIFY(box->isChecked() && !box->toolTip().isEmpty());
}

void TestHeldOutPairs::oneVariableIsAList() {
  Bench bench(core::preset("multi-anchor"));
  auto* box = bench.pairs().findChild<QCheckBox*>();
  QVERIFY(!bench.matrix().isVisible());  // nothing is held out: folded
  QTest::mouseClick(box, Qt::LeftButton, {}, {8, box->height() / 2});
  QVERIFY(bench.matrix().isVisible());
  QCOMPARE(bench.matrix().rows(), 10);
  QCOMPARE(bench.matrix().columns(), 1);
  QCOMPARE(bench.matrix().cellText(2, 0), QStringLiteral("Anchor 3, x plus 3, trained"));
  QTest::mouseClick(&bench.matrix(), Qt::LeftButton, {}, bench.centre(2, 0));
  QCOMPARE(core::combinationInfo(bench.spec.task, {{"A", 3}}).state, State::HeldOut);
  QTest::mouseClick(box, Qt::LeftButton, {}, {8, box->height() / 2});
  QVERIFY(bench.spec == core::preset("multi-anchor"));
  QVERIFY(!bench.matrix().isVisible());
}

QTEST_MAIN(TestHeldOutPairs)
#include "tst_held_out_pairs.moc"
