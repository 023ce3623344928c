// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/store/run_store.h"
#include "engine/core/store/scores_blob.h"
#include "tests/core/store/run_fixture.h"

#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>

/// resources/python/anchorlens_run.py reads what the run store writes.
using namespace anchorlens::core;
using namespace run_fixture;
namespace fs = std::filesystem;

namespace {

const QString kReader = ANCHORLENS_SOURCE_DIR "/resources/python";
const QString kCheck = ANCHORLENS_SOURCE_DIR "/tests/core/store/check_python_reader.py";

RunTables makeTables() {
  RunTables tables;
  tables.roles = {{RoleInfo::Kind::Noise, "noise", ""},
                  {RoleInfo::Kind::Anchor, "anchor:3", "3"},
                  {RoleInfo::Kind::Key, "key:x", "x"}};
  tables.groups = {{"seen", Split::Train, GroupInfo::Kind::Seen, 0, {}},
                   {"held_out", Split::Test, GroupInfo::Kind::HeldOutKeys, 0, {}}};
  SequenceSet& shown = tables.shown;
  shown.seq_len = 5;
  shown.tokens = {20, 21, 3, 22, 23, 30, 3, 40, 31, 0};
  shown.roles = {0, 0, 1, 2, 0, 0, 1, 2, 0, 0};
  shown.lengths = {5, 4};
  shown.groups = {0, 1};
  shown.answer_offsets = {0, 1, 3};
  shown.answers = {{22, 1.0}, {40, 0.75}, {41, 0.25}};
  return tables;
}

bool writeRun(RunWriter& writer, int n_steps) {
  writer.setTables(makeTables());
  writer.addEvent({0, "started", "Training began."});
  writer.addEvent({100, "note", "\u00e4 'quoted' text"});
  for (std::int64_t step = 1; step <= n_steps; ++step) {
    writer.addStep(makeStep(step));
  }
  for (const std::int64_t step : {0, 50, 100}) {
    writer.addMetrics(makeMetrics(step));
    writer.addFrame(makeFrame(step, 2, 2));
  }
  writer.setStatus(RunState::Training, n_steps, 1000, "");
  return writer.writeCheckpoint(makeCheckpoint(100, true)).has_value();
}

}  // namespace

class TestPythonReader : public QObject {
  Q_OBJECT

 private slots:
  void initTestCase();
  void init();
  void closedRun();
  void liveRun();
  void killedRun();
  void publishedRun();
  void damagedRun();
  void shell();

 private:
  /// Runs Python; output and errors together.
  int python(const QStringList& arguments, QString& output) const;
  void check(int n_steps) const;

  QString m_python;
  std::unique_ptr<QTemporaryDir> m_temporary;
  fs::path m_run;
};

int TestPythonReader::python(const QStringList& arguments, QString& output) const {
  QProcess process;
  process.setProcessChannelMode(QProcess::MergedChannels);
  process.start(m_python, QStringList{"-B"} + arguments);
  const bool has_ended = process.waitForFinished(60'000);
  output = QString::fromUtf8(process.readAll());
  return has_ended && process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1;
}

void TestPythonReader::initTestCase() {
  // The first interpreter with NumPy: the user's, then the distribution's.
  QStringList reasons;
  for (const QString& name : {QStringLiteral("python3"), QStringLiteral("/usr/bin/python3")}) {
    m_python = QStandardPaths::findExecutable(name);
    QString output;
    if (m_python.isEmpty()) {
      reasons += name + " is not there";
    } else if (python({"-c", "import numpy"}, output) == 0) {
      return;
    } else {
      reasons += m_python + ": " + output.trimmed().section('\n', -1);
    }
  }
  QSKIP(qPrintable("no Python with NumPy (Debian: python3-numpy): " + reasons.join("; ")));
}

void TestPythonReader::init() {
  m_temporary = std::make_unique<QTemporaryDir>();
  m_run = fs::path(m_temporary->path().toStdString()) / "run \u00e4?#%";
}

void TestPythonReader::check(int n_steps) const {
  QString output;
  const int code = python(
      {kCheck, kReader, QString::fromStdString(m_run.string()), QString::number(n_steps)}, output);
  QVERIFY2(code == 0, qPrintable(output));
}

void TestPythonReader::closedRun() {
  auto writer = RunWriter::create(m_run, makeSpec(2), {{"version", "0.1.0"}});
  QVERIFY(writer);
  QVERIFY(writeRun(**writer, 300));
  writer->reset();
  const auto before = contentsOf(m_run);
  check(300);
  QCOMPARE(contentsOf(m_run), before);
}

void TestPythonReader::liveRun() {
  auto writer = RunWriter::create(m_run, makeSpec(2), {{"version", "0.1.0"}});
  QVERIFY(writer);
  QVERIFY(writeRun(**writer, 300));
  check(300);
  (*writer)->addStep(makeStep(301));
  (*writer)->setStatus(RunState::Training, 301, 1000, "");
  QVERIFY((*writer)->commit());
  check(301);
}

void TestPythonReader::killedRun() {
  QCOMPARE(inChild([this] {
             auto writer = RunWriter::create(m_run, makeSpec(2), {{"version", "0.1.0"}});
             return writer && writeRun(**writer, 300) ? ::raise(SIGKILL) : 1;
           }),
           -SIGKILL);
  const auto before = contentsOf(m_run);
  check(300);
  QCOMPARE(contentsOf(m_run), before);
}

void TestPythonReader::publishedRun() {
  auto writer = RunWriter::create(m_run, makeSpec(2), {{"version", "0.1.0"}}, true);
  QVERIFY(writer);
  QVERIFY(writeRun(**writer, 300));
  check(300);
}

void TestPythonReader::damagedRun() {
  auto writer = RunWriter::create(m_run, makeSpec(2), {});
  QVERIFY(writer);
  writer->reset();
  const QString script = kReader + "/anchorlens_run.py";
  const QString run = QString::fromStdString(m_run.string());
  QString output;
  QCOMPARE(python({script, run}, output), 0);
  overwrite(m_run / "run.sqlite", "no database, and longer than a header, said a hundred times");
  QCOMPARE(python({script, run}, output), 2);
  QVERIFY2(output.contains("The database cannot be read: file is not a database"),
           qPrintable(output));
  fs::remove(m_run / "experiment.json");
  QCOMPARE(python({script, run}, output), 2);
  QVERIFY2(output.contains("Not an Anchorlens run: experiment.json is missing."),
           qPrintable(output));
}

void TestPythonReader::shell() {
  auto writer = RunWriter::create(m_run, makeSpec(2), {{"version", "0.1.0"}});
  QVERIFY(writer);
  QVERIFY(writeRun(**writer, 300));
  const QString script = kReader + "/anchorlens_run.py";
  const QString run = QString::fromStdString(m_run.string());
  QString output;
  QCOMPARE(python({script, run}, output), 0);
  QVERIFY2(output.contains("made up: training, step 300 of 1000") &&
               output.contains("300 steps, 3 evaluations, 3 frames, 1 checkpoints"),
           qPrintable(output));
  const QString npz = m_temporary->filePath("all.npz");
  QCOMPARE(python({script, run, "--npz", npz}, output), 0);
  QCOMPARE(python({"-c",
                   "import sys, numpy as np; a = np.load(sys.argv[1]); "
                   "print(a['steps/loss'].shape, a['scores/sink.lift'].shape)",
                   npz},
                  output),
           0);
  QCOMPARE(output.trimmed(), QString("(300,) (3, 2, 2)"));
}

QTEST_GUILESS_MAIN(TestPythonReader)
#include "tst_python_reader.moc"
