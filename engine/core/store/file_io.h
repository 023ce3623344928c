// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/error.h"
#include "engine/core/expected.h"

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <utility>

/// Files as the run store needs them: every write checked, synced and put in place by rename.
namespace anchorlens::core {

/// "what: reason of the system", with a remedy where there is one (disk full).
IoError systemError(const std::filesystem::path& path, const std::string& what, int error_number);

/// Owns a file descriptor.
class FileDescriptor {
 public:
  explicit FileDescriptor(int fd = -1) : m_fd(fd) {}
  FileDescriptor(FileDescriptor&& other) noexcept : m_fd(std::exchange(other.m_fd, -1)) {}
  FileDescriptor& operator=(FileDescriptor&& other) noexcept {
    std::swap(m_fd, other.m_fd);
    return *this;
  }
  FileDescriptor(const FileDescriptor&) = delete;
  FileDescriptor& operator=(const FileDescriptor&) = delete;
  ~FileDescriptor();

  int get() const { return m_fd; }
  bool isOpen() const { return m_fd >= 0; }
  /// 0, or the error number of close().
  int close();

 private:
  int m_fd = -1;
};

/// A file that appears under its name only when it is complete: written beside it under a temporary
/// name, synced, renamed. Without commit() the temporary file is removed and nothing has changed.
class AtomicFile {
 public:
  static Expected<AtomicFile, IoError> create(const std::filesystem::path& file);
  AtomicFile(AtomicFile&& other) noexcept;
  AtomicFile& operator=(AtomicFile&&) = delete;
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;
  ~AtomicFile();

  Expected<void, IoError> write(std::span<const std::byte> bytes);
  Expected<void, IoError> write(std::string_view text);
  /// Syncs the file, renames it, syncs the folder.
  Expected<void, IoError> commit();

 private:
  AtomicFile() = default;
  std::filesystem::path m_file;
  std::filesystem::path m_temporary;
  FileDescriptor m_fd;
};

/// Makes renames and new names in a folder last over a power failure.
Expected<void, IoError> syncFolder(const std::filesystem::path& folder);

/// A name for a temporary file beside `file`; isTemporaryName knows it again.
std::filesystem::path temporaryName(const std::filesystem::path& file);
bool isTemporaryName(std::string_view file_name);
/// Removes what a killed writer left behind. Only for the holder of the folder's lock.
void removeTemporaryFiles(const std::filesystem::path& folder);

/// Tests make writes fail with this: called with the file (or database) before anything is written
/// to it; an error number such as ENOSPC makes the write fail with it, 0 lets it pass. Null: off.
/// Not for several threads at once.
using WriteFault = int (*)(const std::filesystem::path& file);
void setWriteFault(WriteFault fault);
int writeFault(const std::filesystem::path& file);

}  // namespace anchorlens::core
