// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/import/pickle_reader.h"

#include <optional>
#include <string>
#include <string_view>

/// The names that a pickle of tensors may use; as "module name".
namespace anchorlens::core {

inline constexpr std::string_view kOrderedDict = "collections OrderedDict";
inline constexpr std::string_view kRebuildTensor = "torch._utils _rebuild_tensor_v2";
inline constexpr std::string_view kRebuildParameter = "torch._utils _rebuild_parameter";

/// Of "torch FloatStorage" and the like.
std::optional<ElementType> storageType(std::string_view name);
bool isKnownName(std::string_view name);

/// "REDUCE (0x52)": an opcode in a message.
std::string opcodeName(std::uint8_t opcode);

}  // namespace anchorlens::core
