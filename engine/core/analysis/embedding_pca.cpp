// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/analysis/embedding_pca.h"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace anchorlens::core::analysis {

namespace {

void mark(std::vector<TokenUse>& uses, TokenUse use, std::int64_t first, std::int64_t last) {
  const auto n = static_cast<std::int64_t>(uses.size());
  for (std::int64_t token = std::max<std::int64_t>(first, 0); token <= last && token < n; ++token)
    uses[static_cast<std::size_t>(token)] = std::min(uses[static_cast<std::size_t>(token)], use);
}

void mark(std::vector<TokenUse>& uses, TokenUse use, const Intervals& intervals) {
  for (const Interval& interval : intervals)
    mark(uses, use, interval.first, interval.last);
}

/// Rows of `embedding` that are named, less their mean.
Matrix centred(const Matrix& embedding, const std::vector<std::int64_t>& tokens,
               std::vector<double>& mean) {
  Matrix rows(static_cast<std::int64_t>(tokens.size()), embedding.cols);
  mean.assign(static_cast<std::size_t>(embedding.cols), 0.0);
  for (std::int64_t i = 0; i < rows.rows; ++i) {
    for (std::int64_t col = 0; col < rows.cols; ++col) {
      rows.at(i, col) = embedding.at(tokens[static_cast<std::size_t>(i)], col);
      mean[static_cast<std::size_t>(col)] += rows.at(i, col) / static_cast<double>(rows.rows);
    }
  }
  for (std::int64_t i = 0; i < rows.rows; ++i) {
    for (std::int64_t col = 0; col < rows.cols; ++col)
      rows.at(i, col) -= mean[static_cast<std::size_t>(col)];
  }
  return rows;
}

double dot(const Matrix& a, const Matrix& b, std::int64_t row) {
  double sum = 0;
  for (std::int64_t col = 0; col < a.cols; ++col)
    sum += a.at(row, col) * b.at(row, col);
  return sum;
}

void turn(Matrix& axes, std::int64_t row) {
  for (std::int64_t col = 0; col < axes.cols; ++col)
    axes.at(row, col) = -axes.at(row, col);
}

}  // namespace

std::vector<TokenUse> tokenUses(const Task& task) {
  std::vector<TokenUse> uses(static_cast<std::size_t>(task.dVocab()), TokenUse::Unused);
  const TaskSpec& spec = task.spec();
  for (const AnchorSpec& anchor : spec.anchors)
    mark(uses, TokenUse::Anchor, anchor.token, anchor.token);
  for (const RoleInfo& role : task.roles()) {
    int literal = 0;
    const char* end = role.symbol.data() + role.symbol.size();
    const bool is_literal =
        std::from_chars(role.symbol.data(), end, literal).ptr == end && !role.symbol.empty();
    if (role.kind == RoleInfo::Kind::Anchor && is_literal)
      mark(uses, TokenUse::Anchor, literal, literal);
    if (role.kind == RoleInfo::Kind::Key) {
      const auto keys = spec.keys.find(role.symbol);
      mark(uses, TokenUse::Key, keys == spec.keys.end() ? spec.noise : keys->second);
    }
  }
  mark(uses, TokenUse::Noise, spec.noise);
  mark(uses, TokenUse::Answer, task.analysis().result_min, task.analysis().result_max);
  return uses;
}

std::vector<std::int64_t> usedTokens(const std::vector<TokenUse>& uses) {
  std::vector<std::int64_t> used;
  std::vector<std::int64_t> all;
  for (std::size_t token = 0; token < uses.size(); ++token) {
    all.push_back(static_cast<std::int64_t>(token));
    if (uses[token] != TokenUse::Unused)
      used.push_back(static_cast<std::int64_t>(token));
  }
  return used.size() < 3 ? all : used;
}

PcaAxes pcaAxes(const Matrix& embedding, const std::vector<std::int64_t>& tokens) {
  PcaAxes result;
  result.tokens = static_cast<std::int64_t>(tokens.size());
  const Matrix rows = centred(embedding, tokens, result.mean);
  result.axes = Matrix(kComponents, embedding.cols);
  result.share.assign(kComponents, 0.0);
  // The smaller of the two Gram matrices has the same eigenvalues.
  const bool is_wide = rows.cols > rows.rows;
  const SymmetricEigen eigen =
      symmetricEigen(is_wide ? productTransposed(rows, rows) : transposedProduct(rows, rows));
  double total = 0;
  for (const double value : eigen.values)
    total += std::max(value, 0.0);
  const Matrix directions = is_wide ? product(eigen.vectors, rows) : eigen.vectors;
  for (std::int64_t i = 0; i < std::min<std::int64_t>(kComponents, directions.rows); ++i) {
    const double norm = frobenius(rowBlock(directions, i, 1));
    const double value = eigen.values[static_cast<std::size_t>(i)];
    // What is left of rounding is no direction.
    if (!(value > total * 1e-12) || !(norm > 0))
      continue;
    result.share[static_cast<std::size_t>(i)] = value / total;
    for (std::int64_t col = 0; col < embedding.cols; ++col)
      result.axes.at(i, col) = directions.at(i, col) / norm;
  }
  firstSigns(result);
  return result;
}

void firstSigns(PcaAxes& axes) {
  for (std::int64_t row = 0; row < axes.axes.rows; ++row) {
    double largest = 0;
    for (std::int64_t col = 0; col < axes.axes.cols; ++col) {
      if (std::abs(axes.axes.at(row, col)) > std::abs(largest))
        largest = axes.axes.at(row, col);
    }
    if (largest < 0)
      turn(axes.axes, row);
  }
}

void keepSigns(PcaAxes& axes, const PcaAxes& before) {
  for (std::int64_t row = 0; row < axes.axes.rows; ++row) {
    if (dot(axes.axes, before.axes, row) < 0)
      turn(axes.axes, row);
  }
}

Matrix pcaCoordinates(const Matrix& embedding, const PcaAxes& axes) {
  Matrix rows = embedding;
  for (std::int64_t row = 0; row < rows.rows; ++row) {
    for (std::int64_t col = 0; col < rows.cols; ++col)
      rows.at(row, col) -= axes.mean[static_cast<std::size_t>(col)];
  }
  return productTransposed(rows, axes.axes);
}

}  // namespace anchorlens::core::analysis
