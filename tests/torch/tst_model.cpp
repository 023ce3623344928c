// SPDX-License-Identifier: GPL-3.0-or-later
// What must hold for any weights.
#include "engine/torch/module.h"
#include "engine/torch/torch_trainer.h"
#include "tests/support/engine_fixtures.h"

#include <cmath>
#include <cstring>

using namespace anchorlens;

namespace {

std::unique_ptr<engine::TorchTrainer> trainerOf(const core::ExperimentSpec& spec) {
  engine::torchModule();
  return std::make_unique<engine::TorchTrainer>(test::inputOf(spec), at::Device("cpu"));
}

core::SequenceSet probeOf(const core::ExperimentSpec& spec, std::size_t n) {
  core::Random random(3);
  return test::compiled(spec.task).draw(core::Split::Test, n, random);
}

}  // namespace

class TestModel : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void patternsAreDistributionsAndCausal() {
    const core::ExperimentSpec spec = test::tinyExperiment();
    const auto set = probeOf(spec, 40);
    const auto output = trainerOf(spec)->forward(set, true);
    QVERIFY(output);
    const core::PatternBatch& patterns = output->patterns;
    QCOMPARE(patterns.n, std::size_t{40});
    const auto T = static_cast<std::size_t>(patterns.seq_len);
    for (std::size_t i = 0; i < patterns.n; ++i) {
      for (int layer = 0; layer < 2; ++layer) {
        for (int head = 0; head < 2; ++head) {
          const auto map = patterns.of(i, layer, head);
          for (std::size_t q = 0; q < T; ++q) {
            double sum = 0;
            for (std::size_t k = 0; k < T; ++k) {
              sum += static_cast<double>(map[q * T + k]);
              if (k > q) {
                QCOMPARE(map[q * T + k], 0.0F);
              }
            }
            QVERIFY(std::abs(sum - 1.0) < 1e-5);
          }
        }
      }
    }
  }

  void aLaterTokenChangesNoEarlierRow() {
    const core::ExperimentSpec spec = test::tinyExperiment();
    auto set = probeOf(spec, 8);
    const auto trainer = trainerOf(spec);
    const auto before = trainer->forward(set, true);
    const auto T = static_cast<std::size_t>(set.seq_len);
    for (std::size_t i = 0; i < set.size(); ++i) {
      std::int32_t& last = set.tokens[i * T + T - 1];
      last = last == 50 ? 51 : 50;
    }
    const auto after = trainer->forward(set, true);
    QVERIFY(before && after);
    bool last_row_changed = false;
    for (std::size_t i = 0; i < set.size(); ++i) {
      const auto a = before->patterns.of(i, 1, 0);
      const auto b = after->patterns.of(i, 1, 0);
      QVERIFY(
          std::equal(a.begin(), a.begin() + static_cast<std::ptrdiff_t>((T - 1) * T), b.begin()));
      last_row_changed = last_row_changed || !std::equal(a.begin(), a.end(), b.begin());
    }
    QVERIFY(last_row_changed);
  }

  /// The captured path computes every row, the other the reader's alone: the same numbers.
  void captureHoldsTheResidualStream() {
    core::ExperimentSpec spec = test::tinyExperiment();
    spec.task.seq_len = {6, 9};
    const auto set = probeOf(spec, 12);
    const auto trainer = trainerOf(spec);
    const auto model = engine::makeModel(spec.model, trainer->parameters());
    const at::NoGradGuard no_grad;
    const engine::Batch batch = engine::makeBatch(set, 0, set.size(), at::Device("cpu"));
    const engine::ForwardPass pass = model->forward(batch, engine::Capture::Everything);
    QCOMPARE(pass.layers.size(), std::size_t{2});
    QVERIFY(pass.layers[0].resid_post.equal(pass.layers[1].resid_pre));
    for (const engine::LayerCapture& layer : pass.layers) {
      QVERIFY(layer.pattern.sizes() == at::IntArrayRef({12, 2, 9, 9}));
      QVERIFY(layer.z.sizes() == at::IntArrayRef({12, 2, 9, 8}));
      QVERIFY(layer.resid_mid.sizes() == at::IntArrayRef({12, 9, 16}));
    }
    const at::Tensor at_reader = engine::rowsAt(pass.layers[1].resid_post, batch.readers);
    const at::Tensor logits = at::linear(at_reader, trainer->parameters()["unembed.weight"],
                                         trainer->parameters()["unembed.bias"]);
    QVERIFY(logits.allclose(pass.logits, 1e-6, 1e-6));
    QVERIFY(
        model->forward(batch, engine::Capture::Nothing).logits.allclose(pass.logits, 1e-5, 1e-5));
  }

  void paddingHasNoInfluence_data() {
    QTest::addColumn<bool>("causal");
    QTest::newRow("causal") << true;
    QTest::newRow("full mask") << false;
  }
  void paddingHasNoInfluence() {
    QFETCH(bool, causal);
    core::ExperimentSpec spec = test::tinyExperiment();
    spec.model.mask = causal ? core::ModelSpec::Mask::Causal : core::ModelSpec::Mask::None;
    spec.task.seq_len = {6, 9};
    const auto trainer = trainerOf(spec);
    auto set = probeOf(spec, 30);
    const auto before = trainer->logits(set);
    int shorter = 0;
    for (std::size_t i = 0; i < set.size(); ++i) {
      for (int p = set.lengths[i]; p < set.seq_len; ++p) {
        set.tokens[i * static_cast<std::size_t>(set.seq_len) + static_cast<std::size_t>(p)] = 77;
        ++shorter;
      }
    }
    QVERIFY(shorter > 0);
    const auto after = trainer->logits(set);
    QVERIFY(before && after);
    QCOMPARE(*after, *before);
  }

  void gradientIsTheSlope() {
    core::ExperimentSpec spec = test::tinyExperiment();
    spec.model.norm = core::ModelSpec::Norm::Pre;
    spec.model.attention_biases = true;
    const auto trainer = trainerOf(spec);
    const auto set = probeOf(spec, 16);
    const auto gradient = trainer->gradientsOf(set);
    const auto loss = [&] {
      const auto groups = trainer->evaluate(set);
      double sum = 0;
      double n = 0;
      for (const core::GroupMetrics& group : *groups) {
        sum += group.loss * static_cast<double>(group.n);
        n += static_cast<double>(group.n);
      }
      return sum / n;
    };
    // Along a fixed direction in each tensor, so that float32 differences stay above rounding.
    float* values = trainer->parameters().values().data_ptr<float>();
    for (const engine::ParameterInfo& info : trainer->parameters().infos()) {
      double slope = 0;
      std::vector<float> direction;
      for (std::int64_t i = 0; i < info.count; ++i) {
        direction.push_back(gradient[static_cast<std::size_t>(info.offset + i)] >= 0 ? 1.0F
                                                                                     : -1.0F);
        slope += std::abs(static_cast<double>(gradient[static_cast<std::size_t>(info.offset + i)]));
      }
      const double h = std::min(1e-2, 2e-3 / std::max(slope, 1e-3));
      const std::vector<float> kept(values + info.offset, values + info.offset + info.count);
      const auto moved = [&](double by) {
        for (std::int64_t i = 0; i < info.count; ++i) {
          values[info.offset + i] = kept[static_cast<std::size_t>(i)] +
                                    static_cast<float>(by) * direction[static_cast<std::size_t>(i)];
        }
        return loss();
      };
      const double numeric = (moved(h) - moved(-h)) / (2 * h);
      std::copy(kept.begin(), kept.end(), values + info.offset);
      QVERIFY2(
          std::abs(numeric - slope) < 0.03 * slope + 2e-3,
          qPrintable(QString("%1: %2 against %3").arg(info.name.c_str()).arg(numeric).arg(slope)));
    }
  }

  void initialValuesFollowTheRule() {
    core::ExperimentSpec spec = test::tinyExperiment();
    spec.model.d_model = 64;
    spec.model.d_mlp = 256;
    auto trainer = trainerOf(spec);
    for (const engine::ParameterInfo& info : trainer->parameters().infos()) {
      const at::Tensor values = trainer->parameters()[info.name].detach();
      const double spread = values.numel() > 1 ? values.std().item<double>() : 0;
      double expected = 1.0 / std::sqrt(3.0 * static_cast<double>(info.fan_in));
      if (info.name.starts_with("embed") || info.name.starts_with("positions")) {
        expected = 1.0;
      } else if (info.name.find(".ln") != std::string::npos) {
        expected = 0.0;
      }
      QVERIFY2(std::abs(spread - expected) < 0.1 * expected + 1e-6, info.name.c_str());
    }
    spec.model.init.kind = core::InitSpec::Kind::Gamma;
    spec.model.init.gamma = 0.8;
    spec.model.init.groups["qk"] = 0.3;
    trainer = trainerOf(spec);
    const auto spread = [&](const char* name) {
      return trainer->parameters()[name].detach().std().item<double>();
    };
    QVERIFY(std::abs(spread("layers.0.mlp.in.weight") / std::pow(64, -0.8) - 1) < 0.05);
    QVERIFY(std::abs(spread("layers.0.attn.q.weight") / std::pow(64, -0.3) - 1) < 0.1);
    QVERIFY(std::abs(spread("embed.weight") / std::pow(201, -0.8) - 1) < 0.05);
    QVERIFY(std::abs(spread("positions.weight") / std::pow(spec.model.n_ctx, -0.8) - 1) < 0.1);
  }

  void parameterCountOfThePaper() {
    const core::ExperimentSpec paper = core::preset("identity");
    QCOMPARE(engine::countParameters(paper.model, paper.task.d_vocab, 9), std::int64_t{5653801});
  }
};

QTEST_GUILESS_MAIN(TestModel)
#include "tst_model.moc"
