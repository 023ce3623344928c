// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/task/task.h"
#include "tests/core/task/check_row.h"
#include "tests/core/task/random_task.h"

#include <QtTest>

using namespace anchorlens::core;
using namespace anchorlens::test;

/// Tasks that nobody thought of. ANCHORLENS_RANDOM_TASKS sets how many (1000).
class TestRandomTasks : public QObject {
  Q_OBJECT

 private slots:
  void whatCompilesIsDrawnAsItIsDefined() {
    bool is_number = false;
    const int asked = qEnvironmentVariableIntValue("ANCHORLENS_RANDOM_TASKS", &is_number);
    const int n_tasks = is_number ? asked : 1000;
    int n_good = 0;
    for (int seed = 0; seed < n_tasks; ++seed) {
      Random random(static_cast<std::uint64_t>(seed), "random task");
      const TaskSpec spec = randomTask(random);
      const auto task = Task::compile(spec);
      if (!task) {
        QVERIFY(!task.error().empty());
        QVERIFY(!task.error().front().message.empty());
        QVERIFY(task.error().front().pointer.starts_with("/task/"));
        continue;
      }
      ++n_good;
      const std::string problem = problemOf(*task, random);
      QVERIFY2(problem.empty(),
               ("seed " + std::to_string(seed) + ": " + problem + "\n  " + describe(spec)).c_str());
    }
    qInfo("%d of %d random tasks are right and were drawn", n_good, n_tasks);
    QVERIFY2(20 * n_good >= n_tasks, std::to_string(n_good).c_str());
  }

 private:
  static std::string problemOf(const Task& task, Random& random) {
    for (int group = 0; group < static_cast<int>(task.groups().size()); ++group) {
      const SequenceSet set = task.drawGroup(group, 2, random);
      for (std::size_t i = 0; i < set.size(); ++i) {
        if (set.groups[i] != group) {
          return "another group";
        }
        const std::string problem = checkRow(task, set, i);
        if (!problem.empty()) {
          return problem + ": " + tokensText(set.row(i));
        }
      }
    }
    DataSpec data;
    data.n_train = 60;
    data.n_test = 20;
    const auto made = makeDataset(task, data);
    if (!made) {
      return made.error().front().message;
    }
    for (const SequenceSet* set : {&made->train, &made->test}) {
      for (std::size_t i = 0; i < set->size(); ++i) {
        const std::string problem = checkRow(task, *set, i);
        if (!problem.empty()) {
          return problem + ": " + tokensText(set->row(i));
        }
      }
    }
    const TaskAnalysis& analysis = task.analysis();
    const bool is_sound = analysis.chance > 0 && analysis.chance <= 1 + 1e-9 &&
                          analysis.train_share > 0 && analysis.train_share < 1 &&
                          analysis.ceiling_train > 0 && analysis.ceiling_train <= 1 + 1e-9 &&
                          analysis.result_min >= 1 && analysis.result_max < task.dVocab();
    return is_sound ? "" : "analysis out of bounds";
  }
};

QTEST_GUILESS_MAIN(TestRandomTasks)
#include "tst_random_tasks.moc"
