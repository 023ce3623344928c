// SPDX-License-Identifier: GPL-3.0-or-later
// Same bits, snapshots, failures, devices.
#include "engine/session/precision.h"
#include "engine/session/run_session.h"
#include "engine/torch/cuda_backend.h"
#include "engine/torch/guard.h"
#include "engine/torch/module.h"
#include "tests/support/engine_fixtures.h"

#include <cmath>
#include <cstring>

using namespace anchorlens;

namespace {

std::unique_ptr<engine::Trainer> trainerOf(const core::ExperimentSpec& spec) {
  auto trainer = engine::torchModule().createTrainer(test::inputOf(spec));
  if (!trainer) {
    qFatal("%s", trainer.error().message.c_str());
  }
  return std::move(*trainer);
}

std::vector<double> losses(engine::Trainer& trainer, int steps) {
  std::vector<double> result;
  for (int i = 0; i < steps; ++i) {
    const auto step = trainer.trainStep();
    if (!step) {
      qFatal("%s", step.error().message.c_str());
    }
    result.push_back(step->loss);
  }
  return result;
}

double largestDifference(const std::vector<float>& a, const std::vector<float>& b) {
  double largest = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    largest = std::max(largest, std::abs(double{b[i]} - double{a[i]}));
  }
  return largest;
}

/// The largest difference of a number of two tensors of one shape.
double largestMove(const core::Tensor& from, const core::Tensor& to) {
  std::vector<float> a(from.data.size() / sizeof(float));
  std::vector<float> b(a.size());
  std::memcpy(a.data(), from.data.data(), from.data.size());
  std::memcpy(b.data(), to.data.data(), to.data.size());
  return largestDifference(a, b);
}

core::ExperimentSpec variant(const QString& name) {
  core::ExperimentSpec spec = test::tinyExperiment();
  if (name == "streaming") {
    spec.data.mode = core::DataSpec::Mode::Streaming;
  } else if (name == "stochastic" || name == "stochastic streaming") {
    spec.task = core::preset("statistical").task;
    if (name != "stochastic") {
      spec.data.mode = core::DataSpec::Mode::Streaming;
    }
  } else if (name == "sgd with momentum") {
    spec.training.optimizer = core::TrainingSpec::Optimizer::Sgd;
    spec.training.momentum = 0.9;
  } else if (name == "sgd") {
    spec.training.optimizer = core::TrainingSpec::Optimizer::Sgd;
  } else if (name == "adam") {
    spec.training.optimizer = core::TrainingSpec::Optimizer::Adam;
  } else if (name == "autograd") {
    spec.training.kernel = "autograd";
  } else if (name == "lstm") {
    spec.model.kind = core::ModelSpec::Kind::Lstm;
  } else if (name == "mlp") {
    spec.model.kind = core::ModelSpec::Kind::Mlp;
  } else if (name == "lengths") {
    spec.task.seq_len = {5, 9};
  }
  return spec;
}

/// What LibTorch complains about on this thread while it lives.
class Complaints final : public c10::WarningHandler {
 public:
  void process(const c10::Warning& warning) override { text += warning.msg() + "; "; }
  std::string text;

 private:
  c10::WarningUtils::WarningHandlerGuard m_guard{this};
};

core::ExperimentSpec diverging(double learning_rate) {
  core::ExperimentSpec spec = test::tinyExperiment();
  spec.training.optimizer = core::TrainingSpec::Optimizer::Sgd;
  spec.training.learning_rate = learning_rate;
  spec.training.clip_norm.reset();
  spec.training.schedule = {};
  return spec;
}

}  // namespace

class TestTorchTrainer : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void cudaIsOpenedBeforeAten() {
    // First of all tests here: nothing has used ATen yet.
    const engine::EngineInfo& info = engine::torchModule().info();
    QVERIFY(engine::openCudaBackend().opened_first);
    QVERIFY(info.torch_version.starts_with("2."));
    QCOMPARE(info.devices[0].id, std::string("cpu"));
    QCOMPARE(info.cuda_reason.empty(), info.devices.size() > 1);
    if (info.devices.size() == 1) {
      qInfo("%s", info.cuda_reason.c_str());
    }
  }

  void sameSeedSameBits() {
    const core::ExperimentSpec spec = test::tinyExperiment();
    const auto first = losses(*trainerOf(spec), 20);
    QCOMPARE(losses(*trainerOf(spec), 20), first);
    core::ExperimentSpec other = spec;
    other.training.seed += 1;
    QVERIFY(losses(*trainerOf(other), 20) != first);
  }

  void twoThreadsGiveTheirBitsEveryTime() {
    core::ExperimentSpec spec = test::tinyExperiment();
    spec.training.threads = 2;
    const auto first = losses(*trainerOf(spec), 20);
    QCOMPARE(losses(*trainerOf(spec), 20), first);
    spec.training.threads = 1;
    const auto alone = losses(*trainerOf(spec), 20);
    for (std::size_t i = 0; i < alone.size(); ++i) {
      QVERIFY(std::abs(alone[i] - first[i]) < 1e-4 * alone[i]);
    }
  }

  void restoreContinuesBitForBit_data() {
    QTest::addColumn<QString>("name");
    QTest::addColumn<int>("at");
    for (const char* name : {"fixed", "streaming", "stochastic", "stochastic streaming",
                             "sgd with momentum", "lstm", "lengths"}) {
      // 200 sequences in batches of 48: 5 steps an epoch. Mid-epoch, at its end, at the start.
      for (const int at : {7, 10, 0}) {
        QTest::newRow(qPrintable(QString("%1 at %2").arg(name).arg(at))) << QString(name) << at;
      }
    }
  }
  void restoreContinuesBitForBit() {
    QFETCH(QString, name);
    QFETCH(int, at);
    const core::ExperimentSpec spec = variant(name);
    const auto unbroken = trainerOf(spec);
    losses(*unbroken, at);
    const auto checkpoint = unbroken->snapshot(true);
    QVERIFY(checkpoint);
    const auto expected = losses(*unbroken, 9);

    const auto resumed = trainerOf(spec);
    losses(*resumed, 3);
    const auto restored = resumed->restore(*checkpoint);
    QVERIFY2(restored, restored ? "" : restored.error().message.c_str());
    QCOMPARE(resumed->step(), std::int64_t{at});
    QCOMPARE(losses(*resumed, 9), expected);
    const auto a = unbroken->snapshot(true);
    const auto b = resumed->snapshot(true);
    QVERIFY(a && b);
    QVERIFY(a->tensors == b->tensors);
    QVERIFY(a->metadata == b->metadata);
  }

  /// Adam's first step moves a weight by the learning rate, at whatever step that is.
  void withoutMomentsTheyBeginAtThatStep() {
    core::ExperimentSpec spec = test::tinyExperiment();
    spec.training.weight_decay = 0;
    const auto parent = trainerOf(spec);
    losses(*parent, 20);
    const auto weights = parent->snapshot(false);
    const auto fork = trainerOf(spec);
    QVERIFY(weights && fork->restore(*weights));
    const auto step = fork->trainStep();
    const auto after = fork->snapshot(true);
    QVERIFY(step && after);
    QCOMPARE(step->step, std::int64_t{21});
    double moved = 0;
    for (const core::Tensor& tensor : weights->tensors) {
      moved = std::max(moved, largestMove(tensor, *after->find(tensor.name)));
    }
    QVERIFY2(std::abs(moved / step->learning_rate - 1) < 0.02,
             qPrintable(QString::number(moved / step->learning_rate)));
    // A break does not begin them again.
    const auto expected = losses(*fork, 9);
    const auto resumed = trainerOf(spec);
    QVERIFY(resumed->restore(*after));
    QCOMPARE(losses(*resumed, 9), expected);
  }

  void restoreRefusesWhatDoesNotFit() {
    const auto trainer = trainerOf(test::tinyExperiment());
    const auto good = trainer->snapshot(true);
    QVERIFY(good);
    const auto refuse = [&](core::Checkpoint checkpoint, const char* words) {
      const auto result = trainer->restore(checkpoint);
      QVERIFY2(!result, words);
      QVERIFY2(result.error().message.find(words) != std::string::npos,
               result.error().message.c_str());
      const auto still = trainer->snapshot(true);
      QVERIFY(still && still->tensors == good->tensors);
    };
    core::Checkpoint bad = *good;
    bad.tensors.pop_back();
    refuse(bad, "unembed.bias");
    bad = *good;
    bad.tensors[0].shape = {bad.tensors[0].shape[1], bad.tensors[0].shape[0]};
    refuse(bad, "embed.weight");
    bad = *good;
    bad.tensors.push_back(bad.tensors[0]);
    bad.tensors.back().name = "extra";
    refuse(bad, "extra");
    bad = *good;
    bad.metadata.erase("step");
    refuse(bad, "step");
    bad = *good;
    bad.metadata["rng.shuffle"] = "xyz";
    refuse(bad, "generator");
  }

  void weightsAloneCanBeEvaluated() {
    const core::ExperimentSpec spec = test::tinyExperiment();
    const auto trained = trainerOf(spec);
    losses(*trained, 5);
    const auto weights = trained->snapshot(false);
    QVERIFY(weights);
    const auto other = trainerOf(spec);
    QVERIFY(other->restore(*weights));
    core::Random random(1);
    const auto set = test::compiled(spec.task).draw(core::Split::Test, 20, random);
    QCOMPARE(*other->logits(set), *trained->logits(set));
  }

  void nonFiniteLossStopsBeforeTheStep() {
    const auto trainer = trainerOf(diverging(1e30));
    for (int i = 0; i < 20; ++i) {
      const auto before = trainer->snapshot(true);
      const auto step = trainer->trainStep();
      if (!step) {
        QVERIFY2(step.error().message.find("at step") != std::string::npos,
                 step.error().message.c_str());
        const auto after = trainer->snapshot(true);
        QVERIFY(before->tensors == after->tensors);
        QVERIFY(before->metadata == after->metadata);
        QCOMPARE(trainer->step(), std::int64_t{i});
        return;
      }
    }
    QFAIL("the loss stayed finite");
  }

  /// Asks the library for more than any machine has an address for.
  void wantOfMemoryIsToldApart() {
#ifdef __SANITIZE_ADDRESS__
    QSKIP("The sanitizer ends a process that asks for so much.");
#else
    const auto made = engine::guarded(1, []() -> engine::Result<at::Tensor> {
      return at::empty({std::int64_t{1} << 50}, at::kFloat);
    });
    QVERIFY(!made);
    QVERIFY(made.error().cause == engine::EngineError::Cause::Memory);
    QVERIFY2(made.error().message.starts_with(
                 "There is not enough memory: 4504 TB were asked for at once. A smaller batch "
                 "(/training/batch_size) or model (/model/d_model"),
             made.error().message.c_str());
    QVERIFY(made.error().detail.find("4503599627370496 bytes") != std::string::npos);
#endif
  }

  void wantOfMemoryInTheLibrarysWords() {
    const auto errorOf = [](const auto& fail) {
      return engine::guarded(1,
                             [&]() -> engine::Result<void> {
                               fail();
                               return {};
                             })
          .error();
    };
    const auto expect = [](const engine::EngineError& error, const char* words) {
      QVERIFY(error.cause == engine::EngineError::Cause::Memory);
      QVERIFY2(error.message.starts_with(words), error.message.c_str());
    };
    expect(errorOf([] {
             TORCH_CHECK_WITH(OutOfMemoryError, false,
                              "CUDA out of memory. Tried to allocate 20.00 MiB. GPU 0 has a total "
                              "capacity of 79.11 GiB of which 18.75 MiB is free.");
           }),
           "The device has not enough memory: 20.00 MiB were asked for at once. A smaller");
    expect(errorOf([] {
             TORCH_CHECK_WITH(OutOfMemoryError, false,
                              "CUDA out of memory. Tried to allocate more than 1EB memory.");
           }),
           "The device has not enough memory. A smaller");
    expect(errorOf([] { TORCH_CHECK(false, "CUDA error: out of memory"); }),
           "The device has not enough memory. A smaller");
    expect(errorOf([] { throw std::bad_alloc(); }), "There is not enough memory. A smaller");
    const auto full = errorOf([] { TORCH_CHECK_WITH(OutOfMemoryError, false, "CUDA: no"); });
    QVERIFY2(full.message.ends_with("So may fewer runs of a sweep together (--fleet)."),
             full.message.c_str());
    const auto other = errorOf([] { TORCH_CHECK(false, "shapes do not fit"); });
    QVERIFY(other.cause == engine::EngineError::Cause::Other);
    QVERIFY2(other.message.starts_with("shapes do not fit"), other.message.c_str());
  }

  /// A run that diverged leaves nothing behind in its process.
  void aRunAfterOneThatDivergedIsAsAlone() {
    using Outcome = engine::RunSession::Outcome;
    const core::ExperimentSpec spec = test::tinyExperiment();
    const auto alone = losses(*trainerOf(spec), 40);
    const QTemporaryDir folder;
    std::vector<double> found;
    const auto begin = [&](const core::ExperimentSpec& wanted, const QString& name) {
      engine::RunSession::Options options;
      options.engine = &engine::torchModule();
      options.sink.step = [&found](const core::StepMetrics& step) { found.push_back(step.loss); };
      auto session = engine::RunSession::create(wanted, folder.filePath(name).toStdString(),
                                                std::move(options));
      if (!session) {
        qFatal("%s", session.error().message.c_str());
      }
      return std::move(*session);
    };
    const auto wild = begin(diverging(1000), "wild");
    QCOMPARE(wild->advance(std::chrono::hours(1), 40), Outcome::Failed);
    const std::string reason = wild->reason();
    QVERIFY2(reason.find(" became ") != std::string::npos &&
                 reason.find(" at step " + std::to_string(found.size() + 1)) != std::string::npos,
             reason.c_str());
    found.clear();
    const auto calm = begin(spec, "calm");  // while the other one is still open
    QCOMPARE(calm->advance(std::chrono::hours(1), 40), Outcome::Finished);
    QCOMPARE(calm->reason(), std::string());
    QCOMPARE(found, alone);
    const auto state = [](const engine::RunSession& session) {
      return (*core::RunReader::open(session.directory()))->status()->state;
    };
    QCOMPARE(state(*wild), core::RunState::Failed);
    QCOMPARE(state(*calm), core::RunState::Finished);
  }

  void evaluationCountsByGroup() {
    core::ExperimentSpec spec = test::tinyExperiment();
    spec.task = core::preset("statistical").task;
    const auto trainer = trainerOf(spec);
    const auto data = test::dataOf(test::compiled(spec.task), spec.data);
    const auto groups = trainer->evaluate(data->test);
    QVERIFY(groups);
    std::int64_t n = 0;
    for (const core::GroupMetrics& group : *groups) {
      n += group.n;
      // Untrained: near the loss of guessing one of 201 tokens, never below the entropy.
      QVERIFY(group.loss > 0.5 && group.loss < 9);
    }
    QCOMPARE(n, static_cast<std::int64_t>(data->test.size()));
  }

  void wrongDeviceKernelAndPrecisionAreNamed() {
    const auto message = [](core::ExperimentSpec spec) {
      const auto trainer = engine::torchModule().createTrainer(test::inputOf(spec));
      return trainer ? std::string() : trainer.error().message;
    };
    core::ExperimentSpec spec = test::tinyExperiment();
    spec.training.device = "cuda:99";
    QVERIFY(message(spec).find("cuda:99") != std::string::npos);
    spec = test::tinyExperiment();
    spec.training.kernel = "faster";
    QVERIFY(message(spec).find("autograd") != std::string::npos);
    spec = test::tinyExperiment();
    spec.model.kind = core::ModelSpec::Kind::Lstm;
    spec.training.precision = core::TrainingSpec::Precision::BFloat16;
    QVERIFY(message(spec).find("bfloat16") != std::string::npos);
  }

  void trainsEverythingOnCuda_data() {
    QTest::addColumn<QString>("name");
    for (const char* name : {"streaming", "stochastic", "lengths", "sgd", "sgd with momentum",
                             "adam", "autograd", "lstm", "mlp"}) {
      QTest::newRow(name) << name;
    }
  }
  /// As the CPU does, the same bits twice, and without a word.
  void trainsEverythingOnCuda() {
    const engine::EngineInfo& info = engine::torchModule().info();
    if (info.devices.size() < 2) {
      QSKIP(info.cuda_reason.c_str());
    }
    QFETCH(QString, name);
    core::ExperimentSpec spec = variant(name);
    const auto on_cpu = trainerOf(spec);
    const auto expected = losses(*on_cpu, 20);
    spec.training.device = "cuda";
    const Complaints complaints;
    const auto on_gpu = trainerOf(spec);
    const auto found = losses(*on_gpu, 20);
    for (std::size_t i = 0; i < expected.size(); ++i) {
      QVERIFY(std::abs(found[i] - expected[i]) < 1e-3 * expected[i]);
    }
    const auto again = trainerOf(spec);
    QCOMPARE(losses(*again, 20), found);
    const core::Checkpoint there = *on_gpu->snapshot(true);
    QVERIFY(there.tensors == again->snapshot(true)->tensors);
    QCOMPARE(complaints.text, std::string());
    // The same weights say the same.
    QVERIFY(on_cpu->restore(there));
    const auto set = test::dataOf(test::compiled(spec.task), spec.data)->test;
    const auto shown = *on_gpu->forward(set, true);
    const auto wanted = *on_cpu->forward(set, true);
    QCOMPARE(shown.patterns.pattern.size(), wanted.patterns.pattern.size());
    QVERIFY(largestDifference(shown.patterns.pattern, wanted.patterns.pattern) < 1e-4);
    QVERIFY(largestDifference(shown.losses, wanted.losses) < 1e-3);
    QVERIFY(largestDifference(*on_gpu->logits(set), *on_cpu->logits(set)) < 1e-3);
  }

  void trainsOnCuda() {
    const engine::EngineInfo& info = engine::torchModule().info();
    if (info.devices.size() < 2) {
      QSKIP(info.cuda_reason.c_str());
    }
    core::ExperimentSpec spec = test::tinyExperiment();
    const auto expected = losses(*trainerOf(spec), 20);
    spec.training.device = "cuda";
    const auto found = losses(*trainerOf(spec), 20);
    for (std::size_t i = 0; i < expected.size(); ++i) {
      QVERIFY(std::abs(found[i] - expected[i]) < 1e-3 * expected[i]);
    }
    if (const auto why = engine::whyNoBFloat16("cuda")) {
      QSKIP(("bfloat16: " + *why).c_str());
    }
    spec.training.precision = core::TrainingSpec::Precision::BFloat16;
    const auto rounded = losses(*trainerOf(spec), 20);
    QVERIFY(rounded != found);
    for (std::size_t i = 0; i < expected.size(); ++i) {
      QVERIFY(std::abs(rounded[i] - expected[i]) < 5e-3 * expected[i]);
    }
  }
};

QTEST_GUILESS_MAIN(TestTorchTrainer)
#include "tst_torch_trainer.moc"
