// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/inspection.h"

#include "engine/torch/answers.h"
#include "engine/torch/batches.h"
#include "engine/torch/interventions.h"

#include <algorithm>
#include <cstring>
#include <limits>

namespace anchorlens::engine {
namespace {

/// Sequences of a chunk: as many as keep the activations of a layer within 2^23 floats.
std::size_t chunkSize(const core::ModelSpec& spec, int seq_len, int d_vocab) {
  const auto T = static_cast<std::int64_t>(seq_len);
  const std::int64_t per_sequence = std::max<std::int64_t>(
      1, (T * T * spec.n_heads + T * d_vocab + T * spec.d_mlp + T * spec.n_heads * spec.d_head) +
             4 * T * spec.d_model);
  return static_cast<std::size_t>(
      std::clamp<std::int64_t>((std::int64_t{1} << 23) / per_sequence, 1, 512));
}

/// Puts part `index` of `parts` of every sequence of a chunk into its place in [n, parts, ...].
void store(std::vector<float>& all, std::size_t first, std::size_t parts, std::size_t index,
           const at::Tensor& chunk) {
  const at::Tensor host = chunk.to(at::kCPU, at::kFloat).contiguous();
  const auto count = static_cast<std::size_t>(host.size(0));
  const std::size_t size = static_cast<std::size_t>(host.numel()) / count;
  for (std::size_t row = 0; row < count; ++row) {
    std::memcpy(all.data() + ((first + row) * parts + index) * size,
                host.data_ptr<float>() + row * size, size * sizeof(float));
  }
}

/// Changes what the request changes and keeps what it wants.
class InspectHooks final : public ForwardHooks {
 public:
  InspectHooks(const Transformer& model, const InspectRequest& request, Interventions changes,
               InspectOutput& output, std::size_t n);

  void beginChunk(std::size_t first, const Batch& batch);
  at::Tensor pattern(int layer, const Attended& attended) override;
  at::Tensor headOutputs(int layer, const at::Tensor& z) override;
  at::Tensor residual(int boundary, const at::Tensor& x) override;

 private:
  std::size_t layers() const { return static_cast<std::size_t>(m_output.n_layers); }
  void storeLens(int boundary, const at::Tensor& x);

  const Transformer& m_model;
  const InspectRequest& m_request;
  Interventions m_changes;
  InspectOutput& m_output;
  std::size_t m_first = 0;
  at::Tensor m_padding;  ///< [batch, 1, pos, 1], bool
};

InspectHooks::InspectHooks(const Transformer& model, const InspectRequest& request,
                           Interventions changes, InspectOutput& output, std::size_t n)
    : m_model(model), m_request(request), m_changes(std::move(changes)), m_output(output) {
  const auto T = static_cast<std::size_t>(output.seq_len);
  const std::size_t cells = n * output.heads() * T * T;
  const std::size_t rows = n * (layers() + 1) * T;
  if (request.want_patterns) {
    output.patterns.n = n;
    output.patterns.n_layers = output.n_layers;
    output.patterns.n_heads = output.n_heads;
    output.patterns.seq_len = output.seq_len;
    output.patterns.pattern.resize(cells);
  }
  output.scores.resize(request.want_scores ? cells : 0);
  output.weighted.resize(request.want_weighted ? cells : 0);
  output.head_outputs.resize(request.want_head_outputs
                                 ? n * output.heads() * T * static_cast<std::size_t>(output.d_head)
                                 : 0);
  output.residual.resize(request.want_residual ? rows * static_cast<std::size_t>(output.d_model)
                                               : 0);
  output.residual_norms.resize(request.want_residual_norms ? rows : 0);
  output.lens.resize(request.want_lens ? rows : 0);
}

void InspectHooks::beginChunk(std::size_t first, const Batch& batch) {
  m_first = first;
  m_padding = realTokens(batch).logical_not().view({-1, 1, batch.tokens.size(1), 1});
  m_changes.beginChunk(first, static_cast<std::size_t>(batch.tokens.size(0)));
}

at::Tensor InspectHooks::pattern(int layer, const Attended& attended) {
  const auto index = static_cast<std::size_t>(layer);
  at::Tensor changed = m_changes.pattern(layer, attended.pattern);
  if (m_request.want_scores) {
    store(m_output.scores, m_first, layers(), index,
          attended.scores.masked_fill(m_padding, -std::numeric_limits<double>::infinity()));
  }
  if (m_request.want_patterns || m_request.want_weighted) {
    const at::Tensor real = changed.masked_fill(m_padding, 0);
    if (m_request.want_patterns) {
      store(m_output.patterns.pattern, m_first, layers(), index, real);
    }
    if (m_request.want_weighted) {
      const at::Tensor sizes =
          m_model.movedSizes(layer, attended.values);  // [batch, head, key_pos]
      store(m_output.weighted, m_first, layers(), index, real * sizes.unsqueeze(2));
    }
  }
  return changed;
}

at::Tensor InspectHooks::headOutputs(int layer, const at::Tensor& z) {
  at::Tensor changed = m_changes.headOutputs(layer, z);
  if (m_request.want_head_outputs) {
    store(m_output.head_outputs, m_first, layers(), static_cast<std::size_t>(layer), changed);
  }
  return changed;
}

at::Tensor InspectHooks::residual(int boundary, const at::Tensor& x) {
  const auto index = static_cast<std::size_t>(boundary);
  at::Tensor changed = m_changes.residual(boundary, x);
  if (m_request.want_residual) {
    store(m_output.residual, m_first, layers() + 1, index, changed);
  }
  if (m_request.want_residual_norms) {
    store(m_output.residual_norms, m_first, layers() + 1, index, changed.norm(2, {-1}));
  }
  if (m_request.want_lens) {
    storeLens(boundary, changed);
  }
  return changed;
}

void InspectHooks::storeLens(int boundary, const at::Tensor& x) {
  const at::Tensor log_q = at::log_softmax(m_model.unembed(x), -1);  // [batch, pos, d_vocab]
  const std::vector<core::Prediction> rows = topAnswers(log_q.flatten(0, 1));
  const auto T = static_cast<std::size_t>(m_output.seq_len);
  for (std::size_t row = 0; row < rows.size() / T; ++row) {
    const std::size_t at =
        ((m_first + row) * (layers() + 1) + static_cast<std::size_t>(boundary)) * T;
    std::copy_n(rows.begin() + static_cast<std::ptrdiff_t>(row * T), T,
                m_output.lens.begin() + static_cast<std::ptrdiff_t>(at));
  }
}

/// What the logits of a chunk say.
void storeAnswers(const core::SequenceSet& set, std::size_t first, const at::Tensor& logits,
                  InspectOutput& output) {
  const at::Tensor host = logits.to(at::kCPU).contiguous();
  const at::Tensor log_q = at::log_softmax(host, -1);
  const std::int64_t V = host.size(1);
  output.d_vocab = static_cast<int>(V);
  for (const core::Prediction& prediction : topAnswers(log_q)) {
    output.predictions.push_back(prediction);
  }
  for (std::int64_t row = 0; row < host.size(0); ++row) {
    const std::size_t i = first + static_cast<std::size_t>(row);
    const float* values = host.data_ptr<float>() + row * V;
    output.logits.insert(output.logits.end(), values, values + V);
    const std::int32_t right = rightAnswer(set, i);
    float best_other = -std::numeric_limits<float>::infinity();
    for (std::int64_t token = 0; token < V; ++token) {
      best_other = token == right ? best_other : std::max(best_other, values[token]);
    }
    output.logit_differences.push_back(values[right] - best_other);
    output.correct.push_back(output.predictions[i].tokens[0] == right ? 1 : 0);
    output.losses.push_back(static_cast<float>(lossOf(set, i, log_q.data_ptr<float>() + row * V)));
  }
}

bool wantsInside(const InspectRequest& request) {
  return request.want_patterns || request.want_scores || request.want_weighted ||
         request.want_head_outputs || request.want_residual || request.want_residual_norms ||
         request.want_lens;
}

EngineError hasNoHeads(const core::ModelSpec& spec) {
  const std::string kind = spec.kind == core::ModelSpec::Kind::Lstm ? "An LSTM" : "An MLP";
  return {kind +
              " has no attention heads and no residual stream of positions: there is nothing "
              "to look into or to change. Only a transformer has.",
          {}};
}

}  // namespace

Result<InspectOutput> inspectModel(const Model& model, const core::ModelSpec& spec,
                                   const core::SequenceSet& set, const InspectRequest& request,
                                   at::Device device) {
  const at::NoGradGuard no_grad;
  const auto* transformer = dynamic_cast<const Transformer*>(&model);
  InspectOutput output;
  output.seq_len = set.seq_len;
  if (transformer == nullptr) {
    if (request.changesModel() || wantsInside(request)) {
      return core::Unexpected(hasNoHeads(spec));
    }
    const std::size_t chunk = 512;
    for (std::size_t first = 0; first < set.size(); first += chunk) {
      const Batch batch = makeBatch(set, first, std::min(chunk, set.size() - first), device);
      storeAnswers(set, first, model.forward(batch, Capture::Nothing).logits, output);
    }
    return output;
  }
  if (const auto why = whyNotInspectable(spec, set, request)) {
    return core::Unexpected(EngineError{*why, {}});
  }
  output.n_layers = spec.n_layers;
  output.n_heads = spec.n_heads;
  output.d_model = spec.d_model;
  output.d_head = spec.d_head;
  output.d_vocab = transformer->dVocab();
  const std::size_t chunk = chunkSize(spec, set.seq_len, output.d_vocab);
  at::Tensor mean;
  if (!request.averaged.empty()) {
    mean = meanHeadOutputs(*transformer, spec, request.reference ? *request.reference : set, chunk,
                           set.seq_len, device);
  }
  InspectHooks hooks(*transformer, request, Interventions(spec, set, request, mean, device), output,
                     set.size());
  for (std::size_t first = 0; first < set.size(); first += chunk) {
    const Batch batch = makeBatch(set, first, std::min(chunk, set.size() - first), device);
    hooks.beginChunk(first, batch);
    storeAnswers(set, first, transformer->forwardWith(batch, hooks).logits, output);
  }
  return output;
}

}  // namespace anchorlens::engine
