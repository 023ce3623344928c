// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/archive/run_archive.h"
#include "engine/core/store/file_io.h"
#include "engine/core/store/run_store.h"
#include "tests/core/store/run_fixture.h"

#include <QDir>
#include <QTemporaryDir>
#include <QTest>

#include <cerrno>
#include <random>
#include <utility>

using namespace anchorlens::core;
using namespace run_fixture;
namespace fs = std::filesystem;

namespace {

QByteArray bytesOf(const fs::path& file) {
  return QByteArray::fromStdString(readFile(file));
}

void write(const fs::path& file, const QByteArray& bytes) {
  overwrite(file, bytes.toStdString());
}

}  // namespace

class TestRunArchive : public QObject {
  Q_OBJECT

 private slots:
  void init() {
    m_folder = std::make_unique<QTemporaryDir>();
    m_run = at("a run");
    auto writer = RunWriter::create(m_run, makeSpec(), {{"version", "0.1.0"}});
    QVERIFY(writer);
    for (const std::int64_t step : {0, 50, 100}) {
      (*writer)->addStep(makeStep(step));
      (*writer)->addFrame(makeFrame(step));
    }
    (*writer)->setStatus(RunState::Stopped, 100, 1500, "Stopped by the user.");
    QVERIFY((*writer)->commit());
    m_writer = std::move(*writer);
    write(m_run / "bookmarks.json", "{}");
    write(m_run / "notes of mine.txt", "not the run's");
  }
  void cleanup() { m_writer.reset(); }

  void comesBackWhole_data() {
    QTest::addColumn<bool>("is_open");
    QTest::newRow("nobody writes") << false;
    QTest::newRow("while it is trained") << true;
  }
  void comesBackWhole() {
    QFETCH(bool, is_open);
    if (!is_open)
      m_writer.reset();
    const QByteArray before = bytesOf(m_run / "experiment.json");
    double share = 0;
    ArchiveWatch watch;
    watch.progress = [&share](double now) { share = now; };
    QVERIFY(packRun(m_run, at("r.anchorrun"), watch));
    QCOMPARE(share, 1.0);
    QVERIFY(looksLikeRunArchive(at("r.anchorrun")));
    QVERIFY(!looksLikeRunArchive(m_run / "experiment.json"));
    QVERIFY(unpackRun(at("r.anchorrun"), at("again")));
    QCOMPARE(bytesOf(at("again") / "experiment.json"), before);
    QCOMPARE(bytesOf(at("again") / "bookmarks.json"), QByteArray("{}"));
    QVERIFY(!fs::exists(at("again") / "notes of mine.txt"));
    QVERIFY(!fs::exists(at("again") / "lock"));
    const auto reader = RunReader::open(at("again"));
    QVERIFY(reader);
    QCOMPARE((*reader)->spec(), makeSpec());
    QCOMPARE(*(*reader)->frameSteps(), (std::vector<std::int64_t>{0, 50, 100}));
    QVERIFY(sameFrame(**(*reader)->frame(50), makeFrame(50)));
    QCOMPARE((*reader)->status()->step, 100);
    // And packed again it is the same file, but for the folder's name.
    fs::create_directories(at("twice"));
    QVERIFY(unpackRun(at("r.anchorrun"), at("twice") / "a run"));
    QVERIFY(packRun(at("twice") / "a run", at("s.anchorrun")));
    QCOMPARE(bytesOf(at("s.anchorrun")).size(), bytesOf(at("r.anchorrun")).size());
  }

  /// As a run in training does it: a checkpoint loses its optimiser state, an older one goes.
  void checkpointsMayChangeMeanwhile() {
    const fs::path checkpoints = m_run / "checkpoints";
    fs::create_directories(checkpoints);
    const fs::path changed = checkpoints / "step-000000050.safetensors";
    const fs::path dropped = checkpoints / "step-000000100.safetensors";
    write(changed, QByteArray(5000, 'a'));
    write(dropped, QByteArray(5000, 'b'));
    bool is_first = true;
    ArchiveWatch watch;
    watch.is_stopped = [&] {  // asked before each file
      if (std::exchange(is_first, false)) {
        write(checkpoints / "new", QByteArray(1000, 'c'));
        fs::rename(checkpoints / "new", changed);
        fs::remove(dropped);
      }
      return false;
    };
    const auto packed = packRun(m_run, at("r.anchorrun"), watch);
    QVERIFY2(packed, packed ? "" : packed.error().text().c_str());
    QVERIFY(unpackRun(at("r.anchorrun"), at("again")));
    QCOMPARE(bytesOf(at("again") / "checkpoints" / changed.filename()), QByteArray(1000, 'c'));
    QVERIFY(!fs::exists(at("again") / "checkpoints" / dropped.filename()));
  }

  void nothingIsOverwritten() {
    QVERIFY(packRun(m_run, at("r.anchorrun")));
    const auto made = unpackRun(at("r.anchorrun"), m_run);
    QVERIFY(!made);
    QVERIFY(made.error().message.find("exists already") != std::string::npos);
  }

  void damageIsAnErrorAndLeavesNothing() {
    m_writer.reset();
    QVERIFY(packRun(m_run, at("r.anchorrun")));
    const QByteArray whole = bytesOf(at("r.anchorrun"));
    std::mt19937 random(1);
    for (int i = 0; i < 200; ++i) {
      QByteArray broken = whole;
      if (i % 2 == 0) {
        broken.truncate(static_cast<qsizetype>(random() % static_cast<unsigned>(whole.size())));
      } else {
        const auto place = static_cast<qsizetype>(random() % static_cast<unsigned>(whole.size()));
        broken[place] = static_cast<char>(broken[place] ^ (1 << (random() % 8)));
      }
      write(at("broken"), broken);
      const auto made = unpackRun(at("broken"), at("made"));
      // A flipped bit where nobody looks (a time, a number of the maker's program) may pass.
      if (made) {
        QVERIFY(RunReader::open(at("made")));
        fs::remove_all(at("made"));
      } else {
        QVERIFY(!made.error().message.empty());
        QVERIFY(!fs::exists(at("made")));
      }
      QCOMPARE(QDir(m_folder->path())
                   .entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot)
                   .filter(QStringLiteral("tmp")),
               QStringList());
    }
  }

  void namesThatNoRunHas() {
    for (const char* name :
         {"../evil.json", "/etc/passwd", "checkpoints/../../x.json", "lock", "a.sh",
          "run.sqlite-wal", "checkpoints/step-1.safetensors", ".x.json", ""})
      QVERIFY2(!belongsInArchive(name), name);
    for (const char* name : {"experiment.json", "run.sqlite", "causal_tests.jsonl",
                             "checkpoints/step-000000050.safetensors"})
      QVERIFY2(belongsInArchive(name), name);
    // The same length, so that the archive stays whole: a name that climbs out of the folder.
    QVERIFY(packRun(m_run, at("r.anchorrun")));
    QByteArray bytes = bytesOf(at("r.anchorrun"));
    bytes.replace("a run/bookmarks.json", "a run/../../ark.json");
    write(at("evil.anchorrun"), bytes);
    const auto made = unpackRun(at("evil.anchorrun"), at("made"));
    QVERIFY(!made);
    QVERIFY2(made.error().message.find("no part of a run") != std::string::npos,
             made.error().message.c_str());
    QVERIFY(!fs::exists(at("made")));
  }

  void aFullDiskLeavesNothing() {
    setWriteFault([](const fs::path& file) {
      return file.string().find("r.anchorrun") == std::string::npos ? 0 : ENOSPC;
    });
    const auto packed = packRun(m_run, at("r.anchorrun"));
    setWriteFault(nullptr);
    QVERIFY(!packed);
    QVERIFY(!fs::exists(at("r.anchorrun")));
    QVERIFY(packRun(m_run, at("r.anchorrun")));
    setWriteFault([](const fs::path& file) {
      return file.filename().string().find("run.sqlite") == std::string::npos ? 0 : ENOSPC;
    });
    const auto made = unpackRun(at("r.anchorrun"), at("made"));
    setWriteFault(nullptr);
    QVERIFY(!made);
    QVERIFY(!fs::exists(at("made")));
  }

  void canBeStopped() {
    ArchiveWatch watch;
    watch.is_stopped = [] { return true; };
    QVERIFY(!packRun(m_run, at("r.anchorrun"), watch));
    QVERIFY(!fs::exists(at("r.anchorrun")));
  }

 private:
  fs::path at(const char* name) const { return fs::path(m_folder->path().toStdString()) / name; }

  std::unique_ptr<QTemporaryDir> m_folder;
  std::unique_ptr<RunWriter> m_writer;
  fs::path m_run;
};

QTEST_GUILESS_MAIN(TestRunArchive)
#include "tst_run_archive.moc"
