// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/weights/make_plots.h"

#include "widgets/number_format.h"

#include <algorithm>
#include <cmath>

namespace anchorlens::widgets {

namespace {

using core::analysis::TokenUse;

TokenRole roleOf(TokenUse use) {
  switch (use) {
    case TokenUse::Anchor:
      return TokenRole::Anchor;
    case TokenUse::Key:
      return TokenRole::Key;
    case TokenUse::Answer:
      return TokenRole::Answer;
    default:
      return TokenRole::Noise;
  }
}

QString useName(TokenUse use, bool keys_are_noise) {
  switch (use) {
    case TokenUse::Anchor:
      return QStringLiteral("anchor");
    case TokenUse::Key:
      return keys_are_noise ? QStringLiteral("key and noise") : QStringLiteral("key");
    case TokenUse::Noise:
      return QStringLiteral("noise");
    case TokenUse::Answer:
      return QStringLiteral("answer only");
    case TokenUse::Unused:
      break;
  }
  return QStringLiteral("unused");
}

TokenUse useOf(std::int64_t token, const std::vector<TokenUse>& uses) {
  return uses[static_cast<std::size_t>(token)];
}

QString componentTitle(int component, double share) {
  return QStringLiteral("Component %1, %2 of variance").arg(component).arg(formatAccuracy(share));
}

std::vector<double> countedFromOne(std::size_t n) {
  std::vector<double> numbers(n);
  for (std::size_t i = 0; i < n; ++i)
    numbers[i] = static_cast<double>(i + 1);
  return numbers;
}

}  // namespace

std::vector<TokenText> tokenLabels(const std::vector<std::int64_t>& tokens,
                                   const std::vector<TokenUse>& uses) {
  std::vector<TokenText> labels;
  labels.reserve(tokens.size());
  for (const std::int64_t token : tokens)
    labels.push_back({QString::number(token), roleOf(useOf(token, uses))});
  return labels;
}

std::vector<TokenText> numberLabels(std::int64_t n) {
  std::vector<TokenText> labels;
  for (std::int64_t i = 0; i < n; ++i)
    labels.push_back({QString::number(i), TokenRole::Noise});
  return labels;
}

std::vector<TokenText> headLabels(const std::vector<core::analysis::HeadPlace>& heads) {
  std::vector<TokenText> labels;
  for (const auto& head : heads)
    labels.push_back({headName(head.layer, head.head), TokenRole::Noise});
  return labels;
}

Plot matrixPlot(const QString& id, const QString& title, const core::analysis::Matrix& matrix,
                std::optional<double> limit, bool is_signed) {
  MatrixPlot content;
  content.rows = static_cast<int>(matrix.rows);
  content.cols = static_cast<int>(matrix.cols);
  content.is_signed = is_signed;
  double largest = 0;
  content.values.reserve(matrix.values.size());
  for (const double value : matrix.values) {
    content.values.push_back(static_cast<float>(value));
    if (std::isfinite(value))
      largest = std::max(largest, std::abs(value));
  }
  content.limit = limit.value_or(largest > 0 ? largest : 1);
  fillCells(content);
  Plot plot;
  plot.id = id;
  plot.title = title;
  plot.content = std::move(content);
  return plot;
}

Plot pcaPlot(const core::analysis::Matrix& embedding, const core::analysis::PcaAxes& axes,
             const std::vector<std::int64_t>& tokens, const std::vector<TokenUse>& uses) {
  const core::analysis::Matrix places = core::analysis::pcaCoordinates(embedding, axes);
  const bool keys_are_noise = std::find(uses.begin(), uses.end(), TokenUse::Noise) == uses.end();
  ScatterPlot content;
  for (std::int64_t i = 0; i < places.rows; ++i) {
    const std::int64_t token = tokens[static_cast<std::size_t>(i)];
    const TokenUse use = useOf(token, uses);
    content.points.push_back({places.at(i, 0), places.at(i, 1), QString::number(token), roleOf(use),
                              use != TokenUse::Unused, useName(use, keys_are_noise)});
  }
  content.x_title = componentTitle(1, axes.share[0]);
  content.y_title = componentTitle(2, axes.share[1]);
  Plot plot;
  plot.id = QStringLiteral("pca");
  plot.title = QStringLiteral("Token embedding");
  plot.subtitle = QStringLiteral("PCA of %1 tokens").arg(axes.tokens);
  plot.content = std::move(content);
  return plot;
}

Plot spectrumPlot(const QString& title, const std::vector<double>& values, std::int64_t step,
                  const std::vector<double>& first, std::int64_t first_step) {
  LinePlot content;
  content.is_log = true;
  content.x_title = QStringLiteral("Rank");
  content.y_title = QStringLiteral("Singular value");
  const auto name = [](std::int64_t of) { return QStringLiteral("step ") + formatInteger(of); };
  content.lines.push_back(
      {name(step), LinePlot::Style::Main, countedFromOne(values.size()), values});
  if (first_step != step)
    content.lines.push_back(
        {name(first_step), LinePlot::Style::Dimmed, countedFromOne(first.size()), first});
  Plot plot;
  plot.id = QStringLiteral("spectrum");
  plot.title = QStringLiteral("Singular values");
  plot.subtitle = title;
  plot.content = std::move(content);
  return plot;
}

Plot overTimePlot(const core::analysis::RunWeights& run, const core::analysis::MatrixName& name,
                  std::int64_t step) {
  LinePlot content;
  content.are_steps = true;
  content.x_title = QStringLiteral("Training step");
  content.y_title = QStringLiteral("Stable rank");
  content.right_title = QStringLiteral("Condensation");
  content.cursor = static_cast<double>(step);
  LinePlot::Line rank{QStringLiteral("stable rank"), LinePlot::Style::Main, {}, {}};
  LinePlot::Line condensed{QStringLiteral("condensation"), LinePlot::Style::Second, {}, {}};
  std::size_t missing = 0;
  for (const std::int64_t at : run.steps()) {
    const auto* statistics = run.statistics(at, name);
    if (statistics == nullptr) {
      ++missing;
      continue;
    }
    rank.xs.push_back(static_cast<double>(at));
    rank.ys.push_back(statistics->stable_rank);
    condensed.xs.push_back(static_cast<double>(at));
    condensed.ys.push_back(statistics->condensation);
  }
  content.lines = {std::move(rank), std::move(condensed)};
  Plot plot;
  plot.id = QStringLiteral("over-time");
  plot.title = QStringLiteral("Over time");
  plot.subtitle = QString::fromStdString(name.title);
  if (missing > 0)
    plot.subtitle = QStringLiteral("reading %1 of %2 checkpoints")
                        .arg(run.steps().size() - missing + 1)
                        .arg(run.steps().size());
  plot.content = std::move(content);
  return plot;
}

}  // namespace anchorlens::widgets
