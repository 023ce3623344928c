// SPDX-License-Identifier: GPL-3.0-or-later
// Steps of a fleet that are recorded and repeated, by a twin of CUDA graphs; and the way to the
// plug-in.
#include "engine/torch/fleet.h"
#include "engine/torch/torch_trainer.h"
#include "tests/torch/fleet_training.h"
#include "tests/torch/model_switches.h"
#include "tests/torch/twin_recorder.h"

using namespace anchorlens;
using test::TwinRecorder;
using Mood = TwinRecorder::Mood;

namespace {

constexpr int kSteps = 30;

/// Two runs of one shape. 120 sequences in batches of 48: two whole batches and one of 24.
std::vector<core::ExperimentSpec> pair(core::ExperimentSpec base) {
  base.data.n_train = 120;
  base.training.batch_size = 48;
  std::vector<core::ExperimentSpec> specs(2, base);
  specs[1].training.seed = 12;
  specs[1].data.seed = 5;
  specs[1].training.learning_rate *= 2;
  return specs;
}

test::Trainers membersOf(const std::vector<core::ExperimentSpec>& specs, engine::Graphs graphs,
                         const at::Device& device = at::Device("cpu")) {
  engine::torchModule();
  const auto fleet = std::make_shared<engine::Fleet>(specs[0], static_cast<int>(specs.size()),
                                                     device, std::move(graphs));
  test::Trainers members;
  for (const core::ExperimentSpec& spec : specs) {
    members.push_back(std::make_unique<engine::TorchTrainer>(
        test::inputOf(spec), device, std::make_unique<engine::FleetKernel>(fleet, spec)));
  }
  return members;
}

engine::Graphs graphsBy(const std::shared_ptr<TwinRecorder>& twin) {
  return {twin, {}};
}

std::vector<test::Trained> trainedPlainly(const std::vector<core::ExperimentSpec>& specs) {
  test::Trainers members = membersOf(specs, {});
  return test::trainTogether(members, kSteps);
}

}  // namespace

class TestGraphs : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void repeatedStepsAreTheSame_data() { test::addSwitches(); }
  void repeatedStepsAreTheSame() {
    const auto specs = pair(test::changed());
    const auto twin = std::make_shared<TwinRecorder>();
    test::Trainers members = membersOf(specs, graphsBy(twin));
    const auto trained = test::trainTogether(members, kSteps);
    QVERIFY2(twin->broken.empty(), twin->broken.c_str());
    QVERIFY(trained == trainedPlainly(specs));
    QCOMPARE(trained[0].losses.size(), std::size_t{kSteps});
    // Whole batches, and the last of an epoch where there are epochs.
    QCOMPARE(twin->recorded, specs[0].data.mode == core::DataSpec::Mode::Fixed ? 2 : 1);
    // Of each shape two steps are plain, and one is recorded; the next is computed twice.
    QCOMPARE(twin->repeated, kSteps - 3 * twin->recorded);
    QCOMPARE(members[0]->kernelDetail(), std::string("as a CUDA graph"));
  }

  void onlySomeShapesAreRecorded() {
    core::ExperimentSpec spec = test::tinyExperiment();
    const auto twin = std::make_shared<TwinRecorder>();
    engine::torchModule();
    const auto fleet = std::make_shared<engine::Fleet>(spec, 1, at::Device("cpu"), graphsBy(twin));
    engine::TorchTrainer member(test::inputOf(spec), at::Device("cpu"),
                                std::make_unique<engine::FleetKernel>(fleet, spec));
    const core::Task task = test::compiled(spec.task);
    core::Random random(3);
    for (int round = 0; round < 4; ++round) {
      for (std::size_t size = 8; size < 14; ++size) {
        QVERIFY(!member.gradientsOf(task.draw(core::Split::Train, size, random)).empty());
      }
    }
    QCOMPARE(twin->recorded, 4);
    QVERIFY(member.kernelDetail().find("more than 4 shapes of batches") != std::string::npos);
    QVERIFY2(twin->broken.empty(), twin->broken.c_str());
  }

  void whereNothingCanBeRecordedStepsAreTaken() {
    const auto specs = pair(test::tinyExperiment());
    const auto twin = std::make_shared<TwinRecorder>(Mood::Refuses);
    test::Trainers members = membersOf(specs, graphsBy(twin));
    QVERIFY(test::trainTogether(members, kSteps) == trainedPlainly(specs));
    QCOMPARE(members[1]->kernelDetail(),
             std::string("without CUDA graphs: the twin records nothing"));
  }

  void wrongRepetitionsAreFound() {
    const auto specs = pair(test::tinyExperiment());
    const auto twin = std::make_shared<TwinRecorder>(Mood::KeepsInput);
    test::Trainers members = membersOf(specs, graphsBy(twin));
    QVERIFY(test::trainTogether(members, kSteps) == trainedPlainly(specs));
    QCOMPARE(twin->repeated, 1);
    QVERIFY(members[0]->kernelDetail().find("other numbers") != std::string::npos);
  }

  /// Recordings keep their memory: what has no room beside them is computed without.
  void whereMemoryEndsRecordingsAreGivenUp() {
    const auto specs = pair(test::tinyExperiment());
    const auto twin = std::make_shared<TwinRecorder>(Mood::HasNoRoom);
    test::Trainers members = membersOf(specs, graphsBy(twin));
    QVERIFY(test::trainTogether(members, kSteps) == trainedPlainly(specs));
    QCOMPARE(twin->repeated, 1);
    QCOMPARE(members[0]->kernelDetail(),
             std::string("without CUDA graphs: memory has no room for them beside a step"));
  }

  /// Those who stay are another crew, with buffers of its own.
  void recordsAgainWhenAMemberLeaves() {
    const auto specs = pair(test::tinyExperiment());
    const auto twin = std::make_shared<TwinRecorder>();
    test::Trainers members = membersOf(specs, graphsBy(twin));
    const auto trained = test::trainTogether(members, {kSteps, 2 * kSteps}, true);
    QVERIFY2(twin->broken.empty(), twin->broken.c_str());
    QCOMPARE(trained[1].losses.size(), std::size_t{2 * kSteps});
    QCOMPARE(twin->recorded, 4);
    test::Trainers plain = membersOf(specs, {});
    QVERIFY(test::trainTogether(plain, {kSteps, 2 * kSteps}, true) == trained);
  }

  void aPlugInThatIsNotOneIsNamed() {
    engine::torchModule();
    const engine::Graphs missing = engine::openGraphPlugin("/nowhere/graphs.so", 0);
    QVERIFY(!missing.recorder);
    QVERIFY(missing.why_none.find("/nowhere/graphs.so could not be opened") != std::string::npos);
    const engine::Graphs other = engine::openGraphPlugin("libc10.so", 0);
    QVERIFY(!other.recorder);
    QVERIFY2(
        other.why_none.find("has no function anchorlens_make_graph_recorder") != std::string::npos,
        other.why_none.c_str());
    const engine::Graphs none = engine::graphsOf(at::Device("cpu"));
    QVERIFY(!none.recorder && none.why_none.empty());
    qputenv("ANCHORLENS_CUDA_GRAPHS", "off");
    QCOMPARE(engine::graphsOf(at::Device("cuda:0")).why_none,
             std::string("ANCHORLENS_CUDA_GRAPHS is off"));
    qunsetenv("ANCHORLENS_CUDA_GRAPHS");
  }

  /// Beside the engine; what it needs is there only after LibTorch's CUDA library was opened.
  void thePlugInNeedsCuda() {
    const engine::EngineInfo& info = engine::torchModule().info();
    const engine::Graphs graphs = engine::graphsOf(at::Device("cuda:0"));
    if (info.devices.size() > 1) {
      QVERIFY2(graphs.recorder, graphs.why_none.c_str());
      return;
    }
    qInfo("%s", graphs.why_none.c_str());
    QVERIFY(!graphs.recorder);
    QVERIFY(graphs.why_none.find("libanchorlens_cuda.so") != std::string::npos);
  }

  void trainsOnAGpu() {
    const engine::EngineInfo& info = engine::torchModule().info();
    if (info.devices.size() < 2) {
      QSKIP(info.cuda_reason.c_str());
    }
    auto specs = pair(test::tinyExperiment());
    for (core::ExperimentSpec& spec : specs) {
      spec.training.device = "cuda";
    }
    const at::Device gpu("cuda:0");
    test::Trainers members = membersOf(specs, engine::graphsOf(gpu), gpu);
    test::Trainers plain = membersOf(specs, {}, gpu);
    QVERIFY(test::trainTogether(members, kSteps) == test::trainTogether(plain, kSteps));
    QCOMPARE(members[0]->kernelDetail(), std::string("as a CUDA graph"));
  }
};

QTEST_GUILESS_MAIN(TestGraphs)
#include "tst_graphs.moc"
