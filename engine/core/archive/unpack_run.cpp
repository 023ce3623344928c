// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/archive/run_archive.h"
#include "engine/core/import/zip_reader.h"
#include "engine/core/store/file_io.h"
#include "engine/core/store/run_store.h"

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <fstream>
#include <optional>
#include <sys/mman.h>
#include <sys/stat.h>
#include <system_error>

namespace anchorlens::core {
namespace fs = std::filesystem;
namespace {

/// A file's bytes, without taking memory for them.
class MappedFile {
 public:
  static Expected<MappedFile, IoError> open(const fs::path& file) {
    const FileDescriptor fd(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
    struct stat info {};
    if (!fd.isOpen() || ::fstat(fd.get(), &info) != 0) {
      return Unexpected(systemError(file, "The file cannot be read", errno));
    }
    if (info.st_size == 0) {
      return Unexpected(IoError{file.string(), "The file is empty."});
    }
    void* begin = ::mmap(nullptr, static_cast<std::size_t>(info.st_size), PROT_READ, MAP_PRIVATE,
                         fd.get(), 0);
    if (begin == MAP_FAILED) {
      return Unexpected(systemError(file, "The file cannot be read", errno));
    }
    return MappedFile(
        {static_cast<const std::byte*>(begin), static_cast<std::size_t>(info.st_size)});
  }
  MappedFile(MappedFile&& other) noexcept : m_bytes(std::exchange(other.m_bytes, {})) {}
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;
  MappedFile& operator=(MappedFile&&) = delete;
  ~MappedFile() {
    if (!m_bytes.empty()) {
      ::munmap(const_cast<std::byte*>(m_bytes.data()), m_bytes.size());
    }
  }
  std::span<const std::byte> bytes() const { return m_bytes; }

 private:
  explicit MappedFile(std::span<const std::byte> bytes) : m_bytes(bytes) {}
  std::span<const std::byte> m_bytes;
};

/// A folder that is removed unless it is kept.
class HalfMade {
 public:
  explicit HalfMade(fs::path folder) : m_folder(std::move(folder)) {}
  HalfMade(const HalfMade&) = delete;
  HalfMade& operator=(const HalfMade&) = delete;
  ~HalfMade() {
    if (!m_folder.empty()) {
      std::error_code ignored;
      fs::remove_all(m_folder, ignored);
    }
  }
  const fs::path& path() const { return m_folder; }
  void keep() { m_folder.clear(); }

 private:
  fs::path m_folder;
};

/// The path inside the run: what stands after the one folder that all names begin with.
std::optional<std::string> placeOf(const ZipEntry& entry, std::string& top) {
  const auto slash = entry.name.find('/');
  if (slash == std::string::npos || slash == 0) {
    return std::nullopt;
  }
  const std::string folder = entry.name.substr(0, slash);
  if (!top.empty() && folder != top) {
    return std::nullopt;
  }
  top = folder;
  std::string place = entry.name.substr(slash + 1);
  return belongsInArchive(place) ? std::optional(std::move(place)) : std::nullopt;
}

Expected<void, IoError> writeMembers(const std::vector<ZipEntry>& entries, const fs::path& file,
                                     const fs::path& folder, const ArchiveWatch& watch) {
  std::string top;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    if (watch.is_stopped && watch.is_stopped()) {
      return Unexpected(IoError{"", "Cancelled."});
    }
    const auto place = placeOf(entries[i], top);
    if (!place) {
      return Unexpected(IoError{file.string(), "'" + printable(entries[i].name) +
                                                   "' is no part of a run. Nothing was "
                                                   "unpacked."});
    }
    auto out = AtomicFile::create(folder / *place);
    if (!out) {
      return Unexpected(out.error());
    }
    auto written = out->write(entries[i].data);
    if (written) {
      written = out->commit();
    }
    if (!written) {
      return written;
    }
    if (watch.progress) {
      watch.progress(static_cast<double>(i + 1) / static_cast<double>(entries.size()));
    }
  }
  return {};
}

}  // namespace

bool isFreeFolder(const fs::path& folder) {
  std::error_code ignored;
  const fs::file_status status = fs::symlink_status(folder, ignored);
  return !fs::exists(status) || (fs::is_directory(status) && fs::is_empty(folder, ignored));
}

bool looksLikeRunArchive(const fs::path& file) {
  // The first entry is the experiment, after a header of 30 bytes.
  std::array<char, 512> bytes{};
  std::ifstream in(file, std::ios::binary);
  in.read(bytes.data(), bytes.size());
  const std::string_view begin(bytes.data(), static_cast<std::size_t>(in.gcount()));
  return looksLikeZip(std::as_bytes(std::span(begin.data(), begin.size()))) &&
         begin.find("/experiment.json") != std::string_view::npos;
}

Expected<void, IoError> unpackRun(const fs::path& file, const fs::path& run,
                                  const ArchiveWatch& watch) {
  std::error_code error;
  if (!isFreeFolder(run)) {
    return Unexpected(IoError{
        run.string(), "exists already; a run is unpacked to a new folder, or an empty one."});
  }
  const auto mapped = MappedFile::open(file);
  if (!mapped) {
    return Unexpected(mapped.error());
  }
  const auto entries = readStoredZip(mapped->bytes());
  if (!entries) {
    return Unexpected(IoError{file.string(), entries.error() + ". Nothing was unpacked."});
  }
  HalfMade half(temporaryName(run));
  fs::create_directories(half.path() / "checkpoints", error);
  if (error) {
    return Unexpected(systemError(run, "The folder cannot be made", error.value()));
  }
  if (auto written = writeMembers(*entries, file, half.path(), watch); !written) {
    IoError why = written.error();
    if (why.path.starts_with(half.path().string())) {
      why.path = run.string();  // the name that was asked for
    }
    return Unexpected(std::move(why));
  }
  if (const auto reader = RunReader::open(half.path()); !reader) {
    return Unexpected(
        IoError{file.string(), "There is no whole run in it: " + reader.error().message +
                                   " Nothing was "
                                   "unpacked."});
  }
  fs::rename(half.path(), run, error);
  if (error) {
    return Unexpected(systemError(run, "The folder cannot be made", error.value()));
  }
  half.keep();
  return syncFolder(fs::absolute(run).parent_path());
}

}  // namespace anchorlens::core
