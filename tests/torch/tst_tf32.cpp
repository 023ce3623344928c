// SPDX-License-Identifier: GPL-3.0-or-later
// TF32: when cuBLAS may use it, who is refused, and on a GPU what comes out.
#include "engine/session/precision.h"
#include "engine/torch/cuda_products.h"
#include "tests/torch/fleet_training.h"

#include <atomic>
#include <cmath>
#include <thread>

using namespace anchorlens;
using engine::CudaProducts;
using Precision = core::TrainingSpec::Precision;

namespace {

bool isAllowed() {
  return at::globalContext().allowTF32CuBLAS();
}

core::ExperimentSpec tf32Experiment() {
  core::ExperimentSpec spec = test::tinyExperiment();
  spec.training.precision = Precision::Tf32;
  return spec;
}

}  // namespace

class TestTf32 : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase() { engine::torchModule(); }

  void onlyWithinItsScope() {
    const at::Device gpu("cuda:0");
    QVERIFY(!isAllowed());
    {
      const CudaProducts outer(Precision::Tf32, gpu);
      QVERIFY(isAllowed());
      {
        const CudaProducts inner(Precision::Tf32, gpu);
        QVERIFY(isAllowed());
      }
      QVERIFY(isAllowed());
    }
    QVERIFY(!isAllowed());
    for (const Precision precision : {Precision::Float32, Precision::BFloat16}) {
      const CudaProducts products(precision, gpu);
      QVERIFY(!isAllowed());
    }
    const CudaProducts on_cpu(Precision::Tf32, at::Device("cpu"));
    QVERIFY(!isAllowed());
  }

  /// As TORCH_ALLOW_TF32_CUBLAS_OVERRIDE=1 does, which containers for PyTorch set.
  void float32IsFloat32WhereTheEnvironmentAllowsTf32() {
    at::globalContext().setAllowTF32CuBLAS(true);
    {
      const CudaProducts products(Precision::Float32, at::Device("cuda:0"));
      QVERIFY(!isAllowed());
    }
    QVERIFY(!isAllowed());
  }

  void itEndsWithWhatIsThrown() {
    try {
      const CudaProducts products(Precision::Tf32, at::Device("cuda:0"));
      throw std::bad_alloc();
    } catch (const std::bad_alloc&) {
    }
    QVERIFY(!isAllowed());
  }

  /// Steps of two precisions, from two threads: neither ever sees the other's.
  void otherPrecisionsWait() {
    constexpr int kSteps = 100;
    std::atomic<int> wrong{0};
    const auto steps = [&wrong](Precision precision) {
      for (int i = 0; i < kSteps; ++i) {
        const CudaProducts products(precision, at::Device("cuda:0"));
        wrong += isAllowed() != (precision == Precision::Tf32) ? 1 : 0;
        std::this_thread::yield();
        wrong += isAllowed() != (precision == Precision::Tf32) ? 1 : 0;
      }
    };
    {
      const std::jthread float32(steps, Precision::Float32);
      const std::jthread tf32(steps, Precision::Tf32);
    }
    QCOMPARE(wrong.load(), 0);
    QVERIFY(!isAllowed());
  }

  /// The weights are looked at, and steps are refused, in words.
  void theCpuTrainsInFloat32() {
    const core::ExperimentSpec spec = tf32Experiment();
    const auto trainer = test::aloneOf(spec);
    const auto set = test::dataOf(test::compiled(spec.task), spec.data)->test;
    QVERIFY(trainer->evaluate(set));
    const auto step = trainer->trainStep();
    QCOMPARE(step.has_value(), trainer->device() != "cpu");
    if (!step) {
      QVERIFY(step.error().message.find("NVIDIA GPU of compute capability 8.0") !=
              std::string::npos);
      QVERIFY(step.error().message.find("expected \"float32\"") != std::string::npos);
      QCOMPARE(trainer->step(), std::int64_t{0});
    }
  }

  void aFleetHasOnePrecision() {
    const auto fleet = engine::torchModule().createFleet(tf32Experiment(), 2);
    QVERIFY2(fleet, fleet ? "" : fleet.error().message.c_str());
    const auto other = (*fleet)->createTrainer(test::inputOf(test::tinyExperiment()));
    QVERIFY(!other && other.error().message.find("/training/precision") != std::string::npos);
    QVERIFY((*fleet)->createTrainer(test::inputOf(tf32Experiment())));
  }

  void trainsOnAGpu() {
    const engine::EngineInfo& info = engine::torchModule().info();
    if (info.devices.size() < 2) {
      QSKIP(info.cuda_reason.c_str());
    }
    core::ExperimentSpec spec = test::tinyExperiment();
    spec.training.device = "cuda";
    if (const auto why = engine::whyNoTf32(spec.training.device)) {
      QSKIP(why->c_str());
    }
    const auto before = test::train(*test::aloneOf(spec), 20).losses;
    core::ExperimentSpec rounded = spec;
    rounded.training.precision = Precision::Tf32;
    const auto trainer = test::aloneOf(rounded);
    const auto losses = test::train(*trainer, 20).losses;
    // Inputs of 10 bits of mantissa.
    QVERIFY(losses != before);
    QCOMPARE(losses.size(), before.size());
    for (std::size_t i = 0; i < before.size(); ++i) {
      QVERIFY(std::abs(losses[i] - before[i]) < 1e-3 * before[i]);
    }
    QVERIFY(test::train(*test::aloneOf(spec), 20).losses == before);
    // What is measured is float32.
    const auto set = test::dataOf(test::compiled(spec.task), spec.data)->test;
    const auto looked_at = test::aloneOf(spec);
    QVERIFY(looked_at->restore(*trainer->snapshot(true)));
    QVERIFY(*trainer->logits(set) == *looked_at->logits(set));
  }
};

QTEST_GUILESS_MAIN(TestTf32)
#include "tst_tf32.moc"
