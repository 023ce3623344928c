// SPDX-License-Identifier: GPL-3.0-or-later
// Training finds what the paper found: two layers learn identity, one layer does not.
#include "engine/torch/module.h"
#include "tests/support/engine_fixtures.h"
#include "tests/torch/held_out.h"

using namespace anchorlens;

class TestLearning : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void twoLayersLearn() {
    const double accuracy = heldOutAccuracy(2, 700);
    qInfo("held-out accuracy of two layers after 700 steps: %.3f", accuracy);
    QVERIFY(accuracy >= 0.95);
  }
  void oneLayerDoesNot() {
    const double accuracy = heldOutAccuracy(1, 500);
    qInfo("held-out accuracy of one layer after 500 steps: %.3f", accuracy);
    QVERIFY(accuracy < 0.15);
  }

 private:
  static double heldOutAccuracy(int n_layers, int steps) {
    core::ExperimentSpec spec = core::preset("demo");
    spec.model.n_layers = n_layers;
    spec.training.device = "cpu";
    const core::Task task = test::compiled(spec.task);
    const auto data = test::dataOf(task, spec.data);
    auto trainer = engine::torchModule().createTrainer(
        {spec, task, std::shared_ptr<const core::SequenceSet>(data, &data->train)});
    if (!trainer) {
      qFatal("%s", trainer.error().message.c_str());
    }
    test::train(**trainer, steps);
    return test::accuracyOn(**trainer, data->test);
  }
};

QTEST_GUILESS_MAIN(TestLearning)
#include "tst_learning.moc"
