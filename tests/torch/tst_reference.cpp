// SPDX-License-Identifier: GPL-3.0-or-later
// The engine against PyTorch: values made by tests/torch/reference/make_reference.py.
#include "engine/torch/module.h"
#include "engine/torch/torch_trainer.h"
#include "tests/support/engine_fixtures.h"

#include <cmath>
#include <limits>
#include <cstring>

using namespace anchorlens;

namespace {

struct Case {
  core::ExperimentSpec spec;
  core::Checkpoint values;
  core::SequenceSet set;
};

template <typename T>
std::vector<T> read(const core::Checkpoint& file, const std::string& name) {
  const core::Tensor* tensor = file.find(name);
  if (tensor == nullptr) {
    qFatal("%s is missing", name.c_str());
  }
  std::vector<T> values(tensor->data.size() / sizeof(T));
  std::memcpy(values.data(), tensor->data.data(), tensor->data.size());
  return values;
}

Case load(const QString& name) {
  const std::string file = std::string(ANCHORLENS_SOURCE_DIR "/tests/data/reference/") +
                           name.toStdString() + ".safetensors";
  auto values = core::readSafetensors(file);
  if (!values) {
    qFatal("%s", values.error().text().c_str());
  }
  auto spec = core::parseExperiment(values->metadata.at("experiment"));
  if (!spec) {
    qFatal("%s: %s", spec.error()[0].pointer.c_str(), spec.error()[0].message.c_str());
  }
  Case result{*spec, *values, {}};
  result.spec.training.device = "cpu";
  const auto tokens = read<std::int64_t>(*values, "tokens");
  const auto lengths = read<std::int64_t>(*values, "lengths");
  const auto targets = read<std::int64_t>(*values, "targets");
  core::SequenceSet& set = result.set;
  set.seq_len = static_cast<int>(tokens.size() / lengths.size());
  set.tokens.assign(tokens.begin(), tokens.end());
  set.lengths.assign(lengths.begin(), lengths.end());
  set.targets.assign(targets.begin(), targets.end());
  set.roles.assign(tokens.size(), 0);
  set.groups.assign(lengths.size(), 0);
  set.forms.assign(lengths.size(), 0);
  set.splits.assign(lengths.size(), core::Split::Train);
  const auto answers = read<std::int64_t>(*values, "answer_tokens");
  const auto p = read<double>(*values, "answer_p");
  for (std::size_t i = 0; i < answers.size(); ++i) {
    set.answers.push_back({static_cast<std::int32_t>(answers[i]), p[i]});
  }
  for (std::size_t i = 0; i < lengths.size(); ++i) {
    set.answer_offsets.push_back(static_cast<std::uint32_t>(2 * (i + 1)));
  }
  return result;
}

std::unique_ptr<engine::TorchTrainer> trainerOf(Case test, const QString& kernel) {
  test.spec.training.kernel = kernel.toStdString();
  engine::torchModule();
  auto trainer = std::make_unique<engine::TorchTrainer>(
      engine::TrainerInput{test.spec, test::compiled(test.spec.task),
                           std::make_shared<const core::SequenceSet>(test.set)},
      at::Device("cpu"));
  core::Checkpoint weights;
  weights.metadata["step"] = "0";
  for (const core::Tensor& tensor : test.values.tensors) {
    if (tensor.name.starts_with("w.")) {
      core::Tensor weight = tensor;
      weight.name = tensor.name.substr(2);
      weights.tensors.push_back(weight);
    }
  }
  const auto restored = trainer->restore(weights);
  if (!restored) {
    qFatal("%s", restored.error().message.c_str());
  }
  return trainer;
}

/// Largest |a - b| / (floor + |b|).
double difference(const std::vector<float>& a, const float* b, double floor) {
  double largest = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const double gap = std::abs(static_cast<double>(a[i]) - static_cast<double>(b[i]));
    const double relative = gap / (floor + std::abs(static_cast<double>(b[i])));
    largest = std::isnan(relative) ? INFINITY : std::max(largest, relative);
  }
  return largest;
}

double sizeOf(const std::vector<float>& values) {
  double size = 0;
  for (const float value : values) {
    size = std::max(size, std::abs(static_cast<double>(value)));
  }
  return size;
}

}  // namespace

class TestReference : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void logitsAndPatterns_data() { addCases(kKernels); }
  void logitsAndPatterns() {
    QFETCH(QString, name);
    QFETCH(QString, kernel);
    const Case test = load(name);
    const auto trainer = trainerOf(test, kernel);
    const auto logits = trainer->logits(test.set);
    QVERIFY(logits);
    const auto expected = read<float>(test.values, "logits");
    QCOMPARE(logits->size(), expected.size());
    const double gap = difference(expected, logits->data(), 1.0);
    qInfo("logits: %.2e", gap);
    QVERIFY(gap < 1e-5);

    const auto output = trainer->forward(test.set, true);
    QVERIFY(output);
    comparePatterns(test, output->patterns);
    const auto soft = read<double>(test.values, "soft_losses");
    for (std::size_t i = 0; i < soft.size(); ++i) {
      QVERIFY(std::abs(static_cast<double>(output->losses[i]) - soft[i]) < 1e-5 * (1 + soft[i]));
    }
  }

  void gradients_data() { addCases(kKernels); }
  void gradients() {
    QFETCH(QString, name);
    QFETCH(QString, kernel);
    const Case test = load(name);
    const auto trainer = trainerOf(test, kernel);
    const std::vector<float> gradients = trainer->gradientsOf(test.set);
    double largest = 0;
    for (const engine::ParameterInfo& info : trainer->parameters().infos()) {
      largest = std::max(largest, sizeOf(read<float>(test.values, "g." + info.name)));
    }
    double worst = 0;
    for (const engine::ParameterInfo& info : trainer->parameters().infos()) {
      const auto expected = read<float>(test.values, "g." + info.name);
      double gap = 0;
      for (std::size_t i = 0; i < expected.size(); ++i) {
        const auto ours = static_cast<double>(gradients[static_cast<std::size_t>(info.offset) + i]);
        gap = std::max(gap, std::abs(ours - static_cast<double>(expected[i])));
      }
      // Relative to the tensor's own size: single elements may cancel to nothing. The floor is for
      // key biases, whose true gradient is 0: what is left of them is rounding, of which a float
      // allows one unit in the last place of the largest gradient.
      const double rounding = std::numeric_limits<float>::epsilon() * largest;
      const double relative = gap / std::max(sizeOf(expected), rounding / 1e-4);
      worst = std::max(worst, relative);
      QVERIFY2(relative < 1e-4, qPrintable(QString("%1: %2").arg(info.name.c_str()).arg(relative)));
    }
    qInfo("gradients: %.2e", worst);
  }

  void tenSteps_data() { addCases(kKernels); }
  void tenSteps() {
    QFETCH(QString, name);
    QFETCH(QString, kernel);
    const Case test = load(name);
    const auto trainer = trainerOf(test, kernel);
    const auto losses = read<double>(test.values, "losses");
    QCOMPARE(losses.size(), std::size_t{10});
    const auto norms = read<double>(test.values, "norms");
    const auto rates = read<double>(test.values, "rates");
    double worst = 0;
    for (std::size_t i = 0; i < losses.size(); ++i) {
      const auto step = trainer->trainStep();
      QVERIFY(step);
      QCOMPARE(step->step, static_cast<std::int64_t>(i + 1));
      worst = std::max(worst, std::abs(step->loss - losses[i]) / std::abs(losses[i]));
      // Rounding grows from step to step, most where nothing carries the values past a LayerNorm:
      // without residuals the norms of two processors differ by 1e-6 at first, by 1e-3 in the end.
      const double tolerance = i < 3 ? 1e-5 : 1e-2;
      QVERIFY2(std::abs(step->grad_norm - norms[i]) < tolerance * norms[i],
               qPrintable(QString("step %1: norm %2, PyTorch's %3")
                              .arg(i + 1)
                              .arg(step->grad_norm, 0, 'g', 9)
                              .arg(norms[i], 0, 'g', 9)));
      QVERIFY(std::abs(step->learning_rate - rates[i]) < 1e-12);
    }
    qInfo("losses: %.2e", worst);
    QVERIFY(worst < 1e-4);
    // A key bias moves no logit (softmax forgets it): its gradient is rounding noise, which Adam
    // scales up. It is the one tensor that is not compared.
    const auto snapshot = trainer->snapshot(false);
    QVERIFY(snapshot);
    for (const core::Tensor& tensor : snapshot->tensors) {
      if (tensor.name.ends_with(".attn.k.bias")) {
        continue;
      }
      const auto expected = read<float>(test.values, "p." + tensor.name);
      const double gap =
          difference(expected, reinterpret_cast<const float*>(tensor.data.data()), 1.0);
      QVERIFY2(gap < 1e-4, qPrintable(QString("%1: %2").arg(tensor.name.c_str()).arg(gap)));
    }
  }

 private:
  static inline const QStringList kKernels{"autograd", "fast", "fleet"};

  static void addCases(const QStringList& kernels) {
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("kernel");
    const QDir folder(ANCHORLENS_SOURCE_DIR "/tests/data/reference");
    const QStringList files = folder.entryList({"*.safetensors"}, QDir::Files, QDir::Name);
    QVERIFY2(files.size() >= 14, "reference files are missing");
    for (const QString& file : files) {
      const QString name = file.chopped(12);
      for (const QString& kernel : kernels) {
        // The baselines have the reference alone.
        if (kernel == "autograd" || !(name.startsWith("lstm") || name.startsWith("mlp"))) {
          QTest::newRow(qPrintable(name + ", " + kernel)) << name << kernel;
        }
      }
    }
  }

  static void comparePatterns(const Case& test, const core::PatternBatch& patterns) {
    for (int layer = 0; layer < patterns.n_layers; ++layer) {
      const auto expected = read<float>(test.values, "pattern." + std::to_string(layer));
      const std::size_t T = static_cast<std::size_t>(test.set.seq_len);
      double gap = 0;
      std::size_t at = 0;
      for (std::size_t i = 0; i < patterns.n; ++i) {
        for (int head = 0; head < patterns.n_heads; ++head) {
          const auto map = patterns.of(i, layer, head);
          for (std::size_t cell = 0; cell < T * T; ++cell, ++at) {
            const bool real = cell / T < static_cast<std::size_t>(test.set.lengths[i]);
            const double right = real ? static_cast<double>(expected[at]) : 0.0;
            gap = std::max(gap, std::abs(static_cast<double>(map[cell]) - right));
          }
        }
      }
      QCOMPARE(at, expected.size());
      QVERIFY2(gap < 1e-5, qPrintable(QString("layer %1: %2").arg(layer).arg(gap)));
    }
  }
};

QTEST_GUILESS_MAIN(TestReference)
#include "tst_reference.moc"
