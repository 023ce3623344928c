// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/error.h"
#include "engine/core/expected.h"
#include "engine/core/experiment.h"
#include "engine/core/import/state_dict.h"
#include "engine/core/store/checkpoint.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// What our tensors (docs/format_tensors.md) are called and how they lie in other programs' files.
namespace anchorlens::core {

enum class NameFamily : std::uint8_t {
  Native,           ///< those of our checkpoints
  PyTorch,          ///< those of torch.nn's own modules: resources/python/anchorlens_model.py
  TransformerLens,  ///< HookedTransformer
  Paper,            ///< the code of the anchor-function paper
};
/// "native", "pytorch", "transformerlens", "paper"
std::string_view nameFamilyText(NameFamily family);
std::optional<NameFamily> nameFamilyOf(std::string_view text);

/// Where one of our tensors lies in another file.
struct ForeignPlace {
  std::string name;
  /// Its shape there, of the part that is ours.
  std::vector<std::int64_t> shape;
  /// Its axes there in the order that makes ours of them (then row-major); empty: as they are.
  std::vector<std::size_t> axes{};
  /// It is the part-th of `parts` equal parts of the first axis.
  std::int64_t part = 0;
  std::int64_t parts = 1;
};

/// Empty when the family has no name for it.
std::optional<ForeignPlace> placeOf(NameFamily family, const TensorShape& ours,
                                    const ModelSpec& model);

/// Names that a person gives for one tensor, or for one of every layer: "*" stands for its number.
struct NamedPlace {
  std::string name;
  bool transposed = false;
  std::int64_t part = 0;
  std::int64_t parts = 1;
};
struct ImportNames {
  std::optional<NameFamily> family;           ///< empty: the one that knows most of the names
  std::map<std::string, NamedPlace> tensors;  ///< by our name, in place of the family's
  std::vector<std::string> ignore;            ///< of theirs, "*" as above
};

/// Tensors of the names, types and shapes `wanted`, float32. Names and shapes are checked in both
/// directions before memory is taken; tensors of theirs that no computation uses are left out.
Expected<std::vector<Tensor>, IoError> toNative(const StateDict& dict,
                                                const std::vector<TensorShape>& wanted,
                                                const ModelSpec& model, const ImportNames& names);

}  // namespace anchorlens::core
