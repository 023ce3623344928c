// SPDX-License-Identifier: GPL-3.0-or-later
// Training with matrix products of bfloat16: the products, the fast path against the reference and
// both against float32. What is trained is emulated where the processor has no instructions for it.
#include "engine/session/precision.h"
#include "engine/torch/fast/gemm.h"
#include "engine/torch/flat_loops.h"
#include "engine/torch/linear.h"
#include "engine/torch/module.h"
#include "engine/torch/torch_trainer.h"
#include "tests/support/engine_fixtures.h"
#include "tests/torch/held_out.h"
#include "tests/torch/model_switches.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

using namespace anchorlens;
using engine::fast::Into;
using Precision = core::TrainingSpec::Precision;

namespace {

/// An input's relative error: 8 bits of mantissa, rounded.
constexpr double kRounding = 1.0 / 512;

std::unique_ptr<engine::TorchTrainer> trainerOf(core::ExperimentSpec spec, const char* kernel,
                                                Precision precision = Precision::BFloat16) {
  engine::torchModule();
  spec.training.kernel = kernel;
  spec.training.precision = precision;
  return std::make_unique<engine::TorchTrainer>(test::inputOf(spec), at::Device("cpu"), nullptr,
                                                engine::BFloat16::Emulated);
}

/// The largest difference of two curves, relative.
double gapOf(const std::vector<double>& found, const std::vector<double>& expected) {
  double gap = 0;
  for (std::size_t i = 0; i < expected.size(); ++i) {
    gap = std::max(gap, std::abs(found[i] - expected[i]) / expected[i]);
  }
  return gap;
}

/// || found - expected || / || expected ||
double gapOfWholes(const std::vector<float>& found, const std::vector<float>& expected) {
  double gap = 0;
  double size = 0;
  for (std::size_t i = 0; i < expected.size(); ++i) {
    gap += std::pow(static_cast<double>(found[i]) - expected[i], 2);
    size += std::pow(static_cast<double>(expected[i]), 2);
  }
  return std::sqrt(gap / size);
}

float rounded(float value) {
  return static_cast<float>(static_cast<c10::BFloat16>(value));
}

std::vector<float> drawn(std::size_t count, core::Random& random) {
  std::vector<float> values(count);
  for (float& value : values) {
    value = static_cast<float>(random.normal());
  }
  return values;
}

}  // namespace

class TestBFloat16 : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase() {
    engine::torchModule();
    if (!engine::fast::hasBFloat16Products()) {
      QSKIP("this LibTorch has no products of bfloat16");
    }
  }

  void roundsToNearestEven() {
    constexpr float kInfinity = std::numeric_limits<float>::infinity();
    core::Random random(1);
    std::vector<float> values = drawn(1000, random);
    // Halfway between two: to the even one, up and down; the largest float becomes infinite.
    values.insert(values.end(), {0.0F, -0.0F, 1.00390625F, 1.01171875F, -1.00390625F, kInfinity,
                                 -kInfinity, 3.4028235e38F, 1e-40F});
    std::vector<std::uint16_t> found(values.size());
    engine::roundToBFloat16(static_cast<std::int64_t>(values.size()), values.data(), found.data());
    for (std::size_t i = 0; i < values.size(); ++i) {
      QCOMPARE(found[i], static_cast<c10::BFloat16>(values[i]).x);
    }
    // A NaN whose upper half alone would be infinite.
    const float nan = std::bit_cast<float>(0x7F800001U);
    engine::roundToBFloat16(1, &nan, found.data());
    QVERIFY(std::isnan(static_cast<float>(c10::BFloat16(found[0], c10::BFloat16::from_bits()))));
  }

  void productsAreOfRoundedInputs_data() {
    QTest::addColumn<bool>("a_transposed");
    QTest::addColumn<bool>("b_transposed");
    QTest::newRow("a b") << false << false;
    QTest::newRow("a b^T") << false << true;
    QTest::newRow("a^T b") << true << false;
  }
  void productsAreOfRoundedInputs() {
    QFETCH(bool, a_transposed);
    QFETCH(bool, b_transposed);
    constexpr std::int64_t m = 21, n = 13, k = 50, pad = 3;
    core::Random random(2);
    const std::int64_t a_rows = a_transposed ? k : m, a_columns = a_transposed ? m : k;
    const std::int64_t b_rows = b_transposed ? n : k, b_columns = b_transposed ? k : n;
    const auto a = drawn(static_cast<std::size_t>(a_rows * (a_columns + pad)), random);
    const auto b = drawn(static_cast<std::size_t>(b_rows * (b_columns + pad)), random);
    const auto before = drawn(static_cast<std::size_t>(m * (n + pad)), random);
    const auto at = [](const std::vector<float>& x, bool transposed, std::int64_t stride,
                       std::int64_t row, std::int64_t column) {
      const std::int64_t cell = transposed ? column * stride + row : row * stride + column;
      return static_cast<double>(rounded(x[static_cast<std::size_t>(cell)]));
    };
    engine::fast::RoundedWeights weights(b.data(), static_cast<std::int64_t>(b.size()));
    weights.refresh();
    for (const auto* known : {static_cast<const engine::fast::RoundedWeights*>(nullptr),
                              static_cast<const engine::fast::RoundedWeights*>(&weights)}) {
      for (const Into into : {Into::Replace, Into::Add}) {
        std::vector<float> c = before;
        const engine::fast::BFloat16Scope scope(known);
        const auto multiply = a_transposed   ? engine::fast::productOfTransposed
                              : b_transposed ? engine::fast::productWithTransposed
                                             : engine::fast::product;
        multiply({c.data(), m, n, n + pad}, {a.data(), a_rows, a_columns, a_columns + pad},
                 {b.data(), b_rows, b_columns, b_columns + pad}, into);
        for (std::int64_t i = 0; i < m * (n + pad); ++i) {
          const auto cell = static_cast<std::size_t>(i);
          const std::int64_t row = i / (n + pad), column = i % (n + pad);
          double expected = column >= n || into == Into::Add ? before[cell] : 0;
          for (std::int64_t j = 0; j < k && column < n; ++j) {
            expected += at(a, a_transposed, a_columns + pad, row, j) *
                        at(b, b_transposed, b_columns + pad, j, column);
          }
          QVERIFY2(std::abs(c[cell] - expected) < 1e-5,
                   qPrintable(QString("%1: %2, not %3").arg(i).arg(c[cell]).arg(expected)));
        }
      }
    }
  }

  void linearMapsRoundInputsOnly() {
    const auto half = [](const at::Tensor& x) { return x.to(at::kBFloat16).to(at::kFloat); };
    const auto made = [](at::IntArrayRef shape, std::uint64_t seed) {
      core::Random random(seed);
      at::Tensor x = at::empty(shape, at::kFloat);
      const auto values = drawn(static_cast<std::size_t>(x.numel()), random);
      std::copy(values.begin(), values.end(), x.data_ptr<float>());
      return x;
    };
    at::Tensor x = made({3, 4, 20}, 1), W = made({7, 20}, 2), b = made({7}, 3);
    const at::Tensor dy = made({3, 4, 7}, 4);
    for (const at::Tensor* leaf : {&x, &W, &b}) {
      leaf->set_requires_grad(true);
    }
    const at::AutoGradMode grad(true);
    const engine::LinearPrecision scope(Precision::BFloat16);
    const at::Tensor y = engine::linear(x, W, b);
    y.backward(dy);
    const at::NoGradGuard no_grad;
    const at::Tensor flat = dy.view({12, 7});
    QVERIFY(at::allclose(y, at::matmul(half(x), half(W).t()) + b, 1e-5, 1e-5));
    QVERIFY(at::allclose(x.grad(), at::matmul(half(dy), half(W)), 1e-5, 1e-5));
    QVERIFY(at::allclose(W.grad(), at::mm(half(flat).t(), half(x).view({12, 20})), 1e-5, 1e-5));
    QVERIFY(at::allclose(b.grad(), flat.sum(0), 1e-5, 1e-5));
    QVERIFY(!at::allclose(y, at::linear(x, W, b), 1e-5, 1e-5));
  }

  /// Both paths round the inputs of some 10 products one after the other by at most kRounding, at
  /// different places: the fast one projects token and position apart, and has a query where the
  /// reference has keys. Independent errors, so their gap is about kRounding times the root of 10,
  /// 0.6 %, and as large is the one to float32.
  void gradientsEqualTheReference_data() { test::addSwitches(); }
  void gradientsEqualTheReference() {
    core::ExperimentSpec spec = test::changed();
    spec.model.activation = core::ModelSpec::Activation::Gelu;  // without a kink
    compareGradients(spec, 5 * kRounding);
  }

  /// An input of a ReLU within the rounding of 0 may fall to its other side. That happens to a
  /// share of about kRounding of them, and what they passed on is then missing: a share of the
  /// square of the norm, so its root of the norm.
  void gradientsOfReluEqualTheReference() {
    compareGradients(test::tinyExperiment(), std::sqrt(kRounding));
  }

  void twentyLossesEqualTheReference_data() { test::addSwitches(); }
  void twentyLossesEqualTheReference() {
    const core::ExperimentSpec spec = test::changed();
    const auto expected = test::train(*trainerOf(spec, "autograd"), 20);
    const auto found = test::train(*trainerOf(spec, "fast"), 20);
    const auto float32 = test::train(*trainerOf(spec, "fast", Precision::Float32), 20);
    qInfo("losses: %.2e; against float32: reference %.2e, fast %.2e", gapOf(found, expected),
          gapOf(expected, float32), gapOf(found, float32));
    QVERIFY(gapOf(found, expected) < kRounding);
    QVERIFY(gapOf(expected, float32) < kRounding);
    QVERIFY(gapOf(found, float32) < kRounding);
    QVERIFY(found != float32 && expected != float32);
  }

  void theMlpBaselineTrains() {
    core::ExperimentSpec spec = test::tinyExperiment();
    spec.model.kind = core::ModelSpec::Kind::Mlp;
    const auto found = test::train(*trainerOf(spec, "auto"), 20);
    const auto float32 = test::train(*trainerOf(spec, "auto", Precision::Float32), 20);
    QVERIFY(gapOf(found, float32) < kRounding);
    QVERIFY(found != float32);
  }

  void sameBitsTwiceAndAfterResume_data() {
    QTest::addColumn<QByteArray>("kernel");
    QTest::newRow("fast") << QByteArray("fast");
    QTest::newRow("autograd") << QByteArray("autograd");
  }
  void sameBitsTwiceAndAfterResume() {
    QFETCH(QByteArray, kernel);
    const core::ExperimentSpec spec = test::tinyExperiment();
    const auto whole = trainerOf(spec, kernel.constData());
    test::train(*whole, 7);
    const auto middle = whole->snapshot(true);
    const auto rest = test::train(*whole, 9);
    const auto resumed = trainerOf(spec, kernel.constData());
    QVERIFY(middle && resumed->restore(*middle));
    QCOMPARE(test::train(*resumed, 9), rest);
    const auto again = trainerOf(spec, kernel.constData());
    test::train(*again, 16);
    QVERIFY(again->snapshot(true)->tensors == whole->snapshot(true)->tensors);
    QVERIFY(resumed->snapshot(true)->tensors == whole->snapshot(true)->tensors);
  }

  void whatIsMeasuredIsFloat32() {
    const core::ExperimentSpec spec = test::tinyExperiment();
    const auto set = test::dataOf(test::compiled(spec.task), spec.data)->test;
    for (const char* kernel : {"fast", "autograd"}) {
      const auto trained = trainerOf(spec, kernel);
      test::train(*trained, 5);
      const auto looked_at = trainerOf(spec, kernel, Precision::Float32);
      const auto snapshot = trained->snapshot(true);
      QVERIFY(snapshot && looked_at->restore(*snapshot));
      QVERIFY(*trained->logits(set) == *looked_at->logits(set));
    }
  }

  void aChangedModelTrains() {
    const core::ExperimentSpec spec = test::tinyExperiment();
    core::InEffect ablated;
    ablated.ablated = {{0, 1}};
    const auto losses = [&](Precision precision) {
      const auto trainer = trainerOf(spec, "fast", precision);
      if (const auto done = trainer->setInEffect(ablated); !done) {
        qFatal("%s", done.error().message.c_str());
      }
      return test::train(*trainer, 20);
    };
    const auto found = losses(Precision::BFloat16);
    const auto float32 = losses(Precision::Float32);
    QVERIFY(gapOf(found, float32) < kRounding);
    QVERIFY(found != float32);
  }

  /// Without the instructions weights are looked at and steps are refused, in words.
  void itIsTrainedWithTheInstructionsOnly() {
    core::ExperimentSpec spec = test::tinyExperiment();
    spec.training.precision = Precision::BFloat16;
    const auto trainer = engine::torchModule().createTrainer(test::inputOf(spec));
    QVERIFY(trainer);
    const auto set = test::dataOf(test::compiled(spec.task), spec.data)->test;
    QVERIFY((*trainer)->evaluate(set));
    const auto step = (*trainer)->trainStep();
    const auto why = engine::whyNoBFloat16("cpu");
    QCOMPARE(step.has_value(), !why);
    if (why) {
      qInfo("%s", step.error().message.c_str());
      QVERIFY(step.error().message.find(*why) != std::string::npos);
      QVERIFY(step.error().message.find("expected \"float32\"") != std::string::npos);
      QCOMPARE((*trainer)->step(), std::int64_t{0});
    }
  }

  void endsAsFloat32Does_data() {
    QTest::addColumn<int>("n_train");
    QTest::addColumn<int>("steps");
    QTest::newRow("demo") << 4000 << 1500;
    QTest::newRow("identity of 1000") << 1000 << 2000;
  }
  void endsAsFloat32Does() {
    if (qEnvironmentVariableIntValue("ANCHORLENS_LONG") == 0) {
      QSKIP("20 whole trainings: ANCHORLENS_LONG=1");
    }
    QFETCH(int, n_train);
    QFETCH(int, steps);
    constexpr int kSeeds = 5;
    std::vector<double> mean, spread;
    for (const Precision precision : {Precision::Float32, Precision::BFloat16}) {
      std::vector<double> ends;
      for (int seed = 1; seed <= kSeeds; ++seed) {
        ends.push_back(heldOutAccuracy(n_train, steps, seed, precision));
        qInfo("%s, seed %d: %.4f", precision == Precision::Float32 ? "float32" : "bfloat16", seed,
              ends.back());
      }
      const auto [lowest, highest] = std::minmax_element(ends.begin(), ends.end());
      mean.push_back(std::accumulate(ends.begin(), ends.end(), 0.0) / kSeeds);
      spread.push_back(*highest - *lowest);
    }
    qInfo("mean %.4f and %.4f, spread %.4f and %.4f", mean[0], mean[1], spread[0], spread[1]);
    QVERIFY(std::abs(mean[1] - mean[0]) <= std::max(spread[0], 0.005));
  }

 private:
  static void compareGradients(const core::ExperimentSpec& spec, double bound) {
    const auto reference = trainerOf(spec, "autograd");
    const auto fast = trainerOf(spec, "fast");
    const auto exact = trainerOf(spec, "autograd", Precision::Float32);
    core::Random random(3);
    const core::Task task = test::compiled(spec.task);
    // As large as a pass, and so large that passes are added up.
    for (const std::size_t n : {std::size_t{48}, std::size_t{131}}) {
      const auto set = task.draw(core::Split::Train, n, random);
      const auto expected = reference->gradientsOf(set);
      const auto found = fast->gradientsOf(set);
      const auto float32 = exact->gradientsOf(set);
      const double gap = gapOfWholes(found, expected);
      const double rounding = gapOfWholes(expected, float32);
      const double fast_rounding = gapOfWholes(found, float32);
      qInfo("%.2e; to float32: reference %.2e, fast %.2e", gap, rounding, fast_rounding);
      QVERIFY(gap < bound && rounding < bound && fast_rounding < bound);
      QVERIFY(std::min(rounding, fast_rounding) > kRounding / 100);  // it is bfloat16
    }
  }

  static double heldOutAccuracy(int n_train, int steps, int seed, Precision precision) {
    core::ExperimentSpec spec = core::preset("demo");
    spec.data.n_train = n_train;
    spec.data.seed = spec.training.seed = static_cast<std::uint64_t>(seed);
    spec.training.precision = precision;
    const core::Task task = test::compiled(spec.task);
    const auto data = test::dataOf(task, spec.data);
    engine::TorchTrainer trainer(
        {spec, task, std::shared_ptr<const core::SequenceSet>(data, &data->train)},
        at::Device("cpu"), nullptr, engine::BFloat16::Emulated);
    test::train(trainer, steps);
    return test::accuracyOn(trainer, data->test);
  }
};

QTEST_GUILESS_MAIN(TestBFloat16)
#include "tst_bfloat16.moc"
