// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/experiment_json.h"
#include "engine/core/store/run_store.h"
#include "tests/core/store/run_fixture.h"

#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>

using namespace anchorlens::core;
using namespace run_fixture;
namespace fs = std::filesystem;

namespace {

std::unique_ptr<RunReader> openReader(const fs::path& run) {
  auto reader = RunReader::open(run);
  if (!reader) {
    qWarning("%s", reader.error().text().c_str());
    return nullptr;
  }
  return std::move(*reader);
}

std::unique_ptr<RunWriter> createWriter(const fs::path& run,
                                        const ExperimentSpec& spec = makeSpec()) {
  auto writer = RunWriter::create(run, spec, {{"version", "0.1.0"}, {"commit", "abc"}});
  if (!writer) {
    qWarning("%s", writer.error().text().c_str());
    return nullptr;
  }
  return std::move(*writer);
}

std::unique_ptr<RunWriter> openWriter(const fs::path& run) {
  auto writer = RunWriter::open(run);
  if (!writer) {
    qWarning("%s", writer.error().text().c_str());
    return nullptr;
  }
  return std::move(*writer);
}

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

class TestRunStore : public QObject {
  Q_OBJECT

 private slots:
  void init();
  void everythingComesBack();
  void readerFollows();
  void rowsWaitForCommit();
  void repeatedStepsReplace();
  void readsFromAStep();
  void statusAndProvenanceAreUpdated();
  void optimizerStaysInTheLastTwo();
  void plainSgdLacksNothing();
  void checkpointMetadata();
  void truncateAfterDropsWhatIsLater();
  void createRefuses();
  void oneWriter();
  void finishedRunIsPlain();
  void closedWhileSomebodyReads();
  void startsAgainAfterTheFirstMoment();
  void manyStepsAreCheap();
  void manyScoresAreQuick();

 private:
  std::unique_ptr<QTemporaryDir> m_temporary;
  fs::path m_run;
};

void TestRunStore::init() {
  m_temporary = std::make_unique<QTemporaryDir>();
  m_run = fs::path(m_temporary->path().toStdString()) / "runs" / "first run \u00e4?#%";
}

void TestRunStore::everythingComesBack() {
  {
    auto writer = createWriter(m_run);
    QVERIFY(writer);
    QCOMPARE(writer->directory(), m_run);
    QCOMPARE(writer->spec(), makeSpec());
    for (std::int64_t step = 1; step <= 200; ++step) {
      writer->addStep(makeStep(step));
    }
    for (const std::int64_t step : {0, 50, 100}) {
      writer->addMetrics(makeMetrics(step));
      writer->addFrame(makeFrame(step));
    }
    writer->addEvent({0, "started", "Training began."});
    writer->addEvent({100, "note", "\u00e4 'quoted' text"});
    writer->addEvent({100, "note", "second of the same step"});
    writer->setStatus(RunState::Stopped, 200, 1500, "Stopped by the user.");
    QVERIFY(writer->commit());
  }
  const auto reader = openReader(m_run);
  QVERIFY(reader);
  QCOMPARE(reader->spec(), makeSpec());
  QCOMPARE(reader->directory(), m_run);
  const auto steps = reader->steps();
  QVERIFY(steps);
  QCOMPARE(steps->size(), std::size_t{200});
  for (std::size_t i = 0; i < steps->size(); ++i) {
    QVERIFY(sameStep((*steps)[i], makeStep(static_cast<std::int64_t>(i) + 1)));
  }
  const auto metrics = reader->metrics();
  QVERIFY(metrics);
  QCOMPARE(metrics->size(), std::size_t{3});
  QVERIFY(sameMetrics((*metrics)[2], makeMetrics(100)));
  QCOMPARE(*reader->frameSteps(), (std::vector<std::int64_t>{0, 50, 100}));
  for (const std::int64_t step : {0, 50, 100}) {
    const auto frame = reader->frame(step);
    QVERIFY(frame);
    QVERIFY(sameFrame(**frame, makeFrame(step)));
  }
  const auto scores = reader->scores();
  QVERIFY(scores);
  QCOMPARE(scores->size(), std::size_t{3});
  QCOMPARE((*scores)[1].step, std::int64_t{50});
  QVERIFY(sameScores((*scores)[1].scores, makeFrame(50).scores));
  const auto events = reader->events();
  QVERIFY(events);
  QCOMPARE(events->size(), std::size_t{3});
  QCOMPARE((*events)[1].text, std::string("\u00e4 'quoted' text"));
  QCOMPARE((*events)[2].text, std::string("second of the same step"));
  const auto status = reader->status();
  QVERIFY(status);
  QCOMPARE(status->state, RunState::Stopped);
  QCOMPARE(status->step, std::int64_t{200});
  QCOMPARE(status->total_steps, std::int64_t{1500});
  QCOMPARE(status->reason, std::string("Stopped by the user."));
  QVERIFY(!status->held);
  QVERIFY(reader->checkpoints()->empty());
  const auto missing = reader->frame(51);
  QVERIFY(!missing);
  QCOMPARE(missing.error().message, std::string("The run has no frame of step 51."));
}

void TestRunStore::readerFollows() {
  auto writer = createWriter(m_run);
  QVERIFY(writer);
  const auto reader = openReader(m_run);
  QVERIFY(reader);
  QCOMPARE(reader->status()->state, RunState::Created);
  QVERIFY(reader->status()->held);
  QVERIFY(reader->status()->holder.find("pid " + std::to_string(::getpid())) != std::string::npos);
  for (std::int64_t step = 1; step <= 5; ++step) {
    writer->addStep(makeStep(step));
    QVERIFY(writer->commit());
    QCOMPARE(reader->steps(step - 1)->size(), std::size_t{1});
  }
  writer->setStatus(RunState::Finished, 5, 5, "");
  QVERIFY(writer->commit());
  writer.reset();
  QCOMPARE(reader->status()->state, RunState::Finished);
  QVERIFY(!reader->status()->held);
  QCOMPARE(reader->steps()->size(), std::size_t{5});
  // And the run goes on.
  writer = openWriter(m_run);
  QVERIFY(writer);
  writer->addStep(makeStep(6));
  QVERIFY(writer->commit());
  QCOMPARE(reader->steps()->size(), std::size_t{6});
  QVERIFY(reader->status()->held);
}

void TestRunStore::rowsWaitForCommit() {
  auto writer = createWriter(m_run);
  const auto reader = openReader(m_run);
  writer->addStep(makeStep(1));
  writer->addFrame(makeFrame(1));
  QVERIFY(reader->steps()->empty());
  QVERIFY(writer->commit());
  QCOMPARE(reader->steps()->size(), std::size_t{1});
  QCOMPARE(reader->frameSteps()->size(), std::size_t{1});
}

void TestRunStore::repeatedStepsReplace() {
  auto writer = createWriter(m_run);
  writer->addStep({3, 1.0, 2.0, 3.0});
  writer->addMetrics(makeMetrics(3));
  writer->addFrame(makeFrame(3));
  QVERIFY(writer->commit());
  StepMetrics other{3, std::nan(""), std::numeric_limits<double>::infinity(), 0.5};
  Metrics fewer = makeMetrics(3);
  fewer.groups.pop_back();
  Frame frame = makeFrame(4);
  frame.step = 3;
  writer->addStep(other);
  writer->addMetrics(fewer);
  writer->addFrame(frame);
  QVERIFY(writer->commit());
  const auto reader = openReader(m_run);
  QCOMPARE(reader->steps()->size(), std::size_t{1});
  QVERIFY(sameStep(reader->steps()->front(), other));
  QVERIFY(sameMetrics(reader->metrics()->front(), fewer));
  QVERIFY(sameFrame(**reader->frame(3), frame));
}

void TestRunStore::readsFromAStep() {
  auto writer = createWriter(m_run);
  for (const std::int64_t step : {0, 10, 20}) {
    writer->addStep(makeStep(step));
    writer->addMetrics(makeMetrics(step));
    writer->addFrame(makeFrame(step));
    writer->addEvent({step, "note", "at"});
  }
  QVERIFY(writer->commit());
  const auto reader = openReader(m_run);
  QCOMPARE(reader->steps(0)->size(), std::size_t{2});
  QCOMPARE(reader->metrics(10)->size(), std::size_t{1});
  QVERIFY(sameMetrics(reader->metrics(10)->front(), makeMetrics(20)));
  QCOMPARE(reader->events(19)->size(), std::size_t{1});
  QCOMPARE(*reader->frameSteps(9), (std::vector<std::int64_t>{10, 20}));
  QCOMPARE(reader->scores(0)->size(), std::size_t{2});
  QVERIFY(reader->steps(20)->empty());
}

void TestRunStore::statusAndProvenanceAreUpdated() {
  auto writer = createWriter(m_run);
  writer->setProvenance("device", "cpu");
  writer->setProvenance("commit", "def");
  writer->setStatus(RunState::Training, 1, 10, "");
  QVERIFY(writer->commit());
  const auto reader = openReader(m_run);
  Provenance provenance = *reader->provenance();
  const auto valueOf = [&provenance](const std::string& key) {
    const auto found = std::find_if(provenance.begin(), provenance.end(),
                                    [&key](const auto& entry) { return entry.first == key; });
    return found == provenance.end() ? std::string("missing") : found->second;
  };
  QCOMPARE(valueOf("version"), std::string("0.1.0"));
  QCOMPARE(valueOf("commit"), std::string("def"));
  QCOMPARE(valueOf("device"), std::string("cpu"));
  QCOMPARE(valueOf("experiment_crc32").size(), std::size_t{8});
  QCOMPARE(valueOf("created").size(), std::string("2024-05-01T12:00:00Z").size());
  for (const RunState state : {RunState::Training, RunState::Paused, RunState::Stopped,
                               RunState::Finished, RunState::Failed}) {
    writer->setStatus(state, 2, 10, "Why.");
    QVERIFY(writer->commit());
    QCOMPARE(reader->status()->state, state);
  }
}

void TestRunStore::optimizerStaysInTheLastTwo() {
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

void TestRunStore::plainSgdLacksNothing() {
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

void TestRunStore::checkpointMetadata() {
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

void TestRunStore::truncateAfterDropsWhatIsLater() {
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

void TestRunStore::createRefuses() {
  QVERIFY(createWriter(m_run));
  const auto again = RunWriter::create(m_run, makeSpec(), {});
  QVERIFY(!again);
  QVERIFY(again.error().message.starts_with("There is a run in this folder already."));
  const fs::path other = m_run.parent_path() / "other";
  fs::create_directories(other);
  QVERIFY(createWriter(other));  // empty: taken
  const fs::path full = m_run.parent_path() / "full";
  fs::create_directories(full);
  overwrite(full / "thesis.tex", "text");
  const auto refused = RunWriter::create(full, makeSpec(), {});
  QVERIFY(!refused);
  QVERIFY(refused.error().message.starts_with("The folder is not empty."));
  QCOMPARE(contentsOf(full).size(), std::size_t{1});
  overwrite(m_run.parent_path() / "file", "text");
  QVERIFY(!RunWriter::create(m_run.parent_path() / "file", makeSpec(), {}));
}

void TestRunStore::oneWriter() {
  auto writer = createWriter(m_run);
  const auto second = RunWriter::open(m_run);
  QVERIFY(!second);
  QVERIFY2(second.error().message.find("is being written by pid " + std::to_string(::getpid())) !=
               std::string::npos,
           second.error().message.c_str());
  writer.reset();
  QVERIFY(openWriter(m_run));
  // A lock that somebody removes by hand: whoever held it writes no more.
  writer = openWriter(m_run);
  fs::remove(m_run / "lock");
  auto newer = openWriter(m_run);
  QVERIFY(newer);
  writer->addStep(makeStep(1));
  const auto written = writer->commit();
  QVERIFY(!written);
  QVERIFY2(written.error().message.find("was taken over by pid") != std::string::npos,
           written.error().message.c_str());
  QVERIFY(!writer->writeCheckpoint(makeCheckpoint(1, true)));
  QVERIFY(!writer->truncateAfter(0));
  writer.reset();
  newer->addStep(makeStep(2));
  QVERIFY(newer->commit());
  QVERIFY(fs::exists(m_run / "lock"));
  newer.reset();
  QVERIFY(!fs::exists(m_run / "lock"));
}

void TestRunStore::finishedRunIsPlain() {
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

void TestRunStore::closedWhileSomebodyReads() {
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

void TestRunStore::startsAgainAfterTheFirstMoment() {
  // Killed before the experiment was there: the folder counts as empty.
  fs::create_directories(m_run);
  overwrite(m_run / "lock", "");
  overwrite(m_run / ".experiment.json.tmp-17-1", "{\"for");
  QVERIFY(createWriter(m_run));
  QVERIFY(!fs::exists(m_run / ".experiment.json.tmp-17-1"));
  // Killed before the database was there, or while it was made.
  for (const bool has_file : {false, true}) {
    fs::remove(m_run / "run.sqlite");
    if (has_file) {
      overwrite(m_run / "run.sqlite", "");
    }
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

void TestRunStore::manyStepsAreCheap() {
  using Clock = std::chrono::steady_clock;
  auto writer = createWriter(m_run);
  const auto begin = Clock::now();
  for (std::int64_t step = 1; step <= 80'000; ++step) {
    writer->addStep(makeStep(step));
    if (step % 1000 == 0) {
      QVERIFY(writer->commit());
    }
  }
  const auto written = Clock::now();
  const auto reader = openReader(m_run);
  QCOMPARE(reader->steps()->size(), std::size_t{80'000});
  const auto read = Clock::now();
  const auto ms = [](auto from, auto to) {
    return std::chrono::duration<double, std::milli>(to - from).count();
  };
  qInfo("80,000 steps in 80 commits: written in %.0f ms, read in %.0f ms", ms(begin, written),
        ms(written, read));
}

void TestRunStore::manyScoresAreQuick() {
  using Clock = std::chrono::steady_clock;
  auto writer = createWriter(m_run, makeSpec(8));
  Frame frame;
  for (int head = 0; head < 16; ++head) {
    frame.scores.push_back(makeScores(head));
  }
  for (frame.step = 0; frame.step < 10'000; ++frame.step) {
    writer->addFrame(frame);
  }
  QVERIFY(writer->commit());
  const auto reader = openReader(m_run);
  const auto begin = Clock::now();
  const auto scores = reader->scores();
  const double ms = std::chrono::duration<double, std::milli>(Clock::now() - begin).count();
  QVERIFY(scores);
  QCOMPARE(scores->size(), std::size_t{10'000});
  QVERIFY(sameScores(scores->back().scores, frame.scores));
  qInfo("scores of 10,000 frames of 16 heads: read in %.0f ms", ms);
}

QTEST_GUILESS_MAIN(TestRunStore)
#include "tst_run_store.moc"
