// SPDX-License-Identifier: GPL-3.0-or-later
// The Composer over the draft and its undo stack, and in the window.
#include "app/anchorlens/controller.h"
#include "app/anchorlens/first_start_card.h"
#include "app/anchorlens/key_filter.h"
#include "app/anchorlens/main_toolbar.h"
#include "app/anchorlens/main_window.h"
#include "app/anchorlens/places.h"
#include "engine/core/experiment_json.h"
#include "engine/core/random.h"
#include "tests/app/app_fixture.h"
#include "widgets/composer/chip_row.h"
#include "widgets/composer/composer_view.h"
#include "widgets/composer/form_row.h"
#include "widgets/composer/pattern_card.h"
#include "widgets/composer/pattern_line.h"
#include "widgets/panel_experiment.h"
#include "widgets/panel_field.h"

#include <QApplication>
#include <QClipboard>
#include <QComboBox>
#include <QDragEnterEvent>
#include <QFile>
#include <QLineEdit>
#include <QMenu>
#include <QMimeData>
#include <QPushButton>
#include <QTabWidget>
#include <QtTest>

using namespace anchorlens;
using namespace anchorlens::widgets;

namespace {

constexpr int kTimeoutMs = 20'000;

/// The Composer, the draft that it edits, and its undo stack.
class Desk : public QObject {
 public:
  explicit Desk(const core::ExperimentSpec& first) : draft(stack) {
    draft.load(first, {});
    connect(&view, &ComposerView::edited, this,
            [this](const core::ExperimentSpec& next, const QString& text, const QString& key) {
              draft.edit(next, text, key);
            });
    connect(&draft, &app::DraftDocument::changed, this, [this] { view.showDraft(draft.spec()); });
    view.showDraft(draft.spec());
    view.resize(1100, 800);
    view.show();
    view.activateWindow();
    (void)QTest::qWaitForWindowActive(&view);
  }
  std::string text() const { return core::writeExperiment(draft.spec()); }
  FormRow* row(core::Random& random) {
    const auto& rows = view.pattern()->rows();
    return rows[random.below(static_cast<std::uint32_t>(rows.size()))];
  }

  QUndoStack stack;
  app::DraftDocument draft;
  ComposerView view;
};

/// A word of the language, or nearly.
QString randomPiece(core::Random& random) {
  static const char* const kPieces[] = {"x",   "A",         "*",  "_",       "3",  " ",
                                        " y ", "{ a | b }", "->", "B(A(x))", "mi", "match(",
                                        ")",   "|",         "}",  "x+1",     "é"};
  return QString::fromUtf8(kPieces[random.below(std::size(kPieces))]);
}

/// One thing that a hand could do.
void randomEdit(Desk& desk, core::Random& random) {
  FormRow* row = desk.row(random);
  ChipRow* chips = row->chips();
  const int n_chips = static_cast<int>(chips->chips().size());
  chips->select(static_cast<int>(random.below(static_cast<std::uint32_t>(std::max(1, n_chips)))));
  switch (random.below(12)) {
    case 0:
      row->line()->setFocus();
      row->line()->moveCursor(random.below(2) == 0 ? QTextCursor::End : QTextCursor::WordLeft);
      for (const QChar c : randomPiece(random))
        QTest::sendKeyEvent(QTest::Click, row->line(), Qt::Key_unknown, QString(c), {});
      return;
    case 1:
      row->line()->setFocus();
      QTest::keyClick(row->line(), random.below(2) == 0 ? Qt::Key_Backspace : Qt::Key_Delete);
      return;
    case 2:
      chips->setFocus();
      QTest::keyClick(chips, Qt::Key_Delete);
      return;
    case 3:
    case 4:
      chips->setFocus();
      QTest::keyClick(chips, random.below(2) == 0 ? Qt::Key_Left : Qt::Key_Right, Qt::AltModifier);
      return;
    case 5: {
      chips->setFocus();
      const auto actions = chips->addMenu()->actions();
      actions[static_cast<int>(random.below(static_cast<std::uint32_t>(actions.size())))]
          ->trigger();
      if (chips->editor() != nullptr)
        QTest::keyClick(chips->editor(), Qt::Key_Return);
      return;
    }
    case 6: {
      chips->setFocus();
      QTest::keyClick(chips, Qt::Key_F2);
      if (chips->editor() == nullptr) {
        chips->addMenu()->close();  // it was the +
        return;
      }
      chips->editor()->setText(randomPiece(random));
      QTest::keyClick(chips->editor(), random.below(3) == 0 ? Qt::Key_Escape : Qt::Key_Return);
      return;
    }
    case 7: {
      if (n_chips == 0)
        return;
      const auto boxOf = [&](std::uint32_t chip) {
        return chips->chips()[chip].box.center().toPoint();
      };
      const QPoint from = boxOf(random.below(static_cast<std::uint32_t>(n_chips)));
      const QPoint to = boxOf(random.below(static_cast<std::uint32_t>(n_chips)));
      QTest::mousePress(chips, Qt::LeftButton, {}, from);
      QTest::mouseMove(chips, (from + to) / 2);
      QTest::mouseMove(chips, to);
      QTest::mouseRelease(chips, Qt::LeftButton, {}, to);
      if (auto* menu = chips->findChild<QMenu*>())
        menu->close();
      return;
    }
    case 8: {
      auto* position = desk.view.pattern()->position();
      position->setFocus();
      QTest::keyClick(position, random.below(2) == 0 ? Qt::Key_Down : Qt::Key_Up);
      return;
    }
    case 9: {
      auto* length = qobject_cast<QLineEdit*>(desk.view.pattern()->length()->editor());
      length->setFocus();
      length->selectAll();
      QTest::keyClicks(length, QString::number(random.below(30)));
      return;
    }
    case 10:
      if (desk.view.pattern()->rows().size() < 4)
        QTest::mouseClick(desk.view.pattern()->addFormButton(), Qt::LeftButton);
      else
        emit row->removeRequested();
      return;
    default:
      if (random.below(8) == 0)
        emit row->removeRequested();
      else
        emit row->moveRequested(random.below(2) == 0 ? -1 : 1);
  }
}

}  // namespace

class TestComposer : public QObject {
  Q_OBJECT

  std::unique_ptr<tests::TemporaryHome> m_home;
  tests::FakeEngine m_engine;
  tests::ScriptedDialogs m_dialogs;
  app::Settings m_settings;
  app::KeyFilter m_filter;

  struct Window {
    explicit Window(TestComposer& test)
        : themes(*qApp),
          controller(tests::fakeSessions(&test.m_engine)),
          window({controller, themes, test.m_dialogs, test.m_settings, app::settingsFile(),
                  app::sessionFile()}) {
      window.openSession();
      window.resize(1600, 1000);
      window.show();
      window.activateWindow();
      (void)QTest::qWaitForWindowActive(&window);
    }
    PatternLine* line() { return window.composer()->pattern()->rows()[0]->line(); }
    std::string pattern() { return controller.draft().spec().task.forms[0].pattern; }
    void type(const QString& text) {
      line()->setFocus();
      line()->selectAll();
      QTest::keyClicks(line(), text);
    }
    ThemeController themes;
    app::Controller controller;
    app::MainWindow window;
  };

 private slots:
  void initTestCase() { qApp->installEventFilter(&m_filter); }
  void init() { m_home = std::make_unique<tests::TemporaryHome>(); }

  void aThousandRandomEditsGiveDraftsThatReadBack() {
    core::Random random(11, "composer");
    Desk desk(core::preset("composite"));
    for (int i = 0; i < 1000; ++i) {
      randomEdit(desk, random);
      const std::string text = desk.text();
      const auto read = core::parseDraft(text);
      QVERIFY2(read.has_value(), text.c_str());
      QCOMPARE(core::writeExperiment(*read), text);
      // A draft without problems is a file like any other.
      if (i % 25 == 0 && core::checkExperiment(desk.draft.spec()).empty())
        QVERIFY2(core::parseExperiment(text).has_value(), text.c_str());
      if (i % 100 == 99)
        desk.draft.load(core::preset(core::presetNames()[random.below(11)]), {});
    }
  }

  void fiftyEditsAndFiftyUndosGiveTheSameFile() {
    core::Random random(23, "undo");
    Desk desk(core::preset("reading-comprehension"));
    const std::string first = desk.text();
    while (desk.stack.count() < 50) {
      const int before = desk.stack.count();
      randomEdit(desk, random);
      QVERIFY(desk.stack.count() <= before + 1);  // one edit is one step
    }
    const std::string last = desk.text();
    QVERIFY(last != first);
    for (int i = 0; i < 50; ++i)
      desk.stack.undo();
    QCOMPARE(desk.stack.index(), 0);
    QCOMPARE(desk.text(), first);
    QCOMPARE(desk.view.pattern()->rows()[0]->line()->text(),
             QString::fromStdString(core::preset("reading-comprehension").task.forms[0].pattern));
    for (int i = 0; i < 50; ++i)
      desk.stack.redo();
    QCOMPARE(desk.text(), last);
  }

  void tabsAreReachedByKeyAndRemembered() {
    {
      Window first(*this);
      QCOMPARE(first.window.tabs()->currentWidget()->objectName(), QString("attention"));
      QTest::keyClick(&first.window, Qt::Key_1, Qt::ControlModifier);
      QVERIFY(first.window.composer()->isVisible());
      QVERIFY(first.line()->hasFocus());
      QTest::keyClick(&first.window, Qt::Key_2, Qt::ControlModifier);
      QVERIFY(!first.window.composer()->isVisible());
      QTest::keyClick(&first.window, Qt::Key_1, Qt::ControlModifier);
      first.window.saveSession();
    }
    Window second(*this);
    QVERIFY(second.window.composer()->isVisible());
  }

  void enterPressesTheButtonThatHasTheFocus() {
    Window desk(*this);
    QTest::keyClick(&desk.window, Qt::Key_1, Qt::ControlModifier);
    QPushButton* add = nullptr;
    for (QPushButton* button : desk.window.composer()->findChildren<QPushButton*>()) {
      if (button->text() == "Add anchor")
        add = button;
    }
    QVERIFY(add != nullptr);
    add->setFocus();
    QTest::keyClick(add, Qt::Key_Return);
    QCOMPARE(desk.controller.draft().spec().task.anchors.size(), std::size_t{1});
    // The new row's operation has the focus.
    QTest::keyClicks(QApplication::focusWidget(), "x+5");
    QCOMPARE(desk.controller.draft().spec().task.anchors[0].operation, std::string("x+5"));
  }

  void dockAndCardLeadToTheComposer() {
    Window desk(*this);
    const auto press = [&](QWidget* in, const QString& text) {
      for (QPushButton* button : in->findChildren<QPushButton*>()) {
        if (button->text() == text) {
          QTest::mouseClick(button, Qt::LeftButton);
          return true;
        }
      }
      return false;
    };
    QVERIFY(press(desk.window.experiment(), "Composer"));
    QVERIFY(desk.window.composer()->isVisible());
    QTest::keyClick(&desk.window, Qt::Key_2, Qt::ControlModifier);
    QVERIFY(press(desk.window.findChild<app::FirstStartCard*>(), "Compose a task"));
    QVERIFY(desk.window.composer()->isVisible());
    QVERIFY(desk.line()->hasFocus());
  }

  void dockAndComposerEditOneDocument() {
    Window desk(*this);
    QTest::keyClick(&desk.window, Qt::Key_1, Qt::ControlModifier);
    desk.type("* 5 x * -> x");
    QCOMPARE(desk.pattern(), std::string("* 5 x * -> x"));
    QCOMPARE(desk.window.experiment()->field("/task/forms/0/pattern")->text(),
             QString("* 5 x * -> x"));
    // Undo in the field is the window's: one step for all that was typed.
    QTest::keyClick(desk.line(), Qt::Key_Z, Qt::ControlModifier);
    QCOMPARE(desk.pattern(), std::string("* 3 x * -> x"));
    QTRY_COMPARE(desk.line()->text(), QString("* 3 x * -> x"));
    QTest::keyClick(desk.line(), Qt::Key_Z, Qt::ControlModifier | Qt::ShiftModifier);
    QCOMPARE(desk.pattern(), std::string("* 5 x * -> x"));
  }

  void aBrokenDraftIsMarkedAndSamplesStay() {
    Window desk(*this);
    QTest::keyClick(&desk.window, Qt::Key_1, Qt::ControlModifier);
    auto& checks = desk.controller.draftChecks();
    QTRY_VERIFY_WITH_TIMEOUT(!checks.checks().is_stale, kTimeoutMs);
    desk.type("* 3 x * -> ");
    QTRY_VERIFY_WITH_TIMEOUT(!checks.checks().problems.empty(), kTimeoutMs);
    QVERIFY(checks.checks().samples.size() >= 12);
    desk.controller.tick();
    desk.window.experiment()->setFocus();
    emit desk.window.toolbar()->showProblemPressed();
    QVERIFY(desk.line()->hasFocus());
  }

  // The draft keeps the last value, but what one sees is not that: nothing may start.
  void aTextThatIsNoValueStopsRun() {
    Window desk(*this);
    QTest::keyClick(&desk.window, Qt::Key_1, Qt::ControlModifier);
    app::MainToolbar* toolbar = desk.window.toolbar();
    QTRY_VERIFY_WITH_TIMEOUT(toolbar->runButton()->isEnabled(), kTimeoutMs);
    auto* length = qobject_cast<QLineEdit*>(desk.window.composer()->pattern()->length()->editor());
    const core::ExperimentSpec before = desk.controller.draft().spec();
    length->setFocus();
    length->selectAll();
    QTest::keyClicks(length, "abc");
    QTRY_VERIFY_WITH_TIMEOUT(!toolbar->runButton()->isEnabled(), kTimeoutMs);
    QVERIFY(desk.controller.draft().spec() == before);
    QTRY_COMPARE_WITH_TIMEOUT(toolbar->runButton()->toolTip(),
                              QStringLiteral("Length: “abc” is not a whole number."), kTimeoutMs);
    QTRY_COMPARE_WITH_TIMEOUT(toolbar->readoutText(), QStringLiteral("1 problem in the Composer"),
                              kTimeoutMs);
    for (const auto key : {Qt::Key_F5, Qt::Key_F10})
      QTest::keyClick(&desk.window, key);
    QCOMPARE(desk.controller.training().phase(), app::Phase::Idle);
    QVERIFY(desk.controller.runs().isEmpty());
    // Show leads to it from anywhere.
    QTest::keyClick(&desk.window, Qt::Key_2, Qt::ControlModifier);
    QVERIFY(!length->isVisible());
    for (auto* button : toolbar->findChildren<QPushButton*>()) {
      if (button->isVisible() && button->text() == QLatin1String("Show"))
        QTest::mouseClick(button, Qt::LeftButton);
    }
    QTRY_VERIFY(length->hasFocus());
    // Escape brings the value back.
    QTest::keyClick(length, Qt::Key_Escape);
    QCOMPARE(length->text(), QString::number(before.task.seq_len[0]));
    QTRY_VERIFY_WITH_TIMEOUT(toolbar->runButton()->isEnabled(), kTimeoutMs);
    QVERIFY(toolbar->readoutText().startsWith(QStringLiteral("Ready")));
    QVERIFY(desk.controller.draft().spec() == before);
  }

  void everyFieldOfTheComposerCounts_data() {
    QTest::addColumn<QString>("pointer");
    QTest::addColumn<QString>("name");
    QTest::newRow("noise") << "/task/noise"
                           << "Noise";
    QTest::newRow("weight") << "/task/forms/1/weight"
                            << "Weight of form 2";
    QTest::newRow("token") << "/task/anchors/1/token"
                           << "Token, anchor 2";
    QTest::newRow("never trained") << "/task/anchors/1/never_trained"
                                   << "Never trained with keys, anchor 2";
    QTest::newRow("bar") << "/never_trained/1"
                         << "Never trained with keys, anchor 1";
    QTest::newRow("modulus") << "/task/held_out/0/modulus"
                             << "Modulus, held-out rule 1";
    QTest::newRow("keys") << "/task/keys/x"
                          << "Keys of x";
  }
  void everyFieldOfTheComposerCounts() {
    QFETCH(QString, pointer);
    QFETCH(QString, name);
    Window desk(*this);
    core::ExperimentSpec spec = core::preset("composite");
    spec.task.forms.push_back({"* 3 x * -> x", 1, {}, {}});
    spec.task.held_out.emplace_back(core::KeysRule{1, {{20, 21}}});
    spec.data.n_train = 500;
    spec.data.n_test = 50;
    spec = core::completed(spec);
    desk.controller.draft().load(spec, {});
    QTest::keyClick(&desk.window, Qt::Key_1, Qt::ControlModifier);
    app::MainToolbar* toolbar = desk.window.toolbar();
    QTRY_VERIFY_WITH_TIMEOUT(desk.window.composer()->pattern()->rows().size() == 2 &&
                                 desk.controller.draftChecks().isCurrent() &&
                                 toolbar->runButton()->isEnabled(),
                             kTimeoutMs);
    QLineEdit* edit = nullptr;
    for (FormField* field : desk.window.composer()->findChildren<FormField*>()) {
      if (field->spec().pointer == pointer && field->isVisible())
        edit = qobject_cast<QLineEdit*>(field->editor());
    }
    QVERIFY(edit != nullptr);
    const QString text = edit->text();
    edit->setFocus();
    edit->selectAll();
    QTest::keyClicks(edit, "?!");
    QTRY_VERIFY_WITH_TIMEOUT(!toolbar->runButton()->isEnabled(), kTimeoutMs);
    QVERIFY2(toolbar->runButton()->toolTip().startsWith(name + ": "),
             qPrintable(toolbar->runButton()->toolTip()));
    QVERIFY(desk.controller.draft().spec() == spec);
    // Corrected by hand.
    edit->selectAll();
    if (text.isEmpty())
      QTest::keyClick(edit, Qt::Key_Delete);
    else
      QTest::keyClicks(edit, text);
    QTRY_VERIFY_WITH_TIMEOUT(toolbar->runButton()->isEnabled(), kTimeoutMs);
    QVERIFY(desk.controller.draft().spec() == spec);
  }

  void theDraftSurvivesAKill() {
    const auto session = [&]() -> QByteArray {
      QFile file(app::sessionFile());
      return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    };
    auto killed = std::make_unique<Window>(*this);
    QTest::keyClick(&killed->window, Qt::Key_1, Qt::ControlModifier);
    killed->type("* 8 x * -> ");
    // Nothing is closed or saved by hand: what the timer wrote is all there is.
    QTRY_VERIFY_WITH_TIMEOUT(session().contains("* 8 x * -> "), kTimeoutMs);
    Window next(*this);
    QCOMPARE(next.pattern(), std::string("* 8 x * -> "));
    QCOMPARE(next.line()->text(), QString("* 8 x * -> "));
  }

  void tasksAreCopiedAndPasted() {
    Window desk(*this);
    QTest::keyClick(&desk.window, Qt::Key_1, Qt::ControlModifier);
    ChipRow* chips = desk.window.composer()->pattern()->rows()[0]->chips();
    chips->setFocus();
    QTest::keyClick(chips, Qt::Key_C, Qt::ControlModifier);
    const QString copied = QApplication::clipboard()->text();
    QVERIFY(core::parseExperiment(copied.toStdString()).has_value());
    QApplication::clipboard()->setText("* x 7 -> x+1");
    QTest::keyClick(chips, Qt::Key_V, Qt::ControlModifier);
    QCOMPARE(desk.pattern(), std::string("* x 7 -> x+1"));
    QApplication::clipboard()->setText(copied);
    QTest::keyClick(chips, Qt::Key_V, Qt::ControlModifier);
    QCOMPARE(desk.pattern(), std::string("* 3 x * -> x"));
    QCOMPARE(desk.controller.draft().spec(), core::preset("demo"));
    QTest::keyClick(chips, Qt::Key_Z, Qt::ControlModifier);
    QCOMPARE(desk.pattern(), std::string("* x 7 -> x+1"));
    QApplication::clipboard()->setText("neither");
    QTest::keyClick(chips, Qt::Key_V, Qt::ControlModifier);
    QVERIFY(desk.window.statusText().startsWith("Neither a pattern nor a task"));
  }

  void aDroppedTaskReplacesTheDraftAndCanBeUndone() {
    Window desk(*this);
    QTest::keyClick(&desk.window, Qt::Key_1, Qt::ControlModifier);
    const QString file = m_home->path("composite.json");
    QFile out(file);
    QVERIFY(out.open(QIODevice::WriteOnly));
    out.write(QByteArray::fromStdString(core::writeExperiment(core::preset("composite"))));
    out.close();
    QMimeData data;
    data.setUrls({QUrl::fromLocalFile(file)});
    // A drop goes to what took the drag.
    QDragEnterEvent enter(QPoint(20, 20), Qt::CopyAction, &data, Qt::LeftButton, {});
    QApplication::sendEvent(desk.window.composer(), &enter);
    QVERIFY(enter.isAccepted());
    QDropEvent drop(QPointF(20, 20), Qt::CopyAction, &data, Qt::LeftButton, {});
    QApplication::sendEvent(desk.window.composer(), &drop);
    QCOMPARE(core::writeExperiment(desk.controller.draft().spec()),
             core::writeExperiment(core::preset("composite")));
    QCOMPARE(desk.line()->text(), QString("* x A B * -> B(A(x))"));
    desk.controller.undoStack().undo();
    QCOMPARE(desk.controller.draft().spec(), core::preset("demo"));
  }

  void anUnfinishedFileOpensWithItsProblems() {
    Window desk(*this);
    auto spec = core::preset("demo");
    spec.task.forms[0].pattern = "* 3 x * ->";
    const QString file = m_home->path("unfinished.json");
    QFile out(file);
    QVERIFY(out.open(QIODevice::WriteOnly));
    out.write(QByteArray::fromStdString(core::writeExperiment(spec)));
    out.close();
    desk.window.openPath(file);
    QCOMPARE(desk.controller.draft().spec(), spec);
    QVERIFY(!desk.controller.draft().isModified());
  }
};

QTEST_MAIN(TestComposer)
#include "tst_composer.moc"
