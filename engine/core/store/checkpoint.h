// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/error.h"
#include "engine/core/expected.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
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

/// Reads; every length is checked against the file's size before memory is taken.
Expected<Checkpoint, IoError> readSafetensors(const std::filesystem::path& file);

/// Metadata alone.
Expected<std::map<std::string, std::string>, IoError> readSafetensorsMetadata(
    const std::filesystem::path& file);

/// Name, type and shape of every tensor against what is expected, in both directions.
struct TensorShape {
  std::string name;
  DType dtype = DType::F32;
  std::vector<std::int64_t> shape;
};
Expected<void, IoError> checkTensors(const std::filesystem::path& file, const Checkpoint& checkpoint,
                                     const std::vector<TensorShape>& expected);

/// Bytes to a file by temporary name, sync and rename; for experiment files and exports.
Expected<void, IoError> writeFileAtomically(const std::filesystem::path& file,
                                            std::string_view bytes);

}  // namespace anchorlens::core
