// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/experiment_json.h"
#include "engine/core/frame.h"
#include "engine/core/scores.h"
#include "engine/core/task/task.h"
#include "tests/core/scores/made_probe.h"

#include <QObject>
#include <QTest>

#include <algorithm>
#include <cmath>

using namespace anchorlens::core;
using anchorlens::test::makeHead;

namespace {

int firstPlace(const SequenceSet& set, std::size_t sequence, int role) {
  const auto roles = set.rolesOf(sequence);
  const auto found = std::find(roles.begin(), roles.end(), role);
  return found == roles.end() ? -1 : static_cast<int>(found - roles.begin());
}

bool hasAnchor(const Task& task) {
  return std::any_of(task.roles().begin(), task.roles().end(),
                     [](const RoleInfo& role) { return role.kind == RoleInfo::Kind::Anchor; });
}

}  // namespace

/// Made heads on the probe batches of every task that is shipped.
class TestScoreTask : public QObject {
  Q_OBJECT

 private slots:
  void shippedTasks_data();
  void shippedTasks();
};

void TestScoreTask::shippedTasks_data() {
  QTest::addColumn<QString>("name");
  for (const std::string& name : presetNames()) {
    QTest::newRow(name.c_str()) << QString::fromStdString(name);
  }
  for (const std::string& name : exampleNames()) {
    QTest::newRow(("example " + name).c_str()) << QString::fromStdString(name);
  }
}

void TestScoreTask::shippedTasks() {
  QFETCH(QString, name);
  const ExperimentSpec spec = preset(name.toStdString());
  const auto task = Task::compile(spec.task);
  QVERIFY(task.has_value());
  const auto probe = makeProbe(*task, spec.probe);
  QVERIFY(probe.has_value());
  const SequenceSet& set = *probe;
  const auto uniform = [](int query, int key) { return key <= query ? 1.0 / (query + 1) : 0; };

  const PatternBatch untrained =
      makeHead(set, [&](std::size_t, int query, int key) { return uniform(query, key); });
  const HeadScores nothing = scoreHeads(untrained, set, *task, true).at(0);
  QVERIFY(std::abs(nothing.shift()) < 1e-6);
  QVERIFY(std::abs(nothing.broadcast()) < 1e-6);
  QVERIFY(!labelOf(nothing).label.has_value());
  QVERIFY(!nothing.broadcasts.empty());
  QCOMPARE(nothing.shift_row.has_value(), hasAnchor(*task));

  // The later token of each pair reads the earlier one, and nothing else is special.
  for (const RowScore& row : nothing.shift_rows) {
    const PatternBatch head = makeHead(set, [&](std::size_t i, int query, int key) {
      const int source = firstPlace(set, i, row.source);
      const bool reads = source >= 0 && query == firstPlace(set, i, row.reader) && source < query;
      return reads ? (key == source ? 1.0 : 0.0) : uniform(query, key);
    });
    const HeadScores scores = scoreHeads(head, set, *task, true).at(0);
    QVERIFY(scores.shift_row.has_value());
    QVERIFY(std::abs(scores.shift_row->score.lift - 1) < 1e-6);
    QVERIFY(labelOf(scores).states[static_cast<std::size_t>(Label::Shift)] == LabelState::Entered);
  }

  // The output row reads one source.
  for (const BroadcastScore& broadcast : nothing.broadcasts) {
    const PatternBatch head = makeHead(set, [&](std::size_t i, int query, int key) {
      const int source = firstPlace(set, i, broadcast.source);
      const bool reads = source >= 0 && query == set.lengths[i] - 1;
      return reads ? (key == source ? 1.0 : 0.0) : uniform(query, key);
    });
    const HeadScores scores = scoreHeads(head, set, *task, true).at(0);
    const auto best = static_cast<std::size_t>(scores.best_broadcast);
    QCOMPARE(scores.broadcasts[best].source, broadcast.source);
    QVERIFY(std::abs(scores.broadcast() - 1) < 1e-6);
    const bool moves = scores.broadcasts[best].output_tracking > 0.1;
    QCOMPARE(labelOf(scores).label == Label::Broadcast, moves);
  }
}

QTEST_GUILESS_MAIN(TestScoreTask)
#include "tst_score_task.moc"
