// SPDX-License-Identifier: GPL-3.0-or-later
// What is said and done about a GPU, with a driver that a test made. No Torch here.
#include "engine/session/cuda_probe.h"
#include "engine/session/precision.h"
#include "engine/torch/cuda_backend.h"
#include "engine/torch/module.h"
#include "tests/support/engine_fixtures.h"

#include <dlfcn.h>

using namespace anchorlens;

class TestCudaBackend : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase() {
    // A library of this name that is loaded already is what dlopen("libcuda.so.1") finds.
    m_driver = dlopen(ANCHORLENS_FAKE_DRIVER, RTLD_NOW | RTLD_LOCAL);
    QVERIFY2(m_driver != nullptr, ANCHORLENS_FAKE_DRIVER);
    m_say = reinterpret_cast<Say>(dlsym(m_driver, "fakeDriverSays"));
    QVERIFY(m_say != nullptr);
  }

  void theReasonNamesWhatIsMissing_data() {
    QTest::addColumn<int>("version");
    QTest::addColumn<int>("init_error");
    QTest::addColumn<int>("devices");
    QTest::addColumn<QString>("words");
    QTest::newRow("old driver") << 12080 << 0 << 1 << "is for CUDA 12.8; CUDA 13.0 is needed";
    QTest::newRow("no start") << 13000 << 999 << 1 << "could not be started";
    QTest::newRow("no device") << 13000 << 0 << 0 << "no GPU is";
    QTest::newRow("all there") << 13010 << 0 << 2 << "";
  }
  void theReasonNamesWhatIsMissing() {
    QFETCH(int, version);
    QFETCH(int, init_error);
    QFETCH(int, devices);
    QFETCH(QString, words);
    m_say(version, init_error, devices);
    const auto reason = engine::whyNoCuda();
    QCOMPARE(reason.has_value(), !words.isEmpty());
    QVERIFY2(!reason || reason->find(words.toStdString()) != std::string::npos,
             reason ? reason->c_str() : "");
  }

  /// Drivers know them, LibTorch has no code for them: the CPU trains.
  void gpusFromBeforeTuringAreTooOld() {
    const auto gpus_are = reinterpret_cast<void (*)(int)>(dlsym(m_driver, "fakeGpusAre"));
    QVERIFY(gpus_are != nullptr);
    m_say(13000, 0, 2);
    gpus_are(70);
    QCOMPARE(engine::whyNoCuda().value_or(""),
             std::string("The GPU is too old: its compute capability is 7.0, and LibTorch needs "
                         "7.5."));
    QVERIFY(engine::whyTooOld(1));
    QVERIFY(!engine::whyTooOld(2));  // not there: the device's own problem
    gpus_are(75);
    QVERIFY(!engine::whyNoCuda());
    QVERIFY(!engine::whyTooOld(0));
    gpus_are(90);
  }

  void namesComeFromTheDriver() {
    m_say(13000, 0, 1);
    QCOMPARE(engine::cudaDeviceName(0), std::string("Fake GPU"));
    QCOMPARE(engine::cudaDeviceName(3), std::string("CUDA 3"));
  }

  void bfloat16NeedsARecentGpu() {
    const auto gpus_are = reinterpret_cast<void (*)(int)>(dlsym(m_driver, "fakeGpusAre"));
    QVERIFY(gpus_are != nullptr);
    m_say(13000, 0, 2);
    gpus_are(75);
    for (const char* device : {"auto", "cuda", "cuda:1"}) {
      const auto why = engine::whyNoBFloat16(device);
      QVERIFY(why);
      QCOMPARE(*why, std::string("the GPU's compute capability is 7.5, and 8.0 is needed"));
    }
    QVERIFY(!engine::whyNoBFloat16("cuda:2"));  // not there: the device's own problem
    gpus_are(80);
    QVERIFY(!engine::whyNoBFloat16("cuda:1"));
  }

  void tf32NeedsARecentGpu() {
    const auto gpus_are = reinterpret_cast<void (*)(int)>(dlsym(m_driver, "fakeGpusAre"));
    QVERIFY(gpus_are != nullptr);
    m_say(13000, 0, 2);
    gpus_are(75);
    core::TrainingSpec training;
    training.precision = core::TrainingSpec::Precision::Tf32;
    for (const char* device : {"auto", "cuda", "cuda:1"}) {
      training.device = device;
      const auto problem = engine::precisionProblem(training);
      QVERIFY(problem);
      QCOMPARE(problem->pointer, std::string("/training/precision"));
      QCOMPARE(problem->message,
               std::string("\"tf32\" cannot be used here: the GPU's compute capability is 7.5, and "
                           "8.0 is needed; expected \"float32\""));
    }
    training.device = "cpu";
    QVERIFY(engine::precisionProblem(training));
    gpus_are(80);
    training.device = "auto";
    QVERIFY(!engine::precisionProblem(training));
    m_say(13000, 0, 0);
    const auto problem = engine::precisionProblem(training);  // the CPU would train
    QVERIFY(problem && problem->message.find("needs an NVIDIA GPU") != std::string::npos);
  }

  /// The driver is there, but its GPU cannot be computed on: said, and the CPU trains.
  void aUselessDriverDoesNoHarm() {
    m_say(13000, 0, 1);
    const engine::EngineInfo& info = engine::torchModule().info();
    const engine::CudaBackend& backend = engine::openCudaBackend();
    QVERIFY(backend.opened_first);
    qInfo("%s", info.cuda_reason.c_str());
    QVERIFY(!info.cuda_reason.empty());
    QVERIFY(info.cuda_reason.find("too late") == std::string::npos);
    if (!backend.is_open) {
      QVERIFY(info.cuda_reason.find("could not be opened") != std::string::npos);
      QVERIFY(info.cuda_reason.find("packaging/setup") != std::string::npos);
    }
    QCOMPARE(info.devices.size(), std::size_t{1});
    core::ExperimentSpec spec = test::tinyExperiment();
    spec.training.device = "auto";
    const auto trainer = engine::torchModule().createTrainer(test::inputOf(spec));
    QVERIFY(trainer);
    QCOMPARE((*trainer)->device(), std::string("cpu"));
    QVERIFY((*trainer)->trainStep());
    spec.training.device = "cuda";
    const auto refused = engine::torchModule().createTrainer(test::inputOf(spec));
    QVERIFY(!refused);
    QVERIFY(refused.error().message.find(info.cuda_reason) != std::string::npos);
  }

 private:
  using Say = void (*)(int version, int init_error, int devices);
  void* m_driver = nullptr;
  Say m_say = nullptr;
};

QTEST_GUILESS_MAIN(TestCudaBackend)
#include "tst_cuda_backend.moc"
