// SPDX-License-Identifier: GPL-3.0-or-later
// The Export dialog by real events, over a small run of the real engine.
#include "app/anchorlens/export/figure_preview.h"
#include "app/anchorlens/key_filter.h"
#include "engine/core/store/bookmarks.h"
#include "engine/session/run_facts.h"
#include "tests/app/compare_desk.h"
#include "tests/app/export_twice.h"
#include "widgets/attention_view.h"
#include "widgets/bookmark_editor.h"
#include "widgets/flow/flow_view.h"
#include "widgets/timeline.h"

#include <QAction>
#include <QCheckBox>
#include <QClipboard>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QMimeData>
#include <QSpinBox>
#include <QTabWidget>
#include <QTest>

using namespace anchorlens;
using namespace anchorlens::app;
using tests::kSoonMs;

class TestExportWindow : public QObject {
  Q_OBJECT

  tests::TemporaryHome m_home;
  KeyFilter m_keys;
  std::filesystem::path m_run;

  /// Ctrl+E.
  static ExportDialog* openDialog(tests::Desk& desk) {
    QTest::keyClick(&desk.window, Qt::Key_E, Qt::ControlModifier);
    ExportDialog* dialog = desk.window.exportDialog();
    return dialog != nullptr && dialog->isVisible() ? dialog : nullptr;
  }

  static QByteArray copied() {
    return QApplication::clipboard()->mimeData()->data(QStringLiteral("image/svg+xml"));
  }

 private slots:
  void initTestCase() {
    qApp->installEventFilter(&m_keys);
    m_run = toPath(m_home.path(QStringLiteral("run")));
    tests::train(m_run, 1, "demo", 120);
  }
  void init() { QFile::remove(sessionFile()); }

  void theTimelineIsExportedAsItIsShown() {
    tests::Desk desk;
    tests::open(desk, {m_run});
    auto* timeline = desk.window.timeline();
    timeline->setRange({30.4, 90.2});
    timeline->setSmoothing(2);
    timeline->setFocus();
    // A bookmark at the cursor, by its key.
    QTest::keyClick(&desk.window, Qt::Key_M);
    QLineEdit* note = timeline->bookmarkEditor()->field();
    QTRY_VERIFY(note->hasFocus());
    QTest::keyClick(note, Qt::Key_Return);
    QTRY_COMPARE_WITH_TIMEOUT(core::readBookmarks(m_run)->size(), std::size_t{1}, kSoonMs);
    timeline->setFocus();
    ExportDialog* dialog = openDialog(desk);
    QVERIFY(dialog != nullptr);
    QCOMPARE(dialog->kind().id(), QStringLiteral("curves"));
    dialog->setFormats({QStringLiteral("svg"), QStringLiteral("csv"), QStringLiteral("npz")});
    for (const char* kind : {"curves", "scores"}) {
      dialog->setKind(QString::fromLatin1(kind));
      dialog->setFilePattern(m_home.path(QString::fromLatin1(kind)));
      const QString command = tests::exportTwice(*dialog);
      if (QTest::currentTestFailed())
        return;
      const bool is_smooth = qstrcmp(kind, "curves") == 0;  // strips of scores are raw
      for (const char* words : {"--range 30:91", "--markers"})
        QVERIFY2(command.contains(QLatin1String(words)), qPrintable(command));
      QCOMPARE(command.contains(QLatin1String("--smooth strong")), is_smooth);
      const QByteArray rows = tests::contentOf(m_home.path(QString::fromLatin1(kind) + ".csv"));
      for (const QByteArray& row : rows.trimmed().split('\n').mid(1)) {
        const int step = row.left(row.indexOf(',')).toInt();
        QVERIFY2(step >= 30 && step <= 91, row.constData());
      }
      const QByteArray svg = tests::contentOf(m_home.path(QString::fromLatin1(kind) + ".svg"));
      QVERIFY(svg.contains(">Markers<"));
      QCOMPARE(svg.contains("strongly smoothed"), is_smooth);
    }
    // The tick takes the markers away; all time needs no range.
    dialog->setKind(QStringLiteral("curves"));
    dialog->setFilePattern(m_home.path(QStringLiteral("curves")));
    QCheckBox* markers = nullptr;
    for (QCheckBox* box : dialog->findChildren<QCheckBox*>())
      markers = box->text() == QLatin1String("Markers") ? box : markers;
    QVERIFY(markers != nullptr && markers->isVisible() && markers->isChecked());
    QTest::mouseClick(markers, Qt::LeftButton, {}, QPoint(8, markers->height() / 2));
    QVERIFY(!dialog->commandLine().contains(QStringLiteral("--markers")));
    tests::exportTwice(*dialog);
    QVERIFY(!tests::contentOf(m_home.path(QStringLiteral("curves.svg"))).contains(">Markers<"));
    timeline->fitAll();
    timeline->setSmoothing(0);
    desk.window.actions()[QStringLiteral("export")]->trigger();
    QVERIFY(!dialog->commandLine().contains(QStringLiteral("--range")));
    QVERIFY(!dialog->commandLine().contains(QStringLiteral("--smooth")));
  }

  void aCheckpointIsNamedByItsOwnStep() {
    const auto facts = engine::readRunFacts(m_run);
    QVERIFY(facts.has_value() && facts->checkpoints.size() > 1);
    const std::int64_t last = facts->checkpoints.back().step;
    const std::int64_t before = facts->checkpoints[facts->checkpoints.size() - 2].step;
    QVERIFY(before < last - 1);
    ExportOrder order;
    order.kind = exportKind(QStringLiteral("checkpoint"));
    order.directory = m_run;
    order.steps = {last - 1};
    const auto fileOf = [&order] {
      return exportFiles(order, QStringLiteral("{run}_{view}_{step}"),
                         {QStringLiteral("safetensors")});
    };
    const QString name = QStringLiteral("run_checkpoint_%1.safetensors");
    QCOMPARE(fileOf(), QStringList{name.arg(before)});
    order.steps = {last};
    QCOMPARE(fileOf(), QStringList{name.arg(last)});
  }

  void whatAnAblationShowsIsExported() {
    tests::Desk desk;
    tests::open(desk, {m_run});
    auto* attention = desk.window.attention();
    attention->selectHead(0, 0);
    attention->large()->setFocus();
    QTest::keyClick(attention->large(), Qt::Key_C, Qt::ControlModifier);
    QCOMPARE(desk.window.statusText(), QStringLiteral("Picture copied."));
    const QByteArray whole = copied();
    QVERIFY(!whole.contains("without"));
    QTRY_VERIFY(desk.window.actions()[QStringLiteral("ablate")]->isEnabled());
    QTest::keyClick(attention->large(), Qt::Key_A);
    QTRY_VERIFY_WITH_TIMEOUT(desk.controller.frame() != desk.controller.unchangedFrame(), kSoonMs);
    attention->selectHead(1, 0);
    QTRY_VERIFY_WITH_TIMEOUT(attention->frame() == desk.controller.frame(), kSoonMs);
    attention->large()->setFocus();
    QTest::keyClick(attention->large(), Qt::Key_C, Qt::ControlModifier);
    QCOMPARE(desk.window.statusText(), QStringLiteral("Picture copied, without L0 H0."));
    QVERIFY(copied().contains("without L0 H0"));
    QTest::keyClick(attention->large(), Qt::Key_C, Qt::ControlModifier | Qt::ShiftModifier);
    QCOMPARE(desk.window.statusText(), QStringLiteral("Numbers copied, without L0 H0."));
    const QString numbers = QApplication::clipboard()->text();

    ExportDialog* dialog = openDialog(desk);
    QVERIFY(dialog != nullptr);
    dialog->setFilePattern(m_home.path(QStringLiteral("{view}")));
    for (const char* kind : {"head", "heads", "flow", "predictions", "probe", "lens"}) {
      dialog->setKind(QString::fromLatin1(kind));
      dialog->setFormats({QStringLiteral("svg"), QStringLiteral("csv"), QStringLiteral("npz")});
      QVERIFY2(dialog->files().front().endsWith(QStringLiteral("_without-0.0.svg")), kind);
      const QString command = tests::exportTwice(*dialog);
      if (QTest::currentTestFailed())
        return;
      QVERIFY2(command.contains(QStringLiteral("--without 0.0")), qPrintable(command));
      QVERIFY(tests::contentOf(dialog->files().front()).contains("without L0 H0"));
      QCOMPARE(dialog->problem(), QStringLiteral("Exported 3 file(s), without L0 H0."));
    }
    // What was on screen, and not the model as it is.
    const QByteArray table = tests::contentOf(m_home.path(QStringLiteral("head_without-0.0.csv")));
    const QStringList exported =
        QString::fromUtf8(table).replace(QLatin1Char(','), QLatin1Char('\t')).split('\n');
    const QStringList shown = numbers.split('\n');
    QCOMPARE(exported.size(), shown.size());
    for (qsizetype i = 0; i < shown.size(); ++i)  // the clipboard has the entropy of rows behind it
      QVERIFY2(shown[i].startsWith(exported[i]), qPrintable(shown[i] + '\n' + exported[i]));
    // What is of the run says nothing.
    for (const char* kind : {"curves", "weights", "head-table", "groups"}) {
      dialog->setKind(QString::fromLatin1(kind));
      dialog->setFormats({QStringLiteral("svg")});
      const QString command = tests::exportTwice(*dialog);
      if (QTest::currentTestFailed())
        return;
      QVERIFY2(!command.contains(QStringLiteral("without")), qPrintable(command));
      QVERIFY(!tests::contentOf(dialog->files().front()).contains("without L0"));
    }
    // Through time, computed at each step.
    dialog->setKind(QStringLiteral("head"));
    dialog->setFormats({QStringLiteral("gif"), QStringLiteral("png")});
    for (QSpinBox* field : dialog->findChildren<QSpinBox*>()) {
      if (field->accessibleName() == QLatin1String("Every so many frames"))
        field->setValue(40);
    }
    tests::exportTwice(*dialog);
    dialog->close();
    QTRY_VERIFY(desk.window.exportDialog() == nullptr);
    desk.window.activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(&desk.window));
    attention->selectHead(0, 0);
    attention->large()->setFocus();
    QTest::keyClick(attention->large(), Qt::Key_A);
    QTRY_VERIFY_WITH_TIMEOUT(attention->frame() == desk.controller.unchangedFrame(), kSoonMs);
    QTest::keyClick(attention->large(), Qt::Key_C, Qt::ControlModifier);
    QCOMPARE(copied(), whole);
  }

  void aPathIsAskedForWhereTheSequenceHasIt() {
    tests::Desk desk;
    tests::open(desk, {m_run});
    auto* flow = desk.window.tabs()->findChild<widgets::FlowView*>();
    QTest::keyClick(&desk.window, Qt::Key_3, Qt::ControlModifier);
    QTRY_VERIFY_WITH_TIMEOUT(flow->isVisible() && !flow->canvas()->graph().isEmpty(), kSoonMs);
    QVERIFY(!flow->canvas()->graph().routes.empty());
    flow->setRouteName(flow->canvas()->graph().routes.back().name);
    ExportDialog* dialog = openDialog(desk);
    QVERIFY(dialog != nullptr);
    dialog->setKind(QStringLiteral("flow"));
    dialog->setFormats({QStringLiteral("svg")});
    dialog->setFilePattern(m_home.path(QStringLiteral("path")));
    QVERIFY2(dialog->commandLine().contains(QStringLiteral("--route '")),
             qPrintable(dialog->commandLine()));
    // Chosen while another sequence was shown.
    flow->setRouteName(QStringLiteral("1 → output"));
    desk.window.actions()[QStringLiteral("export")]->trigger();
    dialog->setKind(QStringLiteral("flow"));
    const QString command = tests::exportTwice(*dialog);
    QVERIFY2(!command.contains(QStringLiteral("--route")), qPrintable(command));
  }

  void proposedStepsAreThoseOfTheRun() {
    tests::Desk desk;
    ExportDialog dialog(desk.dialogs);
    const auto show = [&dialog](const std::filesystem::path& run,
                                const std::vector<std::int64_t>& frames) {
      auto history = std::make_shared<widgets::RunHistory>(2, 2, frames.back(),
                                                           std::vector<core::GroupInfo>());
      for (const std::int64_t step : frames)
        history->addScores(step, {});
      ExportSource source;
      source.order.directory = run;
      source.step = frames.back();
      source.history = history;
      dialog.setSource(source);
    };
    QSpinBox* last = nullptr;
    for (QSpinBox* field : dialog.findChildren<QSpinBox*>())
      last = field->accessibleName() == QLatin1String("Last step") ? field : last;
    QVERIFY(last != nullptr);
    show(m_run, {0, 20});
    QCOMPARE(last->value(), 20);
    QCOMPARE(dialog.stepsField()->text(), QStringLiteral("20"));
    // The run went on while the dialog was open: the animation ends where it ends now.
    show(m_run, {0, 20, 60});
    QCOMPARE(last->value(), 60);
    // What was chosen stays, until another run is exported.
    last->setValue(40);
    dialog.stepsField()->setText(QStringLiteral("20, 60"));
    show(m_run, {0, 20, 60, 80});
    QCOMPARE(last->value(), 40);
    QCOMPARE(dialog.stepsField()->text(), QStringLiteral("20, 60"));
    const auto fork = toPath(m_home.path(QStringLiteral("fork")));
    show(fork, {80, 100});
    QCOMPARE(last->value(), 100);
    QCOMPARE(dialog.stepsField()->text(), QStringLiteral("100"));
    // A fork has no step 0.
    dialog.setKind(QStringLiteral("heads-over-time"));
    for (QPushButton* button : dialog.findChildren<QPushButton*>()) {
      if (button->text() == QLatin1String("Use emergence"))
        button->click();
    }
    QCOMPARE(dialog.stepsField()->text(), QStringLiteral("80, 100"));
  }

  void whatCannotBeDrawnDoesNotKeepTheRestBack() {
    tests::Desk desk;
    tests::open(desk, {m_run});
    ExportDialog* dialog = openDialog(desk);
    QVERIFY(dialog != nullptr);
    dialog->setKind(QStringLiteral("heads-over-time"));
    dialog->stepsField()->setText(QStringLiteral("9999"));  // the run has 120
    dialog->setFormats({QStringLiteral("csv")});
    dialog->setFilePattern(m_home.path(QStringLiteral("rest_{view}")));
    const auto isRefused = [dialog] {
      return dialog->preview()->text().contains(QStringLiteral("9999"));
    };
    QTRY_VERIFY_WITH_TIMEOUT(isRefused(), kSoonMs);
    QVERIFY(!dialog->exportButton()->isEnabled());
    QListWidget* items = dialog->items();
    for (int row = 0; row < items->count(); ++row) {
      if (items->item(row)->text() == QLatin1String("Loss and accuracy"))
        items->item(row)->setSelected(true);
    }
    dialog->preview()->setText({});
    QTRY_VERIFY_WITH_TIMEOUT(isRefused(), kSoonMs);
    QVERIFY(dialog->exportButton()->isEnabled());
    QSignalSpy finished(dialog, &ExportDialog::finished);
    QTest::mouseClick(dialog->exportButton(), Qt::LeftButton);
    QTRY_COMPARE_WITH_TIMEOUT(finished.count(), 1, kSoonMs);
    const QString told = finished.last().at(0).toString();
    QVERIFY2(told.contains(QStringLiteral("9999")) &&
                 told.endsWith(QStringLiteral("Exported 1 file(s).")),
             qPrintable(told));
    QVERIFY(!tests::contentOf(m_home.path(QStringLiteral("rest_curves.csv"))).isEmpty());
    QVERIFY(!QFile::exists(m_home.path(QStringLiteral("rest_heads.csv"))));
  }

  void stepsThatAreNoneAreSaid() {
    tests::Desk desk;
    tests::open(desk, {m_run});
    ExportDialog* dialog = openDialog(desk);
    QVERIFY(dialog != nullptr);
    dialog->setKind(QStringLiteral("heads-over-time"));
    dialog->setFormats({QStringLiteral("svg")});
    dialog->setFilePattern(m_home.path(QStringLiteral("steps")));
    QLineEdit* field = dialog->stepsField();
    QVERIFY(field->isVisible() && !dialog->stepsProblem()->isVisible());
    field->setFocus();
    field->selectAll();
    QTest::keyClicks(field, QStringLiteral("20, 8o"));
    QVERIFY(dialog->stepsProblem()->isVisible());
    QCOMPARE(dialog->stepsProblem()->text(),
             QStringLiteral("“8o” is no step: a step is a whole number from 0, such as 1000, "
                            "6800."));
    QCOMPARE(field->accessibleDescription(), dialog->stepsProblem()->text());
    QVERIFY(!dialog->exportButton()->isEnabled());
    QVERIFY(dialog->commandLine().isEmpty() && dialog->files().isEmpty());
    // What takes no steps can be exported all the same.
    dialog->setKind(QStringLiteral("heads"));
    QVERIFY(dialog->exportButton()->isEnabled());
    dialog->setKind(QStringLiteral("heads-over-time"));
    QVERIFY(!dialog->exportButton()->isEnabled());
    QTest::keyClick(field, Qt::Key_Backspace);
    QTest::keyClicks(field, QStringLiteral("0"));
    QVERIFY(!dialog->stepsProblem()->isVisible());
    QVERIFY(dialog->exportButton()->isEnabled());
    QVERIFY2(tests::exportTwice(*dialog).contains(QStringLiteral("--at 20,80")),
             qPrintable(dialog->commandLine()));
  }
};

QTEST_MAIN(TestExportWindow)
#include "tst_export_window.moc"
