// SPDX-License-Identifier: GPL-3.0-or-later
// Parameters by part and operations a step, against numbers worked by hand.
#include "engine/core/experiment_json.h"
#include "engine/core/model_sizes.h"
#include "engine/session.h"
#include "engine/session/parameter_list.h"

#include <QTest>

#include <algorithm>

using namespace anchorlens;

using core::ModelPart;
using core::ModelSpec;
using core::PartSize;

namespace {

std::int64_t sum(const std::vector<PartSize>& sizes) {
  std::int64_t sum = 0;
  for (const PartSize& size : sizes)
    sum += size.parameters;
  return sum;
}

/// Every kind with every combination of norm, positions and the six switches.
std::vector<ModelSpec> allModels(ModelSpec model) {
  std::vector<ModelSpec> models;
  for (const auto kind :
       {ModelSpec::Kind::Transformer, ModelSpec::Kind::Lstm, ModelSpec::Kind::Mlp}) {
    for (const auto norm : {ModelSpec::Norm::Post, ModelSpec::Norm::Pre, ModelSpec::Norm::None}) {
      for (const auto positions : {ModelSpec::Positions::Learned, ModelSpec::Positions::Sinusoidal,
                                   ModelSpec::Positions::None}) {
        for (unsigned bits = 0; bits < 64; ++bits) {
          model.kind = kind;
          model.norm = norm;
          model.positions = positions;
          model.residual = (bits & 1) != 0;
          model.mlp = (bits & 2) != 0;
          model.attention_output = (bits & 4) != 0;
          model.attention_biases = (bits & 8) != 0;
          model.mlp_biases = (bits & 16) != 0;
          model.unembedding_bias = (bits & 32) != 0;
          models.push_back(model);
        }
      }
    }
  }
  return models;
}

}  // namespace

class TestModelSizes : public QObject {
  Q_OBJECT

 private slots:
  void partsAddUpToTheWhole() {
    for (const std::string& name : core::presetNames()) {
      const auto spec = core::preset(name);
      for (const ModelSpec& model : allModels(spec.model)) {
        const auto parts = engine::countParametersByPart(model, spec.task.d_vocab, 9);
        QCOMPARE(sum(parts), engine::countParameters(model, spec.task.d_vocab, 9));
        QVERIFY(std::all_of(parts.begin(), parts.end(),
                            [](const PartSize& size) { return size.parameters > 0; }));
        QVERIFY(std::is_sorted(parts.begin(), parts.end(),
                               [](const auto& a, const auto& b) { return a.part < b.part; }));
      }
    }
  }

  /// 201 tokens, 20 positions, width 64, 2 layers of one head of width 64, MLP width 256.
  void partsOfTheDemo() {
    const auto demo = core::preset("demo");
    const std::vector<PartSize> expected{
        {ModelPart::Embedding, 201 * 64},   {ModelPart::Positions, 20 * 64},
        {ModelPart::Query, 2 * 64 * 64},    {ModelPart::Key, 2 * 64 * 64},
        {ModelPart::Value, 2 * 64 * 64},    {ModelPart::Output, 2 * 64 * 64},
        {ModelPart::Mlp, 2 * 2 * 64 * 256}, {ModelPart::Norm, 2 * 2 * 2 * 64},
        {ModelPart::Unembedding, 201 * 65},
    };
    QCOMPARE(engine::countParametersByPart(demo.model, demo.task.d_vocab, 9), expected);
  }

  void partsOfTheBaselines() {
    ModelSpec model;
    model.n_layers = 2;
    model.d_model = 8;
    model.kind = ModelSpec::Kind::Lstm;
    QCOMPARE(engine::countParametersByPart(model, 10, 5),
             (std::vector<PartSize>{{ModelPart::Embedding, 80},
                                    {ModelPart::Recurrent, 2 * (2 * 32 * 8 + 2 * 32)},
                                    {ModelPart::Unembedding, 90}}));
    model.kind = ModelSpec::Kind::Mlp;
    QCOMPARE(engine::countParametersByPart(model, 10, 5),
             (std::vector<PartSize>{{ModelPart::Embedding, 80},
                                    {ModelPart::Input, 8 * 40 + 8},
                                    {ModelPart::Mlp, 2 * (32 * 8 + 32 + 8 * 32 + 8)},
                                    {ModelPart::Norm, 2 * 16},
                                    {ModelPart::Unembedding, 90}}));
  }

  /// By hand, for one sequence of 9 tokens. Layer 0, all rows: keys and values 2*9*64*128 = 147456,
  /// queries 2*9*64*64 = 73728, scores and mixing 4*9*9*64 = 20736, output 73728, MLP 4*9*64*256 =
  /// 589824: 905472. Layer 1, the reader: 147456 + 8192 + 2304 + 8192 + 65536 = 231680. Unembedding
  /// 2*64*201 = 25728. Forward 1162880, times 3 and 128.
  void operationsOfTheDemo() {
    const auto demo = core::preset("demo");
    QCOMPARE(core::flopPerStep(demo), 3.0 * 128 * 1162880);
  }

  void operationsFollowTheSwitches() {
    auto spec = core::preset("demo");
    const double all = core::flopPerStep(spec) / (3 * 128);
    spec.model.mlp = false;
    QCOMPARE(core::flopPerStep(spec) / (3 * 128), all - 589824 - 65536);
    spec.model.attention_output = false;
    QCOMPARE(core::flopPerStep(spec) / (3 * 128), all - 589824 - 65536 - 73728 - 8192);
    // The only batch of an epoch that is smaller than a batch.
    spec.data.n_train = 64;
    QCOMPARE(core::flopPerStep(spec) / (3 * 64), all - 589824 - 65536 - 73728 - 8192);
    spec.data.mode = core::DataSpec::Mode::Streaming;
    QCOMPARE(core::flopPerStep(spec) / (3 * 128), all - 589824 - 65536 - 73728 - 8192);
  }

  void operationsOfTheBaselines() {
    auto spec = core::preset("demo");
    spec.model.kind = ModelSpec::Kind::Lstm;
    QCOMPARE(core::flopPerStep(spec) / (3 * 128), 2 * 16.0 * 9 * 64 * 64 + 25728);
    spec.model.kind = ModelSpec::Kind::Mlp;
    QCOMPARE(core::flopPerStep(spec) / (3 * 128), 2.0 * 9 * 64 * 64 + 2 * 16 * 64 * 64 + 25728);
  }
};

QTEST_GUILESS_MAIN(TestModelSizes)
#include "tst_model_sizes.moc"
