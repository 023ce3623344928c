// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/experiment/edit_held_out.h"
#include "engine/core/experiment_json.h"
#include "engine/core/repair.h"
#include "widgets/composer/field_row.h"
#include "widgets/composer/held_out_card.h"
#include "widgets/composer/interval_bar.h"
#include "widgets/composer/key_section.h"
#include "widgets/composer/pair_section.h"
#include "widgets/composer/problem_lines.h"
#include "widgets/composer/residue_grid.h"
#include "widgets/composer/residue_row.h"
#include "widgets/panel_pattern.h"

#include <QCheckBox>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QSignalSpy>
#include <QToolButton>
#include <QtTest>

#include <memory>
#include <variant>

using namespace anchorlens;
using namespace anchorlens::widgets;
using State = core::CombinationState;

namespace {

/// The card with a document that takes every edit, as the Composer does.
struct Bench {
  explicit Bench(core::ExperimentSpec first) : spec(std::move(first)) {
    QObject::connect(
        &card, &ComposerCard::edited, &card,
        [this](const core::ExperimentSpec& next, const QString& text, const QString& key) {
          spec = next;
          texts << text;
          keys << key;
          card.setExperiment(spec, false);
        });
    card.resize(700, 900);
    card.show();
    card.setExperiment(spec, false);
    card.setProblems(core::checkExperiment(spec), {});
    QVERIFY(QTest::qWaitForWindowActive(&card));
  }

  PairMatrix& matrix() { return *card.findChild<PairMatrix*>(); }
  PairSection& pairs() { return *card.findChild<PairSection*>(); }
  KeySection& keysOf() { return *card.findChild<KeySection*>(); }
  ResidueRow& residue() { return *card.findChild<ResidueRow*>(); }
  QWidget* field(const QString& pointer) {
    for (FormField* field : card.findChildren<FormField*>()) {
      if (field->spec().pointer == pointer && field->isVisible())
        return field->editor();
    }
    return nullptr;
  }
  QPoint centre(int row, int column) { return matrix().cellRect(row, column).center(); }
  State state(int a, int b) const {
    return core::combinationInfo(spec.task, {{"A", a}, {"B", b}}).state;
  }
  /// Steps of undo: runs of the same non-empty key are one.
  int undoSteps() const {
    int n = 0;
    for (int i = 0; i < keys.size(); ++i)
      n += i == 0 || keys[i].isEmpty() || keys[i] != keys[i - 1];
    return n;
  }

  core::ExperimentSpec spec;
  HeldOutCard card;
  QStringList texts;
  QStringList keys;
};

void retype(QWidget* editor, const QString& text) {
  editor->setFocus();
  QTest::keyClick(editor, Qt::Key_A, Qt::ControlModifier);
  QTest::keyClicks(editor, text);
}

}  // namespace

class TestHeldOutCard : public QObject {
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
  void oneVariableIsAList();
  void residueIsTickedAndTyped();
  void residueGridTellsCells();
  void barsAreDragged();
  void barsAreMovedByKeys();
  void intervalsAreTyped();
  void otherRulesAreRows();
  void rulesAreAddedFromTheMenu();
  void problemsStandAtTheirRows();
  void repairsStandAtTheirRows();
  void readOnlyChangesNothing();
  void tabWalksInReadingOrder();
  void everyControlHasAName();
};

void TestHeldOutCard::clickPaintsTheChosenState() {
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

void TestHeldOutCard::dragPaintsSixteenPairsInOneStep() {
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

void TestHeldOutCard::keysPaintAndMove() {
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

void TestHeldOutCard::enterEditsTheRelabelledOperation() {
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

void TestHeldOutCard::escapeAndFocusEndAnEdit() {
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

void TestHeldOutCard::diagonalAndClear() {
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

void TestHeldOutCard::cellsSayWhatTheyAre() {
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

void TestHeldOutCard::impossibleCellsAreNotPainted() {
  auto spec = core::preset("composite");
  spec.task.forms[0].distinct = {{"A", "B"}};
  Bench bench(spec);
  QTest::mouseClick(&bench.matrix(), Qt::LeftButton, {}, bench.centre(1, 1));
  QVERIFY(bench.spec == spec);
  QCOMPARE(bench.matrix().cellText(1, 1), QStringLiteral("First 2, second 2, never drawn"));
}

void TestHeldOutCard::widerRulesStay() {
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

void TestHeldOutCard::oneVariableIsAList() {
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

void TestHeldOutCard::residueIsTickedAndTyped() {
  Bench bench(core::preset("composite"));
  const auto rule = [&] { return std::get<core::ResidueRule>(bench.spec.task.held_out[0]); };
  retype(bench.field("/task/held_out/0/modulus"), "10");
  retype(bench.field("/task/held_out/0/remainder"), "7");
  QCOMPARE(rule(), (core::ResidueRule{"x", core::ResidueRule::Of::Key, 10, 7}));
  QCOMPARE(bench.undoSteps(), 2);
  QWidget* of = bench.field("/task/held_out/0/of");
  of->setFocus();
  QTest::keyClick(of, Qt::Key_Space);
  QCOMPARE(rule().of, core::ResidueRule::Of::KeyMinusPosition);
  retype(bench.field("/task/held_out/0/modulus"), "x");
  QCOMPARE(rule().modulus, 10);  // no number: it stays in the field, with a reason
  QVERIFY(bench.residue().hasProblem());
  retype(bench.field("/task/held_out/0/modulus"), "8");
  QVERIFY(!bench.residue().hasProblem());
  QCheckBox* box = bench.residue().box();
  QTest::mouseClick(box, Qt::LeftButton, {}, {8, box->height() / 2});
  QCOMPARE(bench.spec.task.held_out.size(), 1U);
  QVERIFY(std::holds_alternative<core::AnchorsRule>(bench.spec.task.held_out[0]));
  QTRY_COMPARE(bench.card.findChildren<ResidueRow*>().size(), 1);
  box = bench.residue().box();
  QVERIFY(!box->isChecked());
  box->setFocus();
  QTest::keyClick(box, Qt::Key_Space);
  QVERIFY(bench.spec.task.held_out.back() == core::HeldOutRule(core::ResidueRule{"x"}));
}

void TestHeldOutCard::residueGridTellsCells() {
  Bench bench(core::preset("composite"));
  ResidueGrid& grid = *bench.residue().grid();
  // 81 keys at positions 0 to 6; of each position 10 or 11 keys.
  QVERIFY(grid.isHeldOut({24, 0}) && grid.isHeldOut({25, 1}) && !grid.isHeldOut({24, 1}));
  QVERIFY(!grid.exists({24, 7}) && !grid.exists({19, 0}) && !grid.exists({101, 0}));
  int held = 0;
  int all = 0;
  for (int key = 20; key <= 100; ++key) {
    for (int position = 0; position <= 6; ++position) {
      ++all;
      held += (key - position) % 8 == 0;
    }
  }
  QCOMPARE(grid.countText(),
           QStringLiteral("%1 of %2 key–position pairs are held out").arg(held).arg(all));
  QSignalSpy told(&grid, &ResidueGrid::told);
  const QPoint at = grid.cellRect({46, 3}).center().toPoint();
  QTest::mouseMove(&grid, at - QPoint(40, 0));
  QTest::mouseMove(&grid, at);
  QCOMPARE(told.last().first().toString(),
           QStringLiteral("Key 46 at position 3: (46 − 3) mod 8 = 3, trained"));
  grid.setFocus(Qt::TabFocusReason);
  QTest::keyClick(&grid, Qt::Key_Right);
  QTest::keyClick(&grid, Qt::Key_Down);
  QCOMPARE(grid.accessibleDescription(),
           QStringLiteral("Key 21 at position 1: (21 − 1) mod 8 = 4, trained"));
  for (int i = 0; i < 4; ++i)
    QTest::keyClick(&grid, Qt::Key_Right);
  QCOMPARE(grid.accessibleDescription(),
           QStringLiteral("Key 25 at position 1: (25 − 1) mod 8 = 0, held out"));
}

void TestHeldOutCard::barsAreDragged() {
  Bench bench(core::preset("multi-anchor"));
  IntervalBar* bar = bench.keysOf().bar(1);
  QCOMPARE(bar->intervals(), (core::Intervals{{20, 27}}));
  const int y = bar->height() / 2;
  const auto at = [&](int key) {
    return QPoint(static_cast<int>((bar->xOf(key) + bar->xOf(key + 1)) / 2), y);
  };
  const auto drag = [&](QPoint from, QPoint to) {
    QTest::mousePress(bar, Qt::LeftButton, {}, from);
    for (const QPoint& p : {(from + to) / 2, to}) {
      QMouseEvent move(QEvent::MouseMove, p, bar->mapToGlobal(p), Qt::NoButton, Qt::LeftButton, {});
      QApplication::sendEvent(bar, &move);
    }
    QTest::mouseRelease(bar, Qt::LeftButton, {}, to);
  };
  drag({static_cast<int>(bar->xOf(28)), y}, at(40));
  QCOMPARE(core::keysNeverTrained(bench.spec.task, 1), (core::Intervals{{20, 40}}));
  QCOMPARE(bench.undoSteps(), 1);
  QCOMPARE(std::get<core::KeysRule>(bench.spec.task.held_out[0]).anchor, 1);  // in its place
  drag(at(60), at(70));  // over free keys: a new interval
  QCOMPARE(core::keysNeverTrained(bench.spec.task, 1), (core::Intervals{{20, 40}, {60, 70}}));
  QCOMPARE(bench.undoSteps(), 2);
  drag({static_cast<int>(bar->xOf(60)), y}, at(38));  // over the other: one
  QCOMPARE(core::keysNeverTrained(bench.spec.task, 1), (core::Intervals{{20, 70}}));
  QCOMPARE(bench.undoSteps(), 3);
}

void TestHeldOutCard::barsAreMovedByKeys() {
  Bench bench(core::preset("multi-anchor"));
  IntervalBar* bar = bench.keysOf().bar(2);
  const auto keys = [&] { return core::keysNeverTrained(bench.spec.task, 2); };
  QCOMPARE(keys(), (core::Intervals{{28, 35}}));
  bar->setFocus();
  QTest::keyClick(bar, Qt::Key_Left);
  QTest::keyClick(bar, Qt::Key_Left);
  QCOMPARE(keys(), (core::Intervals{{26, 35}}));
  QTest::keyClick(bar, Qt::Key_Down);
  QTest::keyClick(bar, Qt::Key_Right, Qt::ShiftModifier);
  QCOMPARE(keys(), (core::Intervals{{26, 45}}));
  QCOMPARE(bench.undoSteps(), 2);
  QTest::keyClick(bar, Qt::Key_Insert);
  QCOMPARE(keys(), (core::Intervals{{26, 45}, {47, 54}}));
  QVERIFY(bar->accessibleDescription().contains("held out 26-45, 47-54, at last key 54"));
  QTest::keyClick(bar, Qt::Key_Delete);
  QTest::keyClick(bar, Qt::Key_Delete);
  QCOMPARE(keys(), core::Intervals());
  QCOMPARE(bench.spec.task.held_out.size(), 9U);
}

void TestHeldOutCard::intervalsAreTyped() {
  Bench bench(core::preset("composite"));
  auto* box = bench.keysOf().box();
  QTest::mouseClick(box, Qt::LeftButton, {}, {8, box->height() / 2});
  QWidget* field = bench.field("/never_trained/3");
  QVERIFY(field != nullptr);
  retype(field, "44-51, 60");
  QCOMPARE(core::keysNeverTrained(bench.spec.task, 3), (core::Intervals{{44, 51}, {60, 60}}));
  QCOMPARE(bench.keysOf().bar(3)->intervals(), (core::Intervals{{44, 51}, {60, 60}}));
  QCOMPARE(bench.undoSteps(), 1);
  QCOMPARE(qobject_cast<QLineEdit*>(field)->text(), QStringLiteral("44-51, 60"));
  QTest::mouseClick(box, Qt::LeftButton, {}, {8, box->height() / 2});
  QVERIFY(bench.spec == core::preset("composite"));
}

void TestHeldOutCard::otherRulesAreRows() {
  auto spec = core::preset("composite");
  spec.task.held_out.emplace_back(core::ResidueRule{"x", {}, 5, 1});
  spec.task.held_out.emplace_back(core::PredicateRule{"x mod 2"});
  spec.task.held_out.emplace_back(core::LengthRule{{12}});
  spec.task.relabel.push_back({{{"A", 1}}, "x-1"});
  Bench bench(spec);
  QCOMPARE(bench.card.findChildren<ResidueRow*>().size(), 2);
  retype(bench.field("/task/held_out/3/expression"), "x mod 3");
  retype(bench.field("/task/held_out/4/lengths"), "12, 14");
  retype(bench.field("/task/relabel/0/operation"), "x-2");
  retype(bench.field("/task/held_out/2/modulus"), "6");
  QCOMPARE(std::get<core::PredicateRule>(bench.spec.task.held_out[3]).expression,
           std::string("x mod 3"));
  QCOMPARE(std::get<core::LengthRule>(bench.spec.task.held_out[4]).lengths,
           (std::vector<int>{12, 14}));
  QCOMPARE(bench.spec.task.relabel[0].operation, std::string("x-2"));
  QCOMPARE(std::get<core::ResidueRule>(bench.spec.task.held_out[2]).modulus, 6);
  QCOMPARE(bench.undoSteps(), 4);
  for (auto* button : bench.card.findChildren<QToolButton*>()) {
    if (button->accessibleName() == "Remove expression rule") {
      button->setFocus();
      QTest::keyClick(button, Qt::Key_Space);
      break;
    }
  }
  QCOMPARE(bench.spec.task.held_out.size(), 4U);
  QVERIFY(std::holds_alternative<core::LengthRule>(bench.spec.task.held_out[3]));
}

void TestHeldOutCard::rulesAreAddedFromTheMenu() {
  Bench bench(core::preset("reading-comprehension"));
  QMenu* menu = bench.card.findChild<QMenu*>();
  const auto before = bench.spec.task.held_out.size();
  for (QAction* action : menu->actions())
    action->trigger();
  const auto& rules = bench.spec.task.held_out;
  QCOMPARE(rules.size(), before + 4);
  QCOMPARE(std::get<core::ResidueRule>(rules[before]).key, std::string("answer"));
  QCOMPARE(std::get<core::PredicateRule>(rules[before + 1]).expression, std::string("x mod 2"));
  QCOMPARE(std::get<core::LengthRule>(rules[before + 2]).lengths, (std::vector<int>{9}));
  QVERIFY(std::get<core::AnchorsRule>(rules[before + 3]).values.empty());
  QCOMPARE(bench.undoSteps(), 4);
}

void TestHeldOutCard::problemsStandAtTheirRows() {
  auto spec = core::preset("composite");
  spec.task.held_out.emplace_back(core::PredicateRule{"x mod"});
  spec.task.held_out.emplace_back(core::KeysRule{1, {{300, 310}}});
  Bench bench(spec);
  QVERIFY(!bench.residue().hasProblem());
  QVERIFY(bench.card.focusFirstProblem());
  QTRY_COMPARE(QApplication::focusWidget(), bench.field("/task/held_out/2/expression"));
  bench.card.setProblems({{"/task/held_out/3/intervals", "300 is too large"}}, {});
  QVERIFY(bench.card.focusFirstProblem());
  QTRY_COMPARE(QApplication::focusWidget(), bench.field("/never_trained/1"));
  bench.card.setProblems({{"/task/held_out/1/values", "4 is no anchor"}}, {});
  QVERIFY(bench.card.focusFirstProblem());
  QTRY_COMPARE(QApplication::focusWidget(), &bench.matrix());
  bench.card.setProblems({{"/task/seq_len", "not here"}}, {});
  QVERIFY(!bench.card.focusFirstProblem());
}

void TestHeldOutCard::repairsStandAtTheirRows() {
  const auto tell = [](Bench& bench) {
    const auto problems = core::checkExperiment(bench.spec);
    bench.card.setProblems(problems, core::repairsOf(bench.spec, problems));
    QApplication::processEvents();  // what was laid out anew is shown
    return problems.size();
  };
  const auto firstIn = [](const QWidget& widget) -> QPushButton* {
    for (auto* lines : widget.findChildren<ProblemLines*>()) {
      for (auto* button : lines->findChildren<QPushButton*>()) {
        if (button->isVisible())
          return button;
      }
    }
    return nullptr;
  };
  auto spec = core::preset("composite");
  std::get<core::ResidueRule>(spec.task.held_out[0]).modulus = 1;
  Bench residue(spec);
  QCOMPARE(tell(residue), std::size_t{1});
  QVERIFY(firstIn(residue.residue()) != nullptr);
  QCOMPARE(firstIn(residue.residue())->text(), QStringLiteral("Modulus 8"));
  QTest::mouseClick(firstIn(residue.residue()), Qt::LeftButton);
  QCOMPARE(residue.spec, core::preset("composite"));
  QCOMPARE(tell(residue), std::size_t{0});
  QVERIFY(firstIn(residue.card) == nullptr);

  // Keys of one anchor at its bar; a repair of an older experiment is none.
  spec = core::preset("composite");
  spec.task.held_out.emplace_back(core::KeysRule{1, {{300, 310}}});
  Bench keys(spec);
  QCOMPARE(tell(keys), std::size_t{1});
  QVERIFY(firstIn(keys.keysOf()) != nullptr);
  auto* modulus = qobject_cast<QLineEdit*>(keys.field("/task/held_out/0/modulus"));
  modulus->setFocus();
  modulus->selectAll();
  QTest::keyClicks(modulus, "4");
  QVERIFY(!firstIn(keys.keysOf())->isEnabled());
  tell(keys);
  QVERIFY(firstIn(keys.keysOf())->isEnabled());
  firstIn(keys.keysOf())->setFocus();
  QTest::keyClick(QApplication::focusWidget(), Qt::Key_Space);
  QCOMPARE(std::get<core::ResidueRule>(keys.spec.task.held_out[0]).modulus, 4);
  QVERIFY(core::checkExperiment(keys.spec).empty());

  // What the matrix shows of rules stands under all rows.
  spec = core::preset("composite");
  spec.task.held_out.emplace_back(core::AnchorsRule{{{"A", 9}, {"B", 1}}});
  Bench pairs(spec);
  QCOMPARE(tell(pairs), std::size_t{1});
  QVERIFY(firstIn(pairs.card) != nullptr);
  QTest::mouseClick(firstIn(pairs.card), Qt::LeftButton);
  QVERIFY(core::checkExperiment(pairs.spec).empty());
}

void TestHeldOutCard::readOnlyChangesNothing() {
  Bench bench(core::preset("composite"));
  QSignalSpy edited(&bench.card, &ComposerCard::edited);
  bench.card.setExperiment(bench.spec, true);
  QTest::mouseClick(&bench.matrix(), Qt::LeftButton, {}, bench.centre(0, 0));
  bench.matrix().setFocus();
  QTest::keyClick(&bench.matrix(), Qt::Key_Space);
  QTest::keyClick(&bench.matrix(), Qt::Key_Return);
  QVERIFY(!bench.matrix().isEditing());
  retype(bench.field("/task/held_out/0/modulus"), "9");
  for (auto* box : bench.card.findChildren<QCheckBox*>())
    QVERIFY(!box->isEnabled());
  QCOMPARE(edited.size(), 0);
}

void TestHeldOutCard::tabWalksInReadingOrder() {
  Bench bench(core::preset("composite"));
  // The residue row was made after the sections below it.
  QWidget* at = bench.card.findChild<QMenu*>()->parentWidget();
  int last = at->mapTo(&bench.card, QPoint()).y();
  for (int i = 0; i < 8; ++i) {
    at->setFocus(Qt::TabFocusReason);
    QTest::keyClick(at, Qt::Key_Tab);
    at = QApplication::focusWidget();
    const int y = at->mapTo(&bench.card, QPoint()).y();
    QVERIFY2(y >= last - 4, at->metaObject()->className());
    last = y;
  }
}

void TestHeldOutCard::everyControlHasAName() {
  Bench bench(core::preset("multi-anchor"));
  for (const QWidget* widget : bench.card.findChildren<QWidget*>()) {
    if (!widget->isVisible() || widget->focusPolicy() == Qt::NoFocus)
      continue;
    const auto* button = qobject_cast<const QAbstractButton*>(widget);
    const bool has_text = button != nullptr && !button->text().isEmpty();
    QVERIFY2(has_text || !widget->accessibleName().isEmpty(), widget->metaObject()->className());
  }
}

QTEST_MAIN(TestHeldOutCard)
#include "tst_held_out_card.moc"
