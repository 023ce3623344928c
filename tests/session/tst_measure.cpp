// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/session/measure.h"
#include "engine/session/run_parts.h"
#include "tests/session/fake_engine.h"
#include "tests/session/tiny_experiment.h"

#include <QTest>

#include <cmath>

using namespace anchorlens;

namespace {

core::GroupInfo groupOf(core::GroupInfo::Kind kind) {
  core::GroupInfo group;
  group.kind = kind;
  return group;
}

}  // namespace

class TestMeasure : public QObject {
  Q_OBJECT

 private slots:
  void totalsAreWeightedAndKeepCombinationsApart() {
    using Kind = core::GroupInfo::Kind;
    const std::vector<core::GroupInfo> groups{groupOf(Kind::Seen), groupOf(Kind::Seen),
                                              groupOf(Kind::HeldOutKeys),
                                              groupOf(Kind::HeldOutCombination)};
    core::Metrics metrics;
    metrics.groups = {
        {0, 300, 1.0, 0.5}, {1, 100, 0.0, 2.5}, {2, 50, 0.25, 3.0}, {3, 50, 0.0, 9.0}};
    engine::fillTotals(metrics, groups);
    QCOMPARE(metrics.train_accuracy, 0.75);
    QCOMPARE(metrics.train_loss, 1.0);
    QCOMPARE(metrics.test_accuracy, 0.25);
    QCOMPARE(metrics.test_loss, 3.0);
  }

  void noGroupsIsNaN() {
    core::Metrics metrics;
    engine::fillTotals(metrics, {});
    QVERIFY(std::isnan(metrics.train_accuracy));
    QVERIFY(std::isnan(metrics.test_accuracy));
    QVERIFY(std::isnan(metrics.test_loss));
  }

  void subsetKeepsRowsTogether() {
    tests::FakeEngine fake;
    const auto parts = engine::makeParts(tests::tinyExperiment(), &fake);
    QVERIFY2(parts, parts ? "" : parts.error().message.c_str());
    const core::SequenceSet& all = parts->data->test;
    const core::SequenceSet part = engine::subset(all, 5, 7);
    QCOMPARE(part.size(), 7U);
    QCOMPARE(part.answer_offsets.size(), 8U);
    for (std::size_t i = 0; i < part.size(); ++i) {
      const auto row = all.row(i + 5);
      QVERIFY(std::equal(row.begin(), row.end(), part.row(i).begin(), part.row(i).end()));
      QCOMPARE(part.targets[i], all.targets[i + 5]);
      QCOMPARE(part.answersOf(i).size(), all.answersOf(i + 5).size());
      QCOMPARE(part.answersOf(i)[0].token, all.answersOf(i + 5)[0].token);
    }
  }

  void frameKeepsWhatIsAskedFor() {
    tests::FakeBehaviour behaviour;
    behaviour.shift = [](std::int64_t) { return 0.8; };
    tests::FakeEngine fake(behaviour);
    const auto parts = engine::makeParts(tests::tinyExperiment(), &fake);
    QVERIFY(parts);
    const auto make = [&](const engine::FrameParts& kept) {
      return *engine::makeFrame(*parts->trainer, parts->task, parts->probe, 2, kept, true, 17);
    };
    const auto full = make({});
    QCOMPARE(full->run_id, 17U);
    QCOMPARE(full->scores.size(), 2U);
    QCOMPARE(full->shown.n, 2U);
    QCOMPARE(full->shown.pattern.size(), 2U * 2U * 81U);
    QCOMPARE(full->mean.n, 1U);
    QCOMPARE(full->predictions.size(), 2U);
    QCOMPARE(full->probe_accuracy, 1.0);
    // Head 0.0 looks back with 0.8 beyond what an even head does; 1.0 is even.
    QVERIFY(full->scores[0].shift() > 0.7);
    QVERIFY(std::abs(full->scores[1].shift()) < 1e-6);
    // Row 4 of the mean: 0.2 spread over five columns, 0.8 on column 3.
    QVERIFY(std::abs(full->mean.of(0, 0, 0)[4 * 9 + 3] - 0.84F) < 1e-6F);
    QVERIFY(std::abs(full->mean.of(0, 0, 0)[4 * 9 + 1] - 0.04F) < 1e-6F);

    const auto bare = make({false, false, false});
    QCOMPARE(bare->shown.n, 0U);
    QCOMPARE(bare->mean.n, 0U);
    QVERIFY(bare->predictions.empty());
    QCOMPARE(bare->scores.size(), 2U);
  }

  void severalLengthsHaveNoMean() {
    tests::FakeEngine fake;
    core::ExperimentSpec spec = tests::tinyExperiment();
    spec.task.seq_len = {6, 9};
    spec.probe.size = 64;
    const auto parts = engine::makeParts(spec, &fake);
    QVERIFY2(parts, parts ? "" : parts.error().message.c_str());
    const auto frame =
        *engine::makeFrame(*parts->trainer, parts->task, parts->probe, 2, {}, true, 0);
    QCOMPARE(frame->mean.n, 0U);
    QCOMPARE(frame->shown.n, 2U);
  }
};

QTEST_GUILESS_MAIN(TestMeasure)
#include "tst_measure.moc"
