// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/error.h"
#include "engine/core/expected.h"
#include "engine/core/import/pickle_reader.h"
#include "engine/core/store/checkpoint.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// Tensors by name out of other programs' files.
namespace anchorlens::core {

/// A tensor that lies in a file's bytes, perhaps transposed or a part of a larger one. All its
/// elements lie inside `data`, and there are no more of them than `data` holds.
struct ForeignTensor {
  std::string name;
  ElementType type = ElementType::Float;
  std::vector<std::int64_t> shape;
  std::vector<std::int64_t> strides;  ///< in elements
  std::span<const std::byte> data;    ///< from the first element on
};

/// The elements in row-major order of axes taken in the order `axes` (empty: as they are).
std::vector<float> toFloats(const ForeignTensor& tensor, const std::vector<std::size_t>& axes = {});

class StateDict {
 public:
  /// A file of PyTorch (.pt, .pth: torch.save of a state dict, alone or one entry of a dict, since
  /// PyTorch 1.6) or a safetensors file, told apart by what is in it. Nothing in it is executed.
  static Expected<StateDict, IoError> read(const std::filesystem::path& file);
  /// The same of the bytes of a PyTorch file.
  static Expected<StateDict, IoError> parse(std::vector<std::byte> bytes,
                                            const std::filesystem::path& file);

  // Moved only: the tensors point into the file's bytes, which stay where they are.
  StateDict(StateDict&&) = default;
  StateDict& operator=(StateDict&&) = default;
  StateDict(const StateDict&) = delete;
  StateDict& operator=(const StateDict&) = delete;
  ~StateDict() = default;

  const std::vector<ForeignTensor>& tensors() const { return m_tensors; }
  const ForeignTensor* find(std::string_view name) const;
  /// Of a safetensors file.
  const std::map<std::string, std::string>& metadata() const { return m_metadata; }
  const std::filesystem::path& file() const { return m_file; }

 private:
  StateDict() = default;
  static StateDict fromCheckpoint(Checkpoint checkpoint, const std::filesystem::path& file);

  std::filesystem::path m_file;
  std::vector<std::byte> m_bytes;
  Checkpoint m_checkpoint;
  std::map<std::string, std::string> m_metadata;
  std::vector<ForeignTensor> m_tensors;
};

/// The bytes of a file of at most `limit` bytes.
Expected<std::vector<std::byte>, IoError> readForeignFile(const std::filesystem::path& file,
                                                          std::uintmax_t limit);

}  // namespace anchorlens::core
