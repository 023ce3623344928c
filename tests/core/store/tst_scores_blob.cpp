// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/store/crc32.h"
#include "engine/core/store/scores_blob.h"
#include "tests/core/store/run_fixture.h"

#include <QTest>

#include <cmath>
#include <cstring>

using namespace anchorlens::core;
using namespace run_fixture;

namespace {

std::vector<HeadScores> makeHeads(std::size_t n, std::size_t n_rows, std::size_t n_broadcasts) {
  std::vector<HeadScores> heads;
  for (std::size_t i = 0; i < n; ++i) {
    heads.push_back(makeScores(static_cast<double>(i) * 0.9, n_rows, n_broadcasts));
  }
  return heads;
}

bool comesBack(const std::vector<HeadScores>& heads) {
  const auto read = decodeScores(encodeScores(heads));
  return read && sameScores(*read, heads);
}

}  // namespace

class TestScoresBlob : public QObject {
  Q_OBJECT

 private slots:
  void comesBackToTheBit();
  void headsMayDiffer();
  void liftsOfTheirOwnAreKept();
  void sharedColumnsAreStoredOnce();
  void damageIsAnError();
  void columnNames();
};

void TestScoresBlob::comesBackToTheBit() {
  QVERIFY(comesBack({}));
  QVERIFY(comesBack(makeHeads(1, 1, 2)));
  QVERIFY(comesBack(makeHeads(16, 1, 2)));
  QVERIFY(comesBack(makeHeads(4, 0, 0)));
  QVERIFY(comesBack(makeHeads(16, 6, 7)));
}

void TestScoresBlob::headsMayDiffer() {
  std::vector<HeadScores> heads = makeHeads(3, 2, 3);
  heads[0].shift_rows.clear();
  heads[0].shift_row.reset();
  heads[1].broadcasts.pop_back();
  heads[1].induction = Score{0.5, 0.25, lift(0.5, 0.25)};
  heads[2].duplicate.reset();
  heads[2].shift_consistency = std::nan("");
  QVERIFY(comesBack(heads));
}

void TestScoresBlob::liftsOfTheirOwnAreKept() {
  std::vector<HeadScores> heads = makeHeads(2, 1, 1);
  heads[1].sink.lift = 0.123;
  QVERIFY(comesBack(heads));
}

void TestScoresBlob::sharedColumnsAreStoredOnce() {
  const std::size_t one = encodeScores(makeHeads(1, 1, 2)).size();
  const std::size_t sixteen = encodeScores(makeHeads(16, 1, 2)).size();
  // Chances, roles, counts and what is there are the same in every head.
  QVERIFY2(sixteen < 16 * 240, qPrintable(QString("%1 of 1 head, %2 of 16").arg(one).arg(sixteen)));
}

void TestScoresBlob::damageIsAnError() {
  const std::vector<std::byte> blob = encodeScores(makeHeads(2, 1, 2));
  const auto mend = [](std::vector<std::byte>& bytes) {
    const std::uint32_t checksum = crc32(0, std::span(bytes).subspan(8));
    std::memcpy(bytes.data() + 4, &checksum, 4);
  };
  for (std::size_t size = 0; size < blob.size(); ++size) {
    QVERIFY(!decodeScores(std::span(blob).first(size)));
    if (size > 8) {
      std::vector<std::byte> cut(blob.begin(), blob.begin() + static_cast<std::ptrdiff_t>(size));
      mend(cut);
      QVERIFY(!decodeScores(cut));
    }
  }
  for (std::size_t bit = 0; bit < blob.size() * 8; ++bit) {
    std::vector<std::byte> flipped = blob;
    flipped[bit / 8] ^= static_cast<std::byte>(1U << (bit % 8));
    QVERIFY(!decodeScores(flipped));
    mend(flipped);
    (void)decodeScores(flipped);  // any answer, but no crash
  }
  // Numbers that ask for much: heads, rows, broadcasts, columns.
  for (const std::size_t offset : {12U, 16U, 18U, 20U}) {
    std::vector<std::byte> hostile = blob;
    const std::uint16_t large = 0xFFFF;
    std::memcpy(hostile.data() + offset, &large, 2);
    mend(hostile);
    QVERIFY(!decodeScores(hostile));
  }
}

void TestScoresBlob::columnNames() {
  const std::vector<std::string> names = scoreColumns(1, 2, false);
  QCOMPARE(names.front(), std::string("lag1.mass"));
  QCOMPARE(names.back(), std::string("duplicate.chance"));
  QVERIFY(std::find(names.begin(), names.end(), "broadcasts1.later.fixed_column") != names.end());
  QVERIFY(std::find(names.begin(), names.end(), "row.reader") != names.end());
  QVERIFY(std::find(names.begin(), names.end(), "rows0.mass") != names.end());
  QCOMPARE(scoreColumns(1, 2, true).size(), names.size() + 4 + 1 + 1 + 4 + 3 + 2);
}

QTEST_GUILESS_MAIN(TestScoresBlob)
#include "tst_scores_blob.moc"
