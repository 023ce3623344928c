// SPDX-License-Identifier: GPL-3.0-or-later
// Drafts survive kill -9: real processes, the program among them, are killed and started again.
#include "app/anchorlens/key_filter.h"
#include "engine/core/experiment_json.h"
#include "engine/core/store/checkpoint.h"
#include "tests/app/composer_driver.h"
#include "tests/app/window_fixture.h"

#include <QFile>
#include <QFileSystemWatcher>
#include <QProcess>
#include <QTimer>
#include <QtTest>

#include <cstdio>
#include <cstring>

using namespace anchorlens;
using namespace anchorlens::app;

namespace {

constexpr int kSoonMs = 60'000;

/// Another process: a window in which somebody types a pattern, again and again another one, and
/// which never ends by itself.
int typeForEver(QApplication& application, const QString& start) {
  KeyFilter keys;
  application.installEventFilter(&keys);
  tests::Desk desk;
  tests::ComposerDriver driver(desk.window);
  driver.press(Qt::Key_1, Qt::ControlModifier);
  driver.typePattern(start);
  QTimer timer;
  QObject::connect(&timer, &QTimer::timeout, &desk.window, [&driver, n = 0]() mutable {
    driver.press(++n % 40 == 0 ? Qt::Key_Backspace : Qt::Key_1);
    if (!driver.problem().isEmpty())
      qFatal("%s", qPrintable(driver.problem()));
  });
  timer.start(20);
  return QApplication::exec();
}

/// Another process: a window that opens after the last session, and tells its draft.
int tellDraft() {
  tests::Desk desk;
  const std::string text = core::writeExperiment(desk.controller.draft().spec());
  std::fwrite(text.data(), 1, text.size(), stdout);
  return desk.controller.draft().isModified() ? 0 : 2;
}

QByteArray contents(const QString& name) {
  QFile file(name);
  return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

}  // namespace

class TestDraftKill : public QObject {
  Q_OBJECT

  std::unique_ptr<tests::TemporaryHome> m_home;

  void start(QProcess& process, const QString& program, const QStringList& arguments) {
    process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    process.start(program, arguments);
    QVERIFY(process.waitForStarted());
  }
  void startTyping(QProcess& process, const QString& pattern) {
    start(process, QCoreApplication::applicationFilePath(), {QStringLiteral("--type"), pattern});
  }
  void kill(QProcess& process) {
    process.kill();  // SIGKILL
    QVERIFY(process.waitForFinished());
    QCOMPARE(process.exitStatus(), QProcess::CrashExit);
  }
  /// The draft of a window that opens now; `is_modified` whether it counts as not saved.
  void readDraft(core::ExperimentSpec& draft, bool& is_modified) {
    QProcess process;
    start(process, QCoreApplication::applicationFilePath(), {QStringLiteral("--tell")});
    QVERIFY(process.waitForFinished(kSoonMs));
    QCOMPARE(process.exitStatus(), QProcess::NormalExit);
    const auto read = core::parseDraft(process.readAllStandardOutput().toStdString());
    QVERIFY(read.has_value());
    draft = *read;
    is_modified = process.exitCode() == 0;
  }

 private slots:
  void init() { m_home = std::make_unique<tests::TemporaryHome>(); }

  void isThereAfterTheAutosave() {
    QProcess process;
    startTyping(process, QStringLiteral("* 8 x * -> x+"));
    QTRY_VERIFY_WITH_TIMEOUT(contents(sessionFile()).contains("* 8 x * -> x+1"), kSoonMs);
    kill(process);
    core::ExperimentSpec draft;
    bool is_modified = false;
    readDraft(draft, is_modified);
    const QByteArray pattern = QByteArray::fromStdString(draft.task.forms[0].pattern);
    QVERIFY2(pattern.startsWith("* 8 x * -> x+1"), pattern);
    QVERIFY(is_modified);
    // All else is what it was.
    draft.task.forms[0].pattern = core::preset("demo").task.forms[0].pattern;
    QCOMPARE(core::writeExperiment(draft), core::writeExperiment(core::preset("demo")));
  }

  void isWholeAtEveryMoment() {
    // Killed in the middle of a save, as soon as its folder changes: what was saved before is
    // there, or what was being saved.
    const int rounds = qEnvironmentVariableIntValue("ANCHORLENS_LONG") != 0 ? 50 : 4;
    std::string last = core::preset("demo").task.forms[0].pattern;
    for (int round = 1; round <= rounds; ++round) {
      const QString typed = QStringLiteral("* %1 x * -> x+").arg(round);
      QProcess process;
      QFileSystemWatcher watcher({dataFolder()});
      QSignalSpy saves(&watcher, &QFileSystemWatcher::directoryChanged);
      startTyping(process, typed);
      QVERIFY(saves.wait(kSoonMs));
      kill(process);
      core::ExperimentSpec draft;
      bool is_modified = false;
      readDraft(draft, is_modified);
      const std::string& pattern = draft.task.forms[0].pattern;
      QVERIFY2(pattern == last || pattern.starts_with(typed.toStdString()), pattern.c_str());
      last = pattern;
    }
  }

  void theProgramKeepsItToo() {
    core::ExperimentSpec spec = core::preset("composite");
    spec.name = "kept";
    spec.training.seed = 4711;
    const QString file = m_home->path(QStringLiteral("kept.json"));
    QVERIFY(core::writeFileAtomically(toPath(file), core::writeExperiment(spec)).has_value());
    const QString program = QStringLiteral(ANCHORLENS_BINARY_DIR "/bin/anchorlens");
    {
      QProcess process;
      start(process, program, {file});
      QTRY_VERIFY_WITH_TIMEOUT(contents(sessionFile()).contains("4711"), kSoonMs);
      kill(process);
    }
    {
      // Started again without the file, it has the draft: it saves it.
      QVERIFY(QFile::remove(file));
      QProcess process;
      QFileSystemWatcher watcher({dataFolder()});
      QSignalSpy saves(&watcher, &QFileSystemWatcher::directoryChanged);
      start(process, program, {});
      QVERIFY(saves.wait(kSoonMs));
      kill(process);
    }
    core::ExperimentSpec draft;
    bool is_modified = false;
    readDraft(draft, is_modified);
    QCOMPARE(core::writeExperiment(draft), core::writeExperiment(spec));
    QVERIFY(!is_modified);
  }
};

int main(int argc, char** argv) {
  QApplication application(argc, argv);
  if (argc > 2 && std::strcmp(argv[1], "--type") == 0)
    return typeForEver(application, QString::fromUtf8(argv[2]));
  if (argc > 1 && std::strcmp(argv[1], "--tell") == 0)
    return tellDraft();
  TestDraftKill test;
  return QTest::qExec(&test, argc, argv);
}
#include "tst_draft_kill.moc"
