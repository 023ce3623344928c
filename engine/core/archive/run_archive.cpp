// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/archive/run_archive.h"

#include "engine/core/store/crc32.h"
#include "engine/core/store/file_io.h"
#include "engine/core/store/npz_parts.h"
#include "engine/core/store/reader_connection.h"
#include "engine/core/store/run_place.h"

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <fstream>
#include <optional>
#include <string_view>
#include <system_error>
#include <vector>

namespace anchorlens::core {
namespace fs = std::filesystem;
namespace {

constexpr std::uint64_t kMostBytes = 0xffff0000U;  // of a zip without 64-bit fields
constexpr std::size_t kMostFiles = 0xfff0U;
constexpr std::size_t kChunk = std::size_t{1} << 20U;

/// Whether something is left between the two once both are taken away, and what.
std::optional<std::string_view> between(std::string_view name, std::string_view before,
                                        std::string_view after) {
  if (name.size() <= before.size() + after.size() || !name.starts_with(before) ||
      !name.ends_with(after))
    return std::nullopt;
  return name.substr(before.size(), name.size() - before.size() - after.size());
}

bool isJsonName(std::string_view name) {
  constexpr std::size_t kLongest = 61;
  const auto stem = name.ends_with('l') ? between(name, "", ".jsonl") : between(name, "", ".json");
  const auto is_letter = [](char c) { return c >= 'a' && c <= 'z'; };
  return stem && stem->size() <= kLongest && is_letter(stem->front()) &&
         std::all_of(stem->begin(), stem->end(), [&](char c) { return is_letter(c) || c == '_'; });
}

bool isCheckpointName(std::string_view name) {
  constexpr std::size_t kFewest = 9;
  constexpr std::size_t kMost = 18;
  const auto step = between(name, "checkpoints/step-", ".safetensors");
  return step && step->size() >= kFewest && step->size() <= kMost &&
         std::all_of(step->begin(), step->end(), [](char c) { return c >= '0' && c <= '9'; });
}

struct Member {
  std::string name;  ///< in the archive
  std::string name_in_run;
  fs::path file;
};

/// A file that stays what it was when it was opened: others replace or remove the checkpoints of a
/// run in training, but they do not write into them.
class OpenFile {
 public:
  explicit OpenFile(const fs::path& file) : m_file(file), m_in(file, std::ios::binary) {
    m_in.seekg(0, std::ios::end);
    const auto end = m_in.tellg();
    m_size = end < 0 ? 0 : static_cast<std::uint64_t>(end);
  }
  bool isOpen() const { return m_in.is_open(); }
  std::uint64_t size() const { return m_size; }

  /// Calls `take` with each part of it.
  template <typename Take>
  Expected<void, IoError> read(const Take& take) {
    m_in.clear();
    m_in.seekg(0);
    std::vector<char> chunk(kChunk);
    std::uint64_t left = m_size;
    while (left > 0) {
      const auto n = static_cast<std::streamsize>(std::min<std::uint64_t>(left, kChunk));
      if (!m_in.read(chunk.data(), n)) {
        return Unexpected(IoError{m_file.string(), "The file became shorter while it was read."});
      }
      auto taken = take(std::as_bytes(std::span(chunk.data(), static_cast<std::size_t>(n))));
      if (!taken) {
        return taken;
      }
      left -= static_cast<std::uint64_t>(n);
    }
    return {};
  }

 private:
  fs::path m_file;
  std::ifstream m_in;
  std::uint64_t m_size = 0;
};

/// One entry of the zip; a checkpoint that was dropped meanwhile is none.
Expected<void, IoError> packMember(const Member& member, ZipParts& parts, AtomicFile& out) {
  OpenFile in(member.file);
  if (!in.isOpen()) {
    const int why = errno;
    if (why == ENOENT && isCheckpointName(member.name_in_run)) {
      return {};
    }
    return Unexpected(systemError(member.file, "The file cannot be read", why));
  }
  std::uint32_t crc = 0;
  auto read = in.read([&crc](std::span<const std::byte> bytes) {
    crc = crc32(crc, bytes);
    return Expected<void, IoError>();
  });
  if (read) {
    read = out.write(parts.entry(member.name, crc, in.size()));
  }
  std::uint32_t written = 0;
  if (read) {
    read = in.read([&](std::span<const std::byte> bytes) {
      written = crc32(written, bytes);
      return out.write(bytes);
    });
  }
  if (read && written != crc) {
    return Unexpected(
        IoError{member.file.string(), "The file changed while it was read; try again."});
  }
  return read;
}

/// The database as it is at one moment, without a -wal.
Expected<void, IoError> copyDatabase(const fs::path& run, const fs::path& copy) {
  auto experiment = readFrozenExperiment(run);
  if (!experiment) {
    return Unexpected(experiment.error());
  }
  ReaderConnection connection(run, std::move(*experiment));
  auto database = connection.database();
  if (!database) {
    return Unexpected(database.error());
  }
  auto statement = (*database)->prepare("VACUUM INTO ?1");
  if (!statement) {
    return Unexpected(statement.error().about(connection.file()));
  }
  const std::string name = copy.string();
  statement->bind(1, std::string_view(name));
  if (auto done = statement->run(); !done) {
    return Unexpected(done.error().about(connection.file()));
  }
  return {};
}

/// What goes in, the experiment first; the database is the copy.
Expected<std::vector<Member>, IoError> membersOf(const fs::path& run, const fs::path& database) {
  std::vector<Member> members;
  std::uint64_t total = 0;
  const std::string top = fs::absolute(run).lexically_normal().filename().string();
  std::error_code error;
  fs::recursive_directory_iterator all(run, error);
  for (; !error && all != fs::recursive_directory_iterator(); all.increment(error)) {
    const std::string name = all->path().lexically_relative(run).generic_string();
    std::error_code gone;
    if (!belongsInArchive(name) || !all->is_regular_file(gone)) {
      continue;
    }
    const fs::path file = name == kDatabaseName ? database : all->path();
    const std::uint64_t size = fs::file_size(file, gone);
    if (gone == std::errc::no_such_file_or_directory) {
      continue;  // dropped just now
    }
    if (gone) {
      return Unexpected(systemError(file, "The file cannot be read", gone.value()));
    }
    members.push_back({top + "/" + name, name, file});
    total += size + 2 * name.size() + 2 * top.size() + 128;
  }
  if (error) {
    return Unexpected(systemError(run, "The folder cannot be read", error.value()));
  }
  if (total > kMostBytes || members.size() > kMostFiles) {
    return Unexpected(IoError{run.string(), "The run has " + std::to_string(total >> 20U) +
                                                " MiB in " + std::to_string(members.size()) +
                                                " files; one file of a run takes 4095 MiB and "
                                                "65520 files."});
  }
  std::sort(members.begin(), members.end(), [](const Member& a, const Member& b) {
    const bool a_first = a.name.ends_with("/experiment.json");
    const bool b_first = b.name.ends_with("/experiment.json");
    return a_first != b_first ? a_first : a.name < b.name;
  });
  return members;
}

}  // namespace

bool belongsInArchive(std::string_view name) {
  return name == kDatabaseName || isJsonName(name) || isCheckpointName(name);
}

Expected<void, IoError> packRun(const fs::path& run, const fs::path& file,
                                const ArchiveWatch& watch) {
  auto folder = TemporaryFolder::create();
  if (!folder) {
    return Unexpected(folder.error());
  }
  const fs::path database = folder->path() / kDatabaseName;
  if (auto copied = copyDatabase(run, database); !copied) {
    return copied;
  }
  const auto members = membersOf(run, database);
  if (!members) {
    return Unexpected(members.error());
  }
  auto out = AtomicFile::create(file);
  if (!out) {
    return Unexpected(out.error());
  }
  ZipParts parts;
  for (std::size_t i = 0; i < members->size(); ++i) {
    const Member& member = (*members)[i];
    if (watch.is_stopped && watch.is_stopped()) {
      return Unexpected(IoError{"", "Cancelled."});
    }
    if (auto packed = packMember(member, parts, *out); !packed) {
      return packed;
    }
    if (watch.progress) {
      watch.progress(static_cast<double>(i + 1) / static_cast<double>(members->size()));
    }
  }
  if (auto written = out->write(parts.directory()); !written) {
    return written;
  }
  return out->commit();
}

}  // namespace anchorlens::core
