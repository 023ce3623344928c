// SPDX-License-Identifier: GPL-3.0-or-later
// The card of what is held out: its rules, and the card as a whole.
#include "engine/core/repair.h"
#include "tests/widgets/composer/held_out_bench.h"
#include "widgets/composer/interval_bar.h"
#include "widgets/composer/problem_lines.h"
#include "widgets/composer/residue_grid.h"

#include <QCheckBox>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QSignalSpy>
#include <QToolButton>
#include <QtTest>

#include <variant>

using namespace anchorlens;
using namespace anchorlens::widgets;
using tests::Bench;
using tests::retype;

class TestHeldOutCard : public QObject {
  Q_OBJECT

 private slots:
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
