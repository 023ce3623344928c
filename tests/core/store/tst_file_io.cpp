// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/store/checkpoint.h"
#include "engine/core/store/crc32.h"
#include "engine/core/store/file_io.h"
#include "tests/core/store/run_fixture.h"

#include <QTemporaryDir>
#include <QTest>

#include <cerrno>
#include <sys/stat.h>

using namespace anchorlens::core;
using namespace run_fixture;
namespace fs = std::filesystem;

class TestFileIo : public QObject {
  Q_OBJECT

 private slots:
  void init();
  void cleanup() { setWriteFault(nullptr); }
  void writesAndReplaces();
  void keepsModeAndLink();
  void failsWithoutTrace();
  void abandonedFileLeavesNothing();
  void removesLeftovers();
  void checksumIsTheUsualOne();

 private:
  std::unique_ptr<QTemporaryDir> m_temporary;
  fs::path m_folder;
};

void TestFileIo::init() {
  m_temporary = std::make_unique<QTemporaryDir>();
  m_folder = m_temporary->path().toStdString();
}

void TestFileIo::writesAndReplaces() {
  const fs::path file = m_folder / "note.txt";
  QVERIFY(writeFileAtomically(file, "first"));
  QVERIFY(writeFileAtomically(file, std::string(3'000'000, 'x')));
  QCOMPARE(readFile(file), std::string(3'000'000, 'x'));
  QVERIFY(writeFileAtomically(file, ""));
  QCOMPARE(readFile(file), std::string());
  QCOMPARE(contentsOf(m_folder).size(), std::size_t{1});
}

void TestFileIo::keepsModeAndLink() {
  const fs::path file = m_folder / "real.txt";
  const fs::path link = m_folder / "link.txt";
  QVERIFY(writeFileAtomically(file, "first"));
  QCOMPARE(::chmod(file.c_str(), 0640), 0);
  fs::create_symlink(file.filename(), link);
  QVERIFY(writeFileAtomically(link, "second"));
  QVERIFY(fs::is_symlink(link));
  QCOMPARE(readFile(file), std::string("second"));
  QCOMPARE(fs::status(file).permissions(), static_cast<fs::perms>(0640));
}

void TestFileIo::failsWithoutTrace() {
  const auto missing = writeFileAtomically(m_folder / "no" / "such" / "folder.txt", "x");
  QVERIFY(!missing);
  QVERIFY2(missing.error().message.find("No such file or directory") != std::string::npos,
           missing.error().message.c_str());

  const fs::path file = m_folder / "kept.txt";
  QVERIFY(writeFileAtomically(file, "kept"));
  setWriteFault([](const fs::path&) { return ENOSPC; });
  const auto full = writeFileAtomically(file, "lost");
  QVERIFY(!full);
  QCOMPARE(full.error().path, file.string());
  QVERIFY2(full.error().message.find("the disk is full") != std::string::npos,
           full.error().message.c_str());
  QCOMPARE(readFile(file), std::string("kept"));
  QCOMPARE(contentsOf(m_folder).size(), std::size_t{1});

  // A folder in the place of the file: the rename fails at the very end.
  setWriteFault(nullptr);
  fs::create_directory(m_folder / "taken");
  QVERIFY(!writeFileAtomically(m_folder / "taken", "x"));
  QCOMPARE(contentsOf(m_folder).size(), std::size_t{2});
}

void TestFileIo::abandonedFileLeavesNothing() {
  {
    auto file = AtomicFile::create(m_folder / "half.bin");
    QVERIFY(file);
    QVERIFY(file->write("half"));
    const auto contents = contentsOf(m_folder);
    QCOMPARE(contents.size(), std::size_t{1});
    QVERIFY(isTemporaryName(contents.begin()->first));
  }
  QCOMPARE(contentsOf(m_folder).size(), std::size_t{0});
}

void TestFileIo::removesLeftovers() {
  const fs::path left = temporaryName(m_folder / "step-000000001.safetensors");
  overwrite(left, "half");
  overwrite(m_folder / ".hidden", "");
  overwrite(m_folder / "a.tmp-1", "");
  removeTemporaryFiles(m_folder);
  QVERIFY(!fs::exists(left));
  QCOMPARE(contentsOf(m_folder).size(), std::size_t{2});
}

void TestFileIo::checksumIsTheUsualOne() {
  const auto of = [](std::string_view text) { return crc32(0, std::as_bytes(std::span(text))); };
  QCOMPARE(of(""), 0U);
  QCOMPARE(of("123456789"), 0xCBF43926U);
  QCOMPARE(of("The quick brown fox jumps over the lazy dog"), 0x414FA339U);
  const std::string_view text = "in two parts, of any lengths";
  for (std::size_t cut = 0; cut <= text.size(); ++cut) {
    const auto bytes = std::as_bytes(std::span(text));
    QCOMPARE(crc32(crc32(0, bytes.first(cut)), bytes.subspan(cut)), of(text));
  }
}

QTEST_GUILESS_MAIN(TestFileIo)
#include "tst_file_io.moc"
