// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/analysis/run_weights.h"

#include "engine/core/analysis/row_statistics.h"
#include "engine/core/experiment_json.h"
#include "engine/core/store/checkpoint_folder.h"
#include "engine/core/store/run_place.h"

#include <algorithm>
#include <limits>

namespace anchorlens::core::analysis {

namespace {

/// Weights in memory at once: the cursor's, the first checkpoint's, the last one's.
constexpr std::size_t kKept = 4;

MatrixStatistics statisticsOf(const Matrix& matrix) {
  MatrixStatistics statistics;
  statistics.stable_rank = stableRank(singularValues(matrix));
  statistics.condensation = matrix.rows <= kMostRows ? condensation(cosineMatrix(matrix))
                                                     : std::numeric_limits<double>::quiet_NaN();
  return statistics;
}

std::vector<std::int64_t> shownTokens(const std::vector<std::int64_t>& used, std::int64_t n) {
  if (n > kMostTokens) {
    std::vector<std::int64_t> first = used;
    first.resize(std::min(first.size(), static_cast<std::size_t>(kMostTokens)));
    return first;
  }
  std::vector<std::int64_t> all(static_cast<std::size_t>(n));
  for (std::int64_t i = 0; i < n; ++i)
    all[static_cast<std::size_t>(i)] = i;
  return all;
}

}  // namespace

Expected<std::unique_ptr<RunWeights>, IoError> RunWeights::open(const std::filesystem::path& run) {
  const auto file = run / kExperimentName;
  auto spec = readExperiment(file);
  if (!spec)
    return Unexpected(IoError{file.string(), spec.error().front().message});
  const auto task = Task::compile(spec->task);
  if (!task)
    return Unexpected(IoError{file.string(), task.error().front().message});
  std::unique_ptr<RunWeights> weights(new RunWeights);
  weights->m_directory = run;
  weights->m_spec = std::move(*spec);
  weights->m_uses = tokenUses(*task);
  weights->m_used = usedTokens(weights->m_uses);
  weights->m_tokens = shownTokens(weights->m_used, task->dVocab());
  weights->refresh();
  return weights;
}

void RunWeights::refresh() {
  m_steps.clear();
  for (const CheckpointInfo& info : listCheckpoints(m_directory, m_spec.training))
    m_steps.push_back(info.step);
}

std::optional<std::int64_t> RunWeights::stepAt(std::int64_t step) const {
  const auto after = std::upper_bound(m_steps.begin(), m_steps.end(), step);
  return after == m_steps.begin() ? std::nullopt : std::optional(*std::prev(after));
}

void RunWeights::keepShown(ModelWeights& weights) const {
  if (static_cast<std::int64_t>(m_tokens.size()) < weights.vocabulary())
    weights.keepTokens(m_tokens);
}

Expected<std::shared_ptr<const ModelWeights>, IoError> RunWeights::at(std::int64_t step) {
  if (const auto found = m_weights.find(step); found != m_weights.end())
    return found->second;
  auto read = ModelWeights::read(checkpointFile(m_directory, step), m_spec.model);
  if (!read)
    return Unexpected(read.error());
  keepShown(*read);
  // The first checkpoint's stay: spectra are drawn over them.
  for (auto oldest = m_weights.begin(); m_weights.size() >= kKept && oldest != m_weights.end();) {
    const bool is_first = !m_steps.empty() && oldest->first == m_steps.front();
    oldest = is_first ? std::next(oldest) : m_weights.erase(oldest);
  }
  auto weights = std::make_shared<const ModelWeights>(std::move(*read));
  m_weights[step] = weights;
  return weights;
}

bool RunWeights::isScanned(std::int64_t step, const MatrixName* name) const {
  return m_axes.contains(step) && (name == nullptr || statistics(step, *name) != nullptr);
}

Expected<void, IoError> RunWeights::scan(std::int64_t step, const MatrixName* name) {
  if (isScanned(step, name))
    return {};
  auto weights = ModelWeights::read(checkpointFile(m_directory, step), m_spec.model);
  if (!weights)
    return Unexpected(weights.error());
  if (!m_axes.contains(step))
    m_axes.emplace(step, pcaAxes(weights->embedding(), m_used));
  if (name != nullptr && statistics(step, *name) == nullptr) {
    keepShown(*weights);
    m_statistics[step].emplace(name->id, statisticsOf(namedMatrix(*weights, *name)));
  }
  return {};
}

const MatrixStatistics* RunWeights::statistics(std::int64_t step, const MatrixName& name) const {
  const auto at_step = m_statistics.find(step);
  if (at_step == m_statistics.end())
    return nullptr;
  const auto found = at_step->second.find(name.id);
  return found == at_step->second.end() ? nullptr : &found->second;
}

std::optional<PcaAxes> RunWeights::axesAt(std::int64_t step) const {
  std::optional<PcaAxes> axes;
  for (const auto& [at_step, found] : m_axes) {
    if (at_step > step)
      break;
    PcaAxes next = found;
    if (axes)
      keepSigns(next, *axes);
    axes = std::move(next);
  }
  return m_axes.contains(step) ? axes : std::nullopt;
}

Expected<std::vector<std::int64_t>, IoError> RunWeights::rowOrder(const MatrixName& name) {
  if (m_steps.empty())
    return std::vector<std::int64_t>();
  if (m_order_step != m_steps.back()) {
    m_orders.clear();
    m_order_step = m_steps.back();
  }
  if (const auto found = m_orders.find(name.id); found != m_orders.end())
    return found->second;
  const auto weights = at(m_order_step);
  if (!weights)
    return Unexpected(weights.error());
  const Matrix matrix = namedMatrix(**weights, name);
  auto order =
      matrix.rows <= kMostRows ? clusterOrder(cosineMatrix(matrix)) : std::vector<std::int64_t>();
  m_orders[name.id] = order;
  return order;
}

MatrixView viewOf(const Matrix& matrix) {
  MatrixView view;
  view.singular_values = singularValues(matrix);
  view.statistics.stable_rank = stableRank(view.singular_values);
  if (matrix.rows <= kMostRows)
    view.cosines = cosineMatrix(matrix);
  view.statistics.condensation = condensation(view.cosines);
  return view;
}

}  // namespace anchorlens::core::analysis
