// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/analysis/circuits.h"
#include "engine/core/analysis/run_weights.h"
#include "widgets/weights/plot_data.h"

#include <vector>

/// From the numbers of the weights to plots. Pure functions; any thread.
namespace anchorlens::widgets {

/// Tokens as labels, [tokens]; anchors are marked.
std::vector<TokenText> tokenLabels(const std::vector<std::int64_t>& tokens,
                                   const std::vector<core::analysis::TokenUse>& uses);
/// 0, 1, 2, ...
std::vector<TokenText> numberLabels(std::int64_t n);
std::vector<TokenText> headLabels(const std::vector<core::analysis::HeadPlace>& heads);

/// A matrix with a colour scale that reaches to its largest magnitude, or to `limit`.
Plot matrixPlot(const QString& id, const QString& title, const core::analysis::Matrix& matrix,
                std::optional<double> limit = {}, bool is_signed = true);

Plot pcaPlot(const core::analysis::Matrix& embedding, const core::analysis::PcaAxes& axes,
             const std::vector<std::int64_t>& tokens,
             const std::vector<core::analysis::TokenUse>& uses);

/// Singular values of a matrix, and those of the first checkpoint behind them.
Plot spectrumPlot(const QString& title, const std::vector<double>& values, std::int64_t step,
                  const std::vector<double>& first, std::int64_t first_step);

/// Stable rank and condensation over the checkpoints that have been read.
Plot overTimePlot(const core::analysis::RunWeights& run, const core::analysis::MatrixName& name,
                  std::int64_t step);

}  // namespace anchorlens::widgets
