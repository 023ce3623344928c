// SPDX-License-Identifier: GPL-3.0-or-later
// A training that is changed while it goes on: what is left out gets no gradient, what is frozen
// stays to the bit, what is taken back works again.
#include "engine/core/intervention.h"
#include "engine/inspect.h"
#include "engine/session/history.h"
#include "engine/torch/module.h"
#include "engine/torch/torch_trainer.h"
#include "tests/support/engine_fixtures.h"

#include <cmath>
#include <cstring>

using namespace anchorlens;

namespace {

using Floats = std::vector<float>;

core::ExperimentSpec variant(const QString& name) {
  core::ExperimentSpec spec = test::tinyExperiment();
  spec.training.schedule = {};
  if (name == "pre") {
    spec.model.norm = core::ModelSpec::Norm::Pre;
    spec.model.attention_biases = true;
    spec.model.mlp_biases = true;
    spec.model.activation = core::ModelSpec::Activation::Gelu;
  } else if (name == "lengths") {
    spec.task.seq_len = {5, 9};
  } else if (name == "full mask") {
    spec.model.mask = core::ModelSpec::Mask::None;
  } else if (name == "sgd") {
    spec.training.optimizer = core::TrainingSpec::Optimizer::Sgd;
    spec.training.momentum = 0.9;
  } else if (name == "adam") {
    spec.training.optimizer = core::TrainingSpec::Optimizer::Adam;
    spec.training.weight_decay = 0.1;
  }
  return spec;
}

void addModels() {
  QTest::addColumn<QString>("name");
  for (const char* name : {"post", "pre", "lengths", "full mask"}) {
    QTest::newRow(name) << QString(name);
  }
}

std::unique_ptr<engine::TorchTrainer> trainerOf(const core::ExperimentSpec& spec) {
  engine::torchModule();
  return std::make_unique<engine::TorchTrainer>(test::inputOf(spec), at::Device(at::kCPU));
}

core::Intervention changeOf(const char* text, std::int64_t step = 0) {
  auto change = core::parseIntervention(text);
  if (!change) {
    qFatal("%s", change.error().c_str());
  }
  change->step = step;
  return *change;
}

void hold(engine::Trainer& trainer, const std::vector<core::Intervention>& changes) {
  const auto held = trainer.setInEffect(core::inEffect(changes, 1));
  if (!held) {
    qFatal("%s", held.error().message.c_str());
  }
}

void train(engine::Trainer& trainer, int steps) {
  for (int i = 0; i < steps; ++i) {
    const auto step = trainer.trainStep();
    if (!step) {
      qFatal("%s", step.error().message.c_str());
    }
  }
}

core::SequenceSet sequencesOf(const core::ExperimentSpec& spec, std::size_t n = 40) {
  core::Random random(11);
  return test::compiled(spec.task).draw(core::Split::Train, n, random);
}

Floats floatsOf(const core::Checkpoint& checkpoint, const std::string& name) {
  const core::Tensor* tensor = checkpoint.find(name);
  if (tensor == nullptr) {
    qFatal("there is no tensor %s", name.c_str());
  }
  Floats values(tensor->data.size() / sizeof(float));
  std::memcpy(values.data(), tensor->data.data(), tensor->data.size());
  return values;
}

/// What belongs to a head of the attention tensor `part` of a layer, from a flat buffer.
Floats headPart(engine::TorchTrainer& trainer, const Floats& flat, const std::string& name,
                int head, int d_head) {
  Floats part;
  for (const engine::ParameterInfo& info : trainer.parameters().infos()) {
    if (info.name != name) {
      continue;
    }
    const bool by_column = name.ends_with("o.weight");
    const std::int64_t columns = info.shape.size() > 1 ? info.shape[1] : 1;
    for (std::int64_t i = 0; i < info.count; ++i) {
      const std::int64_t place = by_column ? i % columns : i / columns;
      if (place / d_head == head) {
        part.push_back(flat[static_cast<std::size_t>(info.offset + i)]);
      }
    }
  }
  if (part.empty()) {
    qFatal("there is no parameter %s", name.c_str());
  }
  return part;
}

Floats valuesOf(engine::TorchTrainer& trainer) {
  const at::Tensor& values = trainer.parameters().values();
  return {values.data_ptr<float>(), values.data_ptr<float>() + values.numel()};
}

bool isZero(const Floats& values) {
  return std::all_of(values.begin(), values.end(), [](float value) { return value == 0; });
}

double largestDifference(const Floats& a, const Floats& b) {
  double largest = a.size() == b.size() ? 0 : INFINITY;
  for (std::size_t i = 0; i < a.size() && i < b.size(); ++i) {
    largest = std::max(largest, std::abs(double{a[i]} - double{b[i]}));
  }
  return largest;
}

void zeroParameter(engine::TorchTrainer& trainer, const std::string& name) {
  const at::NoGradGuard no_grad;
  for (const engine::ParameterInfo& info : trainer.parameters().infos()) {
    if (info.name == name) {
      trainer.parameters().values().narrow(0, info.offset, info.count).zero_();
    }
  }
}

const char* const kHeadParts[] = {"q.weight", "k.weight", "v.weight", "o.weight"};

}  // namespace

class TestChanges : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void anAblatedHeadGetsNoGradient_data() { addModels(); }
  void anAblatedHeadGetsNoGradient() {
    QFETCH(QString, name);
    const core::ExperimentSpec spec = variant(name);
    const auto trainer = trainerOf(spec);
    train(*trainer, 3);
    const auto set = sequencesOf(spec);
    hold(*trainer, {changeOf("ablate 0.1")});
    QCOMPARE(trainer->kernel(), std::string("autograd"));
    const Floats gradients = trainer->gradientsOf(set);
    for (const char* part : kHeadParts) {
      const std::string full = std::string("layers.0.attn.") + part;
      QVERIFY2(isZero(headPart(*trainer, gradients, full, 1, 8)), part);
      QVERIFY2(!isZero(headPart(*trainer, gradients, full, 0, 8)), part);
      QVERIFY2(!isZero(headPart(*trainer, gradients, std::string("layers.1.attn.") + part, 1, 8)),
               part);
    }
  }

  /// With its columns of W_O at 0 a head says nothing either: the same logits, and the same
  /// gradient of everything that is not its own.
  void anAblatedHeadIsOneWithoutOutput_data() { addModels(); }
  void anAblatedHeadIsOneWithoutOutput() {
    QFETCH(QString, name);
    const core::ExperimentSpec spec = variant(name);
    const auto ablated = trainerOf(spec);
    const auto silent = trainerOf(spec);
    hold(*ablated, {changeOf("ablate 0.1")});
    hold(*silent, {changeOf("ablate 1.0"), changeOf("release 1.0"), changeOf("mlp 0 off"),
                   changeOf("mlp 0 on")});
    {
      const at::NoGradGuard no_grad;
      for (const engine::ParameterInfo& info : silent->parameters().infos()) {
        if (info.name == "layers.0.attn.o.weight") {
          silent->parameters()
              .values()
              .narrow(0, info.offset, info.count)
              .view(info.shape)
              .narrow(1, 8, 8)
              .zero_();
        }
      }
    }
    const auto set = sequencesOf(spec);
    QVERIFY(largestDifference(*ablated->logits(set), *silent->logits(set)) < 1e-5);
    const Floats a = ablated->gradientsOf(set);
    const Floats b = silent->gradientsOf(set);
    for (const engine::ParameterInfo& info : ablated->parameters().infos()) {
      if (info.name.find("layers.0.attn") != std::string::npos) {
        continue;
      }
      const auto first = static_cast<std::ptrdiff_t>(info.offset);
      const auto last = first + static_cast<std::ptrdiff_t>(info.count);
      QVERIFY2(largestDifference({a.begin() + first, a.begin() + last},
                                 {b.begin() + first, b.begin() + last}) < 1e-6,
               info.name.c_str());
    }
    // What a causal test takes away for a moment is the same thing.
    const auto plain = trainerOf(spec);
    engine::InspectRequest request;
    request.zeroed = {{0, 1}};
    const auto seen = plain->inspect(set, request);
    const auto measured = ablated->inspect(set, {});
    QVERIFY(seen && measured);
    QVERIFY(seen->logits == measured->logits);
  }

  void aPartThatIsOffIsOneOfZeros_data() {
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("change");
    QTest::addColumn<QString>("tensor");
    for (const char* name : {"post", "pre", "lengths"}) {
      for (const auto& [change, tensor] :
           {std::pair{"mlp 0 off", "mlp.out"}, std::pair{"mlp 1 off", "mlp.out"},
            std::pair{"attention 0 off", "attn.o"}, std::pair{"attention 1 off", "attn.o"}}) {
        QTest::newRow(qPrintable(QString("%1 %2").arg(name, change)))
            << QString(name) << QString(change) << QString(tensor);
      }
    }
  }
  void aPartThatIsOffIsOneOfZeros() {
    QFETCH(QString, name);
    QFETCH(QString, change);
    QFETCH(QString, tensor);
    const core::ExperimentSpec spec = variant(name);
    const auto off = trainerOf(spec);
    const auto zeros = trainerOf(spec);
    const core::Intervention wanted = changeOf(change.toUtf8().constData());
    hold(*off, {wanted});
    const std::string prefix =
        "layers." + std::to_string(wanted.layer) + "." + tensor.toStdString();
    zeroParameter(*zeros, prefix + ".weight");
    zeroParameter(*zeros, prefix + ".bias");
    const auto set = sequencesOf(spec);
    QVERIFY(largestDifference(*off->logits(set), *zeros->logits(set)) < 1e-5);
    const Floats gradients = off->gradientsOf(set);
    for (const engine::ParameterInfo& info : off->parameters().infos()) {
      const std::string part =
          "layers." + std::to_string(wanted.layer) + (tensor == "attn.o" ? ".attn." : ".mlp.");
      if (info.name.starts_with(part)) {
        const auto first = gradients.begin() + static_cast<std::ptrdiff_t>(info.offset);
        QVERIFY2(isZero({first, first + static_cast<std::ptrdiff_t>(info.count)}),
                 info.name.c_str());
      }
    }
  }

  void aClampedHeadLooksWhereItLooked_data() { addModels(); }
  void aClampedHeadLooksWhereItLooked() {
    QFETCH(QString, name);
    const core::ExperimentSpec spec = variant(name);
    const auto trainer = trainerOf(spec);
    train(*trainer, 5);
    const auto set = sequencesOf(spec);
    const auto pattern = engine::meanPattern(*trainer, set, {1, 1});
    QVERIFY(pattern);
    const auto T = static_cast<std::size_t>(set.seq_len);
    for (std::size_t row = 0; row < T; ++row) {
      double sum = 0;
      for (std::size_t key = 0; key < T; ++key) {
        sum += (*pattern)[row * T + key];
        QVERIFY(key <= row || (*pattern)[row * T + key] == 0 ||
                spec.model.mask == core::ModelSpec::Mask::None);
      }
      QVERIFY2(std::abs(sum - 1) < 1e-5, qPrintable(QString::number(sum)));
    }
    core::Intervention change = changeOf("clamp 1.1");
    change.pattern = *pattern;
    hold(*trainer, {change});
    const Floats gradients = trainer->gradientsOf(set);
    for (const char* part : {"q.weight", "k.weight"}) {
      const std::string full = std::string("layers.1.attn.") + part;
      QVERIFY2(isZero(headPart(*trainer, gradients, full, 1, 8)), part);
      QVERIFY2(!isZero(headPart(*trainer, gradients, full, 0, 8)), part);
    }
    QVERIFY(!isZero(headPart(*trainer, gradients, "layers.1.attn.v.weight", 1, 8)));
    train(*trainer, 5);
    const auto seen = trainer->forward(set, true);
    QVERIFY(seen);
    const auto& patterns = seen->patterns;
    for (std::size_t i = 0; i < patterns.n; ++i) {
      const auto length = static_cast<std::size_t>(set.lengths[i]);
      const float* cells = patterns.pattern.data() + (i * 4 + 3) * T * T;
      for (std::size_t cell = 0; cell < length * T; ++cell) {
        QCOMPARE(cells[cell], (*pattern)[cell]);
      }
    }
    // The reader's row alone, as training computes it, and every row: the same answers.
    engine::InspectRequest request;
    const auto inside = trainer->inspect(set, request);
    QVERIFY(largestDifference(inside->logits, *trainer->logits(set)) < 1e-4);
  }

  void frozenParametersStayToTheBit_data() {
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("kernel");
    for (const char* name : {"post", "pre", "sgd", "adam"}) {
      for (const char* kernel : {"fast", "autograd"}) {
        QTest::newRow(qPrintable(QString("%1 %2").arg(name, kernel)))
            << QString(name) << QString(kernel);
      }
    }
  }
  void frozenParametersStayToTheBit() {
    QFETCH(QString, name);
    QFETCH(QString, kernel);
    core::ExperimentSpec spec = variant(name);
    spec.training.kernel = kernel.toStdString();
    const auto trainer = trainerOf(spec);
    train(*trainer, 3);
    const auto before = valuesOf(*trainer);
    const auto state = trainer->snapshot(true);
    hold(*trainer, {changeOf("freeze 0.1"), changeOf("weight_decay 0.5")});
    QCOMPARE(trainer->kernel(), kernel.toStdString());
    train(*trainer, 6);
    const auto after = valuesOf(*trainer);
    const auto later = trainer->snapshot(true);
    std::vector<std::string> parts(std::begin(kHeadParts), std::end(kHeadParts));
    if (spec.model.attention_biases) {
      parts.insert(parts.end(), {"q.bias", "k.bias", "v.bias"});
    }
    for (const std::string& part : parts) {
      const std::string full = "layers.0.attn." + part;
      QVERIFY2(headPart(*trainer, after, full, 1, 8) == headPart(*trainer, before, full, 1, 8),
               part.c_str());
      QVERIFY2(headPart(*trainer, after, full, 0, 8) != headPart(*trainer, before, full, 0, 8),
               part.c_str());
      // Its moments stand still, too: columns of W_O are spread, so the rows are looked at.
      if (part == "q.weight") {
        const char* moment = name == "sgd" ? "optimizer.momentum." : "optimizer.m.";
        const Floats then = floatsOf(*state, moment + full);
        const Floats now = floatsOf(*later, moment + full);
        const auto half = static_cast<std::ptrdiff_t>(then.size() / 2);
        QVERIFY(std::equal(then.begin() + half, then.end(), now.begin() + half));
        QVERIFY(!std::equal(then.begin(), then.begin() + half, now.begin()));
      }
    }
    hold(*trainer, {changeOf("freeze 0.1"), changeOf("release 0.1")});
    train(*trainer, 2);
    QVERIFY(headPart(*trainer, valuesOf(*trainer), "layers.0.attn.v.weight", 1, 8) !=
            headPart(*trainer, after, "layers.0.attn.v.weight", 1, 8));
  }

  /// The gradient's norm is that of what is trained.
  void frozenGradientsAreNotCounted() {
    const core::ExperimentSpec spec = variant("post");
    const auto trainer = trainerOf(spec);
    const auto all = trainer->trainStep();
    const auto other = trainerOf(spec);
    hold(*other, {changeOf("freeze 0.0"), changeOf("freeze 0.1"), changeOf("freeze 1.0"),
                  changeOf("freeze 1.1")});
    const auto rest = other->trainStep();
    QCOMPARE(rest->loss, all->loss);
    QVERIFY2(rest->grad_norm < all->grad_norm,
             qPrintable(QString("%1 %2").arg(rest->grad_norm).arg(all->grad_norm)));
  }

  void aRateIsThatOfAnotherExperiment_data() {
    QTest::addColumn<QString>("change");
    QTest::addColumn<double>("rate");
    QTest::addColumn<double>("decay");
    QTest::newRow("lr") << "lr 0.002" << 0.002 << 0.01;
    QTest::newRow("factor") << "lr x0.5" << 5e-4 << 0.01;
    QTest::newRow("decay") << "weight_decay 0.25" << 1e-3 << 0.25;
  }
  void aRateIsThatOfAnotherExperiment() {
    QFETCH(QString, change);
    QFETCH(double, rate);
    QFETCH(double, decay);
    core::ExperimentSpec spec = variant("post");
    const auto changed = trainerOf(spec);
    train(*changed, 7);
    const auto checkpoint = changed->snapshot(true);
    hold(*changed, {changeOf(change.toUtf8().constData())});
    QCOMPARE(changed->kernel(), std::string("fast"));
    const auto step = changed->trainStep();
    QCOMPARE(step->learning_rate, rate);
    train(*changed, 4);
    spec.training.learning_rate = rate;
    spec.training.weight_decay = decay;
    const auto other = trainerOf(spec);
    QVERIFY(other->restore(*checkpoint));
    train(*other, 5);
    QVERIFY(valuesOf(*changed) == valuesOf(*other));
  }

  void theFastPathComesBack() {
    const core::ExperimentSpec spec = variant("post");
    const auto trainer = trainerOf(spec);
    QCOMPARE(trainer->kernel(), std::string("fast"));
    for (const char* change : {"ablate 0.0", "clamp 0.0", "mlp 0 off", "attention 1 off"}) {
      core::Intervention wanted = changeOf(change);
      if (wanted.kind == core::Intervention::Kind::Clamp) {
        wanted.pattern = *engine::meanPattern(*trainer, sequencesOf(spec), {0, 0});
      }
      hold(*trainer, {wanted});
      QCOMPARE(trainer->kernel(), std::string("autograd"));
      train(*trainer, 2);
      hold(*trainer, {});
      QCOMPARE(trainer->kernel(), std::string("fast"));
    }
    // Nothing of it is left.
    const auto plain = trainerOf(spec);
    QVERIFY(plain->restore(*trainer->snapshot(true)));
    train(*plain, 3);
    train(*trainer, 3);
    QVERIFY(valuesOf(*plain) == valuesOf(*trainer));
  }

  void aMixtureGoesOnBitForBit_data() {
    QTest::addColumn<bool>("streaming");
    QTest::addColumn<int>("at");
    // 200 sequences in batches of 48: 5 steps an epoch.
    for (const int at : {7, 9, 10, 11, 23}) {
      QTest::newRow(qPrintable(QString("fixed %1").arg(at))) << false << at;
      QTest::newRow(qPrintable(QString("streaming %1").arg(at))) << true << at;
    }
  }
  void aMixtureGoesOnBitForBit() {
    QFETCH(bool, streaming);
    QFETCH(int, at);
    core::ExperimentSpec spec = test::tinyExperiment();
    spec.task.forms = {{"* 3 x * -> x", 1.0, {}, {}}, {"* 4 x * -> x+1", 1.0, {}, {}}};
    spec.data.mode = streaming ? core::DataSpec::Mode::Streaming : core::DataSpec::Mode::Fixed;
    const engine::History history{changeOf("mixture 1,5", 7), changeOf("release mixture", 20)};
    const auto run = [&](engine::Trainer& trainer, std::int64_t last) {
      std::vector<double> losses;
      while (trainer.step() < last) {
        const auto step = engine::trainStepOf(trainer, history);
        if (!step) {
          qFatal("%s", step.error().message.c_str());
        }
        losses.push_back(step->loss);
      }
      return losses;
    };
    const auto unbroken = trainerOf(spec);
    run(*unbroken, at);
    const auto checkpoint = unbroken->snapshot(true);
    const auto expected = run(*unbroken, 30);
    const auto resumed = trainerOf(spec);
    QVERIFY(resumed->restore(*checkpoint));
    QCOMPARE(run(*resumed, 30), expected);
    QVERIFY(valuesOf(*resumed) == valuesOf(*unbroken));
    // It did change something, and what it cannot mix is said.
    const auto plain = trainerOf(spec);
    train(*plain, 30);
    QVERIFY(valuesOf(*plain) != valuesOf(*unbroken));
  }

  void aFormWithoutSequencesCannotBeMixedIn() {
    core::ExperimentSpec spec = test::tinyExperiment();
    spec.task.forms = {{"* 3 x * -> x", 1.0, {}, {}}, {"* 4 x * -> x+1", 1e-9, {}, {}}};
    const auto trainer = trainerOf(spec);
    const auto held = trainer->setInEffect(
        core::inEffect({changeOf("mixture 1,1"), changeOf("lr 0.5"), changeOf("ablate 0.0")}, 1));
    QVERIFY(!held);
    QCOMPARE(held.error().message,
             std::string("Form 1 has no sequence in the training data: its weight must be 0."));
    QCOMPARE(trainer->kernel(), std::string("fast"));
    const auto plain = trainerOf(spec);
    train(*trainer, 3);
    train(*plain, 3);
    QVERIFY(valuesOf(*plain) == valuesOf(*trainer));
  }

  void otherModelsTakeNumbersOnly() {
    core::ExperimentSpec spec = test::tinyExperiment();
    spec.model.kind = core::ModelSpec::Kind::Lstm;
    const auto trainer = trainerOf(spec);
    QVERIFY(!trainer->setInEffect(core::inEffect({changeOf("ablate 0.0")}, 1)));
    hold(*trainer, {changeOf("lr x0.5")});
    train(*trainer, 2);
  }
};

QTEST_GUILESS_MAIN(TestChanges)
#include "tst_changes.moc"
