// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/weights/weights_picture.h"

#include "engine/core/analysis/row_statistics.h"
#include "widgets/number_format.h"
#include "widgets/weights/make_plots.h"

#include <algorithm>
#include <cmath>

namespace anchorlens::widgets {

namespace {

using core::IoError;
using core::analysis::HeadPlace;
using core::analysis::Matrix;
using core::analysis::MatrixName;
using core::analysis::ModelWeights;
using core::analysis::NormChoice;
using core::analysis::Reading;
using core::analysis::RunWeights;
using Plots = std::vector<PlotPtr>;

PlotPtr shared(Plot plot) {
  return std::make_shared<const Plot>(std::move(plot));
}

PlotPtr without(const QString& id, const QString& title, const QString& why) {
  Plot plot;
  plot.id = id;
  plot.title = title;
  plot.empty_text = why;
  return shared(std::move(plot));
}

const MatrixName& nameOf(const std::vector<MatrixName>& names, const QString& id) {
  const auto found = std::find_if(names.begin(), names.end(), [&id](const MatrixName& name) {
    return QString::fromStdString(name.id) == id;
  });
  return found == names.end() ? names.front() : *found;
}

/// Rows of queries, keys, ... are neurons; of the embeddings they are tokens or positions.
PlotPtr cosinePlot(const RunWeights& run, const MatrixName& name, const Matrix& cosines,
                   const std::vector<std::int64_t>& order, double condensation) {
  const QString title = QStringLiteral("Cosine similarity");
  if (cosines.isEmpty() || order.size() != static_cast<std::size_t>(cosines.rows))
    return without(QStringLiteral("cosine"), title,
                   QStringLiteral("Only up to %1 rows are compared with each other.")
                       .arg(core::analysis::kMostRows));
  Plot plot =
      matrixPlot(QStringLiteral("cosine"), title, core::analysis::reordered(cosines, order), 1.0);
  plot.subtitle = QStringLiteral("%1 rows by cluster, %2 condensed")
                      .arg(cosines.rows)
                      .arg(formatAccuracy(condensation));
  auto& matrix = std::get<MatrixPlot>(plot.content);
  const bool is_tokens = name.id == "embed" || name.id == "unembed";
  std::vector<std::int64_t> rows = order;
  if (is_tokens) {
    for (std::int64_t& row : rows)
      row = run.tokens()[static_cast<std::size_t>(row)];
    matrix.row_labels = tokenLabels(rows, run.uses());
  } else {
    for (const std::int64_t row : rows)
      matrix.row_labels.push_back({QString::number(row), TokenRole::Noise});
  }
  matrix.col_labels = matrix.row_labels;
  matrix.row_title = is_tokens ? QStringLiteral("Token") : QStringLiteral("Row");
  matrix.col_title = matrix.row_title;
  matrix.value_name = QStringLiteral("Cosine");
  return shared(std::move(plot));
}

core::Expected<Plots, IoError> weightsPlots(RunWeights& run, const ModelWeights& weights,
                                            std::int64_t step, const MatrixName& name) {
  const auto axes = run.axesAt(step);
  const auto view = core::analysis::viewOf(core::analysis::namedMatrix(weights, name));
  const auto order = run.rowOrder(name);
  if (!order)
    return core::Unexpected(order.error());
  const std::int64_t first_step = run.steps().front();
  const auto first = run.at(first_step);
  if (!first)
    return core::Unexpected(first.error());
  const QString title = QString::fromStdString(name.title);
  return Plots{
      shared(pcaPlot(weights.embedding(), *axes, run.tokens(), run.uses())),
      cosinePlot(run, name, view.cosines, *order, view.statistics.condensation),
      shared(spectrumPlot(
          title, view.singular_values, step,
          core::analysis::singularValues(core::analysis::namedMatrix(**first, name)), first_step)),
      shared(overTimePlot(run, name, step))};
}

/// What the matrices of the page are over.
struct Tokens {
  std::vector<TokenText> labels;
  std::optional<ModelWeights> cut;  ///< weights with the rows of these tokens only
};

Tokens tokensOf(const RunWeights& run, const ModelWeights& weights, bool all) {
  std::vector<std::int64_t> places;
  std::vector<std::int64_t> tokens;
  for (std::size_t i = 0; i < run.tokens().size(); ++i) {
    const std::int64_t token = run.tokens()[i];
    const auto use = run.uses()[static_cast<std::size_t>(token)];
    if (!all && use == core::analysis::TokenUse::Unused)
      continue;
    places.push_back(static_cast<std::int64_t>(i));
    tokens.push_back(token);
  }
  Tokens result{tokenLabels(tokens, run.uses()), {}};
  if (tokens.size() < run.tokens().size()) {
    result.cut = weights;
    result.cut->keepTokens(places);
  }
  return result;
}

/// A matrix over tokens, whose rows and columns have the same labels.
PlotPtr tokenPlot(const std::vector<TokenText>& labels, const QString& id, const QString& title,
                  const QString& subtitle, const Matrix& matrix, const QString& row_title,
                  const QString& col_title, const QString& value_name) {
  Plot plot = matrixPlot(id, title, matrix);
  plot.subtitle = subtitle;
  auto& content = std::get<MatrixPlot>(plot.content);
  content.row_labels = labels;
  content.col_labels = labels;
  content.row_title = row_title;
  content.col_title = col_title;
  content.value_name = value_name;
  return shared(std::move(plot));
}

PlotPtr positionPlot(const ModelWeights& weights, HeadPlace head, NormChoice norm,
                     const QString& subtitle) {
  const QString title = QStringLiteral("QK of positions");
  const Matrix matrix = core::analysis::positionScores(weights, head, norm);
  if (matrix.isEmpty())
    return without(QStringLiteral("qk-positions"), title,
                   QStringLiteral("This model has no positions."));
  Plot plot = matrixPlot(QStringLiteral("qk-positions"), title, matrix);
  plot.subtitle = subtitle;
  auto& content = std::get<MatrixPlot>(plot.content);
  content.row_labels = numberLabels(matrix.rows);
  content.col_labels = content.row_labels;
  content.row_title = QStringLiteral("Reader position");
  content.col_title = QStringLiteral("Source position");
  content.value_name = QStringLiteral("Score");
  return shared(std::move(plot));
}

/// Q, K and V on one scale, so that they can be compared.
void addComposition(Plots& plots, const ModelWeights& weights, NormChoice norm) {
  const auto scores = core::analysis::compositionScores(weights, norm);
  const auto heads = core::analysis::allHeads(weights.model());
  double largest = scores.baseline;
  for (const Matrix* matrix : {&scores.query, &scores.key, &scores.value}) {
    for (const double value : matrix->values)
      largest = std::isfinite(value) ? std::max(largest, value) : largest;
  }
  struct Kind {
    const char* id;
    const char* title;
    const Matrix* matrix;
  };
  for (const Kind& kind : {Kind{"composition-q", "Q composition", &scores.query},
                           Kind{"composition-k", "K composition", &scores.key},
                           Kind{"composition-v", "V composition", &scores.value}}) {
    const QString id = QString::fromLatin1(kind.id);
    const QString title = QString::fromLatin1(kind.title);
    if (weights.model().n_layers < 2) {
      plots.push_back(without(id, title, QStringLiteral("This model has one layer.")));
      continue;
    }
    Plot plot = matrixPlot(id, title, *kind.matrix, largest, false);
    plot.subtitle = QStringLiteral("unrelated: %1").arg(formatScore(scores.baseline));
    auto& content = std::get<MatrixPlot>(plot.content);
    content.row_labels = headLabels(heads);
    content.col_labels = content.row_labels;
    content.row_title = QStringLiteral("Later head");
    content.col_title = QStringLiteral("Earlier head");
    content.value_name = QStringLiteral("Score");
    plots.push_back(shared(std::move(plot)));
  }
}

Plots circuitPlots(const RunWeights& run, const ModelWeights& of_all, const WeightsChoice& choice) {
  const Tokens tokens = tokensOf(run, of_all, choice.all_tokens);
  const ModelWeights& weights = tokens.cut ? *tokens.cut : of_all;
  const QString norm =
      QString::fromStdString(core::analysis::normText(weights.model(), choice.norm));
  const QString at = headName(choice.head.layer, choice.head.head);
  const QString subtitle = at + QStringLiteral(", ") + norm;
  const bool is_logit = choice.reading == Reading::Unembedding;
  const QString target = is_logit ? QStringLiteral("Token raised") : QStringLiteral("Token read");
  const QString value = is_logit ? QStringLiteral("Logit") : QStringLiteral("Product");
  const QString source = QStringLiteral("Source token");
  Plots plots{
      tokenPlot(tokens.labels, QStringLiteral("qk-tokens"), QStringLiteral("QK of tokens"),
                subtitle, core::analysis::tokenScores(weights, choice.head, choice.norm),
                QStringLiteral("Reader token"), source, QStringLiteral("Score")),
      positionPlot(weights, choice.head, choice.norm, subtitle),
      tokenPlot(tokens.labels, QStringLiteral("ov"), QStringLiteral("OV"), subtitle,
                core::analysis::valuePath(weights, choice.head, choice.norm, choice.reading),
                source, target, value)};
  HeadPlace first = choice.other;
  HeadPlace second = choice.head;
  if (first.layer > second.layer)
    std::swap(first, second);
  if (first.layer == second.layer) {
    plots.push_back(without(QStringLiteral("ov-composed"), QStringLiteral("OV composed"),
                            QStringLiteral("This model has one layer.")));
  } else {
    const QString path = headName(first.layer, first.head) + QStringLiteral(" then ") +
                         headName(second.layer, second.head) + QStringLiteral(", ") + norm;
    plots.push_back(tokenPlot(
        tokens.labels, QStringLiteral("ov-composed"), QStringLiteral("OV composed"), path,
        core::analysis::composedValuePath(weights, first, second, choice.norm, choice.reading),
        source, target, value));
  }
  addComposition(plots, weights, choice.norm);
  return plots;
}

HeadPlace clamped(HeadPlace head, const core::ModelSpec& model) {
  return {std::clamp(head.layer, 0, model.n_layers - 1),
          std::clamp(head.head, 0, model.n_heads - 1)};
}

}  // namespace

WeightsChoice fittedChoice(WeightsChoice choice, const core::ModelSpec& model) {
  const auto names = core::analysis::listMatrices(model);
  const bool has_matrix = std::any_of(names.begin(), names.end(), [&choice](const auto& name) {
    return QString::fromStdString(name.id) == choice.matrix;
  });
  if (!has_matrix)
    choice.matrix = QString::fromStdString(core::analysis::usualMatrix(model));
  choice.head = clamped(choice.head, model);
  choice.other = clamped(choice.other, model);
  if (choice.other.layer == choice.head.layer)
    choice.other = {choice.head.layer > 0 ? choice.head.layer - 1 : std::min(1, model.n_layers - 1),
                    0};
  if (!core::analysis::whyNotFoldable(model).empty())
    choice.norm = NormChoice::AsIs;
  return choice;
}

QStringList plotIds(WeightsPage page) {
  if (page == WeightsPage::Weights)
    return {QStringLiteral("pca"), QStringLiteral("cosine"), QStringLiteral("spectrum"),
            QStringLiteral("over-time")};
  return {QStringLiteral("qk-tokens"),
          QStringLiteral("qk-positions"),
          QStringLiteral("ov"),
          QStringLiteral("ov-composed"),
          QStringLiteral("composition-q"),
          QStringLiteral("composition-k"),
          QStringLiteral("composition-v")};
}

core::Expected<PicturePtr, IoError> makeWeightsPicture(RunWeights& run, std::int64_t step,
                                                       const WeightsChoice& choice, bool all,
                                                       std::stop_token stop) {
  const core::ModelSpec& model = run.spec().model;
  auto picture = std::make_shared<WeightsPicture>();
  picture->step = step;
  picture->choice = fittedChoice(choice, model);
  if (choice.page == WeightsPage::Circuits && model.kind != core::ModelSpec::Kind::Transformer) {
    picture->empty_text = QStringLiteral("This model has no heads.");
    return PicturePtr(picture);
  }
  const auto names = core::analysis::listMatrices(model);
  const MatrixName& name = nameOf(names, picture->choice.matrix);
  for (const std::int64_t at : run.steps()) {
    const bool is_wanted =
        choice.page == WeightsPage::Weights && (at <= step || all || run.isScanned(at, &name));
    if (!is_wanted)
      continue;
    if (stop.stop_requested())
      return PicturePtr();
    if (auto scanned = run.scan(at, &name); !scanned && at == step)
      return core::Unexpected(scanned.error());
  }
  const auto weights = run.at(step);
  if (!weights)
    return core::Unexpected(weights.error());
  if (choice.page == WeightsPage::Circuits) {
    picture->plots = circuitPlots(run, **weights, picture->choice);
    return PicturePtr(picture);
  }
  auto plots = weightsPlots(run, **weights, step, name);
  if (!plots)
    return core::Unexpected(plots.error());
  picture->plots = std::move(*plots);
  picture->is_complete = std::all_of(run.steps().begin(), run.steps().end(),
                                     [&](std::int64_t at) { return run.isScanned(at, &name); });
  return PicturePtr(picture);
}

NumberTable pictureNumbers(const std::vector<PlotPtr>& plots) {
  NumberTable all;
  for (const PlotPtr& plot : plots) {
    NumberTable one = plotNumbers(*plot);
    if (all.columns.isEmpty())
      all = std::move(one);
    else
      all.rows.insert(all.rows.end(), one.rows.begin(), one.rows.end());
  }
  return all;
}

}  // namespace anchorlens::widgets
