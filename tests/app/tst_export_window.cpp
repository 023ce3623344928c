// SPDX-License-Identifier: GPL-3.0-or-later
// The Export dialog by real events, over a small run of the real engine.
#include "tests/app/compare_desk.h"
#include "tests/app/export_twice.h"

#include <QLabel>
#include <QLineEdit>
#include <QTest>

using namespace anchorlens;
using namespace anchorlens::app;
using tests::kSoonMs;

class TestExportWindow : public QObject {
  Q_OBJECT

  tests::TemporaryHome m_home;
  std::filesystem::path m_run;

  /// Ctrl+E.
  static ExportDialog* openDialog(tests::Desk& desk) {
    QTest::keyClick(&desk.window, Qt::Key_E, Qt::ControlModifier);
    ExportDialog* dialog = desk.window.exportDialog();
    return dialog != nullptr && dialog->isVisible() ? dialog : nullptr;
  }

 private slots:
  void initTestCase() {
    m_run = toPath(m_home.path(QStringLiteral("run")));
    tests::train(m_run, 1, "demo", 120);
  }
  void init() { QFile::remove(sessionFile()); }

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
