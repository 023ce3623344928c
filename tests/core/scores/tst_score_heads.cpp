// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/scores.h"
#include "engine/core/scores/score_heads.h"
#include "tests/core/scores/made_probe.h"

#include <QObject>
#include <QTest>

#include <algorithm>
#include <cmath>
#include <stdexcept>

using namespace anchorlens::core;
using anchorlens::test::addSequence;
using anchorlens::test::madeRoles;
using anchorlens::test::makeHead;

namespace {

constexpr int kA = 1;
constexpr int kX = 3;
constexpr int kY = 4;

bool near(double a, double b) {
  return std::abs(a - b) < 1e-5;
}
bool near(const Score& a, const Score& b) {
  return near(a.mass, b.mass) && near(a.chance, b.chance) && near(a.lift, b.lift);
}

const BroadcastScore* broadcastFrom(const HeadScores& scores, int role) {
  for (const BroadcastScore& broadcast : scores.broadcasts) {
    if (broadcast.source == role) {
      return &broadcast;
    }
  }
  return nullptr;
}

/// A row that looks at one column only.
double onlyAt(int key, int wanted) {
  return key == wanted ? 1.0 : 0.0;
}

}  // namespace

class TestScoreHeads : public QObject {
  Q_OBJECT

 private slots:
  void chanceIsTheClosedForm();
  void mirroredPair();
  void pairOfAnotherForm();
  void firstPlaceOfARole();
  void sourceInTheLastPlace();
  void inductionAndDuplicate();
  void repeatNextToItself();
  void nothingRepeats();
  void noAnchor();
  void uniformHeadIsConsistentWithNothing();
  void shortSequences();
  void refusesOtherShapes();
};

/// (H(T) - H(d)) / (T - d), and 1/T without a mask.
void TestScoreHeads::chanceIsTheClosedForm() {
  const auto harmonic = [](int n) {
    double sum = 0;
    for (int k = 1; k <= n; ++k) {
      sum += 1.0 / k;
    }
    return sum;
  };
  SequenceSet set;
  set.seq_len = 9;
  addSequence(set, {20, 21, 22, 23, 24, 25, 26, 27, 28}, {});
  const PatternBatch uniform = makeHead(
      set, [](std::size_t, int query, int key) { return key <= query ? 1.0 / (query + 1) : 0; });
  const HeadScores causal = scoreHeads(uniform, set, madeRoles(), {}, true).at(0);
  const HeadScores full = scoreHeads(uniform, set, madeRoles(), {}, false).at(0);
  for (int d = 1; d <= 4; ++d) {
    const auto i = static_cast<std::size_t>(d - 1);
    QVERIFY(near(causal.shift_lags[i].chance, (harmonic(9) - harmonic(d)) / (9 - d)));
    QVERIFY(near(causal.shift_lags[i].lift, 0));
    QVERIFY(near(full.shift_lags[i].chance, 1.0 / 9));
  }
  QVERIFY(near(causal.self.chance, harmonic(9) / 9));
  QVERIFY(near(causal.self.lift, 0));
  QVERIFY(near(causal.sink.lift, 0));
}

/// The anchor after the key: the anchor's row looks at the key.
void TestScoreHeads::mirroredPair() {
  SequenceSet set;
  set.seq_len = 6;
  addSequence(set, {20, 21, 22, 3, 24, 25}, {0, kX, 0, kA, 0, 0});
  addSequence(set, {20, 21, 3, 23, 24, 25}, {kX, 0, kA, 0, 0, 0});
  const PatternBatch head = makeHead(set, [](std::size_t i, int query, int key) {
    return onlyAt(key, query == (i == 0 ? 3 : 2) ? (i == 0 ? 1 : 0) : query);
  });
  const HeadScores scores =
      scoreHeads(head, set, madeRoles(), std::vector<RolePair>{{0, kA, kX}}, true).at(0);
  QVERIFY(scores.shift_row.has_value());
  QCOMPARE(static_cast<int>(scores.shift_row->reader), kA);
  QCOMPARE(static_cast<int>(scores.shift_row->source), kX);
  QCOMPARE(scores.shift_row->score.mass, 1.0);
  QVERIFY(near(scores.shift_row->score.chance, (1.0 / 4 + 1.0 / 3) / 2));
  QCOMPARE(scores.shift(), 1.0);
}

void TestScoreHeads::pairOfAnotherForm() {
  SequenceSet set;
  set.seq_len = 4;
  addSequence(set, {20, 3, 22, 23}, {0, kA, kX, 0}, 1);
  const PatternBatch head =
      makeHead(set, [](std::size_t, int query, int key) { return onlyAt(key, query); });
  const auto scoresWith = [&](int form) {
    return scoreHeads(head, set, madeRoles(), std::vector<RolePair>{{form, kA, kX}}, true).at(0);
  };
  QVERIFY(!scoresWith(0).shift_row.has_value());
  QVERIFY(scoresWith(0).shift_rows.empty());
  QVERIFY(scoresWith(1).shift_row.has_value());
}

void TestScoreHeads::firstPlaceOfARole() {
  SequenceSet set;
  set.seq_len = 6;
  addSequence(set, {20, 21, 22, 23, 21, 25}, {0, kX, 0, 0, kX, 0});
  const PatternBatch head = makeHead(
      set, [](std::size_t, int query, int key) { return onlyAt(key, query < 1 ? query : 1); });
  const HeadScores scores = scoreHeads(head, set, madeRoles(), {}, true).at(0);
  QCOMPARE(scores.broadcasts.size(), std::size_t{1});
  QCOMPARE(scores.broadcast(), 1.0);
  QCOMPARE(scores.broadcasts[0].later->lift, 1.0);
  QVERIFY(near(scores.broadcasts[0].later->chance, (1.0 / 3 + 1.0 / 4 + 1.0 / 5 + 1.0 / 6) / 4));
}

/// Left out of "all later rows", not of the output row.
void TestScoreHeads::sourceInTheLastPlace() {
  SequenceSet set;
  set.seq_len = 5;
  addSequence(set, {20, 21, 22, 23, 3}, {0, 0, 0, kX, kA});
  const PatternBatch head =
      makeHead(set, [](std::size_t, int query, int key) { return onlyAt(key, query); });
  const HeadScores scores = scoreHeads(head, set, madeRoles(), {}, true).at(0);
  const BroadcastScore* const from_anchor = broadcastFrom(scores, kA);
  QVERIFY(from_anchor != nullptr);
  QCOMPARE(from_anchor->output.lift, 1.0);
  QCOMPARE(from_anchor->output_coverage, 1.0);
  QCOMPARE(from_anchor->output_tracking, 0.0);  // always the same place: a fixed column
  QVERIFY(!from_anchor->later.has_value());
  QVERIFY(broadcastFrom(scores, kX)->later.has_value());
  QCOMPARE(scores.best_broadcast, 0);
}

/// a b _ a _ a: the row of the second a reads b (induction) or the first a (duplicate); the third a
/// has two earlier places for each.
void TestScoreHeads::inductionAndDuplicate() {
  SequenceSet set;
  set.seq_len = 6;
  addSequence(set, {30, 31, 22, 30, 24, 30}, {});
  const auto scoresOf = [&](const std::function<int(int)>& target) {
    const PatternBatch head =
        makeHead(set, [&](std::size_t, int query, int key) { return onlyAt(key, target(query)); });
    return scoreHeads(head, set, madeRoles(), {}, true).at(0);
  };
  const double chance = (1.0 / 4 + 2.0 / 6) / 2;
  const HeadScores induction = scoresOf([](int query) {
    return query == 3 ? 1 : query == 5 ? 4 : query;
  });
  QVERIFY(near(*induction.induction, {1, chance, 1}));
  QVERIFY(near(*induction.duplicate, {0, chance, lift(0, chance)}));
  const HeadScores duplicate = scoresOf([](int query) {
    return query == 3 ? 0 : query == 5 ? 3 : query;
  });
  QVERIFY(near(*duplicate.duplicate, {1, chance, 1}));
  QVERIFY(near(*duplicate.induction, {0, chance, lift(0, chance)}));
  const HeadScores half = scoresOf([](int query) {
    return query == 3 ? 0 : query == 5 ? 1 : query;
  });
  QVERIFY(near(half.duplicate->mass, 0.5));
  QVERIFY(near(half.induction->mass, 0.5));
}

/// a a: the place after the earlier a is the row itself, which tells nothing of induction.
void TestScoreHeads::repeatNextToItself() {
  SequenceSet set;
  set.seq_len = 4;
  addSequence(set, {20, 30, 30, 23}, {});
  const PatternBatch head =
      makeHead(set, [](std::size_t, int query, int key) { return onlyAt(key, query); });
  const HeadScores scores = scoreHeads(head, set, madeRoles(), {}, true).at(0);
  QVERIFY(!scores.induction.has_value());
  QVERIFY(scores.duplicate.has_value());
  QVERIFY(near(scores.duplicate->chance, 1.0 / 3));
}

void TestScoreHeads::nothingRepeats() {
  SequenceSet set;
  set.seq_len = 5;
  addSequence(set, {20, 21, 22}, {});  // padding repeats, and does not count
  const PatternBatch head =
      makeHead(set, [](std::size_t, int query, int key) { return onlyAt(key, query); });
  const HeadScores scores = scoreHeads(head, set, madeRoles(), {}, true).at(0);
  QVERIFY(!scores.induction.has_value());
  QVERIFY(!scores.duplicate.has_value());
  QCOMPARE(scores.best_broadcast, -1);
  QCOMPARE(scores.broadcast(), 0.0);
  QVERIFY(near(scores.self.lift, 1));
}

void TestScoreHeads::noAnchor() {
  SequenceSet set;
  set.seq_len = 5;
  addSequence(set, {30, 31, 22, 23, 30}, {kX, kY, 0, 0, 0});
  const PatternBatch head =
      makeHead(set, [](std::size_t, int query, int key) { return onlyAt(key, query); });
  const HeadScores scores =
      scoreHeads(head, set, madeRoles(), std::vector<RolePair>{{0, kX, kY}}, true).at(0);
  QVERIFY(!scores.shift_row.has_value());
  QVERIFY(scores.shift_rows.empty());
  QCOMPARE(scores.shift(), scores.shift_lags[static_cast<std::size_t>(scores.shift_lag - 1)].lift);
}

void TestScoreHeads::uniformHeadIsConsistentWithNothing() {
  SequenceSet set;
  set.seq_len = 6;
  addSequence(set, {20, 21, 22, 23, 24, 25}, {});
  const PatternBatch head = makeHead(
      set, [](std::size_t, int query, int key) { return key <= query ? 1.0 / (query + 1) : 0; });
  QCOMPARE(scoreHeads(head, set, madeRoles(), {}, true).at(0).shift_consistency, 0.0);
  const PatternBatch shift = makeHead(set, [](std::size_t, int query, int key) {
    return key > query ? 0 : 0.8 / (query + 1) + (key == query - 2 ? 0.2 : 0.0);
  });
  const HeadScores scores = scoreHeads(shift, set, madeRoles(), {}, true).at(0);
  QCOMPARE(scores.shift_lag, 2);
  QCOMPARE(scores.shift_consistency, 1.0);
}

/// Fewer rows than lags, no column with three readers.
void TestScoreHeads::shortSequences() {
  SequenceSet set;
  set.seq_len = 3;
  addSequence(set, {3, 21, 22}, {kA, kX, 0});
  addSequence(set, {20}, {0});
  const PatternBatch head = makeHead(
      set, [](std::size_t, int query, int key) { return onlyAt(key, std::max(0, query - 1)); });
  const HeadScores scores =
      scoreHeads(head, set, madeRoles(), std::vector<RolePair>{{0, kA, kX}}, true).at(0);
  QCOMPARE(scores.shift_lag, 1);
  QCOMPARE(scores.shift_lags[0].lift, 1.0);
  QCOMPARE(scores.shift_lags[3].mass, 0.0);
  QCOMPARE(scores.shift_lags[3].chance, 0.0);
  QCOMPARE(scores.shift_row->score.lift, 1.0);
  const BroadcastScore* const from_key = broadcastFrom(scores, kX);
  QCOMPARE(from_key->output.lift, 1.0);
  QCOMPARE(from_key->later_fixed_column, -1);
  QCOMPARE(from_key->later_tracking, from_key->later->lift);
}

void TestScoreHeads::refusesOtherShapes() {
  SequenceSet set;
  set.seq_len = 3;
  addSequence(set, {20, 21, 22}, {});
  const auto cell = [](std::size_t, int query, int key) { return onlyAt(key, query); };
  PatternBatch head = makeHead(set, cell);
  addSequence(set, {20, 21, 22}, {});
  QVERIFY_EXCEPTION_THROWN(scoreHeads(head, set, madeRoles(), {}, true), std::invalid_argument);
  head = makeHead(set, cell);
  head.pattern.pop_back();
  QVERIFY_EXCEPTION_THROWN(scoreHeads(head, set, madeRoles(), {}, true), std::invalid_argument);
}

QTEST_GUILESS_MAIN(TestScoreHeads)
#include "tst_score_heads.moc"
