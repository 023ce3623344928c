// SPDX-License-Identifier: GPL-3.0-or-later
// The update of other devices, by LibTorch's operations, against the CPU's loops.
#include "engine/torch/module.h"
#include "engine/torch/optimizer.h"
#include "tests/support/engine_fixtures.h"

#include <cmath>

using namespace anchorlens;

namespace {

using Kind = core::TrainingSpec::Optimizer;
constexpr std::int64_t kCount = 1003;

at::Tensor wave(double frequency) {
  at::Tensor values = at::empty({kCount}, at::kFloat);
  for (std::int64_t i = 0; i < kCount; ++i) {
    values.data_ptr<float>()[i] =
        static_cast<float>(std::sin(frequency * static_cast<double>(i + 1)));
  }
  return values;
}

double difference(const at::Tensor& a, const at::Tensor& b) {
  return (a - b).abs().max().item<double>();
}

}  // namespace

class TestOptimizer : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void operationsEqualTheLoops_data() {
    QTest::addColumn<int>("kind");
    QTest::addColumn<double>("momentum");
    QTest::addColumn<double>("scale");
    for (const double scale : {1.0, 0.25}) {
      const auto row = [&](const char* name, Kind kind, double momentum) {
        QTest::newRow(qPrintable(QString("%1, clipped to %2").arg(name).arg(scale)))
            << static_cast<int>(kind) << momentum << scale;
      };
      row("AdamW", Kind::AdamW, 0.0);
      row("Adam", Kind::Adam, 0.0);
      row("SGD", Kind::Sgd, 0.0);
      row("SGD with momentum", Kind::Sgd, 0.9);
    }
  }
  void operationsEqualTheLoops() {
    QFETCH(int, kind);
    QFETCH(double, momentum);
    QFETCH(double, scale);
    engine::torchModule();
    core::TrainingSpec training;
    training.optimizer = static_cast<Kind>(kind);
    training.momentum = momentum;
    training.weight_decay = 0.3;
    at::Tensor by_loops = wave(0.7);
    at::Tensor by_operations = by_loops.clone();
    engine::Optimizer loops(training, by_loops);
    engine::Optimizer operations(training, by_loops);
    for (int step = 1; step <= 20; ++step) {
      const at::Tensor gradients = wave(0.1 + 0.01 * step);
      loops.update(by_loops, gradients.clone(), 0.01, scale, step);
      operations.updateByOperations(by_operations, gradients.clone(), 0.01, scale, step);
      QVERIFY(difference(by_operations, by_loops) < 1e-6);
    }
    QVERIFY(difference(by_loops, wave(0.7)) > 0.01);
    QCOMPARE(operations.state().size(), loops.state().size());
    for (std::size_t i = 0; i < loops.state().size(); ++i) {
      QVERIFY(difference(operations.state()[i].second, loops.state()[i].second) < 1e-5);
    }
  }
};

QTEST_GUILESS_MAIN(TestOptimizer)
#include "tst_optimizer.moc"
