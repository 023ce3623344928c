// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/analysis/circuits.h"
#include "engine/core/analysis/run_weights.h"
#include "widgets/weights/plot_data.h"

#include <stop_token>
#include <vector>

namespace anchorlens::widgets {

enum class WeightsPage { Weights, Circuits };

/// What the Weights tab shows of a run.
struct WeightsChoice {
  WeightsPage page = WeightsPage::Weights;
  QString matrix;  ///< MatrixName::id; empty or unknown: usualMatrix
  core::analysis::HeadPlace head;
  /// Composed with `head`: of another layer. The one of the earlier layer comes first.
  core::analysis::HeadPlace other;
  core::analysis::NormChoice norm = core::analysis::NormChoice::AsIs;
  core::analysis::Reading reading = core::analysis::Reading::Unembedding;
  bool all_tokens = true;  ///< Circuits; else those that the task uses
  bool operator==(const WeightsChoice&) const = default;
};

/// The same with what the model does not have put right: a matrix, heads, two layers, folding.
WeightsChoice fittedChoice(WeightsChoice choice, const core::ModelSpec& model);

/// The plots of one page at one checkpoint. Immutable.
struct WeightsPicture {
  std::int64_t step = 0;
  WeightsChoice choice;
  std::vector<PlotPtr> plots;
  QString empty_text;       ///< one sentence instead of the plots
  bool is_complete = true;  ///< false: Over time still lacks checkpoints
};
using PicturePtr = std::shared_ptr<const WeightsPicture>;

/// The id of every plot of a page, in order.
QStringList plotIds(WeightsPage page);

/// Reads and computes; `step` is a checkpoint's. The earlier checkpoints are scanned for the signs
/// of the PCA; with `all` the later ones, too. Empty when `stop` was asked for.
core::Expected<PicturePtr, core::IoError> makeWeightsPicture(core::analysis::RunWeights& run,
                                                             std::int64_t step,
                                                             const WeightsChoice& choice, bool all,
                                                             std::stop_token stop = {});

/// The numbers of several plots in one table.
NumberTable pictureNumbers(const std::vector<PlotPtr>& plots);

}  // namespace anchorlens::widgets
