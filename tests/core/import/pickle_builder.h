// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/store/crc32.h"
#include "engine/core/store/npz_parts.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

/// Pickles and files of torch.save written by hand, right and wrong.
namespace anchorlens::test {

inline std::vector<std::byte> toBytes(const std::string& text) {
  const auto bytes = std::as_bytes(std::span(text));
  return {bytes.begin(), bytes.end()};
}

/// Little-endian.
template <typename T>
std::string number(T value) {
  return {reinterpret_cast<const char*>(&value), sizeof value};
}
inline std::string text(const std::string& value) {
  return "X" + number(static_cast<std::uint32_t>(value.size())) + value;
}
inline std::string integer(std::int32_t value) {
  return "J" + number(value);
}
inline std::string tuple(const std::vector<std::int32_t>& values) {
  std::string code = "(";
  for (const std::int32_t value : values) {
    code += integer(value);
  }
  return code + "t";
}
inline std::string global(const std::string& module, const std::string& name) {
  return "c" + module + "\n" + name + "\n";
}

/// What makes a tensor; each part may be lied about.
struct TensorCode {
  std::string type = "FloatStorage";
  std::string key = "0";
  std::int32_t elements = 6;
  std::int32_t offset = 0;
  std::vector<std::int32_t> shape{2, 3};
  std::vector<std::int32_t> strides{3, 1};

  std::string code() const {
    const std::string storage = "(" + text("storage") + global("torch", type) + text(key) +
                                text("cpu") + integer(elements) + "tQ";
    return global("torch._utils", "_rebuild_tensor_v2") + "(" + storage + integer(offset) +
           tuple(shape) + tuple(strides) + "\x89" + global("collections", "OrderedDict") + ")RtR";
  }
};

/// A pickle of a dict of these entries: name and code of the value.
inline std::string dictPickle(const std::vector<std::pair<std::string, std::string>>& entries) {
  std::string code = "\x80\x02}(";
  for (const auto& [name, value] : entries) {
    code += text(name) + value;
  }
  return code + "u.";
}

struct FileEntry {
  std::string name;
  std::string data;
};
inline std::string zipOf(const std::vector<FileEntry>& entries) {
  core::ZipParts zip;
  std::string bytes;
  for (const FileEntry& entry : entries) {
    const std::uint32_t crc = core::crc32(0, std::as_bytes(std::span(entry.data)));
    bytes += zip.entry(entry.name, crc, entry.data.size()) + entry.data;
  }
  return bytes + zip.directory();
}

/// A file of torch.save with one storage of six floats, 0 to 5.
inline std::string torchFile(const std::string& pickle) {
  std::string storage;
  for (int i = 0; i < 6; ++i) {
    storage += number(static_cast<float>(i));
  }
  return zipOf({{"a/data.pkl", pickle}, {"a/byteorder", "little"}, {"a/data/0", storage}});
}

}  // namespace anchorlens::test
