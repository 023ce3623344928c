// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/import/foreign_names.h"

#include <algorithm>
#include <array>
#include <span>
#include <utility>

namespace anchorlens::core {
namespace {

constexpr std::array<std::pair<NameFamily, std::string_view>, 4> kFamilies{{
    {NameFamily::Native, "native"},
    {NameFamily::PyTorch, "pytorch"},
    {NameFamily::TransformerLens, "transformerlens"},
    {NameFamily::Paper, "paper"},
}};

/// "layers.3.attn.q.weight": layer "3", stem "attn.q", kind "weight". Outside of layers the layer
/// is empty.
struct NameParts {
  std::string layer;
  std::string stem;
  std::string kind;
};
NameParts partsOf(std::string_view name) {
  constexpr std::string_view kLayers = "layers.";
  NameParts parts;
  if (name.starts_with(kLayers)) {
    name.remove_prefix(kLayers.size());
    parts.layer = name.substr(0, name.find('.'));
    name.remove_prefix(std::min(name.size(), parts.layer.size() + 1));
  }
  const std::size_t dot = name.rfind('.');
  parts.stem = name.substr(0, dot);
  parts.kind = dot == std::string_view::npos ? "" : name.substr(dot + 1);
  return parts;
}

/// A stem of ours, and what stands for it there; "#" is the number of the layer.
using Stems = std::span<const std::pair<std::string_view, std::string_view>>;

constexpr std::array<std::pair<std::string_view, std::string_view>, 10> kPaperStems{{
    {"attn.q", "decoder.layers.#.dec_self_attn.W_Q"},
    {"attn.k", "decoder.layers.#.dec_self_attn.W_K"},
    {"attn.v", "decoder.layers.#.dec_self_attn.W_V"},
    {"attn.o", "decoder.layers.#.dec_self_attn.fc"},
    {"ln1", "decoder.layers.#.dec_self_attn.layernorm"},
    {"mlp.in", "decoder.layers.#.pos_ffn.fc.0"},
    {"mlp.out", "decoder.layers.#.pos_ffn.fc.2"},
    {"ln2", "decoder.layers.#.pos_ffn.layernorm"},
    {"unembed", "projection"},
    {"positions", "decoder.pos_emb"},
}};
constexpr std::array<std::pair<std::string_view, std::string_view>, 2> kPyTorchStems{{
    {"mlp.in", "layers.#.mlp.0"},
    {"mlp.out", "layers.#.mlp.2"},
}};

std::string withLayer(std::string_view pattern, const std::string& layer, char mark) {
  std::string name;
  for (const char c : pattern) {
    name += c == mark ? layer : std::string(1, c);
  }
  return name;
}

std::optional<std::string> stemIn(Stems stems, const NameParts& parts) {
  for (const auto& [ours, theirs] : stems) {
    if (ours == parts.stem) {
      return withLayer(theirs, parts.layer, '#') + "." + parts.kind;
    }
  }
  return std::nullopt;
}

std::optional<std::string> paperName(const NameParts& parts) {
  if (parts.stem == "embed") {
    return "decoder.tgt_emb." + parts.kind;
  }
  return stemIn(kPaperStems, parts);
}

std::string pyTorchName(const TensorShape& ours, const NameParts& parts) {
  if (parts.stem == "lstm.ih" || parts.stem == "lstm.hh") {
    return "lstm." + parts.kind + "_" + parts.stem.substr(5) + "_l" + parts.layer;
  }
  return stemIn(kPyTorchStems, parts).value_or(ours.name);
}

/// A weight or bias of attention. There each head has its own matrix, and vectors stand on the
/// left.
std::optional<ForeignPlace> lensAttention(const TensorShape& ours, const NameParts& parts,
                                          const ModelSpec& model) {
  const std::int64_t heads = model.n_heads;
  const std::int64_t d_head = model.d_head;
  const std::int64_t d_model = model.d_model;
  const auto letter = static_cast<char>(parts.stem.back() - 'a' + 'A');
  const std::string base = "blocks." + parts.layer + ".attn.";
  const bool is_output = parts.stem == "attn.o";
  if (parts.kind == "bias") {
    return ForeignPlace{base + "b_" + letter,
                        is_output ? ours.shape : std::vector<std::int64_t>{heads, d_head}};
  }
  if (is_output) {
    return ForeignPlace{base + "W_O", {heads, d_head, d_model}, {2, 0, 1}};
  }
  return ForeignPlace{base + "W_" + letter, {heads, d_model, d_head}, {0, 2, 1}};
}

std::optional<ForeignPlace> lensPlace(const TensorShape& ours, const NameParts& parts,
                                      const ModelSpec& model) {
  const bool is_weight = parts.kind == "weight";
  const auto transposed = [&](const std::string& name) {
    return is_weight ? ForeignPlace{name, {ours.shape[1], ours.shape[0]}, {1, 0}}
                     : ForeignPlace{name, ours.shape};
  };
  if (parts.stem.starts_with("attn.")) {
    return lensAttention(ours, parts, model);
  }
  if (parts.stem == "mlp.in" || parts.stem == "mlp.out") {
    const std::string name = is_weight ? "W_" : "b_";
    return transposed("blocks." + parts.layer + ".mlp." + name + parts.stem.substr(4));
  }
  const std::string affine = is_weight ? ".w" : ".b";
  if (parts.stem == "ln1" || parts.stem == "ln2") {
    return ForeignPlace{"blocks." + parts.layer + "." + parts.stem + affine, ours.shape};
  }
  if (parts.stem == "ln_final") {
    return ForeignPlace{parts.stem + affine, ours.shape};
  }
  if (parts.stem == "embed") {
    return ForeignPlace{"embed.W_E", ours.shape};
  }
  if (parts.stem == "positions") {
    return ForeignPlace{"pos_embed.W_pos", ours.shape};
  }
  if (parts.stem == "unembed") {
    return transposed(is_weight ? "unembed.W_U" : "unembed.b_U");
  }
  return std::nullopt;
}

}  // namespace

std::string_view nameFamilyText(NameFamily family) {
  for (const auto& [known, text] : kFamilies) {
    if (known == family) {
      return text;
    }
  }
  return {};
}

std::optional<NameFamily> nameFamilyOf(std::string_view text) {
  for (const auto& [family, known] : kFamilies) {
    if (known == text) {
      return family;
    }
  }
  return std::nullopt;
}

std::optional<ForeignPlace> placeOf(NameFamily family, const TensorShape& ours,
                                    const ModelSpec& model) {
  const NameParts parts = partsOf(ours.name);
  switch (family) {
    case NameFamily::Native:
      return ForeignPlace{ours.name, ours.shape};
    case NameFamily::PyTorch:
      return ForeignPlace{pyTorchName(ours, parts), ours.shape};
    case NameFamily::TransformerLens:
      return lensPlace(ours, parts, model);
    case NameFamily::Paper:
      if (const auto name = paperName(parts)) {
        return ForeignPlace{*name, ours.shape};
      }
      return std::nullopt;
  }
  return std::nullopt;
}

}  // namespace anchorlens::core
