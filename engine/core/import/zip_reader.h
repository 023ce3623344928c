// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/expected.h"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace anchorlens::core {

/// One entry of an archive; its bytes lie in the archive's.
struct ZipEntry {
  std::string name;
  std::span<const std::byte> data;
};

/// The entries of a zip whose entries are stored, as PyTorch and NumPy write them. Nothing is
/// copied but names. Compressed or encrypted entries, entries that overlap or have the same name,
/// lengths that do not fit, wrong checksums and archives over 4 GiB are errors: one sentence.
Expected<std::vector<ZipEntry>, std::string> readStoredZip(std::span<const std::byte> archive);

/// Whether the bytes begin as a zip does.
bool looksLikeZip(std::span<const std::byte> bytes);

/// A name from a file for a message: cut after 60 bytes, what is not printable ASCII becomes "?".
std::string printable(std::string_view name);

}  // namespace anchorlens::core
