// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace anchorlens::core {

/// CRC-32 of ISO-HDLC (the one of zlib and PNG, polynomial 0xEDB88320). Feed the result of one call
/// into the next to go on; start with 0.
std::uint32_t crc32(std::uint32_t crc, std::span<const std::byte> bytes);

}  // namespace anchorlens::core
