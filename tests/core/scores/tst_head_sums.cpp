// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/random.h"
#include "engine/core/scores.h"
#include "engine/core/scores/score_heads.h"
#include "tests/core/scores/made_probe.h"
#include "tests/core/scores/slow_scores.h"

#include <QObject>
#include <QTest>

#include <algorithm>
#include <cmath>

using namespace anchorlens::core;
using anchorlens::test::addSequence;
using anchorlens::test::madeRoles;
using anchorlens::test::SlowScores;

namespace {

constexpr int kA = 1;
constexpr int kB = 2;
constexpr int kX = 3;
constexpr int kY = 4;
const std::vector<RolePair> kPairs = {{0, kA, kX}, {0, kX, kB}, {1, kX, kA}, {1, kX, kY}};

int below(Random& random, int bound) {
  return static_cast<int>(random.below(static_cast<std::uint32_t>(bound)));
}

/// Random lengths, forms and places; form 1 has no B and sometimes no Y. Few tokens: many repeats.
SequenceSet randomProbe(Random& random, const std::vector<int>& lengths, std::size_t n) {
  SequenceSet set;
  set.seq_len = *std::max_element(lengths.begin(), lengths.end());
  for (std::size_t i = 0; i < n; ++i) {
    const int length =
        lengths[static_cast<std::size_t>(below(random, static_cast<int>(lengths.size())))];
    const int form = below(random, 2);
    std::vector<int> tokens;
    std::vector<int> roles(static_cast<std::size_t>(length), 0);
    for (int at = 0; at < length; ++at) {
      tokens.push_back(20 + below(random, 8));
    }
    const int n_roles = form == 0 ? 5 : 3 + below(random, 3);  // the last may stand twice
    for (int role = 1; role < n_roles; ++role) {
      if (form == 0 || role != kB) {
        roles[static_cast<std::size_t>(below(random, length))] = role;
      }
    }
    addSequence(set, tokens, roles, form);
  }
  return set;
}

/// Rows that add up to 1, some of them sharp.
PatternBatch randomHeads(Random& random, const SequenceSet& set, int n_layers, int n_heads,
                         bool causal) {
  PatternBatch batch;
  batch.n = set.size();
  batch.n_layers = n_layers;
  batch.n_heads = n_heads;
  batch.seq_len = set.seq_len;
  batch.pattern.assign(batch.n * batch.heads() * batch.cells(), 0.0F);
  float* row = batch.pattern.data();
  for (std::size_t i = 0; i < batch.n; ++i) {
    for (std::size_t head = 0; head < batch.heads(); ++head) {
      for (int at = 0; at < set.seq_len; ++at, row += set.seq_len) {
        if (at >= set.lengths[i]) {
          continue;
        }
        const int visible = causal ? at + 1 : set.lengths[i];
        const double sharpness = random.uniform() * 8;
        double sum = 0;
        for (int column = 0; column < visible; ++column) {
          row[column] = static_cast<float>(std::exp(sharpness * random.normal()));
          sum += static_cast<double>(row[column]);
        }
        std::for_each(row, row + visible, [sum](float& cell) { cell /= static_cast<float>(sum); });
      }
    }
  }
  return batch;
}

bool near(double a, double b) {
  return std::abs(a - b) < 1e-5;
}
bool near(const Score& a, const Score& b) {
  return near(a.mass, b.mass) && near(a.chance, b.chance) && near(a.lift, b.lift);
}

QString problemWithBroadcast(const BroadcastScore& fast, const SlowScores& slow) {
  const int role = fast.source;
  int column = -1;
  const double output_fixed = slow.fixedOutput(role, column);
  if (!near(fast.output, slow.scoreOf(slow.output(role))) ||
      !near(fast.output_coverage, slow.coverage(slow.output(role))) ||
      !near(fast.output_fixed_lift, output_fixed) || fast.output_fixed_column != column ||
      !near(fast.output_tracking, fast.output.lift - output_fixed)) {
    return QString("output from role %1").arg(role);
  }
  const auto later = slow.later(role);
  if (fast.later.has_value() == later.empty()) {
    return QString("presence of later rows from role %1").arg(role);
  }
  if (!fast.later) {
    return {};
  }
  column = -1;
  const double later_fixed = slow.fixedLater(role, column);
  if (!near(*fast.later, slow.scoreOf(later)) || !near(fast.later_coverage, slow.coverage(later)) ||
      fast.later_fixed_column != column ||
      (column >= 0 && !near(fast.later_fixed_lift, later_fixed)) ||
      !near(fast.later_tracking, fast.later->lift - fast.later_fixed_lift)) {
    return QString("later rows from role %1").arg(role);
  }
  return {};
}

QString problemWithShift(const HeadScores& fast, const SlowScores& slow) {
  double best = -1e9;
  for (int d = 1; d <= 4; ++d) {
    const Score& score = fast.shift_lags[static_cast<std::size_t>(d - 1)];
    if (!near(score, slow.scoreOf(slow.lag(d)))) {
      return QString("lag %1").arg(d);
    }
    best = std::max(best, score.lift);
  }
  if (fast.shift_lags[static_cast<std::size_t>(fast.shift_lag - 1)].lift != best ||
      !near(fast.shift_consistency, slow.consistency(fast.shift_lag)) ||
      !near(fast.previous, fast.shift_lags[0])) {
    return "best lag";
  }
  // Pairs are merged over forms; x with y has no anchor and no task row.
  if (fast.shift_rows.size() != 2 ||
      !near(fast.shift_rows[0].score, slow.scoreOf(slow.pair(kA, kX, {0, 1}))) ||
      !near(fast.shift_rows[1].score, slow.scoreOf(slow.pair(kB, kX, {0})))) {
    return "task rows";
  }
  const double row = std::max(fast.shift_rows[0].score.lift, fast.shift_rows[1].score.lift);
  const bool is_best =
      fast.shift_row && fast.shift_row->score.lift == row && fast.shift() == std::max(best, row);
  return is_best ? "" : "best task row";
}

QString problemWithHead(const HeadScores& fast, const SlowScores& slow) {
  if (const QString shift = problemWithShift(fast, slow); !shift.isEmpty()) {
    return shift;
  }
  for (const BroadcastScore& broadcast : fast.broadcasts) {
    if (const QString problem = problemWithBroadcast(broadcast, slow); !problem.isEmpty()) {
      return problem;
    }
  }
  const auto self = slow.cellsWhere([](std::size_t, int row) { return std::vector<int>{row}; });
  const auto sink = slow.cellsWhere([](std::size_t, int) { return std::vector<int>{0}; });
  if (!near(fast.self, slow.scoreOf(self)) || !near(fast.sink, slow.scoreOf(sink))) {
    return "self or sink";
  }
  const bool repeats = fast.duplicate && fast.induction &&
                       near(*fast.duplicate, slow.scoreOf(slow.repeats(0))) &&
                       near(*fast.induction, slow.scoreOf(slow.repeats(1)));
  return repeats ? "" : "duplicate or induction";
}

}  // namespace

/// The fast sums against the definitions, on random sequences and heads.
class TestHeadSums : public QObject {
  Q_OBJECT

 private slots:
  void agreesWithTheDefinitions_data();
  void agreesWithTheDefinitions();
};

void TestHeadSums::agreesWithTheDefinitions_data() {
  QTest::addColumn<std::vector<int>>("lengths");
  QTest::addColumn<bool>("causal");
  for (const bool causal : {true, false}) {
    const char* const mask = causal ? "causal" : "no mask";
    QTest::addRow("9, %s", mask) << std::vector<int>{9} << causal;
    QTest::addRow("20, %s", mask) << std::vector<int>{20} << causal;
    QTest::addRow("6 8 13, %s", mask) << std::vector<int>{6, 8, 13} << causal;
    QTest::addRow("5 6, %s", mask) << std::vector<int>{5, 6} << causal;
  }
}

void TestHeadSums::agreesWithTheDefinitions() {
  QFETCH(std::vector<int>, lengths);
  QFETCH(bool, causal);
  Random random(11);
  const SequenceSet set = randomProbe(random, lengths, 40);
  const PatternBatch patterns = randomHeads(random, set, 2, 3, causal);
  const auto scores = scoreHeads(patterns, set, madeRoles(), kPairs, causal);
  QCOMPARE(scores.size(), std::size_t{6});
  for (int layer = 0; layer < 2; ++layer) {
    for (int head = 0; head < 3; ++head) {
      const HeadScores& fast = scores[static_cast<std::size_t>(layer * 3 + head)];
      QCOMPARE(fast.broadcasts.size(), std::size_t{4});
      const QString problem = problemWithHead(fast, {patterns, set, layer, head, causal});
      QVERIFY2(problem.isEmpty(), qPrintable(problem));
    }
  }
}

QTEST_GUILESS_MAIN(TestHeadSums)
#include "tst_head_sums.moc"
