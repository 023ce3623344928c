// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/expected.h"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <span>
#include <string>
#include <vector>

/// The pickles that torch.save writes for tensors, as data: nothing that a pickle names is looked
/// up, imported or called. Known are the opcodes of protocol 2 that such files need, and a list of
/// names (OrderedDict, the two functions that make tensors, the types of storages); any other
/// opcode or name is an error that says which and at which byte.
namespace anchorlens::core {

/// The type of a storage's elements.
enum class ElementType : std::uint8_t {
  Float,
  Double,
  Half,
  BFloat16,
  Long,
  Int,
  Short,
  Char,
  Byte,
  Bool
};
std::size_t elementSize(ElementType type);

/// A value of a pickle. Others are named by their index, so that a value that is used a million
/// times is there once.
struct PickleValue {
  enum class Kind : std::uint8_t {
    None,
    Bool,
    Integer,
    Real,
    Text,
    Tuple,
    List,
    Dict,
    Global,
    Storage,
    Tensor
  };
  Kind kind = Kind::None;
  ElementType type = ElementType::Float;  ///< of a storage
  std::int64_t integer = 0;               ///< value; elements of a storage; offset of a tensor
  double real = 0;
  std::string text;                   ///< of a text; a global's "module name"; a storage's key
  std::vector<std::uint32_t> items;   ///< of tuple and list; a dict's keys and values in turn
  std::uint32_t storage = 0;          ///< of a tensor: index of the storage
  std::vector<std::int64_t> shape;    ///< of a tensor
  std::vector<std::int64_t> strides;  ///< of a tensor, in elements
};

struct Pickle {
  std::deque<PickleValue> values;
  std::uint32_t root = 0;
};

/// At most this many bytes, and this many values.
inline constexpr std::size_t kMaxPickleBytes = std::size_t{16} << 20;
inline constexpr std::size_t kMaxPickleValues = 200'000;
/// Axes of a tensor.
inline constexpr std::size_t kMaxAxes = 8;

/// The error is one sentence: "at byte 12: ...". Sizes and strides are not negative; whether they
/// fit the storage is for who has its bytes.
Expected<Pickle, std::string> readPickle(std::span<const std::byte> bytes);

}  // namespace anchorlens::core
