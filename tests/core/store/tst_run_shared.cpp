// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/store/run_store.h"
#include "tests/core/store/run_fixture.h"

#include <QTemporaryDir>
#include <QTest>

#include <csignal>

/// Runs on a network file system: readers see whole copies that are put in place by rename, and
/// never the writer's own database.
using namespace anchorlens::core;
using namespace run_fixture;
namespace fs = std::filesystem;

namespace {

/// 18 and 19 of the header: 1 rollback journal, 2 WAL.
int formatOf(const fs::path& database) {
  return readFile(database).at(18);
}

}  // namespace

class TestRunShared : public QObject {
  Q_OBJECT

 private slots:
  void init();
  void readersSeePublishedCopies();
  void readersNeverOpenThePrivateOne();
  void killedWriterGoesOn();
  void staysShared();
  void localRunBecomesShared();
  void notPublishedYet();

 private:
  std::unique_ptr<QTemporaryDir> m_temporary;
  fs::path m_run;
};

void TestRunShared::init() {
  m_temporary = std::make_unique<QTemporaryDir>();
  m_run = fs::path(m_temporary->path().toStdString()) / "run";
}

void TestRunShared::readersSeePublishedCopies() {
  auto writer = RunWriter::create(m_run, makeSpec(), {}, true);
  QVERIFY2(writer, writer ? "" : writer.error().text().c_str());
  QCOMPARE(formatOf(m_run / "run.sqlite"), 1);
  const auto reader = RunReader::open(m_run);
  QVERIFY2(reader, reader ? "" : reader.error().text().c_str());
  QVERIFY((*reader)->steps()->empty());
  QVERIFY((*reader)->status()->held);
  (*writer)->addStep(makeStep(1));
  QVERIFY((*writer)->writeCheckpoint(makeCheckpoint(1, true)));  // publishes at once
  QCOMPARE((*reader)->steps()->size(), std::size_t{1});
  (*writer)->addStep(makeStep(2));
  (*writer)->setStatus(RunState::Training, 2, 9, "");
  QVERIFY((*writer)->commit());  // the next copy is due in some seconds
  QCOMPARE((*reader)->steps()->size(), std::size_t{1});
  (*writer)->setStatus(RunState::Paused, 2, 9, "");
  QVERIFY((*writer)->commit());  // what somebody waits for is published at once
  QCOMPARE((*reader)->steps()->size(), std::size_t{2});
  QCOMPARE((*reader)->status()->state, RunState::Paused);
  (*writer)->addFrame(makeFrame(2));
  writer->reset();
  QVERIFY(sameFrame(**(*reader)->frame(2), makeFrame(2)));
  QVERIFY(!(*reader)->status()->held);
  for (const auto& [name, content] : contentsOf(m_run)) {
    const bool is_litter = name.find("-wal") != std::string::npos ||
                           name.find("-shm") != std::string::npos ||
                           name.find(".tmp-") != std::string::npos;
    QVERIFY2(!is_litter, name.c_str());
  }
}

void TestRunShared::readersNeverOpenThePrivateOne() {
  auto writer = RunWriter::create(m_run, makeSpec(), {}, true);
  QVERIFY(writer);
  (*writer)->addStep(makeStep(1));
  writer->reset();
  overwrite(m_run / "run.writer.sqlite", "what a reader must not see");
  const auto before = contentsOf(m_run);
  const auto reader = RunReader::open(m_run);
  QVERIFY(reader);
  QCOMPARE((*reader)->steps()->size(), std::size_t{1});
  QCOMPARE(contentsOf(m_run), before);
}

void TestRunShared::killedWriterGoesOn() {
  QCOMPARE(inChild([this] {
             auto writer = RunWriter::create(m_run, makeSpec(), {}, true);
             (*writer)->addStep(makeStep(1));
             if (!(*writer)->writeCheckpoint(makeCheckpoint(1, true))) {
               return 1;
             }
             (*writer)->addStep(makeStep(2));
             (*writer)->setStatus(RunState::Training, 2, 9, "");
             return (*writer)->commit() ? ::raise(SIGKILL) : 1;
           }),
           -SIGKILL);
  const auto reader = RunReader::open(m_run);
  QVERIFY(reader);
  QCOMPARE((*reader)->steps()->size(), std::size_t{1});
  // Nobody has to say again that it is shared.
  auto writer = RunWriter::open(m_run);
  QVERIFY2(writer, writer ? "" : writer.error().text().c_str());
  QCOMPARE((*reader)->steps()->size(), std::size_t{2});
  (*writer)->addStep(makeStep(3));
  writer->reset();
  QCOMPARE((*reader)->steps()->size(), std::size_t{3});
}

void TestRunShared::staysShared() {
  { QVERIFY(RunWriter::create(m_run, makeSpec(), {}, true)); }
  auto writer = RunWriter::open(m_run, false);
  QVERIFY(writer);
  QVERIFY(!fs::exists(m_run / "run.sqlite-wal"));
  QVERIFY(fs::exists(m_run / "run.writer.sqlite"));
}

void TestRunShared::localRunBecomesShared() {
  // Its rows are in the -wal alone: the writer was killed.
  QCOMPARE(inChild([this] {
             auto writer = RunWriter::create(m_run, makeSpec(), {});
             (*writer)->addStep(makeStep(1));
             return (*writer)->commit() ? ::raise(SIGKILL) : 1;
           }),
           -SIGKILL);
  QVERIFY(fs::file_size(m_run / "run.sqlite-wal") > 0);
  const auto reader = RunReader::open(m_run);
  auto writer = RunWriter::open(m_run, true);
  QVERIFY2(writer, writer ? "" : writer.error().text().c_str());
  QVERIFY(!fs::exists(m_run / "run.sqlite-wal"));
  QVERIFY(!fs::exists(m_run / "run.sqlite-shm"));
  QCOMPARE(formatOf(m_run / "run.sqlite"), 1);
  QCOMPARE((*reader)->steps()->size(), std::size_t{1});
  (*writer)->addStep(makeStep(2));
  writer->reset();
  QCOMPARE((*reader)->steps()->size(), std::size_t{2});
}

void TestRunShared::notPublishedYet() {
  { QVERIFY(RunWriter::create(m_run, makeSpec(), {}, true)); }
  fs::remove(m_run / "run.sqlite");
  const auto reader = RunReader::open(m_run);
  QVERIFY(!reader);
  QCOMPARE(reader.error().message,
           std::string("The run's database is not published yet. Try again in a few seconds."));
  { QVERIFY(RunWriter::open(m_run)); }
  QVERIFY(RunReader::open(m_run));
}

QTEST_GUILESS_MAIN(TestRunShared)
#include "tst_run_shared.moc"
