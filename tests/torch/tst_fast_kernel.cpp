// SPDX-License-Identifier: GPL-3.0-or-later
// The fast path against the reference, for every switch of the model.
#include "engine/torch/module.h"
#include "engine/torch/torch_trainer.h"
#include "tests/support/engine_fixtures.h"

#include <cmath>
#include <functional>

using namespace anchorlens;
using core::ModelSpec;

namespace {

using Change = std::function<void(core::ExperimentSpec&)>;

const std::vector<std::pair<const char*, Change>>& switches() {
  static const std::vector<std::pair<const char*, Change>> kSwitches{
      {"as it is", [](auto&) {}},
      {"full mask", [](auto& e) { e.model.mask = ModelSpec::Mask::None; }},
      {"pre-LN", [](auto& e) { e.model.norm = ModelSpec::Norm::Pre; }},
      {"no LN", [](auto& e) { e.model.norm = ModelSpec::Norm::None; }},
      {"GELU", [](auto& e) { e.model.activation = ModelSpec::Activation::Gelu; }},
      {"sinusoids", [](auto& e) { e.model.positions = ModelSpec::Positions::Sinusoidal; }},
      {"no positions", [](auto& e) { e.model.positions = ModelSpec::Positions::None; }},
      {"no residual", [](auto& e) { e.model.residual = false; }},
      {"no MLP", [](auto& e) { e.model.mlp = false; }},
      {"no output projection", [](auto& e) { e.model.attention_output = false; }},
      {"attention biases", [](auto& e) { e.model.attention_biases = true; }},
      {"MLP biases", [](auto& e) { e.model.mlp_biases = true; }},
      {"no unembedding bias", [](auto& e) { e.model.unembedding_bias = false; }},
      {"small initial weights",
       [](auto& e) {
         e.model.init = {core::InitSpec::Kind::Gamma, 0.8, {}};
       }},
      {"shifted values", [](auto& e) { e.model.shift_values_by = 1; }},
      {"one layer", [](auto& e) { e.model.n_layers = 1; }},
      {"four layers", [](auto& e) { e.model.n_layers = 4; }},
      {"several lengths",
       [](auto& e) {
         e.task.seq_len = {5, 9};
       }},
      {"no clipping", [](auto& e) { e.training.clip_norm.reset(); }},
      {"streaming", [](auto& e) { e.data.mode = core::DataSpec::Mode::Streaming; }},
      {"stochastic", [](auto& e) { e.task = core::preset("statistical").task; }},
      // Few rows: each token is projected on its own.
      {"small batches", [](auto& e) { e.training.batch_size = 3; }},
      // More distinct tokens than are looked at.
      {"large vocabulary",
       [](auto& e) {
         e.task.d_vocab = 20'000;
         e.task.noise = e.task.keys["x"] = {{20, 15'000}};
       }},
      {"pre-LN, no residual, GELU, biases",
       [](auto& e) {
         e.model.norm = ModelSpec::Norm::Pre;
         e.model.residual = false;
         e.model.activation = ModelSpec::Activation::Gelu;
         e.model.attention_biases = e.model.mlp_biases = true;
       }},
      {"shifted, biases, several lengths, full mask",
       [](auto& e) {
         e.model.shift_values_by = 2;
         e.model.attention_biases = true;
         e.model.mask = ModelSpec::Mask::None;
         e.task.seq_len = {5, 9};
       }},
      {"one layer, pre-LN, shifted, biases",
       [](auto& e) {
         e.model.n_layers = 1;
         e.model.norm = ModelSpec::Norm::Pre;
         e.model.shift_values_by = 1;
         e.model.attention_biases = true;
       }},
      {"no LN, no residual, no positions",
       [](auto& e) {
         e.model.norm = ModelSpec::Norm::None;
         e.model.residual = false;
         e.model.positions = ModelSpec::Positions::None;
       }},
  };
  return kSwitches;
}

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
  void gradientsEqualTheReference_data() { addSwitches(); }
  void gradientsEqualTheReference() {
    const core::ExperimentSpec spec = changed();
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

  void twentyLossesEqualTheReference_data() { addSwitches(); }
  void twentyLossesEqualTheReference() {
    const core::ExperimentSpec spec = changed();
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

 private:
  static void addSwitches() {
    QTest::addColumn<int>("index");
    for (std::size_t i = 0; i < switches().size(); ++i) {
      QTest::newRow(switches()[i].first) << static_cast<int>(i);
    }
  }
  static core::ExperimentSpec changed() {
    core::ExperimentSpec spec = test::tinyExperiment();
    const int index = *static_cast<int*>(QTest::qData("index", qMetaTypeId<int>()));
    switches()[static_cast<std::size_t>(index)].second(spec);
    return spec;
  }
};

QTEST_GUILESS_MAIN(TestFastKernel)
#include "tst_fast_kernel.moc"
