// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/session/parameter_list.h"

#include "engine/session.h"

#include <array>
#include <map>
#include <utility>

namespace anchorlens::engine {
namespace {

using Start = ParameterInfo::Start;
using core::ModelPart;

/// Collects parameters in the order of the flat buffer.
class List {
 public:
  explicit List(const core::ModelSpec& model) : m_model(model) {}

  void add(ModelPart part, std::string name, std::vector<std::int64_t> shape, Start start,
           std::int64_t fan_in, std::int64_t d_in, std::string group) {
    ParameterInfo info{std::move(name),  std::move(shape), start, fan_in, d_in,
                       std::move(group), m_offset,         1,     part};
    for (const std::int64_t size : info.shape) {
      info.count *= size;
    }
    m_offset += info.count;
    infos.push_back(std::move(info));
  }
  /// y = x W^T (+ b). Shape of W: [d_out, d_in]
  void linear(ModelPart part, const std::string& name, std::int64_t d_out, std::int64_t d_in,
              const std::string& group, bool bias) {
    add(part, name + ".weight", {d_out, d_in}, Start::Uniform, d_in, d_in, group);
    if (bias) {
      add(part, name + ".bias", {d_out}, Start::Bias, d_in, d_in, "");
    }
  }
  void norm(const std::string& name) {
    add(ModelPart::Norm, name + ".weight", {m_model.d_model}, Start::One, 1, 1, "");
    add(ModelPart::Norm, name + ".bias", {m_model.d_model}, Start::Zero, 1, 1, "");
  }

  std::vector<ParameterInfo> infos;

 private:
  const core::ModelSpec& m_model;
  std::int64_t m_offset = 0;
};

void addAttention(List& list, const core::ModelSpec& model, const std::string& layer) {
  const std::int64_t d_heads = std::int64_t{model.n_heads} * model.d_head;
  const auto fan_in = std::int64_t{model.d_model};
  // Weights first, then biases: both triples are neighbours.
  const std::array<std::pair<const char*, ModelPart>, 3> triple{
      {{"q", ModelPart::Query}, {"k", ModelPart::Key}, {"v", ModelPart::Value}}};
  for (const auto& [name, part] : triple) {
    list.add(part, layer + ".attn." + name + ".weight", {d_heads, model.d_model}, Start::Uniform,
             fan_in, fan_in, part == ModelPart::Value ? "vo" : "qk");
  }
  if (model.attention_biases) {
    for (const auto& [name, part] : triple) {
      list.add(part, layer + ".attn." + name + ".bias", {d_heads}, Start::Bias, fan_in, fan_in, "");
    }
  }
  if (model.attention_output) {
    list.linear(ModelPart::Output, layer + ".attn.o", model.d_model, d_heads, "vo",
                model.attention_biases);
  }
}

void addTransformer(List& list, const core::ModelSpec& model) {
  const bool has_norm = model.norm != core::ModelSpec::Norm::None;
  for (int i = 0; i < model.n_layers; ++i) {
    const std::string layer = "layers." + std::to_string(i);
    addAttention(list, model, layer);
    if (has_norm) {
      list.norm(layer + ".ln1");
    }
    if (model.mlp) {
      list.linear(ModelPart::Mlp, layer + ".mlp.in", model.d_mlp, model.d_model, "mlp",
                  model.mlp_biases);
      list.linear(ModelPart::Mlp, layer + ".mlp.out", model.d_model, model.d_mlp, "mlp",
                  model.mlp_biases);
      if (has_norm) {
        list.norm(layer + ".ln2");
      }
    }
  }
  if (model.norm == core::ModelSpec::Norm::Pre) {
    list.norm("ln_final");
  }
}

void addLstm(List& list, const core::ModelSpec& model) {
  const auto h = std::int64_t{model.d_model};
  for (int i = 0; i < model.n_layers; ++i) {
    const std::string layer = "layers." + std::to_string(i) + ".lstm.";
    list.add(ModelPart::Recurrent, layer + "ih.weight", {4 * h, h}, Start::Uniform, h, h, "mlp");
    list.add(ModelPart::Recurrent, layer + "hh.weight", {4 * h, h}, Start::Uniform, h, h, "mlp");
    list.add(ModelPart::Recurrent, layer + "ih.bias", {4 * h}, Start::Bias, h, h, "");
    list.add(ModelPart::Recurrent, layer + "hh.bias", {4 * h}, Start::Bias, h, h, "");
  }
}

void addMlp(List& list, const core::ModelSpec& model, int seq_len) {
  const auto d = std::int64_t{model.d_model};
  list.linear(ModelPart::Input, "input", d, d * seq_len, "mlp", true);
  for (int i = 0; i < model.n_layers; ++i) {
    const std::string layer = "layers." + std::to_string(i);
    list.linear(ModelPart::Mlp, layer + ".mlp.in", 4 * d, d, "mlp", true);
    list.linear(ModelPart::Mlp, layer + ".mlp.out", d, 4 * d, "mlp", true);
    if (model.norm != core::ModelSpec::Norm::None) {
      list.norm(layer + ".ln1");
    }
  }
  if (model.norm == core::ModelSpec::Norm::Pre) {
    list.norm("ln_final");
  }
}

}  // namespace

std::vector<ParameterInfo> listParameters(const core::ModelSpec& model, int d_vocab, int seq_len) {
  using Kind = core::ModelSpec::Kind;
  List list(model);
  list.add(ModelPart::Embedding, "embed.weight", {d_vocab, model.d_model}, Start::Normal, 1,
           d_vocab, "embedding");
  if (model.kind == Kind::Transformer) {
    if (model.positions == core::ModelSpec::Positions::Learned) {
      list.add(ModelPart::Positions, "positions.weight", {model.n_ctx, model.d_model},
               Start::Normal, 1, model.n_ctx, "embedding");
    }
    addTransformer(list, model);
  } else if (model.kind == Kind::Lstm) {
    addLstm(list, model);
  } else {
    addMlp(list, model, seq_len);
  }
  list.linear(ModelPart::Unembedding, "unembed", d_vocab, model.d_model, "unembedding",
              model.unembedding_bias);
  return list.infos;
}

std::vector<core::PartSize> countParametersByPart(const core::ModelSpec& model, int d_vocab,
                                                  int seq_len) {
  std::map<ModelPart, std::int64_t> counts;
  for (const ParameterInfo& info : listParameters(model, d_vocab, seq_len)) {
    counts[info.part] += info.count;
  }
  std::vector<core::PartSize> sizes;
  for (const auto& [part, count] : counts) {
    sizes.push_back({part, count});
  }
  return sizes;
}

std::int64_t countParameters(const core::ModelSpec& model, int d_vocab, int seq_len) {
  const std::vector<ParameterInfo> infos = listParameters(model, d_vocab, seq_len);
  return infos.back().offset + infos.back().count;
}

}  // namespace anchorlens::engine
