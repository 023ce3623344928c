// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/compare/match_heads.h"

#include "engine/core/analysis/circuits.h"
#include "engine/core/compare/assignment.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace anchorlens::core {

namespace {

constexpr std::array<std::string_view, kHeadMatches> kNames{"position", "pattern", "weights"};

/// Of one layer, from the second run's head of each of the first's.
void addLayer(std::vector<HeadPair>& pairs, int layer, const std::vector<int>& partners,
              int n_second, const analysis::Matrix* distances) {
  std::vector<bool> is_taken(static_cast<std::size_t>(n_second), false);
  for (std::size_t first = 0; first < partners.size(); ++first) {
    HeadPair pair{layer, static_cast<int>(first), partners[first], std::nullopt};
    if (pair.second >= 0) {
      is_taken[static_cast<std::size_t>(pair.second)] = true;
      if (distances != nullptr)
        pair.distance = distances->at(pair.first, pair.second);
    }
    pairs.push_back(pair);
  }
  for (int second = 0; second < n_second; ++second) {
    if (!is_taken[static_cast<std::size_t>(second)])
      pairs.push_back({layer, -1, second, std::nullopt});
  }
}

std::vector<int> samePlaces(int n_first, int n_second) {
  std::vector<int> partners(static_cast<std::size_t>(n_first), -1);
  for (int head = 0; head < std::min(n_first, n_second); ++head)
    partners[static_cast<std::size_t>(head)] = head;
  return partners;
}

void takeOutRowMeans(analysis::Matrix& matrix) {
  for (std::int64_t row = 0; row < matrix.rows; ++row) {
    double mean = 0;
    for (std::int64_t col = 0; col < matrix.cols; ++col)
      mean += matrix.at(row, col);
    mean /= static_cast<double>(matrix.cols);
    for (std::int64_t col = 0; col < matrix.cols; ++col)
      matrix.at(row, col) -= mean;
  }
}

/// A matrix with its norm, so that pairs are compared without making it again.
struct Circuit {
  analysis::Matrix matrix;
  double norm = 0;
};

Circuit circuitOf(analysis::Matrix matrix) {
  takeOutRowMeans(matrix);
  const double norm = analysis::frobenius(matrix);
  return {std::move(matrix), norm};
}

double relativeDistance(const Circuit& a, const Circuit& b) {
  const double size = a.norm + b.norm;
  if (size == 0)
    return 0;
  double sum = 0;
  for (std::size_t i = 0; i < a.matrix.values.size(); ++i) {
    const double d = a.matrix.values[i] - b.matrix.values[i];
    sum += d * d;
  }
  return std::sqrt(sum) / size;
}

/// What of a head is compared: positions only where both runs have as many.
std::vector<Circuit> circuitsOf(const analysis::ModelWeights& weights, analysis::HeadPlace head,
                                bool with_positions) {
  using analysis::NormChoice;
  std::vector<Circuit> circuits;
  circuits.push_back(circuitOf(analysis::tokenScores(weights, head, NormChoice::AsIs)));
  circuits.push_back(circuitOf(
      analysis::valuePath(weights, head, NormChoice::AsIs, analysis::Reading::Unembedding)));
  if (with_positions)
    circuits.push_back(circuitOf(analysis::positionScores(weights, head, NormChoice::AsIs)));
  return circuits;
}

double meanDistance(const std::vector<Circuit>& a, const std::vector<Circuit>& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i)
    sum += relativeDistance(a[i], b[i]);
  return sum / static_cast<double>(a.size());
}

}  // namespace

std::string_view headMatchName(HeadMatch match) {
  return kNames.at(static_cast<std::size_t>(match));
}

std::optional<HeadMatch> headMatchNamed(std::string_view name) {
  const auto found = std::find(kNames.begin(), kNames.end(), name);
  if (found == kNames.end())
    return std::nullopt;
  return static_cast<HeadMatch>(found - kNames.begin());
}

std::vector<HeadPair> matchByPosition(HeadCount first, HeadCount second) {
  return matchByDistance(first, second, {});
}

std::vector<HeadPair> matchByDistance(HeadCount first, HeadCount second,
                                      const HeadDistances& distances) {
  std::vector<HeadPair> pairs;
  for (int layer = 0; layer < std::max(first.layers, second.layers); ++layer) {
    const int n_first = layer < first.layers ? first.heads : 0;
    const int n_second = layer < second.layers ? second.heads : 0;
    const auto at = static_cast<std::size_t>(layer);
    const bool is_matched = at < distances.size() && n_first > 0 && n_second > 0;
    const auto partners =
        is_matched ? leastCostAssignment(distances[at]) : samePlaces(n_first, n_second);
    addLayer(pairs, layer, partners, n_second, is_matched ? &distances[at] : nullptr);
  }
  return pairs;
}

PatternBatch meanPattern(const Frame& frame) {
  if (frame.mean.n > 0)
    return frame.mean;
  PatternBatch mean = frame.shown;
  if (mean.n == 0)
    return mean;
  mean.n = 1;
  const std::size_t cells = mean.heads() * mean.cells();
  mean.pattern.assign(cells, 0.0F);
  for (std::size_t i = 0; i < frame.shown.pattern.size(); ++i)
    mean.pattern[i % cells] += frame.shown.pattern[i] / static_cast<float>(frame.shown.n);
  return mean;
}

double meanAbsoluteDifference(std::span<const float> a, std::span<const float> b, int length,
                              bool causal) {
  double sum = 0;
  std::size_t n = 0;
  for (int reader = 0; reader < length; ++reader) {
    const int sources = causal ? reader + 1 : length;
    for (int source = 0; source < sources; ++source, ++n) {
      const auto i = static_cast<std::size_t>(reader * length + source);
      sum += std::abs(static_cast<double>(a[i]) - static_cast<double>(b[i]));
    }
  }
  return n == 0 ? 0 : sum / static_cast<double>(n);
}

HeadDistances patternDistances(const PatternBatch& first, const PatternBatch& second, bool causal) {
  HeadDistances distances;
  for (int layer = 0; layer < std::min(first.n_layers, second.n_layers); ++layer) {
    analysis::Matrix of_layer(first.n_heads, second.n_heads);
    for (int a = 0; a < first.n_heads; ++a) {
      for (int b = 0; b < second.n_heads; ++b)
        of_layer.at(a, b) = meanAbsoluteDifference(first.of(0, layer, a), second.of(0, layer, b),
                                                   first.seq_len, causal);
    }
    distances.push_back(std::move(of_layer));
  }
  return distances;
}

HeadDistances weightDistances(const analysis::ModelWeights& first,
                              const analysis::ModelWeights& second) {
  const bool with_positions =
      !first.positions().isEmpty() && first.positions().rows == second.positions().rows;
  const auto ofLayer = [with_positions](const analysis::ModelWeights& weights, int layer) {
    std::vector<std::vector<Circuit>> heads;
    for (int head = 0; head < weights.model().n_heads; ++head)
      heads.push_back(circuitsOf(weights, {layer, head}, with_positions));
    return heads;
  };
  HeadDistances distances;
  for (int layer = 0; layer < std::min(first.model().n_layers, second.model().n_layers); ++layer) {
    const auto a = ofLayer(first, layer);
    const auto b = ofLayer(second, layer);
    analysis::Matrix of_layer(static_cast<std::int64_t>(a.size()),
                              static_cast<std::int64_t>(b.size()));
    for (std::size_t i = 0; i < a.size(); ++i) {
      for (std::size_t j = 0; j < b.size(); ++j)
        of_layer.at(static_cast<std::int64_t>(i), static_cast<std::int64_t>(j)) =
            meanDistance(a[i], b[j]);
    }
    distances.push_back(std::move(of_layer));
  }
  return distances;
}

}  // namespace anchorlens::core
