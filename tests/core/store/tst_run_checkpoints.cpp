// SPDX-License-Identifier: GPL-3.0-or-later
// Checkpoints of a run, and what is left of it when it ends or goes back.
#include "engine/core/store/sqlite.h"
#include "engine/core/experiment_json.h"
#include "tests/core/store/open_run.h"

#include <QTemporaryDir>
#include <QTest>

using namespace anchorlens::core;
using namespace run_fixture;
namespace fs = std::filesystem;

namespace {

std::vector<std::int64_t> optimizerSteps(const std::vector<CheckpointInfo>& checkpoints) {
  std::vector<std::int64_t> steps;
  for (const CheckpointInfo& info : checkpoints) {
    if (info.has_optimizer) {
      steps.push_back(info.step);
    }
  }
  return steps;
}

}  // namespace

class TestRunCheckpoints : public QObject {
  Q_OBJECT

 private slots:
  void init();
  void optimizerStaysInTheLastTwo();
  void plainSgdLacksNothing();
  void checkpointMetadata();
  void truncateAfterDropsWhatIsLater();
  void finishedRunIsPlain();
  void closedWhileSomebodyReads();
  void startsAgainAfterTheFirstMoment();

 private:
  std::unique_ptr<QTemporaryDir> m_temporary;
  fs::path m_run;
};

void TestRunCheckpoints::init() {
  m_temporary = std::make_unique<QTemporaryDir>();
  m_run = fs::path(m_temporary->path().toStdString()) / "runs" / "first run \u00e4?#%";
}

void TestRunCheckpoints::optimizerStaysInTheLastTwo() {
  auto writer = createWriter(m_run);
  const auto reader = openReader(m_run);
  for (std::int64_t step = 0; step <= 400; step += 100) {
    const auto info = writer->writeCheckpoint(makeCheckpoint(step, true));
    QVERIFY(info);
    QCOMPARE(info->file, checkpointFile(m_run, step));
    QVERIFY(info->has_optimizer);
    const auto checkpoints = reader->checkpoints();
    QVERIFY(checkpoints);
    QCOMPARE(checkpoints->back().step, step);
    const std::vector<std::int64_t> expected =
        step == 0 ? std::vector<std::int64_t>{0} : std::vector<std::int64_t>{step - 100, step};
    QCOMPARE(optimizerSteps(*checkpoints), expected);
  }
  QCOMPARE(checkpointFile("r", 1200).filename().string(),
           std::string("step-000001200.safetensors"));
  // What is left of an old one is just its weights; a checkpoint without optimiser takes none away.
  const auto old = readSafetensors(checkpointFile(m_run, 100));
  QVERIFY(old);
  QCOMPARE(old->tensors, makeCheckpoint(100, false).tensors);
  QCOMPARE(old->metadata.at("step"), std::string("100"));
  QVERIFY(writer->writeCheckpoint(makeCheckpoint(450, false)));
  QCOMPARE(optimizerSteps(*reader->checkpoints()), (std::vector<std::int64_t>{300, 400}));
  // A writer that comes later knows what is there.
  writer.reset();
  writer = openWriter(m_run);
  QVERIFY(writer->writeCheckpoint(makeCheckpoint(500, true)));
  QCOMPARE(optimizerSteps(*reader->checkpoints()), (std::vector<std::int64_t>{400, 500}));
  // The same step once more.
  QVERIFY(writer->writeCheckpoint(makeCheckpoint(500, true)));
  QCOMPARE(optimizerSteps(*reader->checkpoints()), (std::vector<std::int64_t>{400, 500}));
  QCOMPARE(reader->checkpoints()->size(), std::size_t{7});
}

void TestRunCheckpoints::plainSgdLacksNothing() {
  ExperimentSpec spec = makeSpec();
  spec.training.optimizer = TrainingSpec::Optimizer::Sgd;
  spec.training.momentum = 0.0;
  auto writer = createWriter(m_run, spec);
  QVERIFY(writer);
  for (const std::int64_t step : {0, 10, 20, 30}) {
    const auto info = writer->writeCheckpoint(makeCheckpoint(step, false));
    QVERIFY(info);
    QVERIFY(info->has_optimizer);
  }
  QCOMPARE(optimizerSteps(*openReader(m_run)->checkpoints()),
           (std::vector<std::int64_t>{0, 10, 20, 30}));
}

void TestRunCheckpoints::checkpointMetadata() {
  auto writer = createWriter(m_run);
  const auto info = writer->writeCheckpoint(makeCheckpoint(7, true));
  QVERIFY(info);
  const auto metadata = readSafetensorsMetadata(info->file);
  QVERIFY(metadata);
  QCOMPARE(metadata->at("step"), std::string("7"));
  QCOMPARE(metadata->at("spec_hash"), specHash(makeSpec()));
  for (const char* bad : {"", "x", "-1", "7 ", "99999999999999999999"}) {
    Checkpoint checkpoint = makeCheckpoint(7, true);
    checkpoint.metadata["step"] = bad;
    QVERIFY(!writer->writeCheckpoint(checkpoint));
  }
  Checkpoint no_step = makeCheckpoint(7, true);
  no_step.metadata.erase("step");
  QVERIFY(!writer->writeCheckpoint(no_step));
}

void TestRunCheckpoints::truncateAfterDropsWhatIsLater() {
  auto writer = createWriter(m_run);
  for (const std::int64_t step : {0, 10, 20, 30}) {
    writer->addStep(makeStep(step));
    writer->addMetrics(makeMetrics(step));
    writer->addFrame(makeFrame(step));
    writer->addEvent({step, "note", "at"});
    QVERIFY(writer->writeCheckpoint(makeCheckpoint(step, true)));
  }
  writer->addStep(makeStep(15));  // not committed yet
  writer->addStep(makeStep(35));
  overwrite(checkpointFile(m_run, 40), "half of a checkpoint");
  QVERIFY(writer->truncateAfter(15));
  const auto reader = openReader(m_run);
  QCOMPARE(reader->steps()->size(), std::size_t{3});
  QCOMPARE(reader->steps()->back().step, std::int64_t{15});
  QCOMPARE(reader->metrics()->size(), std::size_t{2});
  QCOMPARE(reader->metrics()->back().groups.size(), std::size_t{3});
  QCOMPARE(*reader->frameSteps(), (std::vector<std::int64_t>{0, 10}));
  QCOMPARE(reader->scores()->size(), std::size_t{2});
  QCOMPARE(reader->events()->size(), std::size_t{2});
  QCOMPARE(reader->checkpoints()->size(), std::size_t{2});
  QVERIFY(!fs::exists(checkpointFile(m_run, 40)));
  // From the start.
  QVERIFY(writer->truncateAfter(-1));
  QVERIFY(reader->steps()->empty());
  QVERIFY(reader->checkpoints()->empty());
  QVERIFY(writer->writeCheckpoint(makeCheckpoint(0, true)));
}

void TestRunCheckpoints::finishedRunIsPlain() {
  auto writer = createWriter(m_run);
  writer->addStep(makeStep(1));
  QVERIFY(writer->writeCheckpoint(makeCheckpoint(1, true)));
  writer.reset();
  const auto before = contentsOf(m_run);
  std::vector<std::string> names;
  for (const auto& [name, content] : before) {
    names.push_back(name);
  }
  QCOMPARE(names, (std::vector<std::string>{"checkpoints", "checkpoints/step-000000001.safetensors",
                                            "experiment.json", "run.sqlite"}));
  {
    const auto reader = openReader(m_run);
    QVERIFY(reader);
    QCOMPARE(reader->steps()->size(), std::size_t{1});
    QCOMPARE(contentsOf(m_run), before);
  }
  QCOMPARE(contentsOf(m_run), before);
}

void TestRunCheckpoints::closedWhileSomebodyReads() {
  auto writer = createWriter(m_run);
  writer->addStep(makeStep(1));
  QVERIFY(writer->commit());
  auto reader = openReader(m_run);
  QCOMPARE(reader->steps()->size(), std::size_t{1});
  writer->addStep(makeStep(2));
  writer.reset();
  // The reader is in the way of the plain file; all rows are in the database all the same.
  std::error_code ignored;
  QVERIFY(!fs::exists(m_run / "run.sqlite-wal", ignored) ||
          fs::file_size(m_run / "run.sqlite-wal") == 0);
  const auto before = contentsOf(m_run);
  QCOMPARE(openReader(m_run)->steps()->size(), std::size_t{2});
  QCOMPARE(reader->steps()->size(), std::size_t{2});
  QCOMPARE(contentsOf(m_run), before);
  // As a copy of the database alone.
  fs::remove(m_run / "run.sqlite-wal");
  fs::remove(m_run / "run.sqlite-shm");
  QCOMPARE(openReader(m_run)->steps()->size(), std::size_t{2});
  // The next writer tidies up.
  QVERIFY(openWriter(m_run));
  QCOMPARE(reader->steps()->size(), std::size_t{2});
  reader.reset();
  for (const char* name : {"run.sqlite-wal", "run.sqlite-shm", "lock"}) {
    QVERIFY2(!fs::exists(m_run / name), name);
  }
}

void TestRunCheckpoints::startsAgainAfterTheFirstMoment() {
  // Killed before the experiment was there: the folder counts as empty.
  fs::create_directories(m_run);
  overwrite(m_run / "lock", "");
  overwrite(m_run / ".experiment.json.tmp-17-1", "{\"for");
  QVERIFY(createWriter(m_run));
  QVERIFY(!fs::exists(m_run / ".experiment.json.tmp-17-1"));
  // Killed before the database was there, or while it was made.
  // Of the last one only what stands in its header was written: that it has a log.
  for (const int made : {0, 1, 2}) {
    fs::remove(m_run / "run.sqlite");
    if (made > 0) {
      overwrite(m_run / "run.sqlite", "");
    }
    if (made > 1) {
      auto database = Database::open(m_run / "run.sqlite", {.may_create = true});
      QVERIFY(database && database->execute("PRAGMA journal_mode=WAL"));
    }
    QVERIFY(!fs::exists(m_run / "run.sqlite-wal"));
    const auto reader = RunReader::open(m_run);
    QVERIFY(!reader);
    QVERIFY(hasOnlyBegun(m_run));
    auto writer = openWriter(m_run);
    QVERIFY(writer);
    QVERIFY(!hasOnlyBegun(m_run));
    writer->addStep(makeStep(1));
    QVERIFY(writer->commit());
    QCOMPARE(openReader(m_run)->steps()->size(), std::size_t{1});
  }
  // With a checkpoint it is no first moment.
  auto writer = openWriter(m_run);
  QVERIFY(writer->writeCheckpoint(makeCheckpoint(1, true)));
  writer.reset();
  fs::remove(m_run / "run.sqlite");
  QVERIFY(!hasOnlyBegun(m_run));
  const auto refused = RunWriter::open(m_run);
  QVERIFY(!refused);
  QCOMPARE(refused.error().message, std::string("The run's database is missing."));
  QVERIFY(!fs::exists(m_run / "run.sqlite"));
}

QTEST_GUILESS_MAIN(TestRunCheckpoints)
#include "tst_run_checkpoints.moc"
