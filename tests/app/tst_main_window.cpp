// SPDX-License-Identifier: GPL-3.0-or-later
// The window by real events, over an engine without LibTorch.
#include "app/anchorlens/export/export_dialog.h"
#include "app/anchorlens/main_toolbar.h"
#include "app/anchorlens/message_bar.h"
#include "engine/core/experiment_json.h"
#include "engine/core/store/checkpoint.h"
#include "engine/core/store/run_store.h"
#include "tests/app/drop.h"
#include "tests/app/window_rig.h"
#include "tests/session/tiny_experiment.h"
#include "widgets/attention_view.h"
#include "widgets/number_dialog.h"
#include "widgets/panel_experiment.h"
#include "widgets/panel_pattern.h"
#include "widgets/panel_runs.h"
#include "widgets/timeline.h"

#include <QAbstractButton>
#include <QComboBox>
#include <QDir>
#include <QDockWidget>
#include <QLabel>
#include <QLineEdit>
#include <QMenuBar>
#include <QPushButton>
#include <QStatusBar>
#include <QTabBar>
#include <QTableView>
#include <QtTest>

using namespace anchorlens;
using namespace anchorlens::app;

namespace {

constexpr int kSoonMs = 20'000;

QString describe(const QWidget* widget) {
  QString text = QString::fromLatin1(widget->metaObject()->className());
  if (!widget->objectName().isEmpty())
    text += QLatin1Char(' ') + widget->objectName();
  if (!widget->accessibleName().isEmpty())
    text += QLatin1Char(' ') + widget->accessibleName();
  if (const auto* label = qobject_cast<const QLabel*>(widget))
    text += QStringLiteral(" “%1”").arg(label->text());
  if (const auto* box = qobject_cast<const QComboBox*>(widget))
    text += QStringLiteral(" “%1”").arg(box->currentText());
  if (const auto* button = qobject_cast<const QAbstractButton*>(widget))
    text += QStringLiteral(" “%1”").arg(button->text());
  return text;
}

/// Texts that do not fit into their widgets, and widgets that stick out of their parents.
QStringList clippedTexts(const QWidget& window) {
  QStringList clipped;
  for (const QWidget* widget : window.findChildren<QWidget*>()) {
    if (!widget->isVisible() || widget->visibleRegion().isEmpty())
      continue;
    const auto* label = qobject_cast<const QLabel*>(widget);
    const auto* button = qobject_cast<const QAbstractButton*>(widget);
    const auto* box = qobject_cast<const QComboBox*>(widget);
    int needed = 0;
    if (label != nullptr && !label->text().isEmpty() && label->pixmap().isNull()) {
      // A label that elides says so by a hint of no width.
      needed = label->wordWrap() ? 0 : label->minimumSizeHint().width();
      if (label->height() < label->fontMetrics().height() - 2)
        clipped.append(describe(widget) + QStringLiteral(": too low"));
    } else if (button != nullptr && !button->text().isEmpty()) {
      needed = button->minimumSizeHint().width();
    } else if (box != nullptr && box->currentIndex() >= 0) {
      constexpr int kArrowAndPadding = 24;
      needed = box->fontMetrics().horizontalAdvance(box->currentText()) + kArrowAndPadding;
    }
    if (needed > widget->width() + 1) {
      clipped.append(describe(widget) +
                     QStringLiteral(": %1 px, needs %2").arg(widget->width()).arg(needed));
    }
  }
  return clipped;
}

}  // namespace

class TestMainWindow : public QObject {
  Q_OBJECT

  tests::WindowRig m_rig;

  std::unique_ptr<tests::Desk> makeDesk(QSize size = {1600, 1000}) { return m_rig.open(size); }
  /// A finished run on disk, not known to any window.
  QString makeRun(const QString& name, const core::ExperimentSpec& spec) {
    const QString folder = m_rig.path(name);
    engine::RunSession::Options options;
    options.engine = &m_rig.engine;
    auto session = engine::RunSession::create(spec, toPath(folder), std::move(options));
    if (!session)
      qFatal("%s", session.error().message.c_str());
    (*session)->advance(std::chrono::seconds(60), *spec.training.steps);
    return folder;
  }

 private slots:
  void init() { m_rig.begin(); }

  void everyControlHasANameAndFits_data();
  void everyControlHasANameAndFits();
  void editsAreUndoneByKeys();
  void aBrokenPatternStopsRunAndShowLeadsToIt();
  void savesAndOpensExperiments();
  void filesThatAreNoneAreOneLine();
  void droppedRunsAndRecentOnesOpen();
  void anInterruptedRunIsOffered();
  void twoWindowsOnOneRun();
  void regionsByF6();
  void docksByKeys();
  void numbersAsATable();
  void singleKeysStayInTextFields();
  void closingWhileTrainingAsks();
  void aFailedRunSaysWhy();
};

void TestMainWindow::everyControlHasANameAndFits_data() {
  QTest::addColumn<QSize>("size");
  QTest::addColumn<int>("scale");
  QTest::addColumn<QString>("preset");
  QTest::addColumn<bool>("run");
  for (const QString preset : {"demo", "composite", "classification"}) {
    for (const bool run : {false, true}) {
      const QString what = preset + (run ? QStringLiteral(", trained") : QString());
      QTest::addRow("1600x1000 %s", qPrintable(what)) << QSize(1600, 1000) << 100 << preset << run;
      QTest::addRow("1366x768 %s", qPrintable(what)) << QSize(1366, 768) << 100 << preset << run;
    }
  }
  QTest::addRow("1600x1000, font 120 %%")
      << QSize(1600, 1000) << 120 << QStringLiteral("demo") << false;
}

void TestMainWindow::everyControlHasANameAndFits() {
  QFETCH(QSize, size);
  QFETCH(int, scale);
  QFETCH(QString, preset);
  QFETCH(bool, run);
  auto desk = makeDesk(size);
  desk->themes.setFontScale(scale);
  auto spec = core::preset(preset.toStdString());
  spec.model.n_layers = 2;
  spec.data.n_train = 200;
  spec.data.n_test = 20;
  spec.training.epochs.reset();
  spec.training.steps = 40;
  spec.record.frames = {10, 0};
  spec.record.evaluate = {10, 0};
  desk->controller.draft().load(spec, {});
  QTRY_COMPARE_WITH_TIMEOUT(desk->shownStep(), std::int64_t{0}, kSoonMs);
  QTRY_VERIFY_WITH_TIMEOUT(!desk->controller.draftChecks().checks().is_stale, kSoonMs);
  if (run) {
    QTest::keyClick(&desk->window, Qt::Key_Space);
    QTRY_VERIFY_WITH_TIMEOUT(desk->controller.shownRun() != nullptr &&
                                 desk->controller.shownRun()->state() == core::RunState::Finished,
                             kSoonMs);
  }
  for (int tab = 0; tab < widgets::kFormTabs; ++tab) {
    desk->window.experiment()->setCurrentTab(static_cast<widgets::FormTab>(tab));
    // Layouts settle in a few turns of the event loop.
    QStringList clipped;
    for (int turns = 0; turns < 50; ++turns) {
      QCoreApplication::processEvents(QEventLoop::AllEvents, 10);
      clipped = clippedTexts(desk->window);
      if (clipped.isEmpty())
        break;
    }
    QVERIFY2(clipped.isEmpty(), qPrintable(QStringLiteral("tab %1: ").arg(tab) +
                                           clipped.join(QStringLiteral("\n  "))));
    for (const QWidget* widget : desk->window.findChildren<QWidget*>()) {
      if (!widget->isVisible() || (widget->focusPolicy() & Qt::TabFocus) == 0 ||
          widget->focusProxy() != nullptr)
        continue;
      const auto* button = qobject_cast<const QAbstractButton*>(widget);
      const bool has_name =
          !widget->accessibleName().isEmpty() || (button != nullptr && !button->text().isEmpty());
      QVERIFY2(has_name, qPrintable(describe(widget) + " in " + describe(widget->parentWidget())));
    }
  }
}

void TestMainWindow::editsAreUndoneByKeys() {
  auto desk = makeDesk();
  const auto before = desk->controller.draft().spec();
  auto* experiment = desk->window.experiment();
  experiment->setCurrentTab(widgets::FormTab::Training);
  auto* field = experiment->field(QStringLiteral("/training/learning_rate"));
  auto* line = qobject_cast<QLineEdit*>(field->editor());
  QTest::mouseClick(line, Qt::LeftButton);
  line->selectAll();
  QTest::keyClicks(line, QStringLiteral("0.01"));
  QCOMPARE(desk->controller.draft().spec().training.learning_rate, 0.01);
  desk->window.attention()->grid()->setFocus();
  QTest::keyClick(&desk->window, Qt::Key_Z, Qt::ControlModifier);
  QCOMPARE(desk->controller.draft().spec(), before);  // the typing is one step
  QTest::keyClick(&desk->window, Qt::Key_Z, Qt::ControlModifier | Qt::ShiftModifier);
  QCOMPARE(desk->controller.draft().spec().training.learning_rate, 0.01);
}

void TestMainWindow::aBrokenPatternStopsRunAndShowLeadsToIt() {
  auto desk = makeDesk();
  QTRY_VERIFY_WITH_TIMEOUT(desk->window.toolbar()->runButton()->isEnabled(), kSoonMs);
  auto* experiment = desk->window.experiment();
  auto* field = experiment->field(QStringLiteral("/task/forms/0/pattern"));
  auto* pattern = qobject_cast<widgets::PatternEdit*>(field->editor());
  pattern->setFocus();
  QTest::keyClick(pattern, Qt::Key_End);
  QTest::keyClick(pattern, Qt::Key_Backspace);
  QTest::keyClicks(pattern, QStringLiteral("y"));
  QTRY_VERIFY_WITH_TIMEOUT(!desk->window.toolbar()->runButton()->isEnabled(), kSoonMs);
  QTRY_VERIFY_WITH_TIMEOUT(
      desk->window.toolbar()->readoutText().contains(QStringLiteral("1 problem in Task")), kSoonMs);
  QVERIFY(field->hasProblem());
  experiment->setCurrentTab(widgets::FormTab::Model);
  desk->window.attention()->grid()->setFocus();
  for (QPushButton* button : desk->window.toolbar()->findChildren<QPushButton*>()) {
    if (button->text() == QLatin1String("Show"))
      QTest::mouseClick(button, Qt::LeftButton);
  }
  QCOMPARE(experiment->currentTab(), widgets::FormTab::Task);
  QCOMPARE(QApplication::focusWidget(), static_cast<QWidget*>(pattern));
  QTest::keyClick(pattern, Qt::Key_Backspace);
  QTest::keyClicks(pattern, QStringLiteral("x"));
  QTRY_VERIFY_WITH_TIMEOUT(desk->window.toolbar()->runButton()->isEnabled(), kSoonMs);
}

void TestMainWindow::savesAndOpensExperiments() {
  auto desk = makeDesk();
  auto spec = tests::tinyExperiment();
  desk->controller.draft().edit(spec, QStringLiteral("change all"));
  QVERIFY(desk->window.windowTitle().contains(QChar(0x2022)));
  desk->dialogs.file_to_save = m_rig.path(QStringLiteral("mine"));
  QTest::keyClick(&desk->window, Qt::Key_S, Qt::ControlModifier);
  const QString file = m_rig.path(QStringLiteral("mine.json"));
  const auto saved = core::readExperiment(toPath(file));
  QVERIFY(saved.has_value());
  QCOMPARE(core::writeExperiment(*saved), core::writeExperiment(desk->controller.draft().spec()));
  QVERIFY(!desk->window.windowTitle().contains(QChar(0x2022)));
  // Saved once, it is not asked for again.
  spec.training.seed = 17;
  desk->controller.draft().edit(spec, QStringLiteral("change seed"));
  desk->dialogs.file_to_save.clear();
  QTest::keyClick(&desk->window, Qt::Key_S, Qt::ControlModifier);
  QCOMPARE(core::readExperiment(toPath(file))->training.seed, std::uint64_t{17});
  // A folder that cannot be written to: said, and the draft stays as it is.
  desk->dialogs.file_to_save = m_rig.path(QStringLiteral("no/such/folder.json"));
  QTest::keyClick(&desk->window, Qt::Key_S, Qt::ControlModifier | Qt::ShiftModifier);
  QVERIFY(desk->window.messages()
              ->text(QStringLiteral("file"))
              .contains(QStringLiteral("folder.json")));
  QCOMPARE(desk->controller.draft().file(), file);

  QTest::keyClick(&desk->window, Qt::Key_N, Qt::ControlModifier);
  QCOMPARE(desk->controller.draft().spec(), core::preset("demo"));
  desk->dialogs.experiment_to_open = file;
  QTest::keyClick(&desk->window, Qt::Key_O, Qt::ControlModifier);
  QCOMPARE(desk->controller.draft().spec().training.seed, std::uint64_t{17});
  // Neither of both threw anything away.
  QCOMPARE(desk->window.actions()[QStringLiteral("undo")]->text(),
           QStringLiteral("&Undo open ") + QFileInfo(file).fileName());
  QTest::keyClick(&desk->window, Qt::Key_Z, Qt::ControlModifier);
  QCOMPARE(desk->controller.draft().spec(), core::preset("demo"));
  QVERIFY(desk->controller.draft().file().isEmpty());
  QTest::keyClick(&desk->window, Qt::Key_Z, Qt::ControlModifier);
  QCOMPARE(desk->controller.draft().spec().training.seed, std::uint64_t{17});
  QCOMPARE(desk->controller.draft().file(), file);
}

void TestMainWindow::filesThatAreNoneAreOneLine() {
  auto desk = makeDesk();
  const auto before = desk->controller.draft().spec();
  const auto write = [&](const char* name, const QByteArray& text) {
    QFile file(m_rig.path(QString::fromLatin1(name)));
    if (!file.open(QIODevice::WriteOnly) || file.write(text) != text.size())
      qFatal("%s", name);
    return file.fileName();
  };
  tests::drop(desk->window, {write("notes.txt", "hello")});
  QVERIFY(desk->window.statusText().contains(QStringLiteral("notes.txt is neither")));
  tests::drop(desk->window, {m_rig.path()});
  QVERIFY(desk->window.statusText().contains(QStringLiteral("Not an Anchorlens run")));
  tests::drop(desk->window, {m_rig.path(QStringLiteral("gone.json"))});
  QVERIFY(desk->window.statusText().contains(QStringLiteral("does not exist")));
  tests::drop(desk->window, {write("broken.json",
                                   R"({"format": "anchorlens-experiment", "format_version": 1,
                                "model": {"n_heds": 2, "n_layers": "two"}})")});
  const QString text = desk->window.messages()->text(QStringLiteral("file"));
  QVERIFY2(text.contains(QStringLiteral("/model/n_heds")) &&
               text.contains(QStringLiteral("/model/n_layers")),
           qPrintable(text));
  QCOMPARE(desk->controller.draft().spec(), before);
}

void TestMainWindow::droppedRunsAndRecentOnesOpen() {
  const QString one = makeRun(QStringLiteral("one"), tests::tinyExperiment());
  const QString two = makeRun(QStringLiteral("two"), tests::tinyExperiment());
  auto desk = makeDesk();
  tests::drop(desk->window, {one, two + QStringLiteral("/run.sqlite")});
  QTRY_COMPARE_WITH_TIMEOUT(desk->window.runsPanel()->model()->rows().size(), std::size_t{2},
                            kSoonMs);
  QTRY_COMPARE_WITH_TIMEOUT(desk->shownStep(), std::int64_t{40}, kSoonMs);
  QCOMPARE(toText(desk->controller.shownRun()->directory()), two);
  QMenu* recent = nullptr;
  for (QMenu* menu : desk->window.menuBar()->findChildren<QMenu*>()) {
    if (menu->title() == QLatin1String("Open re&cent"))
      recent = menu;
  }
  QVERIFY(recent != nullptr);
  QCOMPARE(recent->actions().size(), 2);
  QCOMPARE(recent->actions()[1]->text(), QStringLiteral("one"));
  recent->actions()[1]->trigger();
  QTRY_COMPARE_WITH_TIMEOUT(toText(desk->controller.shownRun()->directory()), one, kSoonMs);
  QCOMPARE(desk->controller.runs().all().size(), std::size_t{2});  // a run is opened once
}

void TestMainWindow::anInterruptedRunIsOffered() {
  auto spec = tests::endlessExperiment();
  spec.record.checkpoints = {100, 0};
  {
    auto desk = makeDesk();
    desk->controller.draft().load(spec, {});
    desk->controller.run();
    QTRY_VERIFY_WITH_TIMEOUT(desk->controller.readouts().step > 300, kSoonMs);
    desk->window.saveSession();
    // What a crash leaves: the session as saved, the run as "training", its lock let go.
    desk->controller.training().release();
    QTRY_COMPARE_WITH_TIMEOUT(desk->controller.training().phase(), Phase::Idle, kSoonMs);
    auto writer = core::RunWriter::open(desk->controller.shownRun()->directory());
    QVERIFY(writer.has_value());
    (*writer)->setStatus(core::RunState::Training, 300, 1'000'000);
    QVERIFY((*writer)->commit().has_value());
    QVERIFY(QFile::copy(sessionFile(), m_rig.path(QStringLiteral("session"))));
  }
  QFile::remove(sessionFile());
  QVERIFY(QFile::copy(m_rig.path(QStringLiteral("session")), sessionFile()));
  auto desk = makeDesk();
  QTRY_VERIFY_WITH_TIMEOUT(desk->window.messages()
                               ->text(QStringLiteral("interrupted"))
                               .contains(QStringLiteral("Continue")),
                           kSoonMs);
  QVERIFY2(desk->window.runsPanel()->model()->rows()[0].status.startsWith(
               QStringLiteral("interrupted at ")),
           qPrintable(desk->window.runsPanel()->model()->rows()[0].status));
  for (QPushButton* button : desk->window.messages()->findChildren<QPushButton*>()) {
    if (button->text() == QLatin1String("Continue"))
      QTest::mouseClick(button, Qt::LeftButton);
  }
  QTRY_COMPARE_WITH_TIMEOUT(desk->controller.training().phase(), Phase::Running, kSoonMs);
  QTRY_VERIFY_WITH_TIMEOUT(desk->controller.readouts().step > 400, kSoonMs);
  desk->controller.stop();
  QTRY_COMPARE_WITH_TIMEOUT(desk->controller.training().phase(), Phase::Idle, kSoonMs);
}

void TestMainWindow::twoWindowsOnOneRun() {
  auto desk = makeDesk();
  desk->controller.draft().load(tests::endlessExperiment(), {});
  desk->controller.run();
  QTRY_VERIFY_WITH_TIMEOUT(desk->controller.readouts().step > 600, kSoonMs);
  const auto folder = desk->controller.shownRun()->directory();
  Controller other(m_rig.sessions());
  other.openRun(folder);
  QTRY_VERIFY_WITH_TIMEOUT(other.shownRun()->isLoaded() && other.frame() != nullptr, kSoonMs);
  // The other window follows, and can neither train the run nor break it.
  QCOMPARE(other.runAction(), RunAction::None);
  const auto seen = other.shownRun()->lastStep();
  QTRY_VERIFY_WITH_TIMEOUT(other.shownRun()->lastStep() > seen, kSoonMs);
  other.continueRun(other.shownRun()->id(), std::nullopt);
  QTRY_COMPARE_WITH_TIMEOUT(other.training().phase(), Phase::Idle, kSoonMs);
  QCOMPARE(desk->controller.training().phase(), Phase::Running);
  desk->controller.stop();
  QTRY_COMPARE_WITH_TIMEOUT(desk->controller.training().phase(), Phase::Idle, kSoonMs);
  QTRY_COMPARE_WITH_TIMEOUT(other.shownRun()->state(), core::RunState::Stopped, kSoonMs);
  QCOMPARE(other.shownRun()->lastStep(), desk->controller.shownRun()->lastStep());
}

void TestMainWindow::regionsByF6() {
  auto desk = makeDesk();
  QTRY_COMPARE_WITH_TIMEOUT(desk->shownStep(), std::int64_t{0}, kSoonMs);
  // Toolbar, Experiment, views, Runs, Inspector; a draft's Timeline has nothing to focus.
  const auto round = [&](Qt::KeyboardModifiers modifiers) {
    std::vector<QWidget*> seen;
    for (int i = 0; i < 5; ++i) {
      QTest::keyClick(&desk->window, Qt::Key_F6, modifiers);
      seen.push_back(QApplication::focusWidget());
    }
    return seen;
  };
  const auto once = round({});
  QCOMPARE(QSet<QWidget*>(once.begin(), once.end()).size(), 5);
  QCOMPARE(round({}), once);  // each region returns to its last control
  const std::vector<QWidget*> back{once[3], once[2], once[1], once[0], once[4]};
  QCOMPARE(round(Qt::ShiftModifier), back);
}

void TestMainWindow::docksByKeys() {
  auto desk = makeDesk();
  const auto docks = desk->window.findChildren<QDockWidget*>();
  QCOMPARE(docks.size(), 4);
  for (int i = 0; i < 4; ++i) {
    const auto visible = [&] {
      int n = 0;
      for (const QDockWidget* dock : docks)
        n += dock->isVisible() ? 1 : 0;
      return n;
    };
    const auto key = static_cast<Qt::Key>(Qt::Key_1 + i);
    QTest::keyClick(&desk->window, key, Qt::ControlModifier | Qt::ShiftModifier);
    QCOMPARE(visible(), 3);
    QTest::keyClick(&desk->window, key, Qt::ControlModifier | Qt::ShiftModifier);
    QCOMPARE(visible(), 4);
  }
}

void TestMainWindow::numbersAsATable() {
  auto desk = makeDesk();
  QTRY_COMPARE_WITH_TIMEOUT(desk->shownStep(), std::int64_t{0}, kSoonMs);
  QTRY_VERIFY_WITH_TIMEOUT(!desk->window.attention()->numbers().rows.empty(), kSoonMs);
  desk->window.attention()->grid()->setFocus();
  QTest::keyClick(&desk->window, Qt::Key_T);
  auto* dialog = desk->window.findChild<widgets::NumberDialog*>();
  QVERIFY(dialog != nullptr);
  auto* table = dialog->findChild<QTableView*>();
  QVERIFY(table != nullptr && table->model()->rowCount() > 0);
  dialog->close();
}

void TestMainWindow::singleKeysStayInTextFields() {
  auto desk = makeDesk();
  QTRY_VERIFY_WITH_TIMEOUT(desk->window.toolbar()->runButton()->isEnabled(), kSoonMs);
  auto* experiment = desk->window.experiment();
  auto* field = experiment->field(QStringLiteral("/task/forms/0/pattern"));
  field->editor()->setFocus();
  const bool values = desk->window.attention()->options().values;
  QTest::keyClick(field->editor(), Qt::Key_End);
  QTest::keyClicks(field->editor(), QStringLiteral(" v"));
  QCOMPARE(field->text(), QStringLiteral("* 3 x * -> x v"));
  QCOMPARE(desk->window.attention()->options().values, values);
  QVERIFY(desk->controller.runs().isEmpty());
  desk->window.attention()->grid()->setFocus();
  QTest::keyClick(&desk->window, Qt::Key_V);
  QCOMPARE(desk->window.attention()->options().values, !values);
}

void TestMainWindow::closingWhileTrainingAsks() {
  auto desk = makeDesk();
  desk->controller.draft().load(tests::endlessExperiment(), {});
  desk->controller.run();
  QTRY_VERIFY_WITH_TIMEOUT(desk->controller.readouts().step > 100, kSoonMs);
  desk->dialogs.close_choice = Dialogs::CloseChoice::Cancel;
  QVERIFY(!desk->window.close());
  QCOMPARE(desk->controller.training().phase(), Phase::Running);
  desk->dialogs.close_choice = Dialogs::CloseChoice::Stop;
  QVERIFY(!desk->window.close());
  QTRY_VERIFY_WITH_TIMEOUT(!desk->window.isVisible(), kSoonMs);
  QCOMPARE(desk->dialogs.asked.size(), 2);
  const auto reader = core::RunReader::open(desk->controller.shownRun()->directory());
  QVERIFY(reader.has_value());
  QCOMPARE((*reader)->status()->state, core::RunState::Stopped);
}

void TestMainWindow::aFailedRunSaysWhy() {
  m_rig.engine.behaviour.nan_at = 25;
  auto desk = makeDesk();
  desk->controller.draft().load(tests::tinyExperiment(), {});
  desk->controller.run();
  QTRY_VERIFY_WITH_TIMEOUT(!desk->window.messages()->text(QStringLiteral("failed")).isEmpty(),
                           kSoonMs);
  QVERIFY(desk->window.messages()
              ->text(QStringLiteral("failed"))
              .startsWith(QStringLiteral("Run 1: ")));
  for (QPushButton* button : desk->window.messages()->findChildren<QPushButton*>()) {
    if (button->text() == QLatin1String("Open last checkpoint"))
      QTest::mouseClick(button, Qt::LeftButton);
  }
  QTRY_COMPARE_WITH_TIMEOUT(desk->shownStep(), std::int64_t{20}, kSoonMs);
}

QTEST_MAIN(TestMainWindow)
#include "tst_main_window.moc"
