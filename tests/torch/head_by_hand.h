// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/inspect.h"
#include "engine/session/patches.h"
#include "engine/torch/torch_trainer.h"

#include <QtTest>

#include <algorithm>
#include <cmath>
#include <vector>

/// What a head does, by plain loops over what was kept of it.
namespace anchorlens::test {

using engine::HeadRef;
using engine::InspectOutput;

/// The mean output of a head per position, over the sequences that have it, for n sequences.
inline engine::Patch meanPatch(const InspectOutput& seen, const core::SequenceSet& reference,
                               const HeadRef& head, std::size_t n) {
  const engine::Patch own = headPatch(seen, head, engine::sameRows(reference.size()));
  const auto T = static_cast<std::size_t>(seen.seq_len);
  const auto width = static_cast<std::size_t>(seen.d_head);
  std::vector<double> sum(T * width, 0.0);
  std::vector<double> count(T, 0.0);
  for (std::size_t i = 0; i < reference.size(); ++i) {
    for (std::size_t p = 0; p < static_cast<std::size_t>(reference.lengths[i]); ++p) {
      count[p] += 1;
      for (std::size_t d = 0; d < width; ++d) {
        sum[p * width + d] += static_cast<double>((*own.values)[(i * T + p) * width + d]);
      }
    }
  }
  auto values = std::make_shared<std::vector<float>>();
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t cell = 0; cell < sum.size(); ++cell) {
      values->push_back(static_cast<float>(sum[cell] / std::max(1.0, count[cell / width])));
    }
  }
  return {head.layer, head.head, std::nullopt, values};
}

/// The value that position k gives, from what the layer got.
inline std::vector<double> valueAt(engine::TorchTrainer& trainer, const core::ModelSpec& model,
                                   const float* x, const HeadRef& head) {
  const std::string name = "layers." + std::to_string(head.layer);
  std::vector<double> in(x, x + model.d_model);
  if (model.norm == core::ModelSpec::Norm::Pre) {
    double mean = 0;
    for (const double value : in) {
      mean += value / model.d_model;
    }
    double variance = 0;
    for (const double value : in) {
      variance += (value - mean) * (value - mean) / model.d_model;
    }
    for (double& value : in) {
      value = (value - mean) / std::sqrt(variance + 1e-5);  // untrained: weight 1, bias 0
    }
  }
  const float* W = trainer.parameters()[name + ".attn.v.weight"].data_ptr<float>();
  const float* b = model.attention_biases
                       ? trainer.parameters()[name + ".attn.v.bias"].data_ptr<float>()
                       : nullptr;
  std::vector<double> value;
  for (int d = 0; d < model.d_head; ++d) {
    const int row = head.head * model.d_head + d;
    double sum = b != nullptr ? static_cast<double>(b[row]) : 0.0;
    for (int c = 0; c < model.d_model; ++c) {
      sum += static_cast<double>(W[row * model.d_model + c]) * in[static_cast<std::size_t>(c)];
    }
    value.push_back(sum);
  }
  return value;
}

inline double movedSize(engine::TorchTrainer& trainer, const core::ModelSpec& model,
                        const std::vector<double>& value, const HeadRef& head) {
  std::vector<double> moved = value;
  if (model.attention_output) {
    const float* W = trainer.parameters()["layers." + std::to_string(head.layer) + ".attn.o.weight"]
                         .data_ptr<float>();
    const int columns = model.n_heads * model.d_head;
    moved.assign(static_cast<std::size_t>(model.d_model), 0.0);
    for (int d = 0; d < model.d_model; ++d) {
      for (int c = 0; c < model.d_head; ++c) {
        moved[static_cast<std::size_t>(d)] +=
            static_cast<double>(W[d * columns + head.head * model.d_head + c]) *
            value[static_cast<std::size_t>(c)];
      }
    }
  }
  double square = 0;
  for (const double part : moved) {
    square += part * part;
  }
  return std::sqrt(square);
}

inline void checkHead(engine::TorchTrainer& trainer, const core::ModelSpec& model,
                      const core::SequenceSet& set, const InspectOutput& seen, std::size_t i,
                      const HeadRef& head) {
  const auto T = static_cast<std::size_t>(set.seq_len);
  const auto D = static_cast<std::size_t>(seen.d_model);
  const auto width = static_cast<std::size_t>(seen.d_head);
  const auto map = seen.patterns.of(i, head.layer, head.head);
  const std::size_t index =
      i * seen.heads() + static_cast<std::size_t>(head.layer * seen.n_heads + head.head);
  const float* scores = seen.scores.data() + index * T * T;
  const float* weighted = seen.weighted.data() + index * T * T;
  const float* z = seen.head_outputs.data() + index * T * width;
  const float* stream = seen.residual.data() + (i * (static_cast<std::size_t>(seen.n_layers) + 1) +
                                                static_cast<std::size_t>(head.layer)) *
                                                   T * D;
  const auto length = static_cast<std::size_t>(set.lengths[i]);
  for (std::size_t q = 0; q < T; ++q) {
    double sum = 0;
    for (std::size_t k = 0; k < T; ++k) {
      sum += std::exp(static_cast<double>(scores[q * T + k]));
    }
    std::vector<double> out(width, 0.0);
    for (std::size_t k = 0; k < T; ++k) {
      const std::size_t cell = q * T + k;
      if (q >= length) {
        QCOMPARE(map[cell], 0.0F);
        QCOMPARE(weighted[cell], 0.0F);
        QVERIFY(std::isinf(scores[cell]));
        continue;
      }
      const auto attention = static_cast<double>(map[cell]);
      QVERIFY(std::abs(std::exp(static_cast<double>(scores[cell])) / sum - attention) < 1e-5);
      std::vector<double> value(width, 0.0);
      const std::int64_t source = static_cast<std::int64_t>(k) - model.shift_values_by;
      if (source >= 0 && source < set.lengths[i]) {
        value = valueAt(trainer, model, stream + static_cast<std::size_t>(source) * D, head);
      }
      const double expected = attention * movedSize(trainer, model, value, head);
      QVERIFY(std::abs(static_cast<double>(weighted[cell]) - expected) < 1e-5);
      for (std::size_t d = 0; d < width; ++d) {
        out[d] += attention * value[d];
      }
    }
    for (std::size_t d = 0; q < length && d < width; ++d) {
      QVERIFY(std::abs(static_cast<double>(z[q * width + d]) - out[d]) < 1e-5);
    }
  }
}

}  // namespace anchorlens::test
