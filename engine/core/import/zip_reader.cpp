// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/import/zip_reader.h"

#include "engine/core/store/byte_stream.h"
#include "engine/core/store/crc32.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <set>
#include <utility>

namespace anchorlens::core {
namespace {

constexpr std::uint32_t kLocalHeader = 0x04034b50;
constexpr std::uint32_t kDirectoryEntry = 0x02014b50;
constexpr std::uint32_t kDirectoryEnd = 0x06054b50;
constexpr std::size_t kDirectoryEndSize = 22;
constexpr std::size_t kLongestComment = 0xFFFF;

using Bytes = std::span<const std::byte>;
using Failure = Unexpected<std::string>;

/// The record at the end: where the directory lies.
struct DirectoryPlace {
  std::uint32_t count = 0;
  std::size_t offset = 0;
  std::size_t size = 0;
};

std::uint16_t u16(Bytes bytes, std::size_t at) {
  std::uint16_t value = 0;
  std::memcpy(&value, bytes.data() + at, sizeof value);
  return value;
}

std::uint32_t u32(Bytes bytes, std::size_t at) {
  std::uint32_t value = 0;
  std::memcpy(&value, bytes.data() + at, sizeof value);
  return value;
}

std::string textOf(Bytes bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

Expected<DirectoryPlace, std::string> findDirectory(Bytes archive) {
  if (archive.size() < kDirectoryEndSize) {
    return Failure("it has " + std::to_string(archive.size()) + " bytes, too few for a zip");
  }
  const std::size_t last = archive.size() - kDirectoryEndSize;
  const std::size_t first = last > kLongestComment ? last - kLongestComment : 0;
  for (std::size_t at = last + 1; at-- > first;) {
    if (u32(archive, at) != kDirectoryEnd || u16(archive, at + 20) != last - at) {
      continue;
    }
    const DirectoryPlace place{u16(archive, at + 10), u32(archive, at + 16), u32(archive, at + 12)};
    if (place.count == 0xFFFF || place.offset == 0xFFFFFFFF || place.size == 0xFFFFFFFF) {
      return Failure("it is a zip of more than 4 GiB or 65534 entries, which is not read");
    }
    if (u16(archive, at + 4) != 0 || u16(archive, at + 6) != 0 ||
        u16(archive, at + 8) != place.count) {
      return Failure("it is one part of a zip of several files");
    }
    if (place.offset > at || place.size > at - place.offset) {
      return Failure("its directory should have " + std::to_string(place.size) +
                     " bytes from byte " + std::to_string(place.offset) + " on, but the file has " +
                     std::to_string(archive.size()));
    }
    return place;
  }
  return Failure("the end of the zip is missing: the file is cut off");
}

/// What the directory says of one entry.
struct Record {
  std::string name;
  std::uint32_t crc = 0;
  std::size_t size = 0;
  std::size_t header = 0;  ///< where its local header lies
};

Expected<Record, std::string> readRecord(ByteReader& directory) {
  constexpr std::size_t kFixedSize = 46;
  const auto fixed = directory.take(kFixedSize);
  if (!fixed || u32(*fixed, 0) != kDirectoryEntry) {
    return Failure("its directory is damaged");
  }
  const auto name = directory.take(u16(*fixed, 28));
  if (!name || !directory.take(std::size_t{u16(*fixed, 30)} + u16(*fixed, 32))) {
    return Failure("its directory is cut off");
  }
  Record record{textOf(*name), u32(*fixed, 16), u32(*fixed, 24), u32(*fixed, 42)};
  const std::string shown = "the entry " + printable(record.name);
  if ((u16(*fixed, 8) & 1U) != 0) {
    return Failure(shown + " is encrypted");
  }
  if (u16(*fixed, 10) != 0) {
    return Failure(shown + " is compressed (method " + std::to_string(u16(*fixed, 10)) +
                   "); expected a stored one");
  }
  if (u32(*fixed, 20) != record.size || record.size == 0xFFFFFFFF) {
    return Failure(shown + " has two sizes, " + std::to_string(u32(*fixed, 20)) + " and " +
                   std::to_string(record.size));
  }
  return record;
}

/// The bytes of an entry; `end`: where the directory begins. `taken` becomes the place it takes.
Expected<Bytes, std::string> dataOf(Bytes archive, const Record& record, std::size_t end,
                                    std::pair<std::size_t, std::size_t>& taken) {
  constexpr std::size_t kFixedSize = 30;
  const std::string shown = "the entry " + printable(record.name);
  if (record.header > end || end - record.header < kFixedSize ||
      u32(archive, record.header) != kLocalHeader) {
    return Failure(shown + " does not begin at byte " + std::to_string(record.header));
  }
  const std::size_t name_size = u16(archive, record.header + 26);
  const std::size_t before = kFixedSize + name_size + u16(archive, record.header + 28);
  const std::size_t room = end - record.header;
  if (before > room || record.size > room - before) {
    return Failure(shown + " should have " + std::to_string(record.size) +
                   " bytes, more than the file has");
  }
  if (textOf(archive.subspan(record.header + kFixedSize, name_size)) != record.name) {
    return Failure(shown + " has another name in its own header");
  }
  taken = {record.header, record.header + before + record.size};
  return archive.subspan(record.header + before, record.size);
}

Expected<void, std::string> checkApart(std::vector<std::pair<std::size_t, std::size_t>> taken) {
  std::sort(taken.begin(), taken.end());
  for (std::size_t i = 1; i < taken.size(); ++i) {
    if (taken[i].first < taken[i - 1].second) {
      return Failure("two entries overlap at byte " + std::to_string(taken[i].first));
    }
  }
  return {};
}

}  // namespace

bool looksLikeZip(Bytes bytes) {
  return bytes.size() >= 4 && u32(bytes, 0) == kLocalHeader;
}

std::string printable(std::string_view name) {
  constexpr std::size_t kLongest = 60;
  std::string shown(name.substr(0, kLongest));
  std::replace_if(
      shown.begin(), shown.end(), [](char c) { return c < ' ' || c > '~'; }, '?');
  return name.size() > kLongest ? shown + "..." : shown;
}

Expected<std::vector<ZipEntry>, std::string> readStoredZip(Bytes archive) {
  const auto place = findDirectory(archive);
  if (!place) {
    return Failure(place.error());
  }
  ByteReader directory(archive.subspan(place->offset, place->size));
  std::vector<ZipEntry> entries;
  std::vector<std::uint32_t> checksums;
  std::set<std::string> names;
  std::vector<std::pair<std::size_t, std::size_t>> taken;
  for (std::uint32_t i = 0; i < place->count; ++i) {
    auto record = readRecord(directory);
    if (!record) {
      return Failure(record.error());
    }
    if (!names.insert(record->name).second) {
      return Failure("the entry " + printable(record->name) + " is there twice");
    }
    const auto data = dataOf(archive, *record, place->offset, taken.emplace_back());
    if (!data) {
      return Failure(data.error());
    }
    checksums.push_back(record->crc);
    entries.push_back({std::move(record->name), *data});
  }
  // Before the checksums: what overlaps could make a small file cost much time.
  if (const auto apart = checkApart(std::move(taken)); !apart) {
    return Failure(apart.error());
  }
  for (std::size_t i = 0; i < entries.size(); ++i) {
    if (crc32(0, entries[i].data) != checksums[i]) {
      return Failure("the entry " + printable(entries[i].name) +
                     " is damaged: its checksum is wrong");
    }
  }
  return entries;
}

}  // namespace anchorlens::core
