// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/random.h"
#include "engine/core/store/run_store.h"
#include "tests/core/store/run_fixture.h"

#include <QTemporaryDir>
#include <QTest>

#include <csignal>
#include <sqlite3.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

/// Run directories that are broken, foreign, newer, or must not be written: a clear error or the
/// data, and never a byte written by a reader.
using namespace anchorlens::core;
using namespace run_fixture;
namespace fs = std::filesystem;

namespace {

constexpr int kSkipped = 77;

/// A run with a little of everything.
void makeRun(const fs::path& run, bool closes = true) {
  const auto write = [&run](bool is_killed) {
    auto writer = RunWriter::create(run, makeSpec(), {{"version", "0.1.0"}});
    if (!writer) {
      return 1;
    }
    for (std::int64_t step = 0; step <= 40; step += 10) {
      (*writer)->addStep(makeStep(step));
      (*writer)->addMetrics(makeMetrics(step));
      (*writer)->addFrame(makeFrame(step));
      (*writer)->addEvent({step, "note", "at"});
      (*writer)->setStatus(RunState::Training, step, 100, "");
      if (!(*writer)->writeCheckpoint(makeCheckpoint(step, true, 8))) {
        return 2;
      }
    }
    if (is_killed) {
      ::raise(SIGKILL);
    }
    return 0;
  };
  if (closes) {
    QCOMPARE(write(false), 0);
  } else {
    QCOMPARE(inChild([&] { return write(true); }), -SIGKILL);
  }
}

/// Everything that a reader can be asked for; the first error, or nothing.
std::string readAll(const fs::path& run) {
  const auto opened = RunReader::open(run);
  if (!opened) {
    return opened.error().message;
  }
  const RunReader& reader = **opened;
  std::string error;
  const auto note = [&error](const auto& result) {
    if (!result && error.empty()) {
      error = result.error().message;
    }
  };
  note(reader.status());
  note(reader.provenance());
  note(reader.steps());
  note(reader.metrics());
  note(reader.events());
  note(reader.scores());
  const auto frames = reader.frameSteps();
  note(frames);
  if (frames) {
    for (const std::int64_t step : *frames) {
      note(reader.frame(step));
    }
  }
  const auto checkpoints = reader.checkpoints();
  note(checkpoints);
  if (checkpoints) {
    for (const CheckpointInfo& info : *checkpoints) {
      note(readSafetensors(info.file));
    }
  }
  return error;
}

void executeSql(const fs::path& database, const char* sql) {
  sqlite3* handle = nullptr;
  QCOMPARE(sqlite3_open(database.c_str(), &handle), SQLITE_OK);
  QCOMPARE(sqlite3_exec(handle, sql, nullptr, nullptr, nullptr), SQLITE_OK);
  sqlite3_close(handle);
}

/// A process that may take 1 GiB and 60 s, whatever it reads.
void limitOurselves() {
#ifdef __SANITIZE_ADDRESS__
  ::alarm(240);  // the sanitizer itself reserves terabytes
#else
  const rlimit memory{std::size_t{1} << 30, std::size_t{1} << 30};
  ::setrlimit(RLIMIT_AS, &memory);
  ::alarm(60);
#endif
}

}  // namespace

class TestRunDamage : public QObject {
  Q_OBJECT

 private slots:
  void init();
  void missingParts_data();
  void missingParts();
  void foreignDatabases();
  void newerDatabase();
  void changedExperiment();
  void truncatedDatabase();
  void flippedBits();
  void damagedBlobIsNamed();
  void damagedWal();
  void damagedCheckpointIsNotListed();
  void readOnlyMount();
  void readOnlyForThisUser();
  void killedWritersRowsAreRead();
  void anotherUsersLiveRun();

 private:
  std::unique_ptr<QTemporaryDir> m_temporary;
  fs::path m_run;
};

void TestRunDamage::init() {
  m_temporary = std::make_unique<QTemporaryDir>();
  m_run = fs::path(m_temporary->path().toStdString()) / "run";
}

void TestRunDamage::missingParts_data() {
  QTest::addColumn<QString>("name");
  QTest::addColumn<QByteArray>("content");  // null: removed
  QTest::addColumn<QString>("message");
  const auto row = [](const char* title, const char* name, const QByteArray& content,
                      const char* message) {
    QTest::newRow(title) << QString(name) << content << QString(message);
  };
  row("no experiment", "experiment.json", {}, "Not an Anchorlens run: experiment.json is missing.");
  row("empty experiment", "experiment.json", "", "The run's experiment cannot be read: ");
  row("no JSON", "experiment.json", "{\"format\":", "The run's experiment cannot be read: ");
  row("another file", "experiment.json", "{\"n_heads\": 4}",
      "The run's experiment cannot be read: ");
  row("no database", "run.sqlite", {}, "The run's database is missing.");
  row("empty database", "run.sqlite", "", "Not the database of an Anchorlens run: it is empty.");
  row("no database file", "run.sqlite", QByteArray("hello, world", 12).repeated(100),
      "The database is damaged: file is not a database");
}

void TestRunDamage::missingParts() {
  QFETCH(QString, name);
  QFETCH(QByteArray, content);
  QFETCH(QString, message);
  makeRun(m_run);
  const fs::path file = m_run / name.toStdString();
  fs::remove(file);
  if (!content.isNull()) {
    overwrite(file, content.toStdString());
  }
  const auto before = contentsOf(m_run);
  const QString error = QString::fromStdString(readAll(m_run));
  QVERIFY2(error.startsWith(message), qPrintable(error));
  QCOMPARE(contentsOf(m_run), before);
  QVERIFY(!RunWriter::open(m_run));
  QCOMPARE(contentsOf(m_run), before);
}

void TestRunDamage::foreignDatabases() {
  const auto message = [this] { return QString::fromStdString(readAll(m_run)); };
  makeRun(m_run);
  fs::remove(m_run / "run.sqlite");
  executeSql(m_run / "run.sqlite", "CREATE TABLE steps(step, loss); PRAGMA application_id=7");
  QVERIFY2(message().contains("its application id is 7"), qPrintable(message()));
  executeSql(m_run / "run.sqlite", "PRAGMA application_id=1095520846; PRAGMA user_version=1");
  QVERIFY2(message().contains("its table status is missing"), qPrintable(message()));
  QVERIFY(!RunWriter::open(m_run));

  const fs::path other = m_run.parent_path() / "other";
  makeRun(other);
  m_run = other;
  // A view that never ends, in the place of a table.
  executeSql(m_run / "run.sqlite",
             "DROP TABLE steps; CREATE VIEW steps AS WITH RECURSIVE c(step) AS (SELECT 1 UNION ALL "
             "SELECT step+1 FROM c) SELECT step, 1 AS loss, 1 AS grad_norm, 1 AS learning_rate "
             "FROM c");
  const auto before = contentsOf(m_run);
  QVERIFY2(message().contains("its table steps is missing"), qPrintable(message()));
  QVERIFY(!RunWriter::open(m_run));
  QCOMPARE(contentsOf(m_run), before);
}

void TestRunDamage::newerDatabase() {
  makeRun(m_run);
  executeSql(m_run / "run.sqlite", "PRAGMA user_version=2");
  const auto before = contentsOf(m_run);
  QCOMPARE(readAll(m_run), std::string("The database has version 2, this program reads versions up "
                                       "to 1. A newer Anchorlens wrote it."));
  const auto writer = RunWriter::open(m_run);
  QVERIFY(!writer);
  QCOMPARE(writer.error().message, readAll(m_run));
  QCOMPARE(contentsOf(m_run), before);
}

void TestRunDamage::changedExperiment() {
  makeRun(m_run);
  std::string text = readFile(m_run / "experiment.json");
  const std::size_t name = text.find("made up");
  QVERIFY(name != std::string::npos);
  overwrite(m_run / "experiment.json", text.replace(name, 7, "altered"));
  const QString error = QString::fromStdString(readAll(m_run));
  QVERIFY2(error.startsWith("The experiment was changed after the run began"), qPrintable(error));
  QVERIFY(!RunWriter::open(m_run));
}

void TestRunDamage::truncatedDatabase() {
  makeRun(m_run);
  const auto size = fs::file_size(m_run / "run.sqlite");
  QCOMPARE(inChild([this, size] {
             limitOurselves();
             int n_errors = 0;
             for (auto cut = static_cast<std::int64_t>(size) - 1; cut > 0; cut -= 1777) {
               fs::resize_file(m_run / "run.sqlite", static_cast<std::uintmax_t>(cut));
               n_errors += readAll(m_run).empty() ? 0 : 1;
             }
             // The last page may hold nothing that is asked for; all other cuts are seen.
             return n_errors * 1777 > static_cast<int>(size) - 3 * 4096 ? 0 : 1;
           }),
           0);
  // The writer does not touch it either.
  const auto before = contentsOf(m_run);
  QVERIFY(!RunWriter::open(m_run));
  QCOMPARE(contentsOf(m_run), before);
}

void TestRunDamage::flippedBits() {
  makeRun(m_run);
  const auto names = contentsOf(m_run).size();
  const int code = inChild([this] {
    limitOurselves();
    Random random(99);
    const auto bits = static_cast<std::uint32_t>(fs::file_size(m_run / "run.sqlite") * 8);
    int n_errors = 0;
    for (int i = 0; i < 400; ++i) {
      // Every other one in the headers of pages, where it hurts most.
      const std::uint32_t anywhere = random.below(bits);
      const std::uint32_t bit =
          i % 2 == 0 ? anywhere : anywhere / (4096 * 8) * (4096 * 8) + random.below(64 * 8);
      flipBit(m_run / "run.sqlite", bit);
      n_errors += readAll(m_run).empty() ? 0 : 1;
      flipBit(m_run / "run.sqlite", bit);
    }
    return n_errors > 100 ? (readAll(m_run).empty() ? 0 : 2) : 1;
  });
  QCOMPARE(code, 0);
  QCOMPARE(contentsOf(m_run).size(), names);
}

void TestRunDamage::damagedBlobIsNamed() {
  makeRun(m_run);
  executeSql(
      m_run / "run.sqlite",
      "UPDATE frames SET arrays = CAST(substr(arrays, 1, 100) || x'FF' || substr(arrays, 102)"
      " AS BLOB) WHERE step = 20; UPDATE scores SET heads = substr(heads, 1, 60) WHERE "
      "step = 30; UPDATE frames SET arrays = NULL WHERE step = 40");
  const auto opened = RunReader::open(m_run);
  QVERIFY(opened);
  const RunReader& reader = **opened;
  QVERIFY(reader.frame(10));
  QCOMPARE(reader.frame(20).error().message,
           std::string("The database is damaged: the frame of step 20 cannot be read: its checksum "
                       "is wrong."));
  QCOMPARE(reader.scores().error().message,
           std::string("The database is damaged: the head scores of step 30 cannot be read: their "
                       "checksum is wrong."));
  QCOMPARE(reader.frame(40).error().message,
           std::string("The database is damaged: the frame of step 40 cannot be read: it is no "
                       "frame."));
  QCOMPARE(reader.scores(30)->size(), std::size_t{1});
}

void TestRunDamage::damagedWal() {
  makeRun(m_run, false);
  const fs::path wal = m_run / "run.sqlite-wal";
  QVERIFY(fs::file_size(wal) > 0);
  const std::string whole = readFile(wal);
  const auto whole_steps = (*RunReader::open(m_run))->steps();
  QCOMPARE(whole_steps->size(), std::size_t{5});
  const int code = inChild([&] {
    limitOurselves();
    Random random(3);
    for (int i = 0; i < 60; ++i) {
      const auto place = random.below(static_cast<std::uint32_t>(whole.size()));
      if (i % 2 == 0) {
        fs::resize_file(wal, place);
      } else {
        flipBit(wal, place * 8);
      }
      // SQLite takes the transactions before the damage; none of them is half there.
      const auto reader = RunReader::open(m_run);
      if (reader) {
        const auto steps = (*reader)->steps();
        const auto frames = (*reader)->frameSteps();
        if (!steps || !frames || steps->size() != frames->size()) {
          return 1;
        }
      }
      overwrite(wal, whole);
    }
    return 0;
  });
  QCOMPARE(code, 0);
}

void TestRunDamage::damagedCheckpointIsNotListed() {
  makeRun(m_run);
  fs::resize_file(checkpointFile(m_run, 40), 100);
  overwrite(m_run / "checkpoints" / "step-junk.safetensors", "x");
  overwrite(m_run / "checkpoints" / ".step-000000050.safetensors.tmp-1-1", "x");
  overwrite(m_run / "checkpoints" / "notes.txt", "x");
  const auto reader = RunReader::open(m_run);
  QVERIFY(reader);
  const auto checkpoints = (*reader)->checkpoints();
  QCOMPARE(checkpoints->size(), std::size_t{4});
  QCOMPARE(checkpoints->back().step, std::int64_t{30});
  // A flipped bit in the data is found when it is read.
  flipBit(checkpointFile(m_run, 30), (fs::file_size(checkpointFile(m_run, 30)) - 1) * 8);
  const auto read = readSafetensors(checkpointFile(m_run, 30));
  QVERIFY(!read);
  QVERIFY2(read.error().message.starts_with("The file is damaged: its checksum is"),
           read.error().message.c_str());
}

void TestRunDamage::readOnlyMount() {
  // Rows in the -wal alone (a killed writer), and a run that was closed in order.
  makeRun(m_run, false);
  const fs::path closed = m_run.parent_path() / "closed";
  makeRun(closed);
  const auto before = contentsOf(m_run.parent_path());
  const int code = inChild([&] {
    const fs::path parent = m_run.parent_path();
    if (::unshare(CLONE_NEWNS) != 0 ||
        ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
        ::mount(parent.c_str(), parent.c_str(), nullptr, MS_BIND, nullptr) != 0 ||
        ::mount("none", parent.c_str(), nullptr, MS_REMOUNT | MS_BIND | MS_RDONLY, nullptr) != 0) {
      return kSkipped;
    }
    for (const fs::path& run : {m_run, closed}) {
      const auto reader = RunReader::open(run);
      if (!reader || (*reader)->steps()->size() != 5 || !readAll(run).empty()) {
        return 1;
      }
      if (RunWriter::open(run)) {
        return 2;
      }
    }
    return 0;
  });
  if (code == kSkipped) {
    QSKIP("a read-only mount needs the right to mount (root, or CAP_SYS_ADMIN)");
  }
  QCOMPARE(code, 0);
  QCOMPARE(contentsOf(m_run.parent_path()), before);
}

void TestRunDamage::readOnlyForThisUser() {
  makeRun(m_run, false);
  const fs::path parent = m_run.parent_path();
  for (const fs::path& folder : {parent, m_run, m_run / "checkpoints"}) {
    fs::permissions(folder, static_cast<fs::perms>(0555));
  }
  const auto before = contentsOf(parent);
  const int code = inChild([this] {
    // Root may write everywhere: be somebody else.
    if (::geteuid() == 0 && (::setgid(65534) != 0 || ::setuid(65534) != 0)) {
      return kSkipped;
    }
    if (::access(m_run.c_str(), R_OK | X_OK) != 0 || ::access(m_run.c_str(), W_OK) == 0) {
      return kSkipped;
    }
    const auto reader = RunReader::open(m_run);
    if (!reader || (*reader)->steps()->size() != 5 || (*reader)->status()->held) {
      return 1;
    }
    return readAll(m_run).empty() && !RunWriter::open(m_run) ? 0 : 2;
  });
  QCOMPARE(contentsOf(parent), before);
  for (const fs::path& folder : {parent, m_run, m_run / "checkpoints"}) {
    fs::permissions(folder, static_cast<fs::perms>(0755));
  }
  if (code == kSkipped) {
    QSKIP("permissions do not hold here: no other user to be, or its folder is out of reach");
  }
  QCOMPARE(code, 0);
}

void TestRunDamage::killedWritersRowsAreRead() {
  makeRun(m_run, false);
  QVERIFY(fs::file_size(m_run / "run.sqlite-wal") > 0);
  const auto before = contentsOf(m_run);
  const fs::path temporary = m_run.parent_path() / "tmp";
  fs::create_directory(temporary);
  qputenv("TMPDIR", QByteArray::fromStdString(temporary.string()));
  {
    const auto reader = RunReader::open(m_run);
    QVERIFY(reader);
    QCOMPARE((*reader)->steps()->size(), std::size_t{5});
    QCOMPARE(contentsOf(m_run), before);
    QVERIFY(!contentsOf(temporary).empty());
  }
  QVERIFY(contentsOf(temporary).empty());
  qunsetenv("TMPDIR");
  QCOMPARE(contentsOf(m_run), before);
}

void TestRunDamage::anotherUsersLiveRun() {
  if (::geteuid() != 0) {
    QSKIP("only root can be another user for a moment");
  }
  auto writer = RunWriter::create(m_run, makeSpec(), {});
  QVERIFY(writer);
  fs::permissions(m_run.parent_path(), static_cast<fs::perms>(0755));
  const auto seenByOther = [this] {
    return inChild([this] {
      if (::setgid(65534) != 0 || ::setuid(65534) != 0 || ::access(m_run.c_str(), X_OK) != 0) {
        return kSkipped;
      }
      const auto reader = RunReader::open(m_run);
      const auto steps = reader ? (*reader)->steps() : Unexpected(reader.error());
      return steps && (*reader)->status()->held ? static_cast<int>(steps->size()) : 70;
    });
  };
  (*writer)->addStep(makeStep(1));
  QVERIFY((*writer)->commit());
  const int seen = seenByOther();
  if (seen == kSkipped) {
    QSKIP("the folder for temporary files is out of another user's reach");
  }
  QCOMPARE(seen, 1);
  (*writer)->addStep(makeStep(2));
  QVERIFY((*writer)->commit());
  QCOMPARE(seenByOther(), 2);
  // Without the right to use the writer's shared memory: by a copy.
  fs::permissions(m_run / "run.sqlite-shm", static_cast<fs::perms>(0600));
  (*writer)->addStep(makeStep(3));
  QVERIFY((*writer)->commit());
  QCOMPARE(seenByOther(), 3);
}

QTEST_GUILESS_MAIN(TestRunDamage)
#include "tst_run_damage.moc"
