// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/experiment/edit_held_out.h"
#include "engine/core/experiment_json.h"
#include "engine/core/repair.h"
#include "widgets/completing_edit.h"
#include "widgets/composer/anchor_row.h"
#include "widgets/composer/anchors_card.h"
#include "widgets/composer/variables_row.h"
#include "widgets/panel_pattern.h"

#include <QApplication>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>
#include <QSignalSpy>
#include <QToolButton>
#include <QtTest>

#include <variant>

using namespace anchorlens;
using namespace anchorlens::widgets;

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
    QVERIFY(QTest::qWaitForWindowActive(&card));
  }

  QWidget* cell(int row, int column) {
    return card.rows()[static_cast<std::size_t>(row)]->cell(column);
  }
  QWidget* field(const QString& pointer) {
    for (FormField* field : card.findChildren<FormField*>()) {
      if (field->spec().pointer == pointer && field->isVisible())
        return field->editor();
    }
    return nullptr;
  }
  QAbstractButton* button(const QString& name) {
    for (auto* each : card.findChildren<QAbstractButton*>()) {
      if (each->isVisible() && (each->text() == name || each->accessibleName() == name))
        return each;
    }
    return nullptr;
  }
  int undoSteps() const {
    int n = 0;
    for (int i = 0; i < keys.size(); ++i)
      n += i == 0 || keys[i].isEmpty() || keys[i] != keys[i - 1];
    return n;
  }

  core::ExperimentSpec spec;
  AnchorsCard card;
  QStringList texts;
  QStringList keys;
};

void retype(QWidget* editor, const QString& text) {
  editor->setFocus();
  QTest::keyClick(editor, Qt::Key_A, Qt::ControlModifier);
  QTest::keyClicks(editor, text);
}

}  // namespace

class TestAnchorsCard : public QObject {
  Q_OBJECT

 private slots:
  void operationsAreTyped();
  void rulesFollowATypedToken();
  void tokensInBetweenTakeNothing();
  void neverTrainedKeysAreTyped();
  void synonymsAreChosen();
  void detailsOfRandomOperationsAndTables();
  void rowsAreAddedAndRemoved();
  void appliedTokensGetARow();
  void longOperationsAreShownWhole();
  void keysWalkThroughTheTable();
  void variablesAndGroups();
  void keysOfVariables();
  void tokensAsText();
  void problemsStandUnderTheirRow();
  void repairsStandUnderTheirRow();
  void operationsAreCompletedByKeys();
  void aListOfOperationsCloses();
  void readOnlyChangesNothing();
  void everyControlHasAName();
};

void TestAnchorsCard::operationsAreTyped() {
  Bench bench(core::preset("composite"));
  retype(bench.cell(1, AnchorRow::Operation), "x*3");
  QCOMPARE(bench.spec.task.anchors[1].operation, std::string("x*3"));
  QCOMPARE(bench.undoSteps(), 1);
  QCOMPARE(bench.texts.first(), QStringLiteral("change operation of anchor 2"));
  retype(bench.cell(0, AnchorRow::Operation), "x+6");
  QCOMPARE(bench.undoSteps(), 2);
  // What is no operation stays, and is the document's to judge.
  retype(bench.cell(0, AnchorRow::Operation), "x+");
  QCOMPARE(bench.spec.task.anchors[0].operation, std::string("x+"));
}

void TestAnchorsCard::rulesFollowATypedToken() {
  Bench bench(core::preset("composite"));
  retype(bench.cell(2, AnchorRow::Token), "7");
  QCOMPARE(bench.spec.task.anchors[2].token, 7);
  QCOMPARE(std::get<core::AnchorsRule>(bench.spec.task.held_out[1]).values,
           (core::AnchorValues{{"A", 7}, {"B", 4}}));
  QCOMPARE(bench.undoSteps(), 1);
}

void TestAnchorsCard::tokensInBetweenTakeNothing() {
  // On the way from 3 to 42 the token is 4, which has a row and rules of its own.
  Bench bench(core::preset("composite"));
  retype(bench.cell(2, AnchorRow::Token), "42");
  QCOMPARE(bench.spec.task.anchors[2].token, 42);
  QCOMPARE(std::get<core::AnchorsRule>(bench.spec.task.held_out[1]).values,
           (core::AnchorValues{{"A", 42}, {"B", 4}}));
  QCOMPARE(bench.undoSteps(), 1);
  retype(bench.cell(2, AnchorRow::Token), "3");
  QVERIFY(bench.spec == core::preset("composite"));
  retype(bench.cell(2, AnchorRow::Token), "q");
  QVERIFY(bench.spec == core::preset("composite"));
  QVERIFY(bench.card.rows()[2]->hasProblem());
}

void TestAnchorsCard::neverTrainedKeysAreTyped() {
  Bench bench(core::preset("composite"));
  retype(bench.cell(2, AnchorRow::Never), "44-51");
  QCOMPARE(core::keysNeverTrained(bench.spec.task, 3), (core::Intervals{{44, 51}}));
  QCOMPARE(bench.texts.first(), QStringLiteral("change keys never trained with anchor 3"));
  QCOMPARE(bench.undoSteps(), 1);
  bench.cell(2, AnchorRow::Never)->setFocus();
  QTest::keyClick(bench.cell(2, AnchorRow::Never), Qt::Key_A, Qt::ControlModifier);
  QTest::keyClick(bench.cell(2, AnchorRow::Never), Qt::Key_Delete);
  QVERIFY(bench.spec == core::preset("composite"));
}

void TestAnchorsCard::synonymsAreChosen() {
  Bench bench(core::preset("synonym"));
  auto* combo = qobject_cast<QComboBox*>(bench.cell(4, AnchorRow::Synonym));
  QCOMPARE(combo->currentData().toString(), QStringLiteral("3"));
  QCOMPARE(combo->count(), 5);  // none, 1 to 4
  combo->setFocus();
  QTest::keyClicks(combo, "4");
  QCOMPARE(bench.spec.task.anchors[4].operation, std::string("same as 4"));
  QCOMPARE(combo->currentData().toString(), QStringLiteral("4"));
  QTest::keyClick(combo, Qt::Key_Home);
  // No synonym any more: the operation that it had stays.
  QCOMPARE(bench.spec.task.anchors[4].operation, std::string("x-8"));
  QCOMPARE(combo->currentIndex(), 0);
  QCOMPARE(bench.undoSteps(), 2);
}

void TestAnchorsCard::detailsOfRandomOperationsAndTables() {
  Bench bench(core::preset("memory-and-reasoning"));
  QVERIFY(bench.card.rows()[0]->detail().startsWith("Seed 1: 20→"));
  QVERIFY(bench.card.rows()[0]->detail().contains("20-100"));
  QCOMPARE(bench.card.rows()[2]->detail(), QString());
  retype(bench.cell(2, AnchorRow::Operation), "80% x | 20% x+1");
  QVERIFY2(bench.card.rows()[2]->detail().contains("together 100"),
           qPrintable(bench.card.rows()[2]->detail()));
  retype(bench.cell(2, AnchorRow::Operation), "same as 12");
  QCOMPARE(bench.card.rows()[2]->detail(), QStringLiteral("Does x+5"));
}

void TestAnchorsCard::rowsAreAddedAndRemoved() {
  Bench bench(core::preset("composite"));
  QTest::mouseClick(bench.button("Add anchor"), Qt::LeftButton);
  QCOMPARE(bench.spec.task.anchors.back(), (core::AnchorSpec{5, "x"}));
  QTRY_COMPARE(QApplication::focusWidget(), bench.cell(4, AnchorRow::Operation));
  QTest::keyClicks(QApplication::focusWidget(), "x*2");
  QCOMPARE(bench.spec.task.anchors.back(), (core::AnchorSpec{5, "x*2"}));
  QCOMPARE(bench.undoSteps(), 2);
  // Anchor 3 goes with the pair that names it.
  QWidget* remove = bench.card.rows()[2]->findChild<QToolButton*>();
  remove->setFocus();
  QTest::keyClick(remove, Qt::Key_Space);
  QCOMPARE(bench.spec.task.anchors.size(), 4U);
  QCOMPARE(bench.spec.task.held_out.size(), 1U);
  QCOMPARE(bench.texts.last(), QStringLiteral("remove anchor 3"));
  QTRY_COMPARE(QApplication::focusWidget(), bench.button("Add anchor"));
}

void TestAnchorsCard::appliedTokensGetARow() {
  auto spec = core::preset("statistical");
  spec.task.anchors.clear();
  Bench bench(spec);
  QVERIFY(bench.card.focusFirstProblem());
  auto* add = bench.button("Add anchor 3");
  QVERIFY(add != nullptr && add->hasFocus());
  QTest::keyClick(add, Qt::Key_Space);
  QCOMPARE(bench.spec.task.anchors, (std::vector<core::AnchorSpec>{{3, "x"}}));
  QVERIFY(bench.button("Add anchor 3") == nullptr);
  QVERIFY(!bench.card.focusFirstProblem());
}

void TestAnchorsCard::longOperationsAreShownWhole() {
  // In a narrow card the text takes two lines: its row makes room for them.
  Bench bench(core::preset("statistical"));
  bench.card.resize(400, 500);
  QWidget* cell = bench.cell(0, AnchorRow::Operation);
  QTRY_VERIFY(cell->height() > 40);
  QTRY_VERIFY2(cell->geometry().bottom() <= cell->parentWidget()->rect().bottom(),
               qPrintable(QStringLiteral("%1 of %2")
                              .arg(cell->geometry().bottom())
                              .arg(cell->parentWidget()->height())));
}

void TestAnchorsCard::keysWalkThroughTheTable() {
  Bench bench(core::preset("composite"));
  bench.cell(0, AnchorRow::Operation)->setFocus();
  const auto press = [](int key) {
    QTest::keyClick(QApplication::focusWidget(), static_cast<Qt::Key>(key));
    return QApplication::focusWidget();
  };
  QCOMPARE(press(Qt::Key_Return), bench.cell(1, AnchorRow::Operation));
  QCOMPARE(press(Qt::Key_Down), bench.cell(2, AnchorRow::Operation));
  QCOMPARE(press(Qt::Key_Up), bench.cell(1, AnchorRow::Operation));
  press(Qt::Key_End);
  QCOMPARE(press(Qt::Key_Right), bench.cell(1, AnchorRow::Never));
  press(Qt::Key_Home);
  QCOMPARE(press(Qt::Key_Left), bench.cell(1, AnchorRow::Operation));
  press(Qt::Key_End);
  QCOMPARE(press(Qt::Key_Left), bench.cell(1, AnchorRow::Operation));  // within the text
  QCOMPARE(press(Qt::Key_Tab), bench.cell(1, AnchorRow::Never));
  QCOMPARE(press(Qt::Key_Tab), bench.cell(1, AnchorRow::Synonym));
  press(Qt::Key_Tab);  // remove
  QCOMPARE(press(Qt::Key_Tab), bench.cell(2, AnchorRow::Token));
  bench.cell(3, AnchorRow::Token)->setFocus();
  QCOMPARE(press(Qt::Key_Return), static_cast<QWidget*>(bench.button("Add anchor")));
  QVERIFY(bench.texts.isEmpty());
}

void TestAnchorsCard::variablesAndGroups() {
  Bench bench(core::preset("composite"));
  retype(bench.field("/task/forms/0/anchors/A"), "1-3, 9");
  QCOMPARE(bench.spec.task.forms[0].anchors.at("A"), (std::vector<int>{1, 2, 3, 9}));
  QCOMPARE(bench.undoSteps(), 1);
  QWidget* distinct = bench.field("/task/forms/0/distinct");
  distinct->setFocus();
  QTest::keyClick(distinct, Qt::Key_Space);
  QCOMPARE(bench.spec.task.forms[0].distinct, (std::vector<std::vector<std::string>>{{"A", "B"}}));
  QTest::mouseClick(distinct, Qt::LeftButton, {}, {8, distinct->height() / 2});
  QVERIFY(bench.spec.task.forms[0].distinct.empty());
  retype(bench.field("/task/forms/0/anchors/A"), "5-2");
  QVERIFY(bench.field("/task/forms/0/anchors/A")->accessibleDescription().contains("backwards"));
  // Other groups than all of them are text, and stay.
  auto spec = core::preset("classification");
  spec.task.forms[0].distinct = {{"A", "B"}, {"B", "C"}};
  Bench groups(spec);
  QCOMPARE(qobject_cast<QLineEdit*>(groups.field("/task/forms/0/distinct"))->text(),
           QStringLiteral("A B; B C"));
  QCOMPARE(qobject_cast<QLineEdit*>(groups.field("/task/forms/0/anchors/B"))->text(),
           QStringLiteral("1-10"));
}

void TestAnchorsCard::keysOfVariables() {
  Bench bench(core::preset("composite"));
  retype(bench.field("/task/keys/x"), "20-60, 70-99");
  QCOMPARE(bench.spec.task.keys.at("x"), (core::Intervals{{20, 60}, {70, 99}}));
  QCOMPARE(bench.texts.first(), QStringLiteral("change keys of x"));
  QCOMPARE(bench.undoSteps(), 1);
}

void TestAnchorsCard::tokensAsText() {
  QCOMPARE(formatTokens({1, 2, 3, 4, 9}), QStringLiteral("1-4, 9"));
  QCOMPARE(formatTokens({1, 2, 5, 4, 3}), QStringLiteral("1, 2, 5, 4, 3"));
  QCOMPARE(formatTokens({}), QString());
}

void TestAnchorsCard::problemsStandUnderTheirRow() {
  auto spec = core::preset("composite");
  spec.task.anchors[2].operation = "80% x | 10% x+1";
  spec.task.held_out.emplace_back(core::KeysRule{4, {{300, 310}}});
  Bench bench(spec);
  const auto problems = core::checkExperiment(spec);
  bench.card.setProblems(problems, {});
  QVERIFY(!bench.card.rows()[0]->hasProblem() && !bench.card.rows()[3]->hasProblem());
  QCOMPARE(bench.card.rows()[2]->problemLines(), QStringList{"Percentages add up to 90 %."});
  QVERIFY(bench.card.focusFirstProblem());
  QTRY_COMPARE(QApplication::focusWidget(), bench.cell(2, AnchorRow::Operation));
  bench.card.setProblems({{"/task/held_out/2/intervals", "300 is outside"}}, {});
  QVERIFY(bench.card.rows()[3]->hasProblem() && !bench.card.rows()[2]->hasProblem());
  bench.card.setProblems({{"/task/forms/0/pattern", "not here"}}, {});
  QVERIFY(!bench.card.focusFirstProblem());
  bench.card.setProblems({{"/task/forms/0/anchors/B/0", "here"}}, {});
  QVERIFY(bench.card.focusFirstProblem());
  QTRY_COMPARE(QApplication::focusWidget(), bench.field("/task/forms/0/anchors/B"));
}

void TestAnchorsCard::repairsStandUnderTheirRow() {
  auto spec = core::preset("composite");
  spec.task.anchors[2].operation = "80% x | 10% x+1";
  spec.task.held_out.emplace_back(core::KeysRule{4, {{300, 310}}});
  Bench bench(spec);
  const auto problems = core::checkExperiment(spec);
  const auto repairs = core::repairsOf(spec, problems);
  bench.card.setProblems(problems, repairs);
  const auto buttonsOf = [&](std::size_t row) {
    QList<QPushButton*> buttons;
    for (auto* button : bench.card.rows()[row]->findChildren<QPushButton*>()) {
      if (button->isVisible())
        buttons << button;
    }
    return buttons;
  };
  QVERIFY(buttonsOf(0).isEmpty());
  QVERIFY(!buttonsOf(2).isEmpty());
  // By Tab from the row's last control; no mouse.
  bench.card.rows()[2]->findChild<QToolButton*>()->setFocus();
  QTest::keyClick(QApplication::focusWidget(), Qt::Key_Tab);
  QTRY_COMPARE(QApplication::focusWidget(), buttonsOf(2).first());
  // Once something else was changed, the repair would bring the old state back.
  retype(bench.cell(0, AnchorRow::Operation), "x+6");
  QVERIFY(!buttonsOf(2).first()->isEnabled());
  bench.card.setProblems(core::checkExperiment(bench.spec),
                         core::repairsOf(bench.spec, core::checkExperiment(bench.spec)));
  QPushButton* repair = buttonsOf(2).first();
  QVERIFY(repair->isEnabled());
  const QString label = repair->text();
  repair->setFocus();
  QTest::keyClick(repair, Qt::Key_Space);
  QCOMPARE(bench.texts.last(), label);
  QCOMPARE(bench.spec.task.anchors[0].operation, std::string("x+6"));
  const auto left = core::checkExperiment(bench.spec);
  for (const auto& problem : left)
    QVERIFY2(!problem.pointer.starts_with("/task/anchors/2"), problem.message.c_str());
  bench.card.setProblems(left, core::repairsOf(bench.spec, left));
  QVERIFY(buttonsOf(2).isEmpty());
  QVERIFY(!buttonsOf(3).isEmpty());  // a rule `keys` stands at its anchor
  QTest::mouseClick(buttonsOf(3).first(), Qt::LeftButton);
  QVERIFY(core::checkExperiment(bench.spec).empty());
}

void TestAnchorsCard::operationsAreCompletedByKeys() {
  Bench bench(core::preset("composite"));
  auto* edit = qobject_cast<CompletingEdit*>(bench.cell(1, AnchorRow::Operation));
  QVERIFY(edit != nullptr);
  retype(edit, "x+");
  QVERIFY(edit->isCompleting());
  QCOMPARE(edit->completions(), QStringList{"x+1"});
  QTest::keyClick(edit, Qt::Key_Tab);
  QVERIFY(edit->hasFocus());
  QCOMPARE(bench.spec.task.anchors[1].operation, std::string("x+1"));

  retype(edit, "tab");
  QCOMPARE(edit->list()->item(0)->text(),
           QStringLiteral("table 7   learned by heart: drawn once from the seed 7"));
  QTest::keyClick(edit, Qt::Key_Return);
  QCOMPARE(bench.spec.task.anchors[1].operation, std::string("table 7"));
  QVERIFY(edit->hasFocus());

  // Every other anchor, not this one; Down marks and does not leave the cell.
  retype(edit, "same");
  QCOMPARE(edit->completions(), (QStringList{"same as 1", "same as 3", "same as 4"}));
  QTest::keyClick(edit, Qt::Key_Down);
  QVERIFY(edit->hasFocus());
  QTest::keyClick(edit, Qt::Key_Enter);
  QCOMPARE(bench.spec.task.anchors[1].operation, std::string("same as 3"));

  // All, on request; each with what it does.
  retype(edit, " ");
  QTest::keyClick(edit, Qt::Key_Backspace);
  QTest::keyClick(edit, Qt::Key_Space, Qt::ControlModifier);
  QVERIFY(edit->isCompleting());
  QVERIFY(edit->completions().contains("80% x | 20% x+1"));
  for (int i = 0; i < edit->list()->count(); ++i)
    QVERIFY(edit->list()->item(i)->text().size() > edit->completions()[i].size() + 3);
}

void TestAnchorsCard::aListOfOperationsCloses() {
  Bench bench(core::preset("composite"));
  auto* edit = qobject_cast<CompletingEdit*>(bench.cell(1, AnchorRow::Operation));
  retype(edit, "x m");
  QVERIFY(edit->isCompleting());
  QTest::keyClick(edit, Qt::Key_Escape);
  QVERIFY(!edit->isCompleting());
  QCOMPARE(edit->text(), QStringLiteral("x m"));
  QVERIFY(edit->hasFocus());
  // A whole operation has no list: Return walks on.
  retype(edit, "x+5");
  QVERIFY(!edit->isCompleting());
  QTest::keyClick(edit, Qt::Key_Return);
  QCOMPARE(QApplication::focusWidget(), bench.cell(2, AnchorRow::Operation));
  QCOMPARE(bench.spec.task.anchors[1].operation, std::string("x+5"));
  // Tab leaves the cell where there is none, and so does the list with it.
  retype(edit, "tab");
  QVERIFY(edit->isCompleting());
  bench.cell(0, AnchorRow::Token)->setFocus();
  QVERIFY(!edit->isCompleting());
  bench.card.setExperiment(bench.spec, true);
  edit->setFocus();
  QTest::keyClick(edit, Qt::Key_Space, Qt::ControlModifier);
  QVERIFY(!edit->isCompleting());
}

void TestAnchorsCard::readOnlyChangesNothing() {
  Bench bench(core::preset("composite"));
  QSignalSpy edited(&bench.card, &ComposerCard::edited);
  bench.card.setExperiment(bench.spec, true);
  retype(bench.cell(0, AnchorRow::Operation), "x*9");
  retype(bench.cell(0, AnchorRow::Token), "8");
  QVERIFY(!bench.cell(0, AnchorRow::Synonym)->isEnabled());
  QVERIFY(!bench.button("Add anchor")->isEnabled());
  QVERIFY(!bench.card.rows()[0]->findChild<QToolButton*>()->isEnabled());
  QCOMPARE(edited.size(), 0);
}

void TestAnchorsCard::everyControlHasAName() {
  Bench bench(core::preset("classification"));
  for (const QWidget* widget : bench.card.findChildren<QWidget*>()) {
    if (!widget->isVisible() || widget->focusPolicy() == Qt::NoFocus)
      continue;
    const auto* button = qobject_cast<const QAbstractButton*>(widget);
    const bool has_text = button != nullptr && !button->text().isEmpty();
    QVERIFY2(has_text || !widget->accessibleName().isEmpty(), widget->metaObject()->className());
  }
  Bench table(core::preset("composite"));
  QCOMPARE(table.cell(1, AnchorRow::Operation)->accessibleName(),
           QStringLiteral("Operation, anchor 2"));
}

QTEST_MAIN(TestAnchorsCard)
#include "tst_anchors_card.moc"
