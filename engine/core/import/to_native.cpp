// SPDX-License-Identifier: GPL-3.0-or-later
// Another program's tensors to ours.
#include "engine/core/import/export_weights.h"
#include "engine/core/import/foreign_names.h"
#include "engine/core/import/state_dict_tensors.h"
#include "engine/core/import/zip_reader.h"
#include "engine/core/store/safetensors_header.h"

#include <algorithm>
#include <cctype>
#include <cstring>
#include <set>
#include <utility>

namespace anchorlens::core {
namespace {

constexpr std::string_view kPaperEmbedding = "embedding.";
constexpr std::string_view kPaperDecoder = "decoder.";

/// The paper's code has one class with the embeddings in a module of their own; the decoder's are
/// there too then, and not used.
bool hasOwnEmbedding(const StateDict& dict) {
  return dict.find("embedding.tgt_emb.weight") != nullptr;
}

bool isNumber(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(),
                                      [](unsigned char c) { return std::isdigit(c) != 0; });
}

/// Whether `name` is `pattern` with a number for each "*", the same for all; which one.
std::optional<std::string> numberIn(std::string_view pattern, std::string_view name) {
  std::string number;
  while (!pattern.empty()) {
    if (pattern.front() != '*') {
      if (name.empty() || name.front() != pattern.front()) {
        return std::nullopt;
      }
      name.remove_prefix(1);
      pattern.remove_prefix(1);
      continue;
    }
    std::size_t digits = 0;
    while (digits < name.size() && isNumber(name.substr(digits, 1))) {
      ++digits;
    }
    const std::string found(name.substr(0, digits));
    if (digits == 0 || (!number.empty() && number != found)) {
      return std::nullopt;
    }
    number = found;
    name.remove_prefix(digits);
    pattern.remove_prefix(1);
  }
  return name.empty() ? std::optional<std::string>(number) : std::nullopt;
}

std::string fillIn(std::string_view pattern, const std::string& number) {
  std::string name;
  for (const char c : pattern) {
    name += c == '*' ? number : std::string(1, c);
  }
  return name;
}

std::optional<ForeignPlace> namedPlace(const ImportNames& names, const TensorShape& ours) {
  for (const auto& [pattern, place] : names.tensors) {
    if (const auto number = numberIn(pattern, ours.name)) {
      ForeignPlace found{fillIn(place.name, *number), ours.shape, {}, place.part, place.parts};
      if (place.transposed && ours.shape.size() == 2) {
        found.axes = {1, 0};
        found.shape = {ours.shape[1], ours.shape[0]};
      }
      return found;
    }
  }
  return std::nullopt;
}

std::optional<ForeignPlace> findPlace(const StateDict& dict, const TensorShape& ours,
                                      const ModelSpec& model, const ImportNames& names,
                                      NameFamily family) {
  if (auto named = namedPlace(names, ours)) {
    return named;
  }
  auto place = placeOf(family, ours, model);
  const bool is_embedding = ours.name == "embed.weight" || ours.name == "positions.weight";
  if (place && family == NameFamily::Paper && is_embedding && hasOwnEmbedding(dict)) {
    place->name.replace(0, kPaperDecoder.size(), kPaperEmbedding);
  }
  return place;
}

NameFamily bestFamily(const StateDict& dict, const std::vector<TensorShape>& wanted,
                      const ModelSpec& model) {
  NameFamily best = NameFamily::Native;
  std::ptrdiff_t most = -1;
  for (const NameFamily family :
       {NameFamily::Native, NameFamily::PyTorch, NameFamily::TransformerLens, NameFamily::Paper}) {
    const auto known = std::count_if(wanted.begin(), wanted.end(), [&](const TensorShape& ours) {
      const auto place = findPlace(dict, ours, model, {}, family);
      return place && dict.find(place->name) != nullptr;
    });
    if (known > most) {
      most = known;
      best = family;
    }
  }
  return best;
}

bool isZero(const ForeignTensor& tensor) {
  const std::vector<float> values = toFloats(tensor);
  return std::all_of(values.begin(), values.end(), [](float value) { return value == 0; });
}

/// Whether an export wrote it in the place of what the model lacks.
bool isFiller(const ForeignTensor& tensor, const std::vector<Tensor>& fillers) {
  return std::any_of(fillers.begin(), fillers.end(), [&tensor](const Tensor& filler) {
    return filler.name == tensor.name && filler.shape == tensor.shape &&
           toFloats(wholeTensor(filler)) == toFloats(tensor);
  });
}

/// A tensor that no computation uses: buffers, biases of 0, optimiser state of our own.
bool isUnused(const ForeignTensor& tensor, const StateDict& dict, const ModelSpec& model,
              const ImportNames& names, NameFamily family, const std::vector<Tensor>& fillers) {
  const std::string& name = tensor.name;
  const bool is_asked =
      std::any_of(names.ignore.begin(), names.ignore.end(),
                  [&](const std::string& pattern) { return numberIn(pattern, name).has_value(); });
  if (is_asked) {
    return true;
  }
  switch (family) {
    case NameFamily::Native:
      return name.starts_with("optimizer.");
    case NameFamily::PyTorch:
      return name == "positions.weight" && model.positions == ModelSpec::Positions::Sinusoidal;
    case NameFamily::TransformerLens:
      return name.ends_with(".attn.mask") || name.ends_with(".attn.IGNORE") ||
             (name.find(".b_") != std::string::npos && isZero(tensor)) || isFiller(tensor, fillers);
    case NameFamily::Paper:
      return hasOwnEmbedding(dict) &&
             (name == "decoder.tgt_emb.weight" || name == "decoder.pos_emb.weight");
  }
  return false;
}

/// The part of `tensor` that a place means, when the shape is right.
Expected<ForeignTensor, std::string> partOf(const ForeignTensor& tensor,
                                            const ForeignPlace& place) {
  std::vector<std::int64_t> expected = place.shape;
  if (place.parts > 1 && !expected.empty()) {
    expected[0] *= place.parts;
  }
  if (tensor.shape != expected) {
    return Unexpected("The tensor " + printable(tensor.name) + " has shape " +
                      shapeText(tensor.shape) + ", expected " + shapeText(expected) + ".");
  }
  ForeignTensor part = tensor;
  part.shape = place.shape;
  if (place.part > 0 && !place.shape.empty()) {
    const auto first = static_cast<std::size_t>(place.part * place.shape[0] * tensor.strides[0]);
    part.data = part.data.subspan(first * elementSize(tensor.type));
  }
  return part;
}

/// One of ours and where it comes from.
struct Match {
  const TensorShape* ours = nullptr;
  ForeignPlace place;
  ForeignTensor theirs;
};

Expected<std::vector<Match>, std::vector<std::string>> matchAll(
    const StateDict& dict, const std::vector<TensorShape>& wanted, const ModelSpec& model,
    const ImportNames& names, NameFamily family) {
  std::vector<Match> matches;
  std::vector<std::string> problems;
  std::set<std::string> used;
  for (const TensorShape& ours : wanted) {
    const auto place = findPlace(dict, ours, model, names, family);
    const ForeignTensor* tensor = place ? dict.find(place->name) : nullptr;
    if (tensor == nullptr) {
      problems.push_back("The tensor " + (place ? place->name : ours.name) + " is missing.");
      continue;
    }
    used.insert(tensor->name);
    auto part = partOf(*tensor, *place);
    if (part) {
      matches.push_back({&ours, *place, std::move(*part)});
    } else {
      problems.push_back(part.error());
    }
  }
  const std::vector<Tensor> fillers =
      family == NameFamily::TransformerLens ? lensFillers(model) : std::vector<Tensor>{};
  for (const ForeignTensor& tensor : dict.tensors()) {
    if (used.count(tensor.name) == 0 && !isUnused(tensor, dict, model, names, family, fillers)) {
      problems.push_back("The tensor " + printable(tensor.name) + " is not one of this model.");
    }
  }
  if (!problems.empty()) {
    return Unexpected(std::move(problems));
  }
  return matches;
}

IoError toError(const StateDict& dict, const std::vector<std::string>& problems,
                NameFamily family) {
  std::string message = problems.front();
  if (problems.size() > 1) {
    message += " " + std::to_string(problems.size() - 1) + " more " +
               (problems.size() == 2 ? "tensor does" : "tensors do") + " not fit.";
  }
  return {dict.file().string(), message + " Nothing was loaded. (Names as those of \"" +
                                    std::string(nameFamilyText(family)) + "\".)"};
}

}  // namespace

Expected<std::vector<Tensor>, IoError> toNative(const StateDict& dict,
                                                const std::vector<TensorShape>& wanted,
                                                const ModelSpec& model, const ImportNames& names) {
  const NameFamily family = names.family.value_or(bestFamily(dict, wanted, model));
  const auto matches = matchAll(dict, wanted, model, names, family);
  if (!matches) {
    return Unexpected(toError(dict, matches.error(), family));
  }
  std::vector<Tensor> tensors;
  for (const Match& match : *matches) {
    const std::vector<float> values = toFloats(match.theirs, match.place.axes);
    Tensor tensor{match.ours->name, DType::F32, match.ours->shape, {}};
    tensor.data.resize(values.size() * sizeof(float));
    std::memcpy(tensor.data.data(), values.data(), tensor.data.size());
    tensors.push_back(std::move(tensor));
  }
  return tensors;
}

}  // namespace anchorlens::core
