// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorctl/sweep_fleets.h"
#include "engine/core/experiment_json.h"
#include "engine/core/store/intervention_file.h"
#include "engine/core/store/run_place.h"

#include <QTemporaryDir>
#include <QTest>

#include <fstream>

using namespace anchorlens;

namespace {

using Shapes = std::vector<std::optional<std::size_t>>;

/// The demo with its kinds of model and learning rates varied.
core::StudyPlan planOf(const std::string& kernel, std::vector<core::StudyAxis> axes) {
  core::StudySpec study;
  study.base = core::preset("demo");
  study.base.training.kernel = kernel;
  study.axes = std::move(axes);
  auto plan = core::planStudy(study);
  if (!plan) {
    qFatal("%s", plan.error()[0].message.c_str());
  }
  return std::move(*plan);
}

core::StudyAxis axisOf(const char* pointer, std::vector<std::string> values) {
  return {pointer, std::move(values), std::nullopt};
}

}  // namespace

class TestSweepFleets : public QObject {
  Q_OBJECT

 private slots:
  void runsOfOneShapeAreTogether() {
    const auto plan = planOf("auto", {axisOf("/model/d_mlp", {"64", "128"}),
                                      axisOf("/training/learning_rate", {"0.001", "0.002"})});
    QCOMPARE(ctl::fleetShapes(plan, true), (Shapes{0, 0, 1, 1}));
    QCOMPARE(ctl::fleetShapes(plan, false), Shapes(4));
  }

  void theNamedKernelIsOneOfFleetsEverywhere() {
    const auto axes = {axisOf("/model/init/gamma", {"0.4", "0.5"})};
    QCOMPARE(ctl::fleetShapes(planOf("fleet", axes), false), (Shapes{0, 0}));
    QCOMPARE(ctl::fleetShapes(planOf("autograd", axes), true), Shapes(2));
  }

  void theBaselinesAreAlone() {
    const auto plan = planOf("auto", {axisOf("/model/kind", {"\"lstm\"", "\"transformer\""})});
    QCOMPARE(ctl::fleetShapes(plan, true), (Shapes{std::nullopt, 0}));
  }

  void fleetsOfOneRunAreNone() {
    const auto plan = planOf("fleet", {axisOf("/model/d_mlp", {"64", "128"})});
    QCOMPARE(ctl::fleetWayOf(plan, 1, 0).at_once, std::size_t{0});
    const ctl::FleetWay way = ctl::fleetWayOf(plan, 8, 0);
    QCOMPARE(way.shapes, (Shapes{0, 1}));
    QCOMPARE(way.at_once, std::size_t{1});
  }

  void fleetsAreSpreadOverTheGpus() {
    auto plan = planOf("auto", {axisOf("/training/learning_rate", {"0.001", "0.002"})});
    QCOMPARE(ctl::gpusToSpread(plan, 3), (std::vector<int>{0, 1, 2}));
    QCOMPARE(ctl::fleetWayOf(plan, 8, 3).at_once, std::size_t{3});
    QCOMPARE(ctl::fleetWayOf(plan, 8, 1).at_once, std::size_t{1});
    QVERIFY(ctl::gpusToSpread(plan, 1).empty());
    // Without one nothing shares tensors unless it says so.
    QCOMPARE(ctl::fleetWayOf(plan, 8, 0).at_once, std::size_t{0});
    // A study that names its GPU gets that one.
    plan.study.base.training.device = "cuda:1";
    QVERIFY(ctl::gpusToSpread(plan, 3).empty());
    QCOMPARE(ctl::fleetWayOf(plan, 8, 3).at_once, std::size_t{1});
    const auto varied = planOf("auto", {axisOf("/training/device", {"\"cpu\"", "\"cuda:2\""})});
    QVERIFY(ctl::gpusToSpread(varied, 3).empty());
  }

  void theGpuWithTheFewestProcessesIsTaken() {
    QCOMPARE(ctl::gpuOfFewest({}, {}), std::optional<int>());
    QCOMPARE(ctl::gpuOfFewest({0, 1, 2}, {}), std::optional(0));
    QCOMPARE(ctl::gpuOfFewest({0, 1, 2}, {0, 2}), std::optional(1));
    QCOMPARE(ctl::gpuOfFewest({0, 1, 2}, {0, 1, 2, 0}), std::optional(1));
    // Ten processes on four GPUs: two or three each.
    std::vector<int> taken;
    for (int process = 0; process < 10; ++process) {
      taken.push_back(*ctl::gpuOfFewest({0, 1, 2, 3}, taken));
    }
    QCOMPARE(taken, (std::vector<int>{0, 1, 2, 3, 0, 1, 2, 3, 0, 1}));
  }

  void theCommonestShapeIsMeasured() {
    const auto plan = planOf("auto", {axisOf("/model/d_mlp", {"64", "128", "256"})});
    QVERIFY(!ctl::commonestShape(plan, Shapes(3)));
    const auto shape = ctl::commonestShape(plan, {0, 1, 1});  // as if the last two were of one
    QVERIFY(shape);
    QCOMPARE(shape->runs, std::size_t{2});
    QCOMPARE(shape->spec.model.d_mlp, 128);
  }

  void takesRunsOfTheFirstShape() {
    const Shapes shapes{std::nullopt, 1, 0, 1, 1, 0, 1};
    const auto take = [&](std::size_t most_runs, std::size_t places) {
      std::deque<std::size_t> waiting{0, 1, 2, 3, 4, 5, 6};
      auto fleet = ctl::takeFleet(waiting, most_runs, places,
                                  [&](std::size_t member) { return shapes[member]; });
      return std::pair(fleet, std::vector<std::size_t>(waiting.begin(), waiting.end()));
    };
    using Members = std::vector<std::size_t>;
    QCOMPARE(take(32, 1), std::pair(Members{1, 3, 4, 6}, Members{0, 2, 5}));
    QCOMPARE(take(3, 1), std::pair(Members{1, 3, 4}, Members{0, 2, 5, 6}));
    // Two GPUs share them.
    QCOMPARE(take(32, 2), std::pair(Members{1, 3}, Members{0, 2, 4, 5, 6}));
    QCOMPARE(take(32, 9), std::pair(Members{1}, Members{0, 2, 3, 4, 5, 6}));
    std::deque<std::size_t> alone{0};
    QVERIFY(ctl::takeFleet(alone, 32, 1, [&](std::size_t) { return shapes[0]; }).empty());
    QCOMPARE(alone.size(), std::size_t{1});
  }

  void whatWasBegunOtherwiseStaysAlone() {
    const QTemporaryDir folder;
    const std::filesystem::path run = folder.path().toStdString();
    QVERIFY(ctl::mayJoinFleet(run));
    const auto begin = [&](const char* kernel) {
      core::ExperimentSpec spec = core::preset("demo");
      spec.training.kernel = kernel;
      std::ofstream(run / core::kExperimentName) << core::writeExperiment(spec);
    };
    begin("fast");
    QVERIFY(!ctl::mayJoinFleet(run));
    begin("fleet");
    QVERIFY(ctl::mayJoinFleet(run));
    std::ofstream(run / core::kInterventionsName) << "{}";
    QVERIFY(!ctl::mayJoinFleet(run));
  }

  void aProcessSeesItsGpu() {
    QCOMPARE(ctl::visibleDevice(nullptr, 1), std::string("1"));
    QCOMPARE(ctl::visibleDevice("4,GPU-8f,7", 0), std::string("4"));
    QCOMPARE(ctl::visibleDevice("4,GPU-8f,7", 1), std::string("GPU-8f"));
    QCOMPARE(ctl::visibleDevice("4,GPU-8f,7", 2), std::string("7"));
  }
};

QTEST_GUILESS_MAIN(TestSweepFleets)
#include "tst_sweep_fleets.moc"
