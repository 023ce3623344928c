// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/scores.h"
#include "engine/core/scores/score_heads.h"
#include "tests/core/scores/made_probe.h"

#include <QObject>
#include <QTest>

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <vector>

using namespace anchorlens::core;

namespace {

constexpr int kLength = 9;
constexpr int kKey = 3;

/// T = 9, the key at p = 1..5 once each, the anchor before it; no token occurs twice.
SequenceSet calibrationProbe() {
  SequenceSet set;
  set.seq_len = kLength;
  for (int p = 1; p <= 5; ++p) {
    std::vector<int> tokens;
    std::vector<int> roles(kLength, 0);
    for (int at = 0; at < kLength; ++at) {
      tokens.push_back(20 + at);
    }
    roles[static_cast<std::size_t>(p - 1)] = 1;
    roles[static_cast<std::size_t>(p)] = kKey;
    anchorlens::test::addSequence(set, tokens, roles);
  }
  return set;
}

/// Each row 0.95 on its target plus 0.05 spread evenly over the visible columns; target < 0: all
/// of it spread.
HeadScores scoresOfMadeHead(const std::function<int(int p, int query)>& target) {
  const SequenceSet set = calibrationProbe();
  const auto batch =
      anchorlens::test::makeHead(set, [&](std::size_t sequence, int query, int key) -> double {
        if (key > query) {
          return 0;
        }
        const int wanted = target(static_cast<int>(sequence) + 1, query);
        const double spread = wanted < 0 ? 1.0 : 0.05;
        return spread / (query + 1) + (key == wanted ? 0.95 : 0.0);
      });
  const std::vector<RolePair> pairs = {{0, kKey, 1}};
  return scoreHeads(batch, set, anchorlens::test::madeRoles(), pairs, true).at(0);
}

const BroadcastScore& broadcastFromKey(const HeadScores& scores) {
  for (const BroadcastScore& broadcast : scores.broadcasts) {
    if (broadcast.source == kKey) {
      return broadcast;
    }
  }
  qFatal("no broadcast from the key");
}

}  // namespace

/// The table of docs/scores.md: what each score says of heads whose nature is known.
class TestCalibration : public QObject {
  Q_OBJECT

 private slots:
  void madeHeads_data();
  void madeHeads();
};

void TestCalibration::madeHeads_data() {
  QTest::addColumn<QString>("head");
  QTest::addColumn<std::vector<double>>("expected");
  QTest::addColumn<int>("later_column");
  QTest::addColumn<int>("output_column");
  // shift lag 1, lag 2; from p to all later rows: lift, coverage, best fixed, tracking; to the
  // output row: the same; the best fixed columns (-1: all are equal)
  const auto row = [](const char* head, const std::vector<double>& expected, int later_column,
                      int output_column) {
    QTest::newRow(head) << QString(head) << expected << later_column << output_column;
  };
  row("uniform", {0, 0, 0, 0, 0, 0, 0, 0, 0, 0}, -1, -1);
  row("shift by 1", {0.95, -0.22, 0.05, 0.20, 0.23, -0.18, -0.12, 0, 0.95, -1.07}, 5, 7);
  row("shift by 2", {-0.13, 0.95, 0.05, 0.20, 0.23, -0.18, -0.12, 0, 0.95, -1.07}, 5, 6);
  row("self", {-0.28, -0.22, -0.18, 0, -0.14, -0.04, -0.12, 0, 0.95, -1.07}, 5, 8);
  row("sink on 0", {-0.13, -0.06, -0.18, 0, 0.95, -1.13, -0.12, 0, 0.95, -1.07}, 0, 0);
  row("broadcast", {-0.13, -0.06, 0.95, 1, 0.08, 0.87, 0.95, 1, 0.09, 0.85}, 5, 5);
  row("fixed column 4", {-0.13, -0.06, 0, 0.16, 0.95, -0.95, 0.09, 0.20, 0.95, -0.85}, 4, 4);
}

void TestCalibration::madeHeads() {
  QFETCH(QString, head);
  QFETCH(std::vector<double>, expected);
  QFETCH(int, later_column);
  QFETCH(int, output_column);
  const std::map<QString, std::function<int(int, int)>> targets = {
      {"uniform", [](int, int) { return -1; }},
      {"shift by 1", [](int, int query) { return std::max(0, query - 1); }},
      {"shift by 2", [](int, int query) { return std::max(0, query - 2); }},
      {"self", [](int, int query) { return query; }},
      {"sink on 0", [](int, int) { return 0; }},
      {"broadcast", [](int p, int query) { return query < p ? query : p; }},
      {"fixed column 4", [](int, int query) { return query < 4 ? query : 4; }},
  };
  const HeadScores scores = scoresOfMadeHead(targets.at(head));
  const BroadcastScore& from_key = broadcastFromKey(scores);
  QVERIFY(from_key.later.has_value());
  const std::vector<double> values = {
      scores.shift_lags[0].lift, scores.shift_lags[1].lift, from_key.later->lift,
      from_key.later_coverage,   from_key.later_fixed_lift, from_key.later_tracking,
      from_key.output.lift,      from_key.output_coverage,  from_key.output_fixed_lift,
      from_key.output_tracking,
  };
  QCOMPARE(values.size(), expected.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    // Half a printed place; two entries of the table lie exactly there (0.095 and 0.855).
    QVERIFY2(
        std::abs(values[i] - expected[i]) <= 0.005 + 1e-6,
        qPrintable(QString("entry %1: %2 instead of %3").arg(i).arg(values[i]).arg(expected[i])));
  }
  if (later_column >= 0) {
    QCOMPARE(from_key.later_fixed_column, later_column);
    QCOMPARE(from_key.output_fixed_column, output_column);
  }
}

QTEST_GUILESS_MAIN(TestCalibration)
#include "tst_calibration.moc"
