// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/random.h"
#include "engine/core/store/run_store.h"
#include "tests/core/store/run_fixture.h"

#include <QTemporaryDir>
#include <QTest>

#include <array>
#include <chrono>
#include <csignal>
#include <fcntl.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

/// A run as several processes see it: one writes, others read, the writer is killed.
using namespace anchorlens::core;
using namespace run_fixture;
namespace fs = std::filesystem;

namespace {

/// A writer in a process of its own. It tells every committed step through a pipe.
class WriterProcess {
 public:
  /// Goes on from `first` and writes until it is killed or `last` is reached.
  WriterProcess(const fs::path& run, std::int64_t first, std::int64_t last) {
    std::array<int, 2> ends{};
    if (::pipe(ends.data()) != 0) {
      return;
    }
    m_pid = ::fork();
    if (m_pid == 0) {
      ::close(ends[0]);
      write(run, first, last, ends[1]);
    }
    ::close(ends[1]);
    m_news = ends[0];
  }
  ~WriterProcess() {
    kill();
    ::close(m_news);
  }
  WriterProcess(const WriterProcess&) = delete;
  WriterProcess& operator=(const WriterProcess&) = delete;

  /// Waits for the next committed step; -1 when the writer has ended.
  std::int64_t nextStep() {
    std::int64_t step = -1;
    return ::read(m_news, &step, sizeof step) == sizeof step ? step : -1;
  }
  /// The last step that was reported before the end.
  std::int64_t lastStep() {
    std::int64_t last = -1;
    for (std::int64_t step = nextStep(); step >= 0; step = nextStep()) {
      last = step;
    }
    return last;
  }
  void kill() {
    if (m_pid > 0) {
      ::kill(m_pid, SIGKILL);
      wait();
    }
  }
  int wait() {
    int status = 0;
    ::waitpid(std::exchange(m_pid, -1), &status, 0);
    return status;
  }

 private:
  [[noreturn]] static void write(const fs::path& run, std::int64_t first, std::int64_t last,
                                 int news) {
    auto writer = fs::exists(run / "experiment.json") ? RunWriter::open(run)
                                                      : RunWriter::create(run, makeSpec(), {});
    if (!writer) {
      ::_exit(2);
    }
    for (std::int64_t step = first; step <= last; ++step) {
      (*writer)->addStep(makeStep(step));
      (*writer)->addMetrics(makeMetrics(step));
      (*writer)->addFrame(makeFrame(step));
      (*writer)->setStatus(RunState::Training, step, last, "");
      const bool is_written =
          step % 3 == 0 ? (*writer)->writeCheckpoint(makeCheckpoint(step, true, 4096)).has_value()
                        : (*writer)->commit().has_value();
      if (!is_written || ::write(news, &step, sizeof step) != sizeof step) {
        ::_exit(3);
      }
    }
    (*writer)->setStatus(RunState::Finished, last, last, "");
    writer->reset();
    ::_exit(0);
  }

  pid_t m_pid = -1;
  int m_news = -1;
};

}  // namespace

class TestRunProcesses : public QObject {
  Q_OBJECT

 private slots:
  void init();
  void readerFollowsAnotherProcess();
  void manyReaders();
  void killedWriterLosesNothing();
  void killedInTheFirstMoment();

 private:
  std::unique_ptr<QTemporaryDir> m_temporary;
  fs::path m_run;
};

void TestRunProcesses::init() {
  m_temporary = std::make_unique<QTemporaryDir>();
  m_run = fs::path(m_temporary->path().toStdString()) / "run";
}

void TestRunProcesses::readerFollowsAnotherProcess() {
  WriterProcess writer(m_run, 1, 30);
  QCOMPARE(writer.nextStep(), std::int64_t{1});
  auto opened = RunReader::open(m_run);
  QVERIFY2(opened, opened ? "" : opened.error().text().c_str());
  const auto& reader = **opened;
  for (std::int64_t step = writer.nextStep(); step > 0; step = writer.nextStep()) {
    const auto steps = reader.steps();
    QVERIFY2(steps, steps ? "" : steps.error().text().c_str());
    QVERIFY(steps->back().step >= step);
    QVERIFY(sameStep(steps->back(), makeStep(steps->back().step)));
    const auto frame = reader.frame(step);
    QVERIFY(frame);
    QVERIFY(sameFrame(**frame, makeFrame(step)));
  }
  QCOMPARE(writer.wait(), 0);
  QCOMPARE(reader.status()->state, RunState::Finished);
  QVERIFY(!reader.status()->held);
  QCOMPARE(reader.steps()->size(), std::size_t{30});
  QCOMPARE(reader.checkpoints()->size(), std::size_t{10});
}

void TestRunProcesses::manyReaders() {
  WriterProcess writer(m_run, 1, 60);
  QCOMPARE(writer.nextStep(), std::int64_t{1});
  // Four other processes read as fast as they can until they see the end.
  std::vector<pid_t> readers;
  for (int i = 0; i < 4; ++i) {
    const pid_t pid = ::fork();
    if (pid == 0) {
      const auto reader = RunReader::open(m_run);
      std::int64_t seen = 0;
      while (reader && seen < 60) {
        const auto metrics = (*reader)->metrics();
        if (!metrics || metrics->empty() || metrics->back().step < seen ||
            !sameMetrics(metrics->back(), makeMetrics(metrics->back().step))) {
          ::_exit(4);
        }
        seen = metrics->back().step;
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
      }
      ::_exit(reader ? 0 : 5);
    }
    readers.push_back(pid);
  }
  QCOMPARE(writer.lastStep(), std::int64_t{60});
  QCOMPARE(writer.wait(), 0);
  for (const pid_t pid : readers) {
    int status = 0;
    ::waitpid(pid, &status, 0);
    QCOMPARE(status, 0);
  }
}

void TestRunProcesses::killedWriterLosesNothing() {
  Random random(20240501);
  std::int64_t next = 1;
  for (int kill = 0; kill < 20; ++kill) {
    WriterProcess writer(m_run, next, 1'000'000);
    const std::int64_t first = writer.nextStep();
    QVERIFY2(first == next, "the lock of the killed writer was not taken over");
    std::this_thread::sleep_for(std::chrono::microseconds(random.below(40'000)));
    writer.kill();
    const std::int64_t reported = std::max(first, writer.lastStep());

    auto reader = RunReader::open(m_run);
    QVERIFY2(reader, reader ? "" : reader.error().text().c_str());
    QVERIFY(!(*reader)->status()->held);
    const auto steps = (*reader)->steps();
    QVERIFY2(steps, steps ? "" : steps.error().text().c_str());
    // All that was reported, and at most what was just being written.
    const auto n_steps = static_cast<std::int64_t>(steps->size());
    QVERIFY2(n_steps >= reported && n_steps <= reported + 1,
             qPrintable(QString("reported %1, found %2").arg(reported).arg(n_steps)));
    for (std::int64_t step = 1; step <= n_steps; ++step) {
      QVERIFY(sameStep((*steps)[static_cast<std::size_t>(step - 1)], makeStep(step)));
    }
    QCOMPARE((*reader)->metrics()->size(), steps->size());
    QCOMPARE((*reader)->frameSteps()->size(), steps->size());
    QVERIFY(sameFrame(**(*reader)->frame(n_steps), makeFrame(n_steps)));
    const auto checkpoints = (*reader)->checkpoints();
    QVERIFY(checkpoints);
    for (std::int64_t step = first; step <= reported; ++step) {
      QVERIFY(step % 3 != 0 || fs::exists(checkpointFile(m_run, step)));
    }
    if (!checkpoints->empty()) {
      QVERIFY(checkpoints->back().has_optimizer);
      QVERIFY(checkpoints->back().step <= n_steps);
    }
    for (const CheckpointInfo& info : *checkpoints) {
      const auto checkpoint = readSafetensors(info.file);
      QVERIFY2(checkpoint, checkpoint ? "" : checkpoint.error().text().c_str());
      QCOMPARE(checkpoint->tensors, makeCheckpoint(info.step, info.has_optimizer, 4096).tensors);
    }
    next = n_steps + 1;
  }
  // A writer that closes in order leaves nothing of all this behind.
  const auto writer = RunWriter::open(m_run);
  QVERIFY(writer);
  for (const auto& [name, content] : contentsOf(m_run)) {
    QVERIFY2(name.find(".tmp-") == std::string::npos, name.c_str());
  }
}

void TestRunProcesses::killedInTheFirstMoment() {
  Random random(7);
  for (int kill = 0; kill < 20; ++kill) {
    const fs::path run = m_run.parent_path() / ("run" + std::to_string(kill));
    {
      WriterProcess writer(run, 1, 1'000'000);
      std::this_thread::sleep_for(std::chrono::microseconds(random.below(8'000)));
    }
    // Whatever there is: it can be resumed, or it is as good as not there.
    auto writer = fs::exists(run / "experiment.json") ? RunWriter::open(run)
                                                      : RunWriter::create(run, makeSpec(), {});
    QVERIFY2(writer, writer ? "" : writer.error().text().c_str());
    QVERIFY((*writer)->truncateAfter(0));
    QVERIFY((*writer)->writeCheckpoint(makeCheckpoint(0, true)));
    const auto reader = RunReader::open(run);
    QVERIFY2(reader, reader ? "" : reader.error().text().c_str());
    QVERIFY((*reader)->steps()->empty());
    QCOMPARE((*reader)->provenance()->size(), std::size_t{2});
  }
}

QTEST_GUILESS_MAIN(TestRunProcesses)
#include "tst_run_processes.moc"
