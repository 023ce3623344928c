// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/store/bookmarks.h"
#include "engine/core/store/file_io.h"
#include "tests/core/store/run_fixture.h"

#include <QTemporaryDir>
#include <QtTest>

#include <cerrno>
#include <fstream>

using namespace anchorlens::core;
namespace fs = std::filesystem;

class TestBookmarks : public QObject {
  Q_OBJECT

  std::unique_ptr<QTemporaryDir> m_dir;

  fs::path run() const { return m_dir->path().toStdString(); }
  fs::path file() const { return run() / "bookmarks.json"; }
  void put(const std::string& text) { std::ofstream(file()) << text; }

 private slots:
  void init() { m_dir = std::make_unique<QTemporaryDir>(); }
  void cleanup() { setWriteFault(nullptr); }

  void noneWithoutAFile() {
    const auto bookmarks = readBookmarks(run());
    QVERIFY(bookmarks && bookmarks->empty());
    QVERIFY(!fs::exists(file()));
  }

  void areKeptInOrderWithTheirNotes() {
    const std::string note = "a \"quoted\" line\nand \u00e4 \u2192";
    QVERIFY(changeBookmarks(run(), {{400, false, "late"}, {7, false, note}, {400, false, ""}}));
    const auto bookmarks = readBookmarks(run());
    QVERIFY(bookmarks);
    QCOMPARE(*bookmarks, (std::vector<Bookmark>{{7, note}, {400, ""}}));
    const auto left = changeBookmarks(run(), {{7, true, {}}, {9999, true, {}}});
    QVERIFY(left);
    QCOMPARE(*left, (std::vector<Bookmark>{{400, ""}}));
    QCOMPARE(*readBookmarks(run()), *left);
  }

  void whatAnotherProgramWroteStays() {
    QVERIFY(changeBookmarks(run(), {{10, false, "mine"}}));
    const int code = run_fixture::inChild([this] {
      return changeBookmarks(run(), {{20, false, "theirs"}}) ? 0 : 1;
    });
    QCOMPARE(code, 0);
    const auto all = changeBookmarks(run(), {{30, false, "mine too"}});
    QVERIFY(all);
    QCOMPARE(*all, (std::vector<Bookmark>{{10, "mine"}, {20, "theirs"}, {30, "mine too"}}));
  }

  void twoProgramsAtOnceLoseNothing() {
    constexpr int kEach = 40;
    const int code = run_fixture::inChild([this] {
      // Both at once: the child's child changes even steps while the child changes odd ones.
      const pid_t other = ::fork();
      for (int i = 0; i < kEach; ++i) {
        if (!changeBookmarks(run(), {{2 * i + (other == 0 ? 0 : 1), false, "x"}}))
          ::_exit(1);
      }
      if (other == 0)
        ::_exit(0);
      int status = 0;
      ::waitpid(other, &status, 0);
      return WIFEXITED(status) ? WEXITSTATUS(status) : 2;
    });
    QCOMPARE(code, 0);
    QCOMPARE(readBookmarks(run())->size(), std::size_t{2 * kEach});
  }

  void aFailedWriteLeavesTheOldOnes() {
    QVERIFY(changeBookmarks(run(), {{10, false, "kept"}}));
    setWriteFault([](const fs::path&) { return ENOSPC; });
    const auto failed = changeBookmarks(run(), {{20, false, "lost"}});
    QVERIFY(!failed);
    QVERIFY2(failed.error().text().find("bookmarks.json") != std::string::npos,
             failed.error().text().c_str());
    setWriteFault(nullptr);
    QCOMPARE(*readBookmarks(run()), (std::vector<Bookmark>{{10, "kept"}}));
    QCOMPARE(std::distance(fs::directory_iterator(run()), fs::directory_iterator()), 1);
  }

  void whatIsNoSuchFileIsNeverReplaced_data() {
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("no JSON") << QByteArray("{\"format\"");
    QTest::newRow("list") << QByteArray("[]");
    QTest::newRow("newer") << QByteArray(
        R"({"format":"anchorlens-bookmarks","format_version":2,"bookmarks":[]})");
    QTest::newRow("other format") << QByteArray(
        R"({"format":"other","format_version":1,"bookmarks":[]})");
    QTest::newRow("no list") << QByteArray(
        R"({"format":"anchorlens-bookmarks","format_version":1,"bookmarks":3})");
    QTest::newRow("step is text") << QByteArray(
        R"({"format":"anchorlens-bookmarks","format_version":1,)"
        R"("bookmarks":[{"step":"1","note":""}]})");
    QTest::newRow("step below 0") << QByteArray(
        R"({"format":"anchorlens-bookmarks","format_version":1,)"
        R"("bookmarks":[{"step":-1,"note":""}]})");
    QTest::newRow("step with a fraction")
        << QByteArray(R"({"format":"anchorlens-bookmarks","format_version":1,)"
                      R"("bookmarks":[{"step":1.5,"note":""}]})");
    QTest::newRow("unknown field")
        << QByteArray(R"({"format":"anchorlens-bookmarks","format_version":1,)"
                      R"("bookmarks":[{"step":1,"note":"","colour":3}]})");
  }
  void whatIsNoSuchFileIsNeverReplaced() {
    QFETCH(QByteArray, text);
    put(text.toStdString());
    QVERIFY(!readBookmarks(run()));
    QVERIFY(!changeBookmarks(run(), {{1, false, "new"}}));
    QCOMPARE(QByteArray::fromStdString(run_fixture::readFile(file())), text);
  }
};

QTEST_APPLESS_MAIN(TestBookmarks)
#include "tst_bookmarks.moc"
