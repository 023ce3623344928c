// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/analysis/row_statistics.h"
#include "engine/core/analysis/weight_arrays.h"
#include "engine/core/store/checkpoint_folder.h"
#include "engine/core/store/run_store.h"
#include "tests/core/analysis/made_weights.h"

#include <QTemporaryDir>
#include <QTest>

#include <cmath>

using namespace anchorlens::core;
using namespace anchorlens::core::analysis;
using anchorlens::tests::randomValues;
using anchorlens::tests::tensor;

namespace {

ExperimentSpec smallSpec() {
  ExperimentSpec spec;
  spec.task.d_vocab = 30;
  spec.task.noise = {{10, 25}};
  spec.task.forms = {{"* 3 x * -> x", 1.0, {}, {}}};
  spec.task.held_out = {ResidueRule{"x", ResidueRule::Of::Key, 8, 0}};
  spec.model.n_layers = 2;
  spec.model.n_heads = 1;
  spec.model.d_model = 6;
  spec.model.d_head = 3;
  spec.model.n_ctx = 9;
  spec.model.mlp = false;
  spec.model.norm = ModelSpec::Norm::None;
  return spec;
}

/// The embedding of a later step is turned a little further in its first two components; queries
/// become one direction.
Checkpoint checkpointOf(std::int64_t step) {
  Random random(6, "run weights");
  Checkpoint checkpoint;
  checkpoint.metadata["step"] = std::to_string(step);
  std::vector<float> embedding = randomValues(random, 30 * 6);
  const double angle = 0.4 * static_cast<double>(step) / 100;
  for (std::size_t row = 0; row < 30; ++row) {
    const double x = 9 * embedding[row * 6];
    const double y = 0.1 * embedding[row * 6 + 1];
    embedding[row * 6] = static_cast<float>(std::cos(angle) * x - std::sin(angle) * y);
    embedding[row * 6 + 1] = static_cast<float>(std::sin(angle) * x + std::cos(angle) * y);
    embedding[row * 6 + 2] *= 3;
  }
  checkpoint.tensors = {tensor("embed.weight", {30, 6}, embedding),
                        tensor("positions.weight", {9, 6}, randomValues(random, 54)),
                        tensor("unembed.weight", {30, 6}, randomValues(random, 180))};
  for (int layer = 0; layer < 2; ++layer) {
    const std::string at = "layers." + std::to_string(layer) + ".attn.";
    for (const char* part : {"q.weight", "k.weight", "v.weight"})
      checkpoint.tensors.push_back(tensor(at + part, {3, 6}, randomValues(random, 18)));
    checkpoint.tensors.push_back(tensor(at + "o.weight", {6, 3}, randomValues(random, 18)));
  }
  if (step >= 200)
    checkpoint.tensors[7] = tensor("layers.1.attn.q.weight", {3, 6},
                                   {1, 2, 0, 0, 0, 0, -2, -4, 0, 0, 0, 0, 3, 6, 0, 0, 0, 0});
  return checkpoint;
}

}  // namespace

class TestRunWeights : public QObject {
  Q_OBJECT

  QTemporaryDir m_dir;
  std::filesystem::path m_run;
  std::unique_ptr<RunWriter> m_writer;

 private slots:
  void initTestCase() {
    m_run = m_dir.filePath(QStringLiteral("run")).toStdString();
    auto writer = RunWriter::create(m_run, smallSpec(), {});
    QVERIFY(writer.has_value());
    m_writer = std::move(*writer);
    for (const std::int64_t step : {0, 100, 200, 300})
      QVERIFY(m_writer->writeCheckpoint(checkpointOf(step)).has_value());
  }

  void checkpointsAreFoundByStep() {
    auto run = RunWeights::open(m_run);
    QVERIFY2(run.has_value(), run ? "" : run.error().text().c_str());
    QCOMPARE((*run)->steps(), (std::vector<std::int64_t>{0, 100, 200, 300}));
    QCOMPARE((*run)->stepAt(299), std::optional<std::int64_t>(200));
    QCOMPARE((*run)->stepAt(5000), std::optional<std::int64_t>(300));
    QVERIFY(!(*run)->stepAt(-1));
    QCOMPARE((*run)->tokens().size(), std::size_t{30});
    const auto weights = (*run)->at(100);
    QVERIFY(weights.has_value());
    QCOMPARE(*(*run)->at(100), *weights);  // kept
    const auto missing = (*run)->at(150);
    QVERIFY(!missing.has_value());
    QVERIFY(missing.error().path.find("step-000000150") != std::string::npos);
    QVERIFY(!RunWeights::open(m_run / "nothing").has_value());
  }

  void signsDependOnTheRunAndNotOnWhatWasLookedAt() {
    auto forward = RunWeights::open(m_run);
    auto backward = RunWeights::open(m_run);
    for (const std::int64_t step : {0, 100, 200, 300})
      QVERIFY((*forward)->scan(step, nullptr).has_value());
    for (const std::int64_t step : {300, 200, 100, 0})
      QVERIFY((*backward)->scan(step, nullptr).has_value());
    std::optional<PcaAxes> before;
    for (const std::int64_t step : {0, 100, 200, 300}) {
      const auto axes = (*forward)->axesAt(step);
      QVERIFY(axes.has_value());
      QCOMPARE(axes->axes.values, (*backward)->axesAt(step)->axes.values);
      for (int i = 0; before && i < kComponents; ++i) {
        double along = 0;
        for (std::int64_t col = 0; col < 6; ++col)
          along += axes->axes.at(i, col) * before->axes.at(i, col);
        QVERIFY(along > 0);
      }
      before = axes;
    }
    QVERIFY(!(*forward)->axesAt(150).has_value());
  }

  void statisticsAndOrder() {
    auto run = RunWeights::open(m_run);
    const auto names = listMatrices((*run)->spec().model);
    const auto query = std::find_if(names.begin(), names.end(), [](const MatrixName& name) {
      return name.id == "layers.1.attn.q.0";
    });
    QVERIFY(query != names.end());
    QVERIFY(!(*run)->isScanned(300, &*query));
    QVERIFY((*run)->scan(300, &*query).has_value());
    QVERIFY((*run)->isScanned(300, &*query));
    const MatrixStatistics* statistics = (*run)->statistics(300, *query);
    QVERIFY(statistics != nullptr);
    QVERIFY(std::abs(statistics->stable_rank - 1) < 1e-9);
    QVERIFY(std::abs(statistics->condensation - 1) < 1e-9);
    QVERIFY((*run)->statistics(0, *query) == nullptr);
    const auto order = (*run)->rowOrder(*query);
    QVERIFY(order.has_value());
    QCOMPARE(*order, (std::vector<std::int64_t>{0, 2, 1}));  // rows 0 and 2 point the same way
  }

  void spectraAndStatisticsOfALargeVocabularyAreOfTheSameRows() {
    ExperimentSpec spec = smallSpec();
    spec.task.d_vocab = 1100;
    const std::filesystem::path folder = m_dir.filePath(QStringLiteral("large")).toStdString();
    auto writer = RunWriter::create(folder, spec, {});
    QVERIFY(writer.has_value());
    Checkpoint checkpoint = checkpointOf(0);
    Random random(7, "large vocabulary");
    checkpoint.tensors[0] = tensor("embed.weight", {1100, 6}, randomValues(random, 6600));
    checkpoint.tensors[2] = tensor("unembed.weight", {1100, 6}, randomValues(random, 6600));
    QVERIFY((*writer)->writeCheckpoint(checkpoint).has_value());
    auto run = RunWeights::open(folder);
    QVERIFY2(run.has_value(), run ? "" : run.error().text().c_str());
    QVERIFY((*run)->tokens().size() <= std::size_t{kMostTokens});
    const MatrixName embed{"embed", "", "embed.weight", -1};
    QVERIFY((*run)->scan(0, &embed).has_value());
    const double rank = (*run)->statistics(0, embed)->stable_rank;
    const auto shown = (*run)->at(0);
    QVERIFY(shown.has_value());
    QCOMPARE(rank, stableRank(viewOf(namedMatrix(**shown, embed)).singular_values));
    const auto whole = ModelWeights::read(checkpointFile(folder, 0), spec.model);
    QVERIFY(whole.has_value());
    QVERIFY(std::abs(rank - stableRank(singularValues(whole->embedding()))) > 1e-6);
  }

  void newCheckpointsAreSeenAndTheOrderFollowsTheLast() {
    auto run = RunWeights::open(m_run);
    const MatrixName embed{"embed", "", "embed.weight", -1};
    const auto before = (*run)->rowOrder(embed);
    auto later = checkpointOf(400);
    std::swap(later.tensors[0].data, later.tensors[2].data);  // another embedding
    QVERIFY(m_writer->writeCheckpoint(later).has_value());
    QCOMPARE(*(*run)->rowOrder(embed), *before);
    (*run)->refresh();
    QCOMPARE((*run)->steps().back(), std::int64_t{400});
    QVERIFY(*(*run)->rowOrder(embed) != *before);
    QVERIFY(m_writer->truncateAfter(300).has_value());
  }

  void arraysHoldWhatTheFunctionsSay() {
    auto run = RunWeights::open(m_run);
    ArraysWanted wanted;
    wanted.heads = allHeads((*run)->spec().model);
    QCOMPARE(countValues(**run, wanted.heads), std::int64_t{2 * (2 * 900 + 81) + 900});
    const auto arrays = weightArrays(**run, 200, wanted);
    QVERIFY(arrays.has_value());
    const auto find = [&arrays](const std::string& name) {
      for (const NamedArray& array : *arrays) {
        if (array.name == name)
          return array;
      }
      return NamedArray();
    };
    const auto weights = (*run)->at(200);
    QCOMPARE(find("step").values, std::vector<double>{200});
    QCOMPARE(find("qk_tokens.1.0").values, tokenScores(**weights, {1, 0}, NormChoice::AsIs).values);
    QCOMPARE(find("qk_tokens.1.0").shape, (std::vector<std::int64_t>{30, 30}));
    QCOMPARE(find("ov.1.0.after.0.0").values,
             composedValuePath(**weights, {0, 0}, {1, 0}, NormChoice::AsIs, Reading::Unembedding)
                 .values);
    QCOMPARE(find("stable_rank.layers.1.attn.q.0").shape, std::vector<std::int64_t>{4});
    QVERIFY(std::abs(find("stable_rank.layers.1.attn.q.0").values[2] - 1) < 1e-9);
    QVERIFY(find("stable_rank.layers.1.attn.q.0").values[0] > 1.1);
    QCOMPARE(find("singular_values.embed").values.size(), std::size_t{6});
    QCOMPARE(find("pca_coordinates").shape, (std::vector<std::int64_t>{30, 2}));
    QCOMPARE(find("composition_baseline").values, std::vector<double>{1 / std::sqrt(6.0)});
  }
};

QTEST_GUILESS_MAIN(TestRunWeights)
#include "tst_run_weights.moc"
