// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/import/pickle_names.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <utility>

namespace anchorlens::core {
namespace {

constexpr std::array<std::pair<std::string_view, ElementType>, 10> kStorages{{
    {"torch FloatStorage", ElementType::Float},
    {"torch DoubleStorage", ElementType::Double},
    {"torch HalfStorage", ElementType::Half},
    {"torch BFloat16Storage", ElementType::BFloat16},
    {"torch LongStorage", ElementType::Long},
    {"torch IntStorage", ElementType::Int},
    {"torch ShortStorage", ElementType::Short},
    {"torch CharStorage", ElementType::Char},
    {"torch ByteStorage", ElementType::Byte},
    {"torch BoolStorage", ElementType::Bool},
}};

/// Opcodes that are met in other pickles, for messages.
constexpr std::array<std::pair<std::uint8_t, const char*>, 24> kOpcodes{{
    {'(', "MARK"},
    {'0', "POP"},
    {'1', "POP_MARK"},
    {'2', "DUP"},
    {'F', "FLOAT"},
    {'I', "INT"},
    {'L', "LONG"},
    {'P', "PERSID"},
    {'S', "STRING"},
    {'T', "BINSTRING"},
    {'U', "SHORT_BINSTRING"},
    {'V', "UNICODE"},
    {'i', "INST"},
    {'o', "OBJ"},
    {0x81, "NEWOBJ"},
    {0x82, "EXT1"},
    {0x83, "EXT2"},
    {0x84, "EXT4"},
    {0x8b, "LONG4"},
    {0x8c, "SHORT_BINUNICODE"},
    {0x92, "NEWOBJ_EX"},
    {0x93, "STACK_GLOBAL"},
    {0x94, "MEMOIZE"},
    {0x95, "FRAME"},
}};

}  // namespace

std::size_t elementSize(ElementType type) {
  switch (type) {
    case ElementType::Double:
    case ElementType::Long:
      return 8;
    case ElementType::Float:
    case ElementType::Int:
      return 4;
    case ElementType::Half:
    case ElementType::BFloat16:
    case ElementType::Short:
      return 2;
    case ElementType::Char:
    case ElementType::Byte:
    case ElementType::Bool:
      return 1;
  }
  return 1;
}

std::optional<ElementType> storageType(std::string_view name) {
  for (const auto& [known, type] : kStorages) {
    if (known == name) {
      return type;
    }
  }
  return std::nullopt;
}

bool isKnownName(std::string_view name) {
  return name == kOrderedDict || name == kRebuildTensor || name == kRebuildParameter ||
         storageType(name).has_value();
}

std::string opcodeName(std::uint8_t opcode) {
  std::array<char, 8> digits{};
  std::snprintf(digits.data(), digits.size(), "0x%02x", unsigned{opcode});
  for (const auto& [known, name] : kOpcodes) {
    if (known == opcode) {
      return std::string(name) + " (" + digits.data() + ")";
    }
  }
  return digits.data();
}

}  // namespace anchorlens::core
