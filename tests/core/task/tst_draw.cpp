// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/task/task.h"
#include "tests/core/task/check_row.h"
#include "tests/core/task/extra_tasks.h"
#include "tests/support/task_specs.h"

#include <QtTest>

#include <set>

using namespace anchorlens::core;
using namespace anchorlens::test;

namespace {

std::vector<NamedTask> everyTask() {
  std::vector<NamedTask> tasks = allTasks();
  for (NamedTask& extra : extraTasks()) {
    tasks.push_back(std::move(extra));
  }
  return tasks;
}

}  // namespace

class TestDraw : public QObject {
  Q_OBJECT

 private slots:
  void everyRowIsJudgedTheSame_data() { tasks(); }
  void everyRowIsJudgedTheSame() {
    const Task task = compiled();
    Random random(11, "test");
    for (const Split split : {Split::Train, Split::Test}) {
      const SequenceSet set = task.draw(split, 150, random);
      QCOMPARE(set.size(), std::size_t{150});
      for (std::size_t i = 0; i < set.size(); ++i) {
        const std::string problem = checkRow(task, set, i);
        QVERIFY2(problem.empty(), (problem + ": " + tokensText(set.row(i))).c_str());
      }
    }
  }

  void everyGroupIsDrawn_data() { tasks(); }
  void everyGroupIsDrawn() {
    const Task task = compiled();
    std::set<std::string> names;
    for (int group = 0; group < static_cast<int>(task.groups().size()); ++group) {
      Random random(5, "test");
      const SequenceSet set = task.drawGroup(group, 3, random);
      names.insert(task.groups()[static_cast<std::size_t>(group)].name);
      for (std::size_t i = 0; i < set.size(); ++i) {
        QCOMPARE(set.groups[i], group);
        const std::string problem = checkRow(task, set, i);
        QVERIFY2(problem.empty(), (problem + ": " + tokensText(set.row(i))).c_str());
      }
    }
    QCOMPARE(names.size(), task.groups().size());
  }

  void redrawEqualsDraw_data() { tasks(); }
  void redrawEqualsDraw() {
    const Task task = compiled();
    Random first(3, "test");
    Random second(3, "test");
    SequenceSet set = task.draw(Split::Train, 50, first, false);
    task.draw(Split::Train, 50, second, false);
    const SequenceSet next = task.draw(Split::Train, 50, second, false);
    task.redraw(Split::Train, set, first);
    QVERIFY(set.tokens == next.tokens);
    QVERIFY(set.roles == next.roles);
    QVERIFY(set.targets == next.targets);
    QVERIFY(set.groups == next.groups);
    QVERIFY(set.lengths == next.lengths);
    QVERIFY(first.state() == second.state());
  }

  void paddingIsZero() {
    TaskSpec spec = identity();
    spec.seq_len = {5, 9};
    const auto task = Task::compile(spec);
    QVERIFY(task.has_value());
    Random random(1, "test");
    const SequenceSet set = task->draw(Split::Train, 400, random);
    int n_short = 0;
    for (std::size_t i = 0; i < set.size(); ++i) {
      n_short += set.lengths[i] == 5 ? 1 : 0;
      for (std::size_t k = 0; k < 9; ++k) {
        const bool is_padding = k >= static_cast<std::size_t>(set.lengths[i]);
        QCOMPARE(set.tokens[9 * i + k] == 0, is_padding);
        QVERIFY(!is_padding || set.roles[9 * i + k] == 0);
      }
    }
    QVERIFY2(n_short > 150 && n_short < 250, std::to_string(n_short).c_str());
  }

  void stochasticTargetsFollowTheirProbabilities() {
    const auto task = Task::compile(statistical());
    QVERIFY(task.has_value());
    QVERIFY(task->isStochastic());
    Random random(2, "test");
    const SequenceSet set = task->draw(Split::Train, 10000, random);
    int n_first = 0;
    for (std::size_t i = 0; i < set.size(); ++i) {
      n_first += set.targets[i] == set.answersOf(i).front().token ? 1 : 0;
    }
    QVERIFY2(n_first > 7850 && n_first < 8150, std::to_string(n_first).c_str());
    n_first = 0;
    for (int k = 0; k < 10000; ++k) {
      n_first += task->drawTarget(set, 0, random) == set.answersOf(0).front().token ? 1 : 0;
    }
    QVERIFY2(n_first > 7850 && n_first < 8150, std::to_string(n_first).c_str());
    const SequenceSet bare = task->draw(Split::Train, 1, random, false);
    std::set<std::int32_t> seen;
    for (int k = 0; k < 100; ++k) {
      seen.insert(task->drawTarget(bare, 0, random));
    }
    QCOMPARE(seen.size(), std::size_t{2});
  }

  void relabelledOnlyInTraining() {
    TaskSpec spec = composite();
    spec.held_out = {ResidueRule{"x"}, AnchorsRule{{{"A", 4}, {"B", 3}}}};
    spec.relabel = {{{{"A", 3}, {"B", 4}}, "x-6"}};
    const auto task = Task::compile(spec);
    QVERIFY(task.has_value());
    int n_groups = 0;
    for (int g = 0; g < static_cast<int>(task->groups().size()); ++g) {
      const GroupInfo& group = task->groups()[static_cast<std::size_t>(g)];
      if (group.anchors != std::vector<int>{3, 4}) {
        continue;
      }
      ++n_groups;
      const bool is_train = group.split == Split::Train;
      QVERIFY(is_train || group.kind == GroupInfo::Kind::HeldOutCombination);
      Random random(4, "test");
      const SequenceSet set = task->drawGroup(g, 20, random);
      for (std::size_t i = 0; i < set.size(); ++i) {
        const auto judged = task->judge(set.row(i));
        QVERIFY(judged.has_value());
        std::int32_t key = 0;
        for (std::size_t k = 0; k < 9; ++k) {
          key = task->roles()[set.rolesOf(i)[k]].name == "key:x" ? set.row(i)[k] : key;
        }
        QCOMPARE(set.targets[i], is_train ? key - 6 : key - 10);
        QCOMPARE(judged->answers.front().token, key - 10);
        QCOMPARE(judged->taught.front().token, key - 6);
      }
    }
    QCOMPARE(n_groups, 2);
  }

 private:
  static void tasks() {
    QTest::addColumn<int>("index");
    const auto all = everyTask();
    for (int i = 0; i < static_cast<int>(all.size()); ++i) {
      QTest::newRow(all[static_cast<std::size_t>(i)].name.c_str()) << i;
    }
  }
  static Task compiled() {
    QFETCH(int, index);
    auto task = Task::compile(everyTask()[static_cast<std::size_t>(index)].spec);
    if (!task) {
      qFatal("%s: %s", task.error().front().pointer.c_str(), task.error().front().message.c_str());
    }
    return *task;
  }
};

QTEST_GUILESS_MAIN(TestDraw)
#include "tst_draw.moc"
