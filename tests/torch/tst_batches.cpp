// SPDX-License-Identifier: GPL-3.0-or-later
// Which sequences a training run sees, and in which order.
#include "engine/torch/batches.h"
#include "engine/torch/module.h"
#include "tests/support/engine_fixtures.h"

#include <cmath>
#include <set>
#include <vector>

using namespace anchorlens;

namespace {

struct Stream {
  core::ExperimentSpec spec;
  core::Task task;
  std::shared_ptr<const core::Dataset> data;
  engine::Batches batches;
};

Stream streamOf(const core::ExperimentSpec& spec) {
  engine::torchModule();
  const core::Task task = test::compiled(spec.task);
  const auto data = test::dataOf(task, spec.data);
  const std::shared_ptr<const core::SequenceSet> train(data, &data->train);
  return {spec, task, data, engine::Batches(spec, task, train)};
}

/// The tokens and the target of each sequence.
std::vector<std::vector<std::int64_t>> rowsOf(const engine::TrainingBatch& batch) {
  std::vector<std::vector<std::int64_t>> rows;
  for (std::int64_t row = 0; row < batch.size(); ++row) {
    const auto first = batch.tokens.begin() + row * batch.seq_len;
    rows.emplace_back(first, first + batch.seq_len);
    rows.back().push_back(batch.targets[static_cast<std::size_t>(row)]);
  }
  return rows;
}

std::vector<std::vector<std::int64_t>> nextEpoch(engine::Batches& batches) {
  std::vector<std::vector<std::int64_t>> rows;
  for (std::int64_t i = 0; i < batches.stepsPerEpoch(); ++i) {
    const auto more = rowsOf(batches.next());
    rows.insert(rows.end(), more.begin(), more.end());
  }
  return rows;
}

}  // namespace

class TestBatches : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void everyEpochSeesEverySequenceOnce() {
    Stream stream = streamOf(test::tinyExperiment());
    const core::SequenceSet& train = stream.data->train;
    std::multiset<std::vector<std::int64_t>> expected;
    for (std::size_t i = 0; i < train.size(); ++i) {
      std::vector<std::int64_t> row(train.row(i).begin(), train.row(i).end());
      row.push_back(train.targets[i]);
      expected.insert(row);
    }
    const auto first = nextEpoch(stream.batches);
    const auto second = nextEpoch(stream.batches);
    QVERIFY(std::multiset(first.begin(), first.end()) == expected);
    QVERIFY(std::multiset(second.begin(), second.end()) == expected);
    QVERIFY(first != second);
  }

  void theLastBatchIsSmaller() {
    Stream stream = streamOf(test::tinyExperiment());
    QCOMPARE(stream.batches.stepsPerEpoch(), std::int64_t{5});
    std::vector<std::int64_t> sizes;
    for (int i = 0; i < 6; ++i) {
      sizes.push_back(stream.batches.next().size());
    }
    QCOMPARE(sizes, (std::vector<std::int64_t>{48, 48, 48, 48, 8, 48}));
  }

  void streamedSequencesAreFreshAndTrainable() {
    core::ExperimentSpec spec = test::tinyExperiment();
    spec.data.mode = core::DataSpec::Mode::Streaming;
    Stream stream = streamOf(spec);
    const auto first = rowsOf(stream.batches.next());
    QCOMPARE(first.size(), std::size_t{48});
    QVERIFY(first != rowsOf(stream.batches.next()));
    for (const auto& row : first) {
      const std::vector<std::int32_t> tokens(row.begin(), row.end() - 1);
      const auto judged = stream.task.judge(tokens);
      QVERIFY(judged);
      QCOMPARE(judged->split, core::Split::Train);
      QCOMPARE(std::int64_t{judged->answers[0].token}, row.back());
    }
  }

  void stochasticAnswersAreDrawnAtEveryVisit() {
    core::ExperimentSpec spec = test::tinyExperiment();
    spec.task = core::preset("statistical").task;
    Stream stream = streamOf(spec);
    int most_probable = 0;
    int visits = 0;
    for (int epoch = 0; epoch < 20; ++epoch) {
      for (const auto& row : nextEpoch(stream.batches)) {
        const std::vector<std::int32_t> tokens(row.begin(), row.end() - 1);
        const auto judged = stream.task.judge(tokens);
        QVERIFY(judged);
        most_probable += judged->answers[0].token == row.back() ? 1 : 0;
        ++visits;
      }
    }
    // 4000 draws at 0.8: four standard deviations are 0.025.
    const double share = static_cast<double>(most_probable) / visits;
    QVERIFY2(std::abs(share - 0.8) < 0.025, qPrintable(QString::number(share)));
  }

  void goingBackRepeatsTheBatch_data() {
    QTest::addColumn<int>("steps");
    QTest::addColumn<QString>("mode");
    for (const char* mode : {"fixed", "streaming", "stochastic"}) {
      for (const int steps : {0, 2, 4, 5, 6}) {  // 5 steps are an epoch
        QTest::newRow(qPrintable(QString("%1 after %2").arg(mode).arg(steps))) << steps << mode;
      }
    }
  }
  void goingBackRepeatsTheBatch() {
    QFETCH(int, steps);
    QFETCH(QString, mode);
    core::ExperimentSpec spec = test::tinyExperiment();
    if (mode == "streaming") {
      spec.data.mode = core::DataSpec::Mode::Streaming;
    } else if (mode == "stochastic") {
      spec.task = core::preset("statistical").task;
    }
    Stream stream = streamOf(spec);
    for (int i = 0; i < steps; ++i) {
      stream.batches.next();
    }
    const auto place = stream.batches.place();
    const auto state = stream.batches.state();
    const auto first = rowsOf(stream.batches.next());
    const auto second = rowsOf(stream.batches.next());
    stream.batches.goBack(place);
    QVERIFY(stream.batches.state() == state);
    QCOMPARE(rowsOf(stream.batches.next()), first);
    QCOMPARE(rowsOf(stream.batches.next()), second);
  }
};

QTEST_GUILESS_MAIN(TestBatches)
#include "tst_batches.moc"
