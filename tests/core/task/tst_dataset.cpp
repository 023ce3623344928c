// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/task/task.h"
#include "tests/core/task/extra_tasks.h"
#include "tests/support/task_specs.h"

#include <QtTest>

#include <algorithm>

using namespace anchorlens::core;
using namespace anchorlens::test;

namespace {

Task compiled(const TaskSpec& spec) {
  auto task = Task::compile(spec);
  if (!task) {
    qFatal("%s", task.error().front().message.c_str());
  }
  return *task;
}

DataSpec data(std::int64_t n_train, std::int64_t n_test) {
  DataSpec spec;
  spec.n_train = n_train;
  spec.n_test = n_test;
  return spec;
}

SequenceSet rows(const std::vector<std::vector<std::int32_t>>& tokens) {
  SequenceSet set;
  set.seq_len = 3;
  for (const auto& row : tokens) {
    set.tokens.insert(set.tokens.end(), row.begin(), row.end());
    set.lengths.push_back(3);
  }
  return set;
}

}  // namespace

class TestDataset : public QObject {
  Q_OBJECT

 private slots:
  void noTestSequenceOccursInTraining_data() {
    QTest::addColumn<int>("index");
    const auto all = allTasks();
    for (int i = 0; i < static_cast<int>(all.size()); ++i) {
      QTest::newRow(all[static_cast<std::size_t>(i)].name.c_str()) << i;
    }
  }
  void noTestSequenceOccursInTraining() {
    QFETCH(int, index);
    const Task task = compiled(allTasks()[static_cast<std::size_t>(index)].spec);
    const auto made = makeDataset(task, data(3000, 300));
    QVERIFY2(made.has_value(), made ? "" : made.error().front().message.c_str());
    QCOMPARE(made->train.size(), std::size_t{3000});
    QVERIFY(made->test.size() >= 300);
    QCOMPARE(countShared(made->train, made->test), std::size_t{0});
    QCOMPARE(made->train.answer_offsets.size(), std::size_t{3001});
  }

  // Few sequences in all: rows repeat within a split, and still never across.
  void smallTasksAreSplitCleanly() {
    TaskSpec spec = identity();
    spec.seq_len = {3};
    spec.noise = {{20, 27}};
    const Task task = compiled(spec);
    const auto made = makeDataset(task, data(20000, 5000));
    QVERIFY(made.has_value());
    QCOMPARE(countShared(made->train, made->test), std::size_t{0});
    QVERIFY(countShared(made->train, made->train) == made->train.size());
  }

  void everyHeldOutCombinationHasItsOwnSequences() {
    TaskSpec spec = synonym();
    const Task task = compiled(spec);
    const auto made = makeDataset(task, data(100, 50));
    QVERIFY(made.has_value());
    QCOMPARE(made->test.size(), std::size_t{150});
    for (std::size_t i = 0; i < 150; ++i) {
      const GroupInfo& group = task.groups()[static_cast<std::size_t>(made->test.groups[i])];
      QCOMPARE(group.kind == GroupInfo::Kind::HeldOutKeys, i < 50);
      QVERIFY(group.split == Split::Test);
    }
    QCOMPARE(std::count(made->test.groups.begin(), made->test.groups.end(), made->test.groups[50]),
             50);
  }

  void theSeedMakesTheData() {
    const Task task = compiled(composite());
    DataSpec spec = data(200, 50);
    const auto first = makeDataset(task, spec);
    const auto again = makeDataset(task, spec);
    QVERIFY(first->train.tokens == again->train.tokens);
    QVERIFY(first->train.targets == again->train.targets);
    QVERIFY(first->test.tokens == again->test.tokens);
    spec.seed = 2;
    const auto other = makeDataset(task, spec);
    QVERIFY(first->train.tokens != other->train.tokens);
    QVERIFY(first->test.tokens != other->test.tokens);
    // More training data leaves the test set alone, and begins with the same sequences.
    spec = data(400, 50);
    const auto longer = makeDataset(task, spec);
    QVERIFY(first->test.tokens == longer->test.tokens);
    QVERIFY(std::equal(first->train.tokens.begin(), first->train.tokens.end(),
                       longer->train.tokens.begin()));
  }

  void streamingKeepsASample() {
    const Task task = compiled(identity());
    DataSpec spec = data(1'000'000, 10);
    spec.mode = DataSpec::Mode::Streaming;
    QCOMPARE(makeDataset(task, spec)->train.size(), std::size_t{2000});
    spec.n_train = 30;
    QCOMPARE(makeDataset(task, spec)->train.size(), std::size_t{30});
  }

  void sizesAreChecked() {
    const Task task = compiled(identity());
    const auto none = makeDataset(task, data(0, 10));
    QVERIFY(!none.has_value());
    QCOMPARE(none.error().front().pointer, std::string("/data/n_train"));
    const auto no_test = makeDataset(task, data(10, 0));
    QVERIFY(!no_test.has_value());
    QCOMPARE(no_test.error().front().pointer, std::string("/data/n_test"));
    TaskSpec many = heldLength();
    many.seq_len = {6, 9, 1024};
    many.held_out.back() = LengthRule{{1024}};
    const auto huge = makeDataset(compiled(many), data(10, 10'000'000));
    QVERIFY(!huge.has_value());
    QCOMPARE(QString::fromStdString(huge.error().front().message),
             QString("10000000 sequences for each of 18 test groups of length 1024 do not fit into "
                     "memory: at most 4000000000 tokens are possible."));
  }

  void canBeStopped() {
    const Task task = compiled(identity());
    std::stop_source source;
    source.request_stop();
    QVERIFY(!makeDataset(task, data(1000, 10), source.get_token()).has_value());
  }

  void sharedRowsAreCountedExactly() {
    const SequenceSet train = rows({{1, 2, 3}, {4, 5, 6}, {4, 5, 6}, {7, 8, 0}});
    const SequenceSet test = rows({{4, 5, 6}, {4, 5, 6}, {1, 2, 4}, {7, 8, 0}, {3, 2, 1}});
    QCOMPARE(countShared(train, test), std::size_t{3});
    QCOMPARE(countShared(rows({}), test), std::size_t{0});
    QCOMPARE(countShared(train, rows({})), std::size_t{0});
  }

  void probeIsFrozen() {
    const Task task = compiled(identity());
    const auto first = makeProbe(task, ProbeSpec());
    QCOMPARE(first->size(), std::size_t{512});
    QVERIFY(first->tokens == makeProbe(task, ProbeSpec())->tokens);
    for (const Split split : first->splits) {
      QVERIFY(split == Split::Test);
    }
  }

  void typedSequencesStandFirst() {
    const Task task = compiled(statistical());
    ProbeSpec spec;
    spec.size = 5;
    spec.split = ProbeSpec::Split::Train;
    spec.sequences = {{30, 3, 50, 60, 61, 62, 63, 64, 65}, {3, 44, 60, 61, 62, 63, 64, 65, 66}};
    const auto probe = makeProbe(task, spec);
    QVERIFY(probe.has_value());
    QCOMPARE(probe->size(), std::size_t{5});
    QCOMPARE(probe->row(1)[1], 44);
    QCOMPARE(probe->targets[0], 50);
    QCOMPARE(probe->answersOf(0).size(), std::size_t{2});
    QVERIFY(probe->splits[0] == Split::Test);
    QCOMPARE(task.roles()[probe->rolesOf(1)[0]].name, std::string("anchor:3"));
    for (std::size_t i = 2; i < 5; ++i) {  // not drawn: the most probable answer
      QCOMPARE(probe->targets[i], probe->answersOf(i).front().token);
      QVERIFY(probe->splits[i] == Split::Train);
    }
    QCOMPARE(probe->answer_offsets.size(), std::size_t{6});
  }

  void wrongProbes() {
    const Task task = compiled(identity());
    ProbeSpec spec;
    spec.size = 2;
    spec.sequences = {{30, 3, 50}, {30, 3, 50, 60, 61, 62, 63, 64, 65}, {1, 1, 1}};
    const auto probe = makeProbe(task, spec);
    QVERIFY(!probe.has_value());
    QStringList pointers;
    for (const SpecError& error : probe.error()) {
      pointers << QString::fromStdString(error.pointer);
    }
    QCOMPARE(pointers, (QStringList{"/probe/size", "/probe/sequences/0", "/probe/sequences/2"}));
    spec.sequences.clear();
    spec.size = 0;
    QVERIFY(!makeProbe(task, spec).has_value());
  }

  void shorterTypedSequencesArePadded() {
    TaskSpec task_spec = identity();
    task_spec.seq_len = {5, 9};
    const Task task = compiled(task_spec);
    ProbeSpec spec;
    spec.size = 1;
    spec.sequences = {{30, 3, 50, 60, 61}};
    const auto probe = makeProbe(task, spec);
    QVERIFY(probe.has_value());
    QCOMPARE(probe->tokens, (std::vector<std::int32_t>{30, 3, 50, 60, 61, 0, 0, 0, 0}));
    QCOMPARE(probe->lengths[0], 5);
  }
};

QTEST_GUILESS_MAIN(TestDataset)
#include "tst_dataset.moc"
