// SPDX-License-Identifier: GPL-3.0-or-later
// The task as files for other programs and for a paper, from the window.
#include "app/anchorlens/task_export_dialog.h"
#include "engine/core/experiment_json.h"
#include "engine/core/store/file_io.h"
#include "engine/core/task/notation.h"
#include "tests/app/stall_watch.h"
#include "tests/app/window_rig.h"
#include "widgets/composer/composer_view.h"
#include "widgets/composer/form_row.h"
#include "widgets/composer/pattern_card.h"
#include "widgets/composer/pattern_line.h"
#include "widgets/composer/samples_card.h"

#include <QClipboard>
#include <QComboBox>
#include <QMenu>
#include <QMenuBar>
#include <QProcess>
#include <QProgressBar>
#include <QPushButton>
#include <QSpinBox>
#include <QtTest>

#include <cerrno>

using namespace anchorlens;
using namespace anchorlens::app;

namespace {

constexpr int kSoonMs = 20'000;

QByteArray contentOf(const QString& path) {
  QFile file(path);
  return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("(no file)");
}

/// Everything in the folder, temporary files too.
QStringList entriesOf(const QString& folder) {
  return QDir(folder).entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot, QDir::Name);
}

int diskIsFull(const std::filesystem::path&) {
  return ENOSPC;
}

}  // namespace

class TestTaskExport : public QObject {
  Q_OBJECT

 private:
  /// A window on the Composer with a preset; the dialog opened by the card's button.
  std::unique_ptr<tests::Desk> makeDesk(const QString& preset) {
    auto desk = m_rig.open();
    desk->controller.choosePreset(preset);
    QTest::keyClick(&desk->window, Qt::Key_1, Qt::ControlModifier);
    const QString pattern =
        QString::fromStdString(core::preset(preset.toStdString()).task.forms[0].pattern);
    const auto* card = desk->window.composer()->pattern();
    if (!QTest::qWaitFor([&] { return card->rows()[0]->line()->text() == pattern; }, kSoonMs))
      qFatal("The Composer does not show the preset.");
    QTest::mouseClick(desk->window.composer()->samples()->exportButton(), Qt::LeftButton);
    return desk;
  }

  /// What anchorctl writes with these options into a new file.
  QByteArray fromAnchorctl(const QString& command, const core::ExperimentSpec& spec,
                           const QStringList& options, const QString& suffix) {
    const QString experiment = m_rig.path(QStringLiteral("by-hand.json"));
    const QString out = m_rig.path(QStringLiteral("by-hand.") + suffix);
    QFile file(experiment);
    if (!file.open(QIODevice::WriteOnly))
      return {};
    file.write(QByteArray::fromStdString(core::writeExperiment(spec)));
    file.close();
    QFile::remove(out);
    QProcess process;
    process.start(QStringLiteral(ANCHORLENS_BINARY_DIR "/bin/anchorctl"),
                  QStringList{command, experiment, QStringLiteral("--out"), out} + options);
    if (!process.waitForFinished(kSoonMs) || process.exitCode() != 0)
      qWarning() << process.readAllStandardError();
    return contentOf(out);
  }

  tests::WindowRig m_rig;

 private slots:
  void init() { m_rig.begin(); }
  void cleanup() { core::setWriteFault(nullptr); }

  void opensFromTheFileMenu() {
    tests::Desk desk(m_rig.sessions());
    QCOMPARE(desk.window.taskExportDialog(), nullptr);
    QAction* action = desk.window.actions()[QStringLiteral("export-task")];
    bool is_in_menu = false;
    for (QAction* menu : desk.window.menuBar()->actions())
      is_in_menu = is_in_menu || menu->menu()->actions().contains(action);
    QVERIFY(is_in_menu);
    action->trigger();
    QVERIFY(desk.window.taskExportDialog()->isVisible());
    for (const QWidget* widget : desk.window.taskExportDialog()->findChildren<QWidget*>()) {
      const auto* button = qobject_cast<const QAbstractButton*>(widget);
      if ((widget->focusPolicy() & Qt::TabFocus) != 0 && widget->focusProxy() == nullptr &&
          widget->parentWidget() == widget->window())
        QVERIFY(!widget->accessibleName().isEmpty() || (button && !button->text().isEmpty()));
    }
  }

  void samplesHaveTheBytesOfAnchorctl_data() {
    QTest::addColumn<int>("downs");
    QTest::addColumn<QString>("suffix");
    QTest::addColumn<QString>("split");
    QTest::newRow("CSV") << 0 << "csv"
                         << "train";
    QTest::newRow("CSV, test") << 0 << "csv"
                               << "test";
    QTest::newRow("JSON Lines") << 1 << "jsonl"
                                << "test";
    QTest::newRow("NPZ, both") << 2 << "npz"
                               << "both";
  }

  // By keys alone: the fields, the button.
  void samplesHaveTheBytesOfAnchorctl() {
    QFETCH(int, downs);
    QFETCH(QString, suffix);
    QFETCH(QString, split);
    auto desk = makeDesk(QStringLiteral("composite"));
    TaskExportDialog* dialog = desk->window.taskExportDialog();
    QVERIFY(QTest::qWaitForWindowActive(dialog));
    dialog->format()->setFocus();
    for (int i = 0; i < downs; ++i)
      QTest::keyClick(dialog->format(), Qt::Key_Down);
    dialog->split()->setFocus();
    while (dialog->split()->currentData().toString() != split)
      QTest::keyClick(dialog->split(), Qt::Key_Down);
    dialog->count()->setFocus();
    dialog->count()->selectAll();
    QTest::keyClicks(dialog->count(), QStringLiteral("10000"));
    dialog->seed()->setFocus();
    dialog->seed()->selectAll();
    QTest::keyClicks(dialog->seed(), QStringLiteral("7"));
    // The suffix is appended to the name that was chosen.
    desk->dialogs.file_to_save = m_rig.path(QStringLiteral("s"));
    dialog->saveSamplesButton()->setFocus();
    QTest::keyClick(dialog->saveSamplesButton(), Qt::Key_Space);
    QTRY_VERIFY_WITH_TIMEOUT(dialog->saveSamplesButton()->isEnabled(), kSoonMs);
    const QString file = m_rig.path(QStringLiteral("s.") + suffix);
    QCOMPARE(dialog->message(), QStringLiteral("%1\u2009000 sequences are in %2.")
                                    .arg(split == QLatin1String("both") ? 20 : 10)
                                    .arg(file));
    QCOMPARE(desk->window.statusText(), dialog->message());
    const QByteArray expected =
        fromAnchorctl(QStringLiteral("sample"), core::preset("composite"),
                      {"-n", "10000", "--seed", "7", "--split", split}, suffix);
    QVERIFY2(expected.size() > 100'000, expected.left(200).constData());
    QVERIFY(contentOf(file) == expected);
  }

  void typingGoesOnAndCancelLeavesNoFile() {
    auto desk = makeDesk(QStringLiteral("composite"));
    TaskExportDialog* dialog = desk->window.taskExportDialog();
    QVERIFY(QDir(m_rig.path()).mkdir(QStringLiteral("out")));
    const QString folder = m_rig.path(QStringLiteral("out"));
    desk->dialogs.file_to_save = folder + QStringLiteral("/s.csv");
    dialog->count()->setValue(1'000'000'000);
    QTest::mouseClick(dialog->saveSamplesButton(), Qt::LeftButton);
    QVERIFY(dialog->cancelButton()->isVisible());
    QVERIFY(!dialog->saveSamplesButton()->isEnabled());
    QTRY_COMPARE_WITH_TIMEOUT(entriesOf(folder).size(), 1, kSoonMs);  // being written

    // Another task while that one is drawn.
    auto* line = desk->window.composer()->pattern()->rows()[0]->line();
    desk->window.activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(&desk->window));
    line->setFocus();
    line->selectAll();
    auto& application = static_cast<tests::WatchedApplication&>(*qApp);
    application.startWatch();
    for (const QChar c : QStringLiteral("* 3 x * -> x"))
      QTest::keyClick(line, c.toLatin1(), {}, 30);
    const auto longest = application.stopWatch();
    qInfo(
        "typing while samples are written: the longest of %lld events took %.1f ms (%.1f ms of "
        "processor time: %s)",
        static_cast<long long>(application.events()), longest.wall_ms, longest.cpu_ms,
        longest.what.constData());
    QCOMPARE(QString::fromStdString(desk->controller.draft().spec().task.forms[0].pattern),
             QStringLiteral("* 3 x * -> x"));
    QTRY_VERIFY_WITH_TIMEOUT(desk->controller.draftChecks().isCurrent(), kSoonMs);
    // Notation does not wait for it either.
    QTest::mouseClick(dialog->copyLatexButton(), Qt::LeftButton);
    QCOMPARE(QApplication::clipboard()->text().toStdString(),
             core::notationLatex(desk->controller.draft().spec().task));

    QVERIFY(dialog->cancelButton()->isVisible());
    QTest::mouseClick(dialog->cancelButton(), Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(dialog->saveSamplesButton()->isEnabled(), kSoonMs);
    QCOMPARE(dialog->message(), QStringLiteral("Cancelled: no file was written."));
    QVERIFY(!dialog->cancelButton()->isVisible());
    QCOMPARE(entriesOf(folder), QStringList());
  }

  void progressIsShownAndClosingGoesOn() {
    auto desk = makeDesk(QStringLiteral("demo"));
    TaskExportDialog* dialog = desk->window.taskExportDialog();
    desk->dialogs.file_to_save = m_rig.path(QStringLiteral("s.csv"));
    dialog->count()->setValue(300'000);
    QSignalSpy progress(dialog->progress(), &QProgressBar::valueChanged);
    QTest::mouseClick(dialog->saveSamplesButton(), Qt::LeftButton);
    QTest::keyClick(dialog, Qt::Key_Escape);
    QVERIFY(!dialog->isVisible());
    QTRY_VERIFY_WITH_TIMEOUT(desk->window.statusText().startsWith(QStringLiteral("300\u2009000")),
                             kSoonMs);
    QVERIFY(progress.count() > 1);
    QCOMPARE(contentOf(m_rig.path(QStringLiteral("s.csv"))).count('\n'), 300'001);
  }

  void aFullDiskIsSaidAndTheOlderFileStays() {
    auto desk = makeDesk(QStringLiteral("demo"));
    TaskExportDialog* dialog = desk->window.taskExportDialog();
    const QString file = m_rig.path(QStringLiteral("s.csv"));
    QFile older(file);
    QVERIFY(older.open(QIODevice::WriteOnly));
    older.write("older\n");
    older.close();
    desk->dialogs.file_to_save = file;
    core::setWriteFault(diskIsFull);
    QTest::mouseClick(dialog->saveSamplesButton(), Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(dialog->saveSamplesButton()->isEnabled(), kSoonMs);
    core::setWriteFault(nullptr);
    QCOMPARE(dialog->message(),
             file + QStringLiteral(": The file cannot be written: the disk is full; make room"));
    QCOMPARE(contentOf(file), QByteArray("older\n"));
    // With room again the same button writes it.
    QTest::mouseClick(dialog->saveSamplesButton(), Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(dialog->saveSamplesButton()->isEnabled(), kSoonMs);
    QCOMPARE(contentOf(file).count('\n'), 1001);
  }

  void aBrokenTaskSaysWhy() {
    auto desk = makeDesk(QStringLiteral("demo"));
    TaskExportDialog* dialog = desk->window.taskExportDialog();
    core::ExperimentSpec spec = desk->controller.draft().spec();
    spec.task.forms[0].pattern = "* 3 x * -> y";
    desk->controller.draft().edit(spec, QStringLiteral("change pattern"));
    QTRY_VERIFY_WITH_TIMEOUT(desk->controller.draftChecks().isCurrent(), kSoonMs);
    desk->dialogs.file_to_save = m_rig.path(QStringLiteral("s.csv"));
    QTest::mouseClick(dialog->saveSamplesButton(), Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(dialog->saveSamplesButton()->isEnabled(), kSoonMs);
    QVERIFY2(dialog->message().startsWith(
                 QStringLiteral("The task has a problem, at /task/forms/0/pattern: ")),
             qPrintable(dialog->message()));
    QVERIFY(!QFile::exists(desk->dialogs.file_to_save));
  }

  void notationHasTheBytesOfAnchorctl() {
    auto desk = makeDesk(QStringLiteral("synonym"));
    TaskExportDialog* dialog = desk->window.taskExportDialog();
    const core::ExperimentSpec spec = core::preset("synonym");
    desk->dialogs.file_to_save = m_rig.path(QStringLiteral("n.tex"));
    QTest::mouseClick(dialog->saveLatexButton(), Qt::LeftButton);
    QCOMPARE(dialog->message(),
             QStringLiteral("The notation is in %1.").arg(desk->dialogs.file_to_save));
    QCOMPARE(contentOf(desk->dialogs.file_to_save),
             fromAnchorctl(QStringLiteral("notation"), spec, {}, QStringLiteral("tex")));
    desk->dialogs.file_to_save = m_rig.path(QStringLiteral("n.svg"));
    QTest::mouseClick(dialog->saveSvgButton(), Qt::LeftButton);
    QCOMPARE(contentOf(desk->dialogs.file_to_save),
             fromAnchorctl(QStringLiteral("notation"), spec, {"--format", "svg"},
                           QStringLiteral("svg")));
    QVERIFY(contentOf(desk->dialogs.file_to_save).contains("<svg"));
    QTest::mouseClick(dialog->copyLatexButton(), Qt::LeftButton);
    QCOMPARE(QApplication::clipboard()->text().toUtf8(), contentOf(m_rig.path("n.tex")));
  }

  void whatExistsIsAskedFor() {
    auto desk = makeDesk(QStringLiteral("demo"));
    TaskExportDialog* dialog = desk->window.taskExportDialog();
    QFile older(m_rig.path(QStringLiteral("n.tex")));
    QVERIFY(older.open(QIODevice::WriteOnly));
    older.close();
    desk->dialogs.replace = false;
    desk->dialogs.file_to_save = m_rig.path(QStringLiteral("n"));
    QTest::mouseClick(dialog->saveLatexButton(), Qt::LeftButton);
    QCOMPARE(desk->dialogs.asked.last(), QStringLiteral("replace ") + older.fileName());
    QCOMPARE(contentOf(older.fileName()), QByteArray());
  }
};

int main(int argc, char** argv) {
  tests::WatchedApplication application(argc, argv);
  TestTaskExport test;
  return QTest::qExec(&test, argc, argv);
}

#include "tst_task_export.moc"
