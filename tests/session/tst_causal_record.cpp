// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/store/file_io.h"
#include "engine/session/causal_record.h"
#include "tests/session/tiny_experiment.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <cerrno>
#include <thread>

using namespace anchorlens;
using engine::CausalRecord;

namespace {

core::Task taskOf(const core::ExperimentSpec& spec) {
  auto task = core::Task::compile(spec.task);
  if (!task) {
    qFatal("%s", task.error()[0].message.c_str());
  }
  return *task;
}

CausalRecord madeRecord(std::int64_t step) {
  engine::CausalResult result;
  result.step = step;
  result.name = "all broadcast";
  result.heads = {{1, 0}, {1, 11}};
  result.method = engine::HeadMethod::OtherStep;
  result.from_step = 40;
  result.seed = 18'446'744'073'709'551'615U;
  result.chance = 0.0125;
  result.draws = 3;
  result.all.n = 512;
  result.all.baseline = {0.998, 0.01, 7.5};
  result.all.intervened = {0.02, 4.25, -3.125};
  result.all.kept = {0.5, 1, 0};
  result.all.control = engine::CausalNumbers{0.9, 0.3, 5};
  result.all.control_min = 0.8;
  result.all.control_max = 1;
  result.all.necessity = 0.99;
  result.groups.push_back(result.all);
  result.groups[0].group = 1;
  result.groups[0].control.reset();
  result.groups[0].control_min = 0;
  result.groups[0].control_max = 0;
  return engine::recordOf(result, "test");
}

int noSpace(const std::filesystem::path& file) {
  return file.filename() == "causal_tests.jsonl" ? ENOSPC : 0;
}

}  // namespace

class TestCausalRecord : public QObject {
  Q_OBJECT

 private slots:
  void init() { m_folder = std::make_unique<QTemporaryDir>(); }
  void cleanup() { core::setWriteFault(nullptr); }

  void comesBack() {
    QVERIFY(engine::readCausalTests(run(), m_task.groups()).empty());
    const CausalRecord first = madeRecord(100);
    CausalRecord second = madeRecord(200);
    second.result.heads.clear();
    second.result.edges = {"0:key>anchor", "1.0:reader>key:x"};
    second.result.method = engine::HeadMethod::Zero;
    second.result.from_step.reset();
    second.result.no_control = "There is no other head.";
    second.result.all.necessity.reset();
    QVERIFY(engine::keepCausalTests(run(), {first}, m_task));
    QVERIFY(engine::keepCausalTests(run(), {second, first}, m_task));
    const auto read = engine::readCausalTests(run(), m_task.groups());
    QVERIFY((read == std::vector<CausalRecord>{first, second, first}));
    QVERIFY(!first.version.empty() && first.time.size() == 20 && first.time.back() == 'Z');
  }

  void brokenLinesAreSkipped() {
    QVERIFY(engine::keepCausalTests(run(), {madeRecord(1)}, m_task));
    // What a writer leaves that was killed, and what somebody else wrote.
    QFile file(m_folder->filePath("causal_tests.jsonl"));
    QVERIFY(file.open(QIODevice::Append));
    file.write("{\"step\": 5}\nno JSON\n[]\n{\"step\": 7, \"name\": \"1.0\", \"he");
    file.close();
    QVERIFY(engine::keepCausalTests(run(), {madeRecord(2)}, m_task));
    const auto read = engine::readCausalTests(run(), m_task.groups());
    QCOMPARE(read.size(), std::size_t{2});
    QCOMPARE(read[0].result.step, std::int64_t{1});
    QCOMPARE(read[1].result.step, std::int64_t{2});
  }

  void testsOfOtherWeightsAreForgotten() {
    QVERIFY(engine::forgetCausalTestsAfter(run(), 0));  // none
    const CausalRecord before = madeRecord(39);
    const CausalRecord at = madeRecord(40);
    CausalRecord patched = madeRecord(10);
    patched.result.from_step = 41;
    QVERIFY(engine::keepCausalTests(run(), {madeRecord(41), before, patched, at}, m_task));
    QFile file(m_folder->filePath("causal_tests.jsonl"));
    QVERIFY(file.open(QIODevice::Append));
    file.write("{\"step\": 70}\n");  // no record: somebody else's
    file.close();
    core::setWriteFault(noSpace);
    QVERIFY(!engine::forgetCausalTestsAfter(run(), 40));
    core::setWriteFault(nullptr);
    QCOMPARE(engine::readCausalTests(run(), m_task.groups()).size(), std::size_t{4});
    QVERIFY(engine::forgetCausalTestsAfter(run(), 40));
    const auto read = engine::readCausalTests(run(), m_task.groups());
    QVERIFY((read == std::vector<CausalRecord>{before, at}));
    QVERIFY(file.open(QIODevice::ReadOnly));
    QVERIFY(file.readAll().contains("{\"step\": 70}\n"));
  }

  void noneIsLostWhileOthersAreForgotten() {
    std::thread forgetting([&] {
      for (int i = 0; i < 50; ++i) {
        if (!engine::keepCausalTests(run(), {madeRecord(1000)}, m_task) ||
            !engine::forgetCausalTestsAfter(run(), 500)) {
          qFatal("the file could not be written");
        }
      }
    });
    for (int i = 0; i < 100; ++i) {
      QVERIFY(engine::keepCausalTests(run(), {madeRecord(i)}, m_task));
    }
    forgetting.join();
    QCOMPARE(engine::readCausalTests(run(), m_task.groups()).size(), std::size_t{100});
  }

  void manyWritersAtOnce() {
    std::vector<std::thread> writers;
    for (int writer = 0; writer < 8; ++writer) {
      writers.emplace_back([&, writer] {
        for (int i = 0; i < 20; ++i) {
          if (!engine::keepCausalTests(run(), {madeRecord(writer * 100 + i)}, m_task)) {
            qFatal("a record was not kept");
          }
        }
      });
    }
    for (std::thread& writer : writers) {
      writer.join();
    }
    QCOMPARE(engine::readCausalTests(run(), m_task.groups()).size(), std::size_t{160});
  }

  void aFullDiskLeavesWhatWasThere() {
    QVERIFY(engine::keepCausalTests(run(), {madeRecord(1)}, m_task));
    core::setWriteFault(noSpace);
    const auto kept = engine::keepCausalTests(run(), {madeRecord(2)}, m_task);
    QVERIFY(!kept);
    QVERIFY2(kept.error().path.find("causal_tests.jsonl") != std::string::npos &&
                 kept.error().message.find("cannot be written") != std::string::npos,
             kept.error().text().c_str());
    QCOMPARE(engine::readCausalTests(run(), m_task.groups()).size(), std::size_t{1});
  }

  void whatShowsThatAHeadIsNeeded() {
    CausalRecord record = madeRecord(100);  // necessity 0.99 of 1.0 and 1.11
    QVERIFY(engine::showsNeed({record}, 100, {1, 11}));
    QVERIFY(!engine::showsNeed({record}, 200, {1, 11}));
    QVERIFY(!engine::showsNeed({record}, 100, {1, 1}));
    record.result.all.necessity = 0.49;
    QVERIFY(!engine::showsNeed({record}, 100, {1, 11}));
    record.result.all.necessity.reset();
    QVERIFY(!engine::showsNeed({record}, 100, {1, 11}));
    QVERIFY(engine::keepCausalTests(run(), {madeRecord(1)}, m_task));
    QVERIFY(engine::readCausalTests(run()).front().result.groups.empty());
  }

  void aPlainTestIsOfOneHeadOnTheProbe() {
    CausalRecord plain = madeRecord(100);
    plain.sequences = "probe";
    plain.result.heads = {{1, 0}};
    plain.result.method = engine::HeadMethod::Zero;
    plain.result.from_step.reset();
    plain.result.seed = engine::CausalTest().seed;
    QVERIFY(engine::isPlainTest(plain, 100, {1, 0}));
    QVERIFY(!engine::isPlainTest(plain, 101, {1, 0}));
    QVERIFY(!engine::isPlainTest(plain, 100, {1, 1}));
    CausalRecord other = plain;
    other.sequences = "train";
    QVERIFY(!engine::isPlainTest(other, 100, {1, 0}));
    other = plain;
    ++other.result.seed;
    QVERIFY(!engine::isPlainTest(other, 100, {1, 0}));
    other = plain;
    other.result.draws = engine::CausalTest().draws + 1;
    QVERIFY(!engine::isPlainTest(other, 100, {1, 0}));
    other = plain;
    other.result.method = engine::HeadMethod::Mean;
    QVERIFY(!engine::isPlainTest(other, 100, {1, 0}));
    other = plain;
    other.result.heads.push_back({1, 1});
    QVERIFY(!engine::isPlainTest(other, 100, {1, 0}));
  }

  void aFolderThatIsNotThere() {
    const auto kept = engine::keepCausalTests(run() / "gone", {madeRecord(1)}, m_task);
    QVERIFY(!kept);
    QVERIFY2(kept.error().message.find("No such file") != std::string::npos,
             kept.error().text().c_str());
  }

 private:
  std::filesystem::path run() const { return m_folder->path().toStdString(); }

  core::Task m_task = taskOf(tests::tinyExperiment());
  std::unique_ptr<QTemporaryDir> m_folder;
};

QTEST_GUILESS_MAIN(TestCausalRecord)
#include "tst_causal_record.moc"
