// SPDX-License-Identifier: GPL-3.0-or-later
// The fast path against the reference, for every switch of the model.
#include "engine/torch/fast/loops.h"
#include "engine/torch/module.h"
#include "engine/torch/torch_trainer.h"
#include "tests/support/engine_fixtures.h"
#include "tests/torch/model_switches.h"

#include <cmath>

using namespace anchorlens;
using core::ModelSpec;

namespace {

std::unique_ptr<engine::TorchTrainer> trainerOf(core::ExperimentSpec spec, const char* kernel) {
  engine::torchModule();
  spec.training.kernel = kernel;
  return std::make_unique<engine::TorchTrainer>(test::inputOf(spec), at::Device("cpu"));
}

double largest(const float* values, std::int64_t count) {
  double size = 0;
  for (std::int64_t i = 0; i < count; ++i) {
    size = std::max(size, std::abs(static_cast<double>(values[i])));
  }
  return size;
}

/// The first tensor whose gradients differ by more than 1e-5 of its size; empty if none does.
QString differenceOf(const engine::Parameters& parameters, const std::vector<float>& found,
                     const std::vector<float>& expected) {
  const double all = largest(expected.data(), static_cast<std::int64_t>(expected.size()));
  for (const engine::ParameterInfo& info : parameters.infos()) {
    double gap = 0;
    for (std::int64_t i = info.offset; i < info.offset + info.count; ++i) {
      const auto at = static_cast<std::size_t>(i);
      gap = std::max(gap, std::abs(static_cast<double>(found[at] - expected[at])));
    }
    // A key bias moves all scores of a row alike: its true gradient is 0.
    const bool is_zero = info.name.ends_with(".attn.k.bias");
    const double size = is_zero ? all : largest(expected.data() + info.offset, info.count);
    if (!(gap <= 1e-5 * std::max(size, 1e-3 * all))) {
      return QString("%1: %2").arg(info.name.c_str()).arg(gap / size);
    }
  }
  return {};
}

}  // namespace

class TestFastKernel : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void gradientsEqualTheReference_data() { test::addSwitches(); }
  void gradientsEqualTheReference() {
    const core::ExperimentSpec spec = test::changed();
    const auto reference = trainerOf(spec, "autograd");
    const auto fast = trainerOf(spec, "fast");
    QCOMPARE(fast->kernel(), std::string("fast"));
    core::Random random(3);
    const core::Task task = test::compiled(spec.task);
    // Smaller than a pass, as large, and so large that passes are added up.
    for (const std::size_t n : {std::size_t{5}, std::size_t{48}, std::size_t{131}}) {
      QString difference = "untried";
      // An input of a ReLU that rounds to the other side of 0 changes the gradient by a step; that
      // is rare, so one of three draws without one is looked for.
      for (int draw = 0; draw < 3 && !difference.isEmpty(); ++draw) {
        const auto set = task.draw(core::Split::Train, n, random);
        difference =
            differenceOf(fast->parameters(), fast->gradientsOf(set), reference->gradientsOf(set));
      }
      QVERIFY2(difference.isEmpty(), qPrintable(difference));
    }
  }

  void twentyLossesEqualTheReference_data() { test::addSwitches(); }
  void twentyLossesEqualTheReference() {
    const core::ExperimentSpec spec = test::changed();
    const auto reference = trainerOf(spec, "autograd");
    const auto fast = trainerOf(spec, "fast");
    double worst = 0;
    for (int i = 0; i < 20; ++i) {
      const auto expected = reference->trainStep();
      const auto found = fast->trainStep();
      QVERIFY(expected && found);
      worst = std::max(worst, std::abs(found->loss - expected->loss) / expected->loss);
    }
    qInfo("losses: %.2e", worst);
    QVERIFY(worst < 1e-4);
  }

  /// -log p of a target whose p is nearly 1, of logits as large as trained models have.
  void smallLossesKeepTheirDigits() {
    constexpr std::int64_t kVocab = 100;
    constexpr std::int32_t kTarget = 42;
    std::vector<float> logits(kVocab);
    for (std::size_t i = 0; i < logits.size(); ++i) {
      logits[i] = 6.0F + 3.0F * std::sin(static_cast<float>(i));
    }
    logits[kTarget] = 18.37F;
    double rest = 0;
    for (std::size_t i = 0; i < logits.size(); ++i) {
      rest += i == kTarget ? 0 : std::exp(double{logits[i]} - double{logits[kTarget]});
    }
    const double expected = std::log1p(rest);
    QVERIFY(expected < 5e-3);
    const double loss = engine::fast::crossEntropy(1, kVocab, &kTarget, 1.0F, logits.data());
    QVERIFY2(std::abs(loss / expected - 1) < 1e-4, qPrintable(QString::number(loss / expected)));
  }

  void autoTakesItWhereItCan() {
    core::ExperimentSpec spec = test::tinyExperiment();
    QCOMPARE(trainerOf(spec, "auto")->kernel(), std::string("fast"));
    spec.model.kind = ModelSpec::Kind::Lstm;
    QCOMPARE(trainerOf(spec, "auto")->kernel(), std::string("autograd"));
  }

  void whatItCannotIsSaid() {
    core::ExperimentSpec spec = test::tinyExperiment();
    spec.model.kind = ModelSpec::Kind::Lstm;
    spec.training.kernel = "fast";
    const auto trainer = engine::torchModule().createTrainer(test::inputOf(spec));
    QVERIFY(!trainer);
    QCOMPARE(trainer.error().message,
             std::string("Kernel 'fast' cannot train this: it computes transformers only. Expected "
                         "'auto' or 'autograd'."));
  }

  void tokensFarFromTheMeanStayFinite() {
    // Logits of thousands: the softmax must not overflow.
    core::ExperimentSpec spec = test::tinyExperiment();
    spec.model.init = {core::InitSpec::Kind::Gamma, -1.0, {}};
    spec.model.norm = ModelSpec::Norm::None;
    const auto reference = trainerOf(spec, "autograd");
    const auto fast = trainerOf(spec, "fast");
    const auto expected = reference->trainStep();
    const auto found = fast->trainStep();
    QVERIFY(expected && found);
    QVERIFY(std::abs(found->loss - expected->loss) < 1e-4 * expected->loss);
  }
};

QTEST_GUILESS_MAIN(TestFastKernel)
#include "tst_fast_kernel.moc"
