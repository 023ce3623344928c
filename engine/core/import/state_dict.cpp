// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/import/state_dict.h"

#include "engine/core/import/state_dict_tensors.h"
#include "engine/core/import/zip_reader.h"

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <set>
#include <system_error>
#include <utility>

namespace anchorlens::core {
namespace fs = std::filesystem;
namespace {

constexpr std::uintmax_t kLargestFile = std::uintmax_t{4} << 30;

IoError notRead(const fs::path& file, const std::string& why) {
  return {file.string(), "The file cannot be imported: " + why + "."};
}

/// What a file without a zip most likely is.
std::string whatElse(const std::vector<std::byte>& bytes) {
  if (bytes.empty()) {
    return "it is empty";
  }
  if (bytes.size() > 2 && bytes[0] == std::byte{0x80}) {
    return "it is in the format of before PyTorch 1.6, or a bare pickle; load it with PyTorch and "
           "save its state dict with torch.save again";
  }
  return "it is neither a file of torch.save nor a safetensors file";
}

}  // namespace

Expected<std::vector<std::byte>, IoError> readForeignFile(const fs::path& file,
                                                          std::uintmax_t limit) {
  std::error_code code;
  if (!fs::is_regular_file(file, code)) {
    return Unexpected(IoError{file.string(), code ? code.message() + "." : "This is no file."});
  }
  const std::uintmax_t size = fs::file_size(file, code);
  if (code) {
    return Unexpected(IoError{file.string(), code.message() + "."});
  }
  if (size > limit) {
    return Unexpected(IoError{file.string(), "The file has " + std::to_string(size) +
                                                 " bytes; at most " + std::to_string(limit) +
                                                 " are read."});
  }
  std::vector<std::byte> bytes(size);
  std::ifstream in(file, std::ios::binary);
  if (!in.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(size))) {
    return Unexpected(IoError{file.string(), "The file cannot be read."});
  }
  return bytes;
}

const ForeignTensor* StateDict::find(std::string_view name) const {
  const auto found =
      std::find_if(m_tensors.begin(), m_tensors.end(),
                   [name](const ForeignTensor& tensor) { return tensor.name == name; });
  return found == m_tensors.end() ? nullptr : &*found;
}

Expected<StateDict, IoError> StateDict::read(const fs::path& file) {
  if (file.extension() == ".safetensors") {
    auto checkpoint = readSafetensors(file);
    if (!checkpoint) {
      return Unexpected(checkpoint.error());
    }
    return fromCheckpoint(std::move(*checkpoint), file);
  }
  auto bytes = readForeignFile(file, kLargestFile);
  if (!bytes) {
    return Unexpected(bytes.error());
  }
  return parse(std::move(*bytes), file);
}

Expected<StateDict, IoError> StateDict::parse(std::vector<std::byte> bytes, const fs::path& file) {
  StateDict dict;
  dict.m_file = file;
  dict.m_bytes = std::move(bytes);
  if (!looksLikeZip(dict.m_bytes)) {
    return Unexpected(notRead(file, whatElse(dict.m_bytes)));
  }
  const auto entries = readStoredZip(dict.m_bytes);
  if (!entries) {
    return Unexpected(notRead(file, entries.error()));
  }
  auto tensors = tensorsOf(*entries);
  if (!tensors) {
    return Unexpected(notRead(file, tensors.error()));
  }
  dict.m_tensors = std::move(*tensors);
  return dict;
}

StateDict StateDict::fromCheckpoint(Checkpoint checkpoint, const fs::path& file) {
  StateDict dict;
  dict.m_file = file;
  dict.m_checkpoint = std::move(checkpoint);
  dict.m_metadata = dict.m_checkpoint.metadata;
  for (const Tensor& tensor : dict.m_checkpoint.tensors) {
    dict.m_tensors.push_back(wholeTensor(tensor));
  }
  return dict;
}

}  // namespace anchorlens::core
