// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/store/npz_parts.h"

#include <algorithm>
#include <bit>
#include <cstddef>

namespace anchorlens::core {
namespace {

static_assert(std::endian::native == std::endian::little,
              "arrays are written as they lie in memory");

template <typename T>
void put(std::string& out, T value) {
  out.append(reinterpret_cast<const char*>(&value), sizeof(T));
}

/// What the local header and the central directory say alike of an entry.
std::string common(const std::string& name, std::uint32_t crc, std::uint64_t size) {
  std::string out;
  put<std::uint16_t>(out, 20);      // version needed
  put<std::uint16_t>(out, 0x0800);  // names are UTF-8
  put<std::uint16_t>(out, 0);       // stored
  put<std::uint16_t>(out, 0);       // 00:00
  put<std::uint16_t>(out, 0x21);    // 1980-01-01
  put<std::uint32_t>(out, crc);
  put<std::uint32_t>(out, static_cast<std::uint32_t>(size));
  put<std::uint32_t>(out, static_cast<std::uint32_t>(size));
  put<std::uint16_t>(out, static_cast<std::uint16_t>(name.size()));
  put<std::uint16_t>(out, 0);  // no extra field
  return out;
}

/// Code points of a UTF-8 text; a byte that begins none stands for itself.
std::vector<std::uint32_t> codePoints(const std::string& text) {
  std::vector<std::uint32_t> points;
  for (std::size_t i = 0; i < text.size();) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const std::size_t length = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : byte >= 0xC0 ? 2 : 1;
    std::uint32_t point = length == 1 ? byte : byte & (0x7FU >> length);
    for (std::size_t k = 1; k < length && i + k < text.size(); ++k) {
      point = (point << 6) | (static_cast<unsigned char>(text[i + k]) & 0x3FU);
    }
    points.push_back(point);
    i += length;
  }
  return points;
}

}  // namespace

std::string npyHeader(std::string_view descriptor, const std::vector<std::int64_t>& shape) {
  std::string header =
      "{'descr': '" + std::string(descriptor) + "', 'fortran_order': False, 'shape': (";
  for (const std::int64_t size : shape) {
    header += std::to_string(size) + ", ";
  }
  header += "), }";
  // Magic, version and length take 10 bytes; the whole is a multiple of 64 and ends in a newline.
  const std::size_t used = 10 + header.size() + 1;
  header += std::string((64 - used % 64) % 64, ' ') + '\n';
  std::string out("\x93NUMPY\x01\x00", 8);
  put<std::uint16_t>(out, static_cast<std::uint16_t>(header.size()));
  return out + header;
}

NpyTexts npyTexts(const std::vector<std::string>& texts) {
  std::vector<std::vector<std::uint32_t>> all;
  std::size_t longest = 1;
  for (const std::string& text : texts) {
    all.push_back(codePoints(text));
    longest = std::max(longest, all.back().size());
  }
  NpyTexts out{"<U" + std::to_string(longest), {}};
  for (std::vector<std::uint32_t>& points : all) {
    points.resize(longest);
    for (const std::uint32_t point : points) {
      put(out.values, point);
    }
  }
  return out;
}

std::string ZipParts::entry(const std::string& name, std::uint32_t crc, std::uint64_t size) {
  const std::string fields = common(name, crc, size);
  m_directory += std::string("PK\x01\x02", 4);
  put<std::uint16_t>(m_directory, 20);  // made by
  m_directory += fields;
  put<std::uint16_t>(m_directory, 0);  // comment
  put<std::uint16_t>(m_directory, 0);  // disk
  put<std::uint16_t>(m_directory, 0);  // internal attributes
  put<std::uint32_t>(m_directory, 0);  // external attributes
  put<std::uint32_t>(m_directory, static_cast<std::uint32_t>(m_offset));
  m_directory += name;
  ++m_count;
  std::string before = std::string("PK\x03\x04", 4) + fields + name;
  m_offset += before.size() + size;
  return before;
}

std::string ZipParts::directory() const {
  std::string out = m_directory + std::string("PK\x05\x06", 4);
  put<std::uint32_t>(out, 0);  // disks
  put<std::uint16_t>(out, m_count);
  put<std::uint16_t>(out, m_count);
  put<std::uint32_t>(out, static_cast<std::uint32_t>(m_directory.size()));
  put<std::uint32_t>(out, static_cast<std::uint32_t>(m_offset));
  put<std::uint16_t>(out, 0);
  return out;
}

}  // namespace anchorlens::core
