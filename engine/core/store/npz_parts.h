// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// NumPy's .npz: a zip of .npy files, stored without compression and without dates, so that equal
/// arrays give equal bytes. These are the parts around the numbers, for writers that have them in
/// memory and for those that don't. Arrays are row-major and little-endian.
namespace anchorlens::core {

/// What stands before the values of an array. `descriptor` is NumPy's: "<f4", "<i8", "|u1", "<U5".
std::string npyHeader(std::string_view descriptor, const std::vector<std::int64_t>& shape);

/// Texts as an array of dtype <U(longest): UTF-8 to four bytes a character, padded with zeros.
struct NpyTexts {
  std::string descriptor;
  std::string values;
};
NpyTexts npyTexts(const std::vector<std::string>& texts);

/// The parts of a zip between its entries. All of it stays below 4 GiB.
class ZipParts {
 public:
  /// What stands before an entry of `size` bytes with this CRC-32; the entry has to follow.
  std::string entry(const std::string& name, std::uint32_t crc, std::uint64_t size);
  /// What stands at the end.
  std::string directory() const;

 private:
  std::string m_directory;
  std::uint64_t m_offset = 0;
  std::uint16_t m_count = 0;
};

}  // namespace anchorlens::core
