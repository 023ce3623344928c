// SPDX-License-Identifier: GPL-3.0-or-later
// Runs that share their tensors against the same runs alone.
#include "engine/core/intervention.h"
#include "engine/torch/run_axis.h"
#include "tests/torch/fleet_training.h"
#include "tests/torch/model_switches.h"

#include <cmath>

using namespace anchorlens;
using test::Trained;

namespace {

/// Three runs that differ in all that may differ: seeds, data, sizes of the last batch of an epoch,
/// initial weights, learning rate, decay, schedule, clip norm, task and what is held out.
std::vector<core::ExperimentSpec> variants(const core::ExperimentSpec& base) {
  std::vector<core::ExperimentSpec> specs(3, base);
  for (core::ExperimentSpec& spec : specs) {
    spec.training.steps = 200;
  }
  specs[1].training.seed = 12;
  specs[1].data.seed = 5;
  specs[1].data.n_train = 130;
  specs[1].training.learning_rate *= 2;
  specs[1].training.weight_decay = 0.2;
  specs[1].training.schedule = {};
  specs[1].model.init = {core::InitSpec::Kind::Gamma, 0.6, {}};
  specs[2].training.seed = 13;
  specs[2].training.clip_norm = 0.1;
  specs[2].training.optimizer = core::TrainingSpec::Optimizer::Adam;
  if (base.task == test::tinyExperiment().task) {
    specs[2].task = core::preset("recitation-forward").task;
  }
  return specs;
}

std::vector<core::ExperimentSpec> variants() {
  return variants(test::tinyExperiment());
}

/// The largest relative difference; infinite where one stopped.
double difference(const Trained& together, const Trained& alone) {
  if (together.losses.size() != alone.losses.size() || !together.error.empty()) {
    return INFINITY;
  }
  double largest = 0;
  for (std::size_t i = 0; i < alone.losses.size(); ++i) {
    const double gap = std::abs(together.losses[i] - alone.losses[i]) / alone.losses[i];
    largest = std::isnan(gap) ? INFINITY : std::max(largest, gap);
  }
  return largest;
}

double differenceFromAlone(const core::ExperimentSpec& spec, const Trained& together) {
  const auto alone = test::aloneOf(spec);
  return difference(together, test::train(*alone, static_cast<int>(together.losses.size())));
}

}  // namespace

class TestFleet : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void membersTrainAsAlone_data() {
    QTest::addColumn<int>("index");
    for (std::size_t i = 0; i < test::switches().size(); ++i) {
      QTest::newRow(test::switches()[i].first) << static_cast<int>(i);
    }
  }
  void membersTrainAsAlone() {
    QFETCH(int, index);
    core::ExperimentSpec base = test::tinyExperiment();
    test::switches()[static_cast<std::size_t>(index)].second(base);
    const auto specs = variants(base);
    test::Trainers members = test::fleetOf(specs);
    const auto together = test::trainTogether(members, 50);
    for (std::size_t i = 0; i < specs.size(); ++i) {
      QCOMPARE(members[i]->kernel(), std::string("fleet"));
      const double gap = differenceFromAlone(specs[i], together[i]);
      qInfo("member %d: %.1e", static_cast<int>(i), gap);
      QVERIFY(gap < 1e-4);
    }
  }

  void sgdAndTwoThreads() {
    core::ExperimentSpec base = test::tinyExperiment();
    base.training.threads = 2;
    auto specs = variants(base);
    for (core::ExperimentSpec& spec : specs) {
      spec.training.optimizer = core::TrainingSpec::Optimizer::Sgd;
      spec.training.momentum = 0.9;
      spec.training.learning_rate = 0.01;
    }
    test::Trainers members = test::fleetOf(specs);
    const auto together = test::trainTogether(members, 50);
    for (std::size_t i = 0; i < specs.size(); ++i) {
      QVERIFY(differenceFromAlone(specs[i], together[i]) < 1e-4);
    }
  }

  void sameBitsEveryTime() {
    test::Trainers first = test::fleetOf(variants());
    test::Trainers second = test::fleetOf(variants());
    const auto losses = test::trainTogether(first, 30);
    QCOMPARE(losses[0].losses.size(), std::size_t{30});
    QVERIFY(test::trainTogether(second, 30) == losses);
    for (std::size_t i = 0; i < first.size(); ++i) {
      QVERIFY(first[i]->snapshot(true)->tensors == second[i]->snapshot(true)->tensors);
    }
  }

  void measuresAsAlone() {
    const auto specs = variants();
    test::Trainers members = test::fleetOf(specs);
    test::trainTogether(members, 5);
    core::Random random(3);
    const auto set = test::compiled(specs[1].task).draw(core::Split::Test, 40, random);
    const auto alone = test::aloneOf(specs[1]);
    QVERIFY(alone->restore(*members[1]->snapshot(true)));
    const auto expected = alone->forward(set, true);
    const auto found = members[1]->forward(set, true);
    QVERIFY(expected && found);
    for (std::size_t i = 0; i < set.size(); ++i) {
      QVERIFY(std::abs(found->losses[i] - expected->losses[i]) < 1e-4F);
    }
    QVERIFY(members[1]->evaluate(set));
  }

  void membersLeaveWhenTheyAreDone() {
    const auto specs = variants();
    test::Trainers members = test::fleetOf(specs);
    const auto together = test::trainTogether(members, {10, 40, 25}, true);
    QCOMPARE(together[1].losses.size(), std::size_t{40});
    for (std::size_t i = 0; i < specs.size(); ++i) {
      QVERIFY(differenceFromAlone(specs[i], together[i]) < 1e-4);
    }
  }

  void theLastStepIsALeave() {
    auto specs = variants();
    specs[0].training.steps = 8;
    test::Trainers members = test::fleetOf(specs);
    const auto together = test::trainTogether(members, {8, 20, 20});  // all are kept
    QCOMPARE(together[2].losses.size(), std::size_t{20});
    QVERIFY(differenceFromAlone(specs[1], together[1]) < 1e-4);
  }

  void aMemberFailsAlone() {
    auto specs = variants();
    core::TrainingSpec& training = specs[1].training;
    training.optimizer = core::TrainingSpec::Optimizer::Sgd;
    training.learning_rate = 1e30;
    training.clip_norm.reset();
    test::Trainers members = test::fleetOf(specs);
    const auto together = test::trainTogether(members, 30);
    QVERIFY2(together[1].error.find("at step") != std::string::npos, together[1].error.c_str());
    const auto failed_at = static_cast<std::int64_t>(together[1].losses.size());
    QVERIFY(failed_at < 30);
    QCOMPARE(members[1]->step(), failed_at);
    // Its weights are those before the step that was not taken.
    test::Trainers again = test::fleetOf(specs);
    test::trainTogether(again, static_cast<int>(failed_at));
    QVERIFY(members[1]->snapshot(true)->tensors == again[1]->snapshot(true)->tensors);
    QVERIFY(members[1]->snapshot(true)->metadata == again[1]->snapshot(true)->metadata);
    for (const std::size_t i : {std::size_t{0}, std::size_t{2}}) {
      QCOMPARE(together[i].losses.size(), std::size_t{30});
      QVERIFY(differenceFromAlone(specs[i], together[i]) < 1e-4);
    }
  }

  void resumedMembersGoOnBitForBit() {
    const auto specs = variants();
    test::Trainers unbroken = test::fleetOf(specs);
    test::trainTogether(unbroken, 17);
    std::vector<core::Checkpoint> kept;
    for (const auto& member : unbroken) {
      kept.push_back(*member->snapshot(true));
    }
    const auto expected = test::trainTogether(unbroken, 20);
    test::Trainers resumed = test::fleetOf(specs);
    test::trainTogether(resumed, 3);
    for (std::size_t i = 0; i < kept.size(); ++i) {
      QVERIFY(resumed[i]->restore(kept[i]));
    }
    QVERIFY(test::trainTogether(resumed, 20) == expected);
    for (std::size_t i = 0; i < kept.size(); ++i) {
      QVERIFY(resumed[i]->snapshot(true)->tensors == unbroken[i]->snapshot(true)->tensors);
      QVERIFY(resumed[i]->snapshot(true)->metadata == unbroken[i]->snapshot(true)->metadata);
    }
  }

  void resumedAtAnotherStepThanTheRest() {
    const auto specs = variants();
    const auto alone = test::aloneOf(specs[1]);
    test::train(*alone, 7);
    test::Trainers members = test::fleetOf(specs);
    QVERIFY(members[1]->restore(*alone->snapshot(true)));
    const auto together = test::trainTogether(members, 30);
    QVERIFY(difference(together[1], test::train(*alone, 30)) < 1e-4);
    QVERIFY(differenceFromAlone(specs[0], together[0]) < 1e-4);
  }

  void aChangedMemberIsAsAlone_data() {
    QTest::addColumn<QString>("change");
    for (const char* change : {"ablate 0.1", "freeze 0.0", "mlp 1 off", "lr x0.5"}) {
      QTest::newRow(change) << QString(change);
    }
  }
  void aChangedMemberIsAsAlone() {
    QFETCH(QString, change);
    const auto held = core::inEffect({*core::parseIntervention(change.toStdString())}, 1);
    const auto specs = variants();
    test::Trainers members = test::fleetOf(specs);
    const auto alone = test::aloneOf(specs[1]);
    test::trainTogether(members, 5);
    test::train(*alone, 5);
    QVERIFY(members[1]->setInEffect(held));
    QVERIFY(alone->setInEffect(held));
    const auto changed = test::trainTogether(members, 10);
    QVERIFY(difference(changed[1], test::train(*alone, 10)) < 1e-4);
    QVERIFY(members[1]->setInEffect({}));
    QVERIFY(alone->setInEffect({}));
    // The others may have taken steps before it joins them again: none of them waits in the end.
    const auto released = test::trainTogether(members, {10, 10, 10}, true);
    QVERIFY(difference(released[1], test::train(*alone, 10)) < 1e-4);
    QCOMPARE(released[0].losses.size(), std::size_t{10});
    const auto other = test::aloneOf(specs[0]);
    test::train(*other, 15);
    QVERIFY(difference(released[0], test::train(*other, 10)) < 1e-4);
  }

  /// A parameter's gradient is in its place after the backward pass, and is not handed out as well.
  void gradientsAreWrittenWhereTheyBelong() {
    engine::torchModule();
    const auto wave = [](at::IntArrayRef shape) {
      const std::int64_t count = c10::multiply_integers(shape);
      return at::arange(count, at::kFloat).sin().view(shape);
    };
    const at::Tensor x = wave({2 * 3, 4}).set_requires_grad(true);
    const at::Tensor dy = wave({2 * 3, 5}).mul(0.5);
    const auto gradientsOf = [&](const at::Tensor& W, const at::Tensor& b) {
      const at::AutoGradMode grad(true);
      const at::Tensor sum = (engine::applyLinear(x, W, b) * dy).sum();
      return torch::autograd::grad({sum}, {x, W, b}, {}, std::nullopt, false, true);
    };
    const at::Tensor W = wave({2, 5, 4}).set_requires_grad(true);
    const at::Tensor b = wave({2, 5}).set_requires_grad(true);
    const auto expected = gradientsOf(W, b);
    const at::Tensor by_run = dy.view({2, 3, 5});
    QVERIFY(at::allclose(expected[1], at::bmm(by_run.transpose(1, 2), x.detach().view({2, 3, 4}))));
    QVERIFY(at::allclose(expected[2], by_run.sum(1)));

    const at::Tensor rows = at::full({2, 32}, NAN);
    W.mutable_grad() = rows.narrow(1, 0, 20).view({2, 5, 4});
    b.mutable_grad() = rows.narrow(1, 20, 5);
    const auto found = gradientsOf(W, b);
    QVERIFY(found[0].equal(expected[0]));
    QVERIFY(!found[1].defined() && !found[2].defined());
    QVERIFY(rows.narrow(1, 0, 20).view({2, 5, 4}).equal(expected[1]));
    QVERIFY(rows.narrow(1, 20, 5).equal(expected[2]));
    QVERIFY(rows.narrow(1, 25, 7).isnan().all().item<bool>());
  }

  void whatHasNoFleetIsNamed() {
    const core::ExperimentSpec tiny = test::tinyExperiment();
    const auto refused = [](const core::ExperimentSpec& spec, const char* words) {
      const auto fleet = engine::torchModule().createFleet(spec, 2);
      return !fleet && fleet.error().message.find(words) != std::string::npos;
    };
    core::ExperimentSpec spec = tiny;
    spec.model.kind = core::ModelSpec::Kind::Lstm;
    QVERIFY(refused(spec, "transformers only"));
    spec.training.kernel = "fleet";
    QVERIFY(!engine::torchModule().createTrainer(test::inputOf(spec)));
    spec = tiny;
    spec.training.kernel = "fast";
    QVERIFY(refused(spec, "kernel 'fast'"));
    spec = tiny;
    spec.training.device = "cuda:99";
    QVERIFY(refused(spec, "cuda:99"));

    const auto fleet = engine::torchModule().createFleet(tiny, 1);
    QVERIFY(fleet);
    spec = tiny;
    spec.model.d_mlp = 64;
    const auto other = (*fleet)->createTrainer(test::inputOf(spec));
    QVERIFY(!other && other.error().message.find("/model") != std::string::npos);
    const auto first = (*fleet)->createTrainer(test::inputOf(tiny));
    QVERIFY(first);
    const auto second = (*fleet)->createTrainer(test::inputOf(tiny));
    QVERIFY(!second && second.error().message.find("taken") != std::string::npos);
  }

  void aSeatIsFreeAgain() {
    const core::ExperimentSpec tiny = test::tinyExperiment();
    const auto fleet = engine::torchModule().createFleet(tiny, 1);
    QVERIFY(fleet);
    { QVERIFY((*fleet)->createTrainer(test::inputOf(tiny))); }
    const auto again = (*fleet)->createTrainer(test::inputOf(tiny));
    QVERIFY(again);
    QVERIFY(differenceFromAlone(tiny, test::train(**again, 20)) < 1e-4);
  }

  void trainsOnCuda() {
    const engine::EngineInfo& info = engine::torchModule().info();
    if (info.devices.size() < 2) {
      QSKIP(info.cuda_reason.c_str());
    }
    auto specs = variants();
    for (core::ExperimentSpec& spec : specs) {
      spec.training.device = "cuda";
    }
    test::Trainers members = test::fleetOf(specs);
    const auto together = test::trainTogether(members, 50);
    for (std::size_t i = 0; i < specs.size(); ++i) {
      specs[i].training.device = "cpu";
      QVERIFY(differenceFromAlone(specs[i], together[i]) < 1e-3);
    }
  }
};

QTEST_GUILESS_MAIN(TestFleet)
#include "tst_fleet.moc"
