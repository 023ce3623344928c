// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/interventions.h"

#include "engine/torch/batches.h"

#include <algorithm>

namespace anchorlens::engine {
namespace {

std::string rangeText(int count) {
  return count == 1 ? "0" : "0 to " + std::to_string(count - 1);
}

bool isInside(int value, int count) {
  return value >= 0 && value < count;
}

std::optional<std::string> whyNoSuchEdge(const core::ModelSpec& spec, const core::SequenceSet& set,
                                         const EdgeRef& edge) {
  if (const auto why = core::whyNoSuchHead(spec, {edge.layer, edge.head})) {
    return why;
  }
  if (edge.sequence < set.size() && edge.query < set.seq_len && edge.key < set.seq_len) {
    return std::nullopt;
  }
  return "There is no edge " + std::to_string(edge.query) + ">" + std::to_string(edge.key) +
         " in sequence " + std::to_string(edge.sequence) + ": positions are " +
         rangeText(set.seq_len) + ", sequences " + rangeText(static_cast<int>(set.size())) + ".";
}

std::optional<std::string> whyNotPatch(const core::ModelSpec& spec, const core::SequenceSet& set,
                                       const Patch& patch) {
  if (patch.head) {
    if (const auto why = core::whyNoSuchHead(spec, {patch.layer, *patch.head})) {
      return why;
    }
  } else if (!isInside(patch.layer, spec.n_layers + 1)) {
    return "There is no boundary " + std::to_string(patch.layer) +
           " of the residual stream: they are " + rangeText(spec.n_layers + 1) + ".";
  }
  if (patch.position && !isInside(*patch.position, set.seq_len)) {
    return "There is no position " + std::to_string(*patch.position) + ": they are " +
           rangeText(set.seq_len) + ".";
  }
  const auto width = static_cast<std::size_t>(patch.head ? spec.d_head : spec.d_model);
  const std::size_t wanted = set.size() * static_cast<std::size_t>(set.seq_len) * width;
  const std::size_t given = patch.values ? patch.values->size() : 0;
  if (given != wanted) {
    return "A patch has " + std::to_string(given) + " values: expected " + std::to_string(wanted) +
           " (" + std::to_string(set.size()) + " sequences, " + std::to_string(set.seq_len) +
           " positions, " + std::to_string(width) + " each).";
  }
  return std::nullopt;
}

/// Adds up what heads give.
class HeadOutputSum final : public ForwardHooks {
 public:
  explicit HeadOutputSum(at::Tensor sum) : m_sum(std::move(sum)) {}
  void beginChunk(const at::Tensor& real) { m_real = real.view({-1, 1, m_sum.size(2), 1}); }
  at::Tensor headOutputs(int layer, const at::Tensor& z) override {
    m_sum.select(0, layer).add_((z * m_real).sum(0, false, at::kDouble));
    return z;
  }

 private:
  at::Tensor m_sum;   ///< [layer, head, pos, d_head]
  at::Tensor m_real;  ///< [batch, 1, pos, 1]
};

}  // namespace

std::optional<std::string> whyNotInspectable(const core::ModelSpec& spec,
                                             const core::SequenceSet& set,
                                             const InspectRequest& request) {
  for (const auto* heads : {&request.zeroed, &request.averaged}) {
    for (const HeadRef& head : *heads) {
      if (const auto why = core::whyNoSuchHead(spec, head)) {
        return why;
      }
    }
  }
  for (const EdgeRef& edge : request.edges) {
    if (const auto why = whyNoSuchEdge(spec, set, edge)) {
      return why;
    }
  }
  for (const Patch& patch : request.patches) {
    if (const auto why = whyNotPatch(spec, set, patch)) {
      return why;
    }
  }
  if (request.reference && request.reference->seq_len > spec.n_ctx) {
    return "The reference sequences have " + std::to_string(request.reference->seq_len) +
           " positions: the model takes " + std::to_string(spec.n_ctx) + ".";
  }
  return std::nullopt;
}

at::Tensor meanHeadOutputs(const Transformer& model, const core::ModelSpec& spec,
                           const core::SequenceSet& set, std::size_t chunk, std::int64_t length,
                           at::Device device) {
  const std::int64_t T = set.seq_len;
  const auto options = at::TensorOptions().dtype(at::kDouble).device(device);
  const at::Tensor sum = at::zeros({spec.n_layers, spec.n_heads, T, spec.d_head}, options);
  const at::Tensor count = at::zeros({T}, options);
  HeadOutputSum hooks(sum);
  for (std::size_t first = 0; first < set.size(); first += chunk) {
    const Batch batch = makeBatch(set, first, std::min(chunk, set.size() - first), device);
    const at::Tensor real = realTokens(batch);
    count.add_(real.sum(0));
    hooks.beginChunk(real);
    model.forwardWith(batch, hooks);
  }
  const at::Tensor mean = (sum / count.clamp_min(1).view({1, 1, T, 1})).to(at::kFloat);
  return T >= length ? mean.narrow(2, 0, length) : at::constant_pad_nd(mean, {0, 0, 0, length - T});
}

Interventions::Interventions(const core::ModelSpec& spec, const core::SequenceSet& set,
                             const InspectRequest& request, at::Tensor mean, at::Device device)
    : m_spec(spec),
      m_request(request),
      m_seq_len(set.seq_len),
      m_device(device),
      m_mean(std::move(mean)),
      m_edges(request.edges) {
  std::sort(m_edges.begin(), m_edges.end());
}

void Interventions::beginChunk(std::size_t first, std::size_t count) {
  m_first = first;
  m_count = count;
  if (m_edges.empty() && !m_request.keep_only_edges) {
    return;
  }
  const auto n = static_cast<std::int64_t>(count);
  const std::int64_t T = m_seq_len;
  const std::int64_t H = m_spec.n_heads;
  const at::Tensor listed = at::zeros({m_spec.n_layers, n, H, T, T}, at::kBool);
  bool* cells = listed.data_ptr<bool>();
  const auto is_before = [](const EdgeRef& edge, std::size_t sequence) {
    return edge.sequence < sequence;
  };
  auto edge = std::lower_bound(m_edges.begin(), m_edges.end(), first, is_before);
  for (; edge != m_edges.end() && edge->sequence < first + count; ++edge) {
    const std::int64_t row = static_cast<std::int64_t>(edge->sequence - first);
    cells[(((edge->layer * n + row) * H + edge->head) * T + edge->query) * T + edge->key] = true;
  }
  m_listed = listed.to(m_device);
}

at::Tensor Interventions::pattern(int layer, const at::Tensor& pattern) const {
  if (!m_listed.defined()) {
    return pattern;
  }
  const at::Tensor listed = m_listed.select(0, layer);
  const at::Tensor cut = m_request.keep_only_edges ? listed.logical_not() : listed;
  const at::Tensor left = pattern.masked_fill(cut, 0);
  if (!m_request.renormalise) {
    return left;
  }
  const at::Tensor sum = left.sum(-1, true);
  const at::Tensor is_changed = cut.any(-1, true).logical_and(sum.gt(0));
  return at::where(is_changed, left / sum, left);
}

at::Tensor Interventions::patched(const Patch& patch, const at::Tensor& x) const {
  const std::int64_t width = patch.head ? m_spec.d_head : m_spec.d_model;
  const auto n = static_cast<std::int64_t>(m_count);
  // from_blob takes no const pointer; it is only read.
  auto* values = const_cast<float*>(patch.values->data()) +
                 static_cast<std::int64_t>(m_first) * m_seq_len * width;
  const at::Tensor whole = at::from_blob(values, {n, m_seq_len, width}, at::kFloat).to(m_device);
  at::Tensor result = x.clone();
  const at::Tensor target = patch.head ? result.select(1, *patch.head) : result;  // [n, pos, width]
  if (patch.position) {
    target.select(1, *patch.position).copy_(whole.select(1, *patch.position));
  } else {
    target.copy_(whole);
  }
  return result;
}

at::Tensor Interventions::headOutputs(int layer, const at::Tensor& z) const {
  at::Tensor result = z;
  const auto replaced = [&](int head, const at::Tensor& by) {
    result = result.is_same(z) ? z.clone() : result;
    result.select(1, head).copy_(by);
  };
  for (const HeadRef& head : m_request.zeroed) {
    if (head.layer == layer) {
      replaced(head.head, at::zeros({}, z.options()));
    }
  }
  for (const HeadRef& head : m_request.averaged) {
    if (head.layer == layer) {
      replaced(head.head, m_mean.select(0, layer).select(0, head.head).unsqueeze(0));
    }
  }
  for (const Patch& patch : m_request.patches) {
    if (patch.head && patch.layer == layer) {
      result = patched(patch, result);
    }
  }
  return result;
}

at::Tensor Interventions::residual(int boundary, const at::Tensor& x) const {
  at::Tensor result = x;
  for (const Patch& patch : m_request.patches) {
    if (!patch.head && patch.layer == boundary) {
      result = patched(patch, result);
    }
  }
  return result;
}

}  // namespace anchorlens::engine
