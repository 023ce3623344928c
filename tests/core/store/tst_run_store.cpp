// SPDX-License-Identifier: GPL-3.0-or-later
// What a run records: written, read back, followed while it grows.
#include "engine/core/store/intervention_file.h"
#include "tests/core/store/open_run.h"

#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <chrono>
#include <limits>

using namespace anchorlens::core;
using namespace run_fixture;
namespace fs = std::filesystem;

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
  void createRefuses();
  void oneWriter();
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

void TestRunStore::createRefuses() {
  const std::vector<Intervention> history{parseIntervention("lr x0.5").value()};
  QVERIFY(RunWriter::create(m_run, makeSpec(), {}, false, history));
  const auto again = RunWriter::create(m_run, makeSpec(), {});
  QVERIFY(!again);
  QVERIFY(again.error().message.starts_with("There is a run in this folder already."));
  QCOMPARE(readInterventions(m_run)->size(), std::size_t{1});  // the first one's, untouched
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
