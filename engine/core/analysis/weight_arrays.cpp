// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/analysis/weight_arrays.h"

#include "engine/core/analysis/row_statistics.h"

namespace anchorlens::core::analysis {

namespace {

std::vector<double> numbers(const std::vector<std::int64_t>& integers) {
  return {integers.begin(), integers.end()};
}

class Arrays {
 public:
  void add(std::string name, Matrix matrix) {
    if (!matrix.isEmpty())
      m_all.push_back({std::move(name), {matrix.rows, matrix.cols}, std::move(matrix.values)});
  }
  void add(std::string name, std::vector<double> values) {
    const auto n = static_cast<std::int64_t>(values.size());
    m_all.push_back({std::move(name), {n}, std::move(values)});
  }
  void add(std::string name, double value) { m_all.push_back({std::move(name), {}, {value}}); }
  std::vector<NamedArray> take() { return std::move(m_all); }

 private:
  std::vector<NamedArray> m_all;
};

std::string headText(HeadPlace head) {
  return std::to_string(head.layer) + "." + std::to_string(head.head);
}

/// Whether the cosines of its rows are told: queries and the embedding.
bool hasCosines(const MatrixName& name) {
  return name.id == "embed" || name.tensor.ends_with("attn.q.weight");
}

Expected<void, IoError> addMatrices(Arrays& arrays, RunWeights& run, const ModelWeights& weights) {
  for (const MatrixName& name : listMatrices(run.spec().model)) {
    std::vector<double> ranks;
    std::vector<double> shares;
    for (const std::int64_t step : run.steps()) {
      if (auto scanned = run.scan(step, &name); !scanned)
        return scanned;
      ranks.push_back(run.statistics(step, name)->stable_rank);
      shares.push_back(run.statistics(step, name)->condensation);
    }
    arrays.add("stable_rank." + name.id, std::move(ranks));
    arrays.add("condensation." + name.id, std::move(shares));
    MatrixView view = viewOf(namedMatrix(weights, name));
    arrays.add("singular_values." + name.id, std::move(view.singular_values));
    if (hasCosines(name)) {
      auto order = run.rowOrder(name);
      if (!order)
        return Unexpected(order.error());
      arrays.add("cosine." + name.id, std::move(view.cosines));
      arrays.add("row_order." + name.id, numbers(*order));
    }
  }
  return {};
}

void addHeads(Arrays& arrays, const ModelWeights& weights, const ArraysWanted& wanted) {
  for (const HeadPlace head : wanted.heads) {
    const std::string at = "." + headText(head);
    arrays.add("qk_tokens" + at, tokenScores(weights, head, wanted.norm));
    arrays.add("qk_positions" + at, positionScores(weights, head, wanted.norm));
    arrays.add("ov" + at, valuePath(weights, head, wanted.norm, wanted.reading));
    for (const HeadPlace first : wanted.heads) {
      if (first.layer < head.layer)
        arrays.add("ov" + at + ".after." + headText(first),
                   composedValuePath(weights, first, head, wanted.norm, wanted.reading));
    }
  }
}

}  // namespace

std::int64_t countValues(const RunWeights& run, const std::vector<HeadPlace>& heads) {
  const auto n = static_cast<std::int64_t>(run.tokens().size());
  const std::int64_t n_ctx = run.spec().model.n_ctx;
  std::int64_t count = 0;
  for (const HeadPlace head : heads) {
    count += 2 * n * n + n_ctx * n_ctx;
    for (const HeadPlace first : heads)
      count += first.layer < head.layer ? n * n : 0;
  }
  return count;
}

Expected<std::vector<NamedArray>, IoError> weightArrays(RunWeights& run, std::int64_t step,
                                                        const ArraysWanted& wanted) {
  const auto weights = run.at(step);
  if (!weights)
    return Unexpected(weights.error());
  Arrays arrays;
  arrays.add("step", static_cast<double>(step));
  arrays.add("tokens", numbers(run.tokens()));
  arrays.add("steps", numbers(run.steps()));
  if (auto added = addMatrices(arrays, run, **weights); !added)
    return Unexpected(added.error());
  const auto axes = run.axesAt(step);
  arrays.add("pca_share", axes->share);
  arrays.add("pca_axes", axes->axes);
  arrays.add("pca_coordinates", pcaCoordinates((*weights)->embedding(), *axes));
  if ((*weights)->hasHeads()) {
    Composition composition = compositionScores(**weights, wanted.norm);
    arrays.add("composition_q", std::move(composition.query));
    arrays.add("composition_k", std::move(composition.key));
    arrays.add("composition_v", std::move(composition.value));
    arrays.add("composition_baseline", composition.baseline);
  }
  addHeads(arrays, **weights, wanted);
  return arrays.take();
}

}  // namespace anchorlens::core::analysis
