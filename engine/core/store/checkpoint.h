// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/error.h"
#include "engine/core/expected.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace anchorlens::core {

enum class DType : std::uint8_t { F32, F64, I64, BF16, U8 };
std::size_t dtypeSize(DType dtype);
std::string_view dtypeName(DType dtype);  ///< as in safetensors: "F32"

struct Tensor {
  std::string name;
  DType dtype = DType::F32;
  std::vector<std::int64_t> shape;
  std::vector<std::byte> data;  ///< row-major, little-endian
  bool operator==(const Tensor&) const = default;
};

/// A safetensors file in memory. Checkpoints of a run use the metadata keys of docs/format.md
/// (step, epoch, generator states, spec_hash, parent) and the tensor names of the engine.
struct Checkpoint {
  std::map<std::string, std::string> metadata;
  std::vector<Tensor> tensors;

  const Tensor* find(std::string_view name) const;
};

/// Writes beside the target under a temporary name, syncs file and folder, renames. On any failure
/// the temporary file is removed and what was there before is untouched.
Expected<void, IoError> writeSafetensors(const std::filesystem::path& file,
                                         const Checkpoint& checkpoint);
Expected<void, IoError> writeSafetensors(const std::filesystem::path& file,
                                         const std::map<std::string, std::string>& metadata,
                                         std::span<const Tensor> tensors);

/// Reads; every length is checked against the file's size before memory is taken, and the checksum
/// (metadata key crc32, which only the file shows) if there is one.
Expected<Checkpoint, IoError> readSafetensors(const std::filesystem::path& file);

/// Metadata alone; data and checksum are not looked at.
Expected<std::map<std::string, std::string>, IoError> readSafetensorsMetadata(
    const std::filesystem::path& file);

/// What a tensor is, without its data.
struct TensorShape {
  std::string name;
  DType dtype = DType::F32;
  std::vector<std::int64_t> shape;
  bool operator==(const TensorShape&) const = default;
};

/// The tensors of a file by offset; data and checksum are not looked at.
Expected<std::vector<TensorShape>, IoError> readSafetensorsShapes(
    const std::filesystem::path& file);

/// Name, type and shape of every tensor against what is expected, in both directions. The error
/// names the first that does not fit and says how many more there are.
Expected<void, IoError> checkTensors(const std::filesystem::path& file,
                                     const Checkpoint& checkpoint,
                                     const std::vector<TensorShape>& expected);

/// Bytes to a file by temporary name, sync and rename; for experiment files and exports.
Expected<void, IoError> writeFileAtomically(const std::filesystem::path& file,
                                            std::string_view bytes);

}  // namespace anchorlens::core
