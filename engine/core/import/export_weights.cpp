// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/import/export_weights.h"

#include "engine/core/import/state_dict_tensors.h"

#include <nlohmann/json.hpp>

#include <cmath>
#include <cstring>
#include <utility>
#include <vector>

namespace anchorlens::core {
namespace {

using Kind = ModelSpec::Kind;
using Norm = ModelSpec::Norm;
using Positions = ModelSpec::Positions;
using Shape = std::vector<std::int64_t>;

Tensor toTensor(std::string name, Shape shape, const std::vector<float>& values) {
  Tensor tensor{std::move(name), DType::F32, std::move(shape), {}};
  tensor.data.resize(values.size() * sizeof(float));
  std::memcpy(tensor.data.data(), values.data(), tensor.data.size());
  return tensor;
}

Tensor zeros(std::string name, const Shape& shape) {
  std::size_t count = 1;
  for (const std::int64_t size : shape) {
    count *= static_cast<std::size_t>(size);
  }
  return toTensor(std::move(name), shape, std::vector<float>(count, 0.0F));
}

/// Shape: [n_ctx, d_model]
Tensor sinusoids(std::string name, const ModelSpec& model) {
  std::vector<float> values;
  for (int position = 0; position < model.n_ctx; ++position) {
    for (int i = 0; i < model.d_model; ++i) {
      const double angle = position / std::pow(10000.0, (i - i % 2) / double(model.d_model));
      values.push_back(static_cast<float>(i % 2 == 0 ? std::sin(angle) : std::cos(angle)));
    }
  }
  return toTensor(std::move(name), {model.n_ctx, model.d_model}, values);
}

/// Ours, laid out as at `place`.
Tensor laidOut(const Tensor& ours, const ForeignPlace& place) {
  ForeignTensor view = wholeTensor(ours);
  std::vector<std::size_t> back(place.axes.size());
  if (!place.axes.empty()) {
    Shape split;
    for (std::size_t i = 0; i < place.axes.size(); ++i) {
      split.push_back(place.shape[place.axes[i]]);
      back[place.axes[i]] = i;
    }
    Tensor whole{ours.name, ours.dtype, split, {}};
    view.shape = split;
    view.strides = wholeTensor(whole).strides;
  }
  return toTensor(place.name, place.shape, toFloats(view, back));
}

// --- TransformerLens ---

/// What HookedTransformer does not compute; empty when it computes all.
std::string whyNotLens(const ExperimentSpec& spec) {
  const ModelSpec& model = spec.model;
  if (model.kind != Kind::Transformer) {
    return "it has transformers only";
  }
  if (model.norm == Norm::Post) {
    return "its models normalise before the sublayers (norm pre or none), not after them (post)";
  }
  if (!model.residual) {
    return "its models have the residual stream";
  }
  if (model.shift_values_by != 0) {
    return "it does not shift values";
  }
  if (model.mask == ModelSpec::Mask::None && spec.task.seq_len.size() > 1) {
    return "without a mask it would attend to padding, which sequences of several lengths have";
  }
  return {};
}

void addLensLayer(std::vector<Tensor>& out, const ModelSpec& model, int layer) {
  const std::string block = "blocks." + std::to_string(layer) + ".";
  if (!model.attention_biases) {
    for (const char* letter : {"Q", "K", "V"}) {
      out.push_back(zeros(block + "attn.b_" + letter, {model.n_heads, model.d_head}));
    }
  }
  if (!model.attention_biases || !model.attention_output) {
    out.push_back(zeros(block + "attn.b_O", {model.d_model}));
  }
  if (!model.attention_output) {
    const auto width = static_cast<std::size_t>(model.d_model);
    std::vector<float> identity(width * width, 0.0F);
    for (std::size_t i = 0; i < width; ++i) {
      identity[i * width + i] = 1.0F;
    }
    out.push_back(
        toTensor(block + "attn.W_O", {model.n_heads, model.d_head, model.d_model}, identity));
  }
  if (model.mlp && !model.mlp_biases) {
    out.push_back(zeros(block + "mlp.b_in", {model.d_mlp}));
    out.push_back(zeros(block + "mlp.b_out", {model.d_model}));
  }
}

std::string lensConfig(const ExperimentSpec& spec) {
  const ModelSpec& model = spec.model;
  nlohmann::ordered_json config = {
      {"n_layers", model.n_layers},
      {"n_heads", model.n_heads},
      {"d_model", model.d_model},
      {"d_head", model.d_head},
      {"d_mlp", model.d_mlp},
      {"n_ctx", model.n_ctx},
      {"d_vocab", spec.task.d_vocab},
      {"attn_only", !model.mlp},
      {"act_fn", model.activation == ModelSpec::Activation::Relu ? "relu" : "gelu"},
      {"normalization_type", nullptr},
      {"eps", 1e-5},
      {"attention_dir", model.mask == ModelSpec::Mask::Causal ? "causal" : "bidirectional"},
      {"positional_embedding_type", "standard"},
      {"default_prepend_bos", false},
  };
  if (model.norm == Norm::Pre) {
    config["normalization_type"] = "LN";
  }
  return config.dump();
}

void addLensRest(Checkpoint& out, const ExperimentSpec& spec) {
  for (Tensor& filler : lensFillers(spec.model)) {
    out.tensors.push_back(std::move(filler));
  }
  if (!spec.model.unembedding_bias) {
    out.tensors.push_back(zeros("unembed.b_U", {spec.task.d_vocab}));
  }
  out.metadata["config"] = lensConfig(spec);
}

}  // namespace

std::vector<Tensor> lensFillers(const ModelSpec& model) {
  std::vector<Tensor> fillers;
  for (int layer = 0; layer < model.n_layers; ++layer) {
    addLensLayer(fillers, model, layer);
  }
  if (model.positions == Positions::None) {
    fillers.push_back(zeros("pos_embed.W_pos", {model.n_ctx, model.d_model}));
  } else if (model.positions == Positions::Sinusoidal) {
    fillers.push_back(sinusoids("pos_embed.W_pos", model));
  }
  return fillers;
}

Expected<Checkpoint, std::string> exportWeights(const Checkpoint& weights,
                                                const ExperimentSpec& spec, NameFamily family) {
  if (family == NameFamily::TransformerLens) {
    if (const std::string why = whyNotLens(spec); !why.empty()) {
      return Unexpected("TransformerLens cannot compute this model: " + why +
                        ". --names pytorch writes it for resources/python/anchorlens_model.py.");
    }
  }
  Checkpoint out;
  out.metadata = weights.metadata;
  out.metadata["names"] = nameFamilyText(family);
  for (const Tensor& tensor : weights.tensors) {
    const auto place = placeOf(family, {tensor.name, tensor.dtype, tensor.shape}, spec.model);
    if (!place) {
      return Unexpected("there is no name for " + tensor.name + " in " +
                        std::string(nameFamilyText(family)));
    }
    out.tensors.push_back(laidOut(tensor, *place));
  }
  if (family == NameFamily::TransformerLens) {
    addLensRest(out, spec);
  } else if (family == NameFamily::PyTorch && spec.model.kind == Kind::Transformer &&
             spec.model.positions == Positions::Sinusoidal) {
    out.tensors.push_back(sinusoids("positions.weight", spec.model));
  }
  return out;
}

}  // namespace anchorlens::core
