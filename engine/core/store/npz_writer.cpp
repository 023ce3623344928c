// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/store/npz_writer.h"

#include "engine/core/store/crc32.h"
#include "engine/core/store/npz_parts.h"

#include <span>

namespace anchorlens::core {
namespace {

template <typename T>
std::string_view raw(const std::vector<T>& values) {
  return {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T)};
}

}  // namespace

void NpzWriter::addArray(const std::string& name, std::string_view descriptor, const Shape& shape,
                         std::string_view values) {
  m_entries.push_back({name + ".npy", npyHeader(descriptor, shape).append(values)});
}

void NpzWriter::add(const std::string& name, const Shape& shape, const std::vector<float>& values) {
  addArray(name, "<f4", shape, raw(values));
}

void NpzWriter::add(const std::string& name, const Shape& shape,
                    const std::vector<double>& values) {
  addArray(name, "<f8", shape, raw(values));
}

void NpzWriter::add(const std::string& name, const Shape& shape,
                    const std::vector<std::int64_t>& values) {
  addArray(name, "<i8", shape, raw(values));
}

void NpzWriter::add(const std::string& name, const Shape& shape,
                    const std::vector<std::string>& values) {
  const NpyTexts array = npyTexts(values);
  addArray(name, array.descriptor, shape, array.values);
}

std::uint64_t NpzWriter::size() const {
  std::uint64_t size = 0;
  for (const Entry& entry : m_entries) {
    size += entry.data.size();
  }
  return size;
}

std::string NpzWriter::bytes() const {
  std::string out;
  ZipParts zip;
  for (const Entry& entry : m_entries) {
    const std::uint32_t crc = crc32(0, std::as_bytes(std::span(entry.data)));
    out += zip.entry(entry.name, crc, entry.data.size());
    out += entry.data;
  }
  return out + zip.directory();
}

}  // namespace anchorlens::core
