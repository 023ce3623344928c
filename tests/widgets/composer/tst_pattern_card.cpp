// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/experiment_json.h"
#include "engine/core/repair.h"
#include "widgets/composer/chip_row.h"
#include "widgets/composer/form_row.h"
#include "widgets/composer/pattern_card.h"
#include "widgets/composer/pattern_line.h"
#include "widgets/composer/problem_lines.h"
#include "widgets/panel_field.h"

#include <QApplication>
#include <QComboBox>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QSpinBox>
#include <QToolButton>
#include <QtTest>

using namespace anchorlens;
using namespace anchorlens::widgets;

namespace {

/// The card and a document that takes every edit, as the window does.
class Bench : public QObject {
 public:
  explicit Bench(const core::ExperimentSpec& first) : spec(first) {
    connect(&card, &ComposerCard::edited, this,
            [this](const core::ExperimentSpec& next, const QString& text, const QString& key) {
              spec = next;
              texts.append(text);
              keys.append(key);
              card.setExperiment(spec, false);
            });
    card.resize(640, 400);
    card.setExperiment(spec, false);
    card.show();
    card.activateWindow();
    (void)QTest::qWaitForWindowActive(&card);
  }

  PatternCard card;
  core::ExperimentSpec spec;
  QStringList texts;
  QStringList keys;

  QString pattern(std::size_t form = 0) const {
    return QString::fromStdString(spec.task.forms[form].pattern);
  }
  PatternLine* line(std::size_t form = 0) { return card.rows()[form]->line(); }
  ChipRow* chips(std::size_t form = 0) { return card.rows()[form]->chips(); }
  QPoint at(int chip) {
    return chips()->chips()[static_cast<std::size_t>(chip)].box.center().toPoint();
  }
  void type(const QString& text) {
    line()->setFocus();
    line()->selectAll();
    QTest::keyClicks(line(), text);
  }
  QStringList chipTexts() {
    QStringList all;
    for (const Chip& chip : chips()->chips())
      all.append(chip.text);
    return all;
  }
};

core::ExperimentSpec withPattern(const char* pattern) {
  core::ExperimentSpec spec = core::preset("demo");
  spec.task.forms[0].pattern = pattern;
  return spec;
}

QAction* actionOf(QMenu* menu, const QString& text) {
  for (QAction* action : menu->actions()) {
    if (QString(action->text()).remove('&').startsWith(text))
      return action;
  }
  return nullptr;
}

}  // namespace

class TestPatternCard : public QObject {
  Q_OBJECT

 private slots:
  void typingIsOneStepAndTheChipsFollow() {
    Bench bench(core::preset("demo"));
    bench.type("* 4 y * -> y");
    QCOMPARE(bench.pattern(), QString("* 4 y * -> y"));
    QCOMPARE(QSet<QString>(bench.keys.begin(), bench.keys.end()).size(), 1);
    QVERIFY(!bench.keys.first().isEmpty());
    QTRY_COMPARE(bench.chipTexts(), QStringList({"*", "4", "y", "*", "→", "y", "+"}));
    // What goes with the key follows from the first and the last text, not from those between.
    QCOMPARE(std::get<core::ResidueRule>(bench.spec.task.held_out[0]).key, std::string("y"));
    QVERIFY(core::checkExperiment(bench.spec).empty());
    const QString first_key = bench.keys.last();
    bench.card.length()->editor()->setFocus();
    bench.type("* 5 y * -> y");
    QVERIFY(bench.keys.last() != first_key);
  }

  void anEmptiedPatternIsReplacedAfterAVisitElsewhere() {
    Bench bench(core::preset("demo"));
    bench.line()->setFocus();
    bench.line()->selectAll();
    QTest::keyClick(bench.line(), Qt::Key_Delete);
    bench.card.length()->editor()->setFocus();
    QCOMPARE(bench.pattern(), QString());
    bench.type("* 4 y * -> y");
    // As if it had been typed over the old one.
    QCOMPARE(bench.spec.task.keys.size(), std::size_t(1));
    QVERIFY(bench.spec.task.keys.contains("y"));
    QCOMPARE(std::get<core::ResidueRule>(bench.spec.task.held_out[0]).key, std::string("y"));
    QVERIFY(core::checkExperiment(bench.spec).empty());
  }

  void theLastPatternStaysWhileTheTextDoesNotParse() {
    Bench bench(core::preset("demo"));
    bench.type("* 7 x * ->");
    QCOMPARE(bench.pattern(), QString("* 7 x * ->"));
    QTRY_COMPARE(bench.card.rows()[0]->problemText(), QString("Expected an answer after ->."));
    QCOMPARE(bench.chipTexts(), QStringList({"*", "3", "x", "*", "→", "x", "+"}));
    QVERIFY(bench.card.focusFirstProblem());
    QTest::keyClicks(bench.line(), " x");
    QTRY_COMPARE(bench.card.rows()[0]->problemText(), QString());
    QCOMPARE(bench.chipTexts(), QStringList({"*", "7", "x", "*", "→", "x", "+"}));
  }

  void wordsAreCompleted() {
    Bench bench(core::preset("demo"));
    bench.type("* 3 x * -> mi");
    QVERIFY(bench.line()->isCompleting());
    QCOMPARE(bench.line()->completions(), QStringList({"min(x, x)"}));
    QTest::keyClick(bench.line(), Qt::Key_Tab);
    QCOMPARE(bench.pattern(), QString("* 3 x * -> min(x, x)"));
    QVERIFY(bench.line()->hasFocus());
    QVERIFY(!bench.line()->isCompleting());
    bench.type("* x A B * -> ");
    QVERIFY(!bench.line()->isCompleting());
    QTest::keyClick(bench.line(), Qt::Key_Space, Qt::ControlModifier);
    QVERIFY(bench.line()->isCompleting());
    QCOMPARE(bench.line()->completions().first(), QString("B(A(x))"));
    QTest::keyClick(bench.line(), Qt::Key_Down);
    QTest::keyClick(bench.line(), Qt::Key_Return);
    QCOMPARE(bench.pattern(), QString("* x A B * -> A(x)"));
    QTest::keyClick(bench.line(), Qt::Key_Left);
    QTest::keyClick(bench.line(), Qt::Key_Space, Qt::ControlModifier);
    QTest::keyClick(bench.line(), Qt::Key_Escape);
    QVERIFY(!bench.line()->isCompleting());
    QTest::keyClick(bench.line(), Qt::Key_Tab);
    QVERIFY(!bench.line()->hasFocus());
  }

  void aChipIsDragged() {
    Bench bench(core::preset("composite"));  // * x A B *
    ChipRow* chips = bench.chips();
    const QPoint from = bench.at(2);
    const QPoint to(static_cast<int>(chips->chips()[1].box.left()) + 2, from.y());
    QTest::mousePress(chips, Qt::LeftButton, {}, from);
    QTest::mouseMove(chips, (from + to) / 2);
    QTest::mouseMove(chips, to);
    QTest::mouseRelease(chips, Qt::LeftButton, {}, to);
    QCOMPARE(bench.pattern(), QString("* A x B * -> B(A(x))"));
    QCOMPARE(bench.texts, QStringList({"move anchor A"}));
    QCOMPARE(bench.keys, QStringList({QString()}));
    QCOMPARE(bench.line()->text(), bench.pattern());
    QCOMPARE(chips->chips()[static_cast<std::size_t>(chips->selected())].text, QString("A"));
    // A click moves nothing, and neither does a drag that Escape ends.
    QTest::mouseClick(chips, Qt::LeftButton, {}, bench.at(1));
    QTest::mousePress(chips, Qt::LeftButton, {}, bench.at(1));
    QTest::mouseMove(chips, bench.at(3));
    QTest::keyClick(chips, Qt::Key_Escape);
    QTest::mouseRelease(chips, Qt::LeftButton, {}, bench.at(3));
    QCOMPARE(bench.texts.size(), 1);
  }

  void theKeyboardDoesAll() {
    Bench bench(core::preset("composite"));
    ChipRow* chips = bench.chips();
    chips->setFocus();
    QTest::keyClick(chips, Qt::Key_Home);
    QTest::keyClick(chips, Qt::Key_Right);
    QCOMPARE(chips->accessibleName(), QString("Key x, 2 of 6"));
    QTest::keyClick(chips, Qt::Key_Right, Qt::AltModifier);
    QCOMPARE(bench.pattern(), QString("* A x B * -> B(A(x))"));
    QCOMPARE(chips->accessibleName(), QString("Key x, 3 of 6"));
    QTest::keyClick(chips, Qt::Key_Left, Qt::AltModifier);
    QCOMPARE(bench.pattern(), QString("* x A B * -> B(A(x))"));
    QTest::keyClick(chips, Qt::Key_Right);
    QTest::keyClick(chips, Qt::Key_Right);
    QCOMPARE(chips->accessibleName(), QString("Anchor B, 4 of 6"));
    QTest::keyClick(chips, Qt::Key_Delete);
    QCOMPARE(bench.pattern(), QString("* x A * -> B(A(x))"));
    QVERIFY(!core::checkExperiment(bench.spec).empty());  // a problem, not a crash
    QTest::keyClick(chips, Qt::Key_End);
    QTest::keyClick(chips, Qt::Key_Left);
    QTest::keyClick(chips, Qt::Key_F2);
    QVERIFY(chips->editor() != nullptr);
    QCOMPARE(chips->editor()->text(), QString("B(A(x))"));
    QTest::keyClicks(chips->editor(), "A(x)");
    QTest::keyClick(chips->editor(), Qt::Key_Return);
    QCOMPARE(bench.pattern(), QString("* x A * -> A(x)"));
    QVERIFY(chips->hasFocus());
    QCOMPARE(bench.texts.last(), QString("change answer"));
  }

  void everyKindCanBeAdded() {
    Bench bench(core::preset("demo"));
    ChipRow* chips = bench.chips();
    const std::pair<const char*, const char*> steps[] = {
        {"Anchor", "* 3 x A * -> x"},
        {"Key", "* 3 x A y * -> x"},
        {"One noise", "* 3 x A y _ * -> x"},
        {"Blocks", "* 3 x A y _ { z | u } * -> x"},
        {"Another block", "* 3 x A y _ { z | u | v } * -> x"},
        {"Noise", "* 3 x A y _ { z | u | v * } * -> x"},
    };
    chips->setFocus();
    chips->select(2);
    for (const auto& [name, after] : steps) {
      QTest::keyClick(chips, Qt::Key_Insert);
      auto* menu = chips->findChild<QMenu*>();
      QVERIFY(menu != nullptr && menu->isVisible());
      QAction* action = actionOf(menu, name);
      QVERIFY2(action != nullptr, name);
      action->trigger();
      menu->close();
      QCOMPARE(bench.pattern(), QString(after));
    }
    const int plus = static_cast<int>(chips->chips().size()) - 1;
    QTest::mouseClick(chips, Qt::LeftButton, {}, bench.at(plus));
    auto* menu = chips->findChild<QMenu*>();
    QVERIFY(menu != nullptr && menu->isVisible());
    actionOf(menu, "Fixed token")->trigger();
    menu->close();
    QVERIFY(chips->editor() != nullptr);  // which token is the question
    QTest::keyClicks(chips->editor(), "12");
    QTest::keyClick(chips->editor(), Qt::Key_Return);
    QCOMPARE(bench.pattern(), QString("* 3 x A y _ { z | u | v * } 12 * -> x"));
  }

  void aKeyIsRenamedWithItsAnswer() {
    Bench bench(core::preset("demo"));
    ChipRow* chips = bench.chips();
    QTest::mouseDClick(chips, Qt::LeftButton, {}, bench.at(2));
    QVERIFY(chips->editor() != nullptr);
    QTest::keyClicks(chips->editor(), "key");
    QTest::keyClick(chips->editor(), Qt::Key_Return);
    QCOMPARE(bench.pattern(), QString("* 3 key * -> key"));
    QVERIFY(core::checkExperiment(bench.spec).empty());
    QCOMPARE(bench.texts.last(), QString("rename key x"));
  }

  void whatIsNoItemIsNotTaken() {
    Bench bench(core::preset("demo"));
    ChipRow* chips = bench.chips();
    chips->startEditing(1);
    QTest::keyClicks(chips->editor(), "3x");
    QTest::keyClick(chips->editor(), Qt::Key_Return);
    QVERIFY(chips->editor() != nullptr);
    QVERIFY(bench.card.rows()[0]->problemText().startsWith("3x is neither"));
    QTest::keyClick(chips->editor(), Qt::Key_Escape);
    QVERIFY(chips->editor() == nullptr);
    QCOMPARE(bench.card.rows()[0]->problemText(), QString());
    QCOMPARE(bench.texts.size(), 0);
    chips->startEditing(1);
    QTest::keyClicks(chips->editor(), ")");
    bench.line()->setFocus();
    QVERIFY(chips->editor() == nullptr);
    QCOMPARE(bench.pattern(), QString("* 3 x * -> x"));
  }

  void aPatternOfOneItemKeepsIt() {
    Bench bench(withPattern("x -> x"));
    bench.chips()->setFocus();
    bench.chips()->select(0);
    QTest::keyClick(bench.chips(), Qt::Key_Delete);
    QCOMPARE(bench.texts.size(), 0);
  }

  void longPatternsWrap() {
    Bench bench(core::preset("classification"));
    const int one_line = bench.chips()->heightForWidth(4000);
    QVERIFY(bench.chips()->heightForWidth(300) > one_line);
    for (const Chip& chip : bench.chips()->chips())
      QVERIFY(chip.box.right() <= bench.chips()->width());
  }

  void positionChangesTheGapsOnly() {
    Bench bench(core::preset("demo"));
    QComboBox* position = bench.card.position();
    QCOMPARE(position->currentText(), QString("Anywhere"));
    QVERIFY(!bench.card.offset()->isVisible());
    position->setFocus();
    QTest::keyClick(position, Qt::Key_Down);
    QCOMPARE(bench.pattern(), QString("3 x * -> x"));
    QVERIFY(bench.card.offset()->isVisible());
    bench.card.offset()->setFocus();
    QTest::keyClick(bench.card.offset(), Qt::Key_Up);
    QTest::keyClick(bench.card.offset(), Qt::Key_Up);
    QCOMPARE(bench.pattern(), QString("_ _ 3 x * -> x"));
    QTest::keyClick(position, Qt::Key_Down);
    QCOMPARE(bench.pattern(), QString("* 3 x -> x"));
    QCOMPARE(position->currentText(), QString("Last possible"));
  }

  void formsAreAddedWeighedMovedAndRemoved() {
    Bench bench(core::preset("demo"));
    QVERIFY(!bench.card.rows()[0]->weight()->isVisible());
    QTest::mouseClick(bench.card.addFormButton(), Qt::LeftButton);
    QCOMPARE(bench.card.rows().size(), std::size_t{2});
    QVERIFY(bench.line(1)->hasFocus());
    QTest::keyClick(bench.line(1), Qt::Key_A, Qt::ControlModifier);
    QTest::keyClicks(bench.line(1), "* 4 x * -> x");
    QCOMPARE(bench.pattern(1), QString("* 4 x * -> x"));
    QCOMPARE(bench.texts.last(), QString("change pattern of form 2"));
    auto* weight = qobject_cast<QLineEdit*>(bench.card.rows()[1]->weight()->editor());
    QTRY_VERIFY(weight->isVisible());
    weight->setFocus();
    weight->selectAll();
    QTest::keyClicks(weight, "3");
    QCOMPARE(bench.spec.task.forms[1].weight, 3.0);
    const auto button = [&](const QString& name) {
      const auto buttons = bench.card.findChildren<QToolButton*>();
      return *std::find_if(buttons.begin(), buttons.end(), [&](const QToolButton* candidate) {
        return candidate->accessibleName() == name && candidate->isVisible();
      });
    };
    QTest::mouseClick(button("Move form 2 up"), Qt::LeftButton);
    QCOMPARE(bench.pattern(0), QString("* 4 x * -> x"));
    QCOMPARE(bench.line(0)->text(), QString("* 4 x * -> x"));
    QTest::mouseClick(button("Remove form 2"), Qt::LeftButton);
    QCOMPARE(bench.card.rows().size(), std::size_t{1});
    QCOMPARE(bench.spec.task.forms.size(), std::size_t{1});
    QVERIFY(core::checkExperiment(bench.spec).empty());
  }

  void lengthIsAFieldWithItsProblems() {
    Bench bench(core::preset("demo"));
    auto* length = qobject_cast<QLineEdit*>(bench.card.length()->editor());
    length->setFocus();
    length->selectAll();
    QTest::keyClicks(length, "1");
    QCOMPARE(bench.spec.task.seq_len, std::vector<int>{1});
    const auto errors = core::checkExperiment(bench.spec);
    bench.card.setProblems(errors, {});
    QVERIFY(bench.card.rows()[0]->hasProblem() || bench.card.length()->hasProblem());
    QVERIFY(bench.card.focusFirstProblem());
  }

  void repairsStandUnderPatternAndLength() {
    auto spec = core::preset("demo");
    spec.task.seq_len = {2000};
    spec.task.forms[0].pattern = "* 3 x * -> y";
    Bench bench(spec);
    const auto tell = [&] {
      const auto problems = core::checkExperiment(bench.spec);
      bench.card.setProblems(problems, core::repairsOf(bench.spec, problems));
    };
    const auto repair = [&](const QWidget& in, const QString& text) -> QPushButton* {
      for (auto* button : in.findChildren<QPushButton*>()) {
        if (button->isVisible() && button->text() == text)
          return button;
      }
      return nullptr;
    };
    tell();
    QPushButton* length = repair(bench.card, "Length 1024");
    QVERIFY(length != nullptr);
    // From the last field of that line by Tab.
    bench.card.position()->setFocus();
    QTest::keyClick(bench.card.position(), Qt::Key_Tab);
    QTRY_COMPARE(QApplication::focusWidget(), length);
    QTest::keyClick(length, Qt::Key_Space);
    QCOMPARE(bench.spec.task.seq_len, std::vector<int>{1024});
    tell();
    QVERIFY(repair(bench.card, "Length 1024") == nullptr);
    QVERIFY(bench.card.rows()[0]->problemText().contains(QLatin1Char('y')));
    auto* lines = bench.card.rows()[0]->findChild<ProblemLines*>();
    QVERIFY(lines->isVisible());
    const auto buttons = lines->findChildren<QPushButton*>();
    QVERIFY(!buttons.isEmpty());
    QTest::mouseClick(buttons.first(), Qt::LeftButton);
    for (const auto& problem : core::checkExperiment(bench.spec))
      QVERIFY2(!problem.pointer.starts_with("/task/forms"), problem.message.c_str());
  }

  void aRunIsReadOnly() {
    PatternCard card;
    card.setExperiment(core::preset("composite"), true);
    card.show();
    QSignalSpy edited(&card, &ComposerCard::edited);
    ChipRow* chips = card.rows()[0]->chips();
    chips->setFocus();
    chips->select(1);
    for (const int key : {Qt::Key_Delete, Qt::Key_F2, Qt::Key_Insert})
      QTest::keyClick(chips, Qt::Key(key));
    QTest::keyClick(chips, Qt::Key_Right, Qt::AltModifier);
    QTest::keyClicks(card.rows()[0]->line(), "x");
    QVERIFY(chips->editor() == nullptr);
    QCOMPARE(edited.count(), 0);
  }
};

QTEST_MAIN(TestPatternCard)
#include "tst_pattern_card.moc"
