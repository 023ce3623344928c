// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/store/crc32.h"

#include <array>
#include <cstring>

namespace anchorlens::core {
namespace {

using Tables = std::array<std::array<std::uint32_t, 256>, 8>;

/// Table k gives the effect of a byte that k more bytes follow: eight bytes are taken at once, as
/// the checksum of a large checkpoint should not take longer than writing it.
constexpr Tables makeTables() {
  Tables tables{};
  for (std::uint32_t i = 0; i < 256; ++i) {
    std::uint32_t c = i;
    for (int bit = 0; bit < 8; ++bit) {
      c = (c & 1U) != 0 ? 0xEDB88320U ^ (c >> 1) : c >> 1;
    }
    tables[0][i] = c;
  }
  for (std::size_t k = 1; k < 8; ++k) {
    for (std::uint32_t i = 0; i < 256; ++i) {
      const std::uint32_t before = tables[k - 1][i];
      tables[k][i] = (before >> 8) ^ tables[0][before & 0xFFU];
    }
  }
  return tables;
}

constexpr Tables kTables = makeTables();

}  // namespace

std::uint32_t crc32(std::uint32_t crc, std::span<const std::byte> bytes) {
  std::uint32_t c = ~crc;
  const std::byte* at = bytes.data();
  std::size_t left = bytes.size();
  for (; left >= 8; left -= 8, at += 8) {
    std::uint32_t low = 0;
    std::uint32_t high = 0;
    std::memcpy(&low, at, 4);
    std::memcpy(&high, at + 4, 4);
    low ^= c;
    c = kTables[7][low & 0xFFU] ^ kTables[6][(low >> 8) & 0xFFU] ^ kTables[5][(low >> 16) & 0xFFU] ^
        kTables[4][low >> 24] ^ kTables[3][high & 0xFFU] ^ kTables[2][(high >> 8) & 0xFFU] ^
        kTables[1][(high >> 16) & 0xFFU] ^ kTables[0][high >> 24];
  }
  for (; left > 0; --left, ++at) {
    c = (c >> 8) ^ kTables[0][(c ^ std::to_integer<std::uint32_t>(*at)) & 0xFFU];
  }
  return ~c;
}

}  // namespace anchorlens::core
