// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/evaluation.h"

#include "engine/torch/answers.h"
#include "engine/torch/batches.h"

#include <algorithm>
#include <cstring>
#include <map>

namespace anchorlens::engine {
namespace {

constexpr std::size_t kChunk = 512;

/// Calls visit(first, count, pass) for each chunk of the set, without gradients.
template <typename Visit>
void eachChunk(const Model& model, const core::SequenceSet& set, Capture capture, at::Device device,
               Visit&& visit) {
  const at::NoGradGuard no_grad;
  for (std::size_t first = 0; first < set.size(); first += kChunk) {
    const std::size_t count = std::min(kChunk, set.size() - first);
    visit(first, count, model.forward(makeBatch(set, first, count, device), capture));
  }
}

void copyPatterns(const ForwardPass& pass, const core::SequenceSet& set, std::size_t first,
                  std::size_t count, core::PatternBatch& patterns) {
  const std::size_t per_layer = static_cast<std::size_t>(patterns.n_heads) * patterns.cells();
  for (std::size_t layer = 0; layer < pass.layers.size(); ++layer) {
    const at::Tensor host = pass.layers[layer].pattern.to(at::kCPU).contiguous();
    const float* values = host.data_ptr<float>();
    for (std::size_t row = 0; row < count; ++row) {
      float* out = patterns.pattern.data() + (first + row) * patterns.heads() * patterns.cells() +
                   layer * per_layer;
      std::memcpy(out, values + row * per_layer, per_layer * sizeof(float));
    }
  }
  // Rows of padding have no meaning.
  const auto T = static_cast<std::size_t>(patterns.seq_len);
  for (std::size_t i = first; i < first + count; ++i) {
    const auto length = static_cast<std::size_t>(set.lengths[i]);
    for (std::size_t head = 0; length < T && head < patterns.heads(); ++head) {
      float* map = patterns.pattern.data() + (i * patterns.heads() + head) * patterns.cells();
      std::fill(map + length * T, map + T * T, 0.0F);
    }
  }
}

}  // namespace

std::vector<core::GroupMetrics> evaluateGroups(const Model& model, const core::SequenceSet& set,
                                               at::Device device) {
  std::map<std::int32_t, core::GroupMetrics> groups;
  eachChunk(model, set, Capture::Nothing, device,
            [&](std::size_t first, std::size_t count, const ForwardPass& pass) {
              const at::Tensor log_q = at::log_softmax(pass.logits, -1).to(at::kCPU).contiguous();
              const at::Tensor best = log_q.argmax(-1);
              const std::int64_t d_vocab = log_q.size(1);
              for (std::size_t row = 0; row < count; ++row) {
                const std::size_t i = first + row;
                core::GroupMetrics& group = groups[set.groups[i]];
                group.group = set.groups[i];
                ++group.n;
                group.loss += lossOf(
                    set, i, log_q.data_ptr<float>() + static_cast<std::int64_t>(row) * d_vocab);
                group.accuracy +=
                    best.data_ptr<std::int64_t>()[row] == rightAnswer(set, i) ? 1.0 : 0.0;
              }
            });
  std::vector<core::GroupMetrics> result;
  for (auto& [index, group] : groups) {
    group.loss /= static_cast<double>(group.n);
    group.accuracy /= static_cast<double>(group.n);
    result.push_back(group);
  }
  return result;
}

ForwardOutput forwardAll(const Model& model, const core::ModelSpec& spec,
                         const core::SequenceSet& set, bool with_patterns, at::Device device) {
  ForwardOutput output;
  const bool capture = with_patterns && spec.kind == core::ModelSpec::Kind::Transformer;
  if (capture) {
    core::PatternBatch& patterns = output.patterns;
    patterns.n = set.size();
    patterns.n_layers = spec.n_layers;
    patterns.n_heads = spec.n_heads;
    patterns.seq_len = set.seq_len;
    patterns.pattern.resize(patterns.n * patterns.heads() * patterns.cells());
  }
  eachChunk(
      model, set, capture ? Capture::Patterns : Capture::Nothing, device,
      [&](std::size_t first, std::size_t count, const ForwardPass& pass) {
        const at::Tensor log_q = at::log_softmax(pass.logits, -1).to(at::kCPU).contiguous();
        const std::int64_t d_vocab = log_q.size(1);
        const std::vector<core::Prediction> top = topAnswers(log_q);
        for (std::size_t row = 0; row < count; ++row) {
          const float* values = log_q.data_ptr<float>() + static_cast<std::int64_t>(row) * d_vocab;
          output.losses.push_back(static_cast<float>(lossOf(set, first + row, values)));
          output.correct.push_back(top[row].tokens[0] == rightAnswer(set, first + row) ? 1 : 0);
        }
        output.predictions.insert(output.predictions.end(), top.begin(), top.end());
        if (capture) {
          copyPatterns(pass, set, first, count, output.patterns);
        }
      });
  return output;
}

std::vector<float> logitsOf(const Model& model, const core::SequenceSet& set, at::Device device) {
  std::vector<float> result;
  eachChunk(model, set, Capture::Nothing, device,
            [&](std::size_t /*first*/, std::size_t /*count*/, const ForwardPass& pass) {
              const at::Tensor host = pass.logits.to(at::kCPU).contiguous();
              const float* values = host.data_ptr<float>();
              result.insert(result.end(), values, values + host.numel());
            });
  return result;
}

}  // namespace anchorlens::engine
