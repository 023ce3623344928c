// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/experiment_json.h"
#include "engine/core/store/file_io.h"
#include "engine/core/store/run_store.h"
#include "tests/core/store/run_fixture.h"

#include <QTemporaryDir>
#include <QTest>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <fcntl.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <unistd.h>

/// A disk that takes no more: what was saved stays, what was not is kept and written later.
using namespace anchorlens::core;
using namespace run_fixture;
namespace fs = std::filesystem;

namespace {

constexpr int kSkipped = 77;

/// In a child there is no Qt Test: the first thing that is not so is told on standard error.
struct Checks {
  int failures = 0;
  void operator()(bool is_so, const char* what) {
    if (!is_so) {
      std::fprintf(stderr, "not so: %s\n", what);
      ++failures;
    }
  }
};

bool saysFull(const IoError& error) {
  return error.message.find("disk is full") != std::string::npos;
}

/// Takes all room that is left.
void fill(const fs::path& file) {
  const FileDescriptor fd(::open(file.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0644));
  const std::string block(4096, 'x');
  while (::write(fd.get(), block.data(), block.size()) > 0) {
  }
}

/// The same story whatever makes the disk full: `fillUp` and `makeRoom` are called in turn.
template <typename FillUp, typename MakeRoom>
int tellStory(const fs::path& run, bool shared, const FillUp& fillUp, const MakeRoom& makeRoom) {
  Checks check;
  auto created = RunWriter::create(run, makeSpec(), {}, shared);
  if (!created) {
    return 1;
  }
  RunWriter& writer = **created;
  writer.addStep(makeStep(1));
  check(writer.writeCheckpoint(makeCheckpoint(1, true, 64)).has_value(), "first checkpoint");
  const std::string first = readFile(checkpointFile(run, 1));
  const std::string experiment = readFile(run / "experiment.json");

  fillUp();
  for (std::int64_t step = 2; step <= 100; ++step) {
    writer.addStep(makeStep(step));
    writer.addFrame(makeFrame(step, 4, 4));
  }
  writer.setStatus(RunState::Paused, 100, 500, "");
  for (int attempt = 0; attempt < 3; ++attempt) {
    const auto committed = writer.commit();
    check(!committed, "a commit on a full disk fails");
    check(!committed && !committed.error().path.empty(), "it names the file");
    const auto saved = writer.writeCheckpoint(makeCheckpoint(100, true, 1 << 18));
    check(!saved, "a checkpoint on a full disk fails");
  }
  check(!writeFileAtomically(run / "experiment.json", std::string(1 << 22, 'x')),
        "a file on a full disk fails");
  check(!writeSafetensors(run / "export.safetensors", makeCheckpoint(1, true, 1 << 18)),
        "an export on a full disk fails");
  check(!fs::exists(run / "export.safetensors"), "no half of an export");
  check(readFile(run / "experiment.json") == experiment, "the experiment is as it was");
  check(readFile(checkpointFile(run, 1)) == first, "the checkpoint is as it was");
  for (const auto& [name, content] : contentsOf(run)) {
    check(name.find(".tmp-") == std::string::npos, "no temporary file is left");
  }
  {
    const auto reader = RunReader::open(run);
    check(reader.has_value() && (*reader)->steps().has_value() && (*reader)->steps()->size() == 1,
          "what was committed can be read");
  }

  makeRoom();
  const auto committed = writer.commit();
  check(committed.has_value(), "with room again the commit succeeds");
  check(writer.writeCheckpoint(makeCheckpoint(100, true, 64)).has_value(), "and the checkpoint");
  const auto reader = RunReader::open(run);
  check(reader.has_value(), "the run can be read");
  if (reader) {
    check((*reader)->steps()->size() == 100, "no step is lost");
    check((*reader)->frameSteps()->size() == 99, "no frame is lost");
    const auto frame = (*reader)->frame(100);
    check(frame && sameFrame(**frame, makeFrame(100, 4, 4)), "frames are whole");
    check((*reader)->status()->state == RunState::Paused, "the status is there");
    check((*reader)->checkpoints()->size() == 2, "both checkpoints are there");
  }
  return check.failures == 0 ? 0 : 2;
}

int onSmallDisk(const fs::path& place, bool shared) {
  if (::unshare(CLONE_NEWNS) != 0 ||
      ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
      ::mount("none", place.c_str(), "tmpfs", 0, "size=100m") != 0) {
    return kSkipped;
  }
  const fs::path filler = place / "filler";
  const int told = tellStory(
      place / "run", shared, [&] { fill(filler); }, [&] { fs::remove(filler); });
  return told;
}

/// No file may grow beyond 1 MiB: a limit that every user may set.
int withFileLimit(const fs::path& run, bool shared) {
  std::signal(SIGXFSZ, SIG_IGN);
  rlimit limit{};
  ::getrlimit(RLIMIT_FSIZE, &limit);
  const rlimit before = limit;
  limit.rlim_cur = 1U << 20;
  return tellStory(
      run, shared, [&] { ::setrlimit(RLIMIT_FSIZE, &limit); },
      [&] { ::setrlimit(RLIMIT_FSIZE, &before); });
}

}  // namespace

class TestDiskFull : public QObject {
  Q_OBJECT

 private slots:
  void init();
  void cleanup() { setWriteFault(nullptr); }
  void smallDisk_data() { addColumns(); }
  void smallDisk();
  void fileLimit_data() { addColumns(); }
  void fileLimit();
  void injectedFault();
  void aDiskThatStaysFullTakesNoMemoryWithoutEnd();

 private:
  void addColumns();
  std::unique_ptr<QTemporaryDir> m_temporary;
  fs::path m_folder;
};

void TestDiskFull::init() {
  m_temporary = std::make_unique<QTemporaryDir>();
  m_folder = m_temporary->path().toStdString();
}

void TestDiskFull::addColumns() {
  QTest::addColumn<bool>("shared");
  QTest::newRow("local disk") << false;
  QTest::newRow("published copies") << true;
}

void TestDiskFull::smallDisk() {
  QFETCH(bool, shared);
  const int code = inChild([&] { return onSmallDisk(m_folder, shared); });
  if (code == kSkipped) {
    QSKIP("a small file system needs the right to mount (root, or CAP_SYS_ADMIN)");
  }
  QCOMPARE(code, 0);
}

void TestDiskFull::fileLimit() {
  QFETCH(bool, shared);
  QCOMPARE(inChild([&] { return withFileLimit(m_folder / "run", shared); }), 0);
}

void TestDiskFull::injectedFault() {
  const auto created = RunWriter::create(m_folder / "run", makeSpec(), {});
  QVERIFY(created);
  RunWriter& writer = **created;
  setWriteFault([](const fs::path& file) { return file.extension() == ".sqlite" ? ENOSPC : 0; });
  writer.addStep(makeStep(1));
  const auto committed = writer.commit();
  QVERIFY(!committed);
  QVERIFY2(saysFull(committed.error()), committed.error().text().c_str());
  // The database first: a checkpoint is never ahead of it.
  QVERIFY(!writer.writeCheckpoint(makeCheckpoint(1, true)));
  QVERIFY(!fs::exists(checkpointFile(m_folder / "run", 1)));
  setWriteFault([](const fs::path& file) { return file.extension() == ".safetensors" ? EIO : 0; });
  QVERIFY(writer.commit());
  const auto saved = writer.writeCheckpoint(makeCheckpoint(1, true));
  QVERIFY(!saved);
  QVERIFY2(saved.error().message.find("Input/output error") != std::string::npos,
           saved.error().text().c_str());
  setWriteFault(nullptr);
  QVERIFY(writer.writeCheckpoint(makeCheckpoint(1, true)));
  QCOMPARE((*RunReader::open(m_folder / "run"))->steps()->size(), std::size_t{1});
}

void TestDiskFull::aDiskThatStaysFullTakesNoMemoryWithoutEnd() {
  const auto created = RunWriter::create(m_folder / "run", makeSpec(), {});
  QVERIFY(created);
  RunWriter& writer = **created;
  Frame frame = makeFrame(1, 4, 4, 1600);  // 4.7 MB
  for (frame.step = 0; frame.step < 100; ++frame.step) {
    writer.addFrame(frame);
    writer.addStep(makeStep(frame.step));
  }
  QVERIFY(writer.commit());
  const auto reader = RunReader::open(m_folder / "run");
  const auto steps = (*reader)->frameSteps();
  // 256 MiB hold 57 of them: then every other one is kept; of the scalars all.
  QVERIFY2(steps->size() >= 27 && steps->size() < 100, qPrintable(QString::number(steps->size())));
  QCOMPARE((*reader)->steps()->size(), std::size_t{100});
  const auto events = (*reader)->events();
  QVERIFY(!events->empty());
  QVERIFY2(events->front().text.ends_with("frames were dropped, as the disk did not take them."),
           events->front().text.c_str());
}

QTEST_GUILESS_MAIN(TestDiskFull)
#include "tst_disk_full.moc"
