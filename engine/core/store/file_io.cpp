// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/store/file_io.h"

#include "engine/core/store/checkpoint.h"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace anchorlens::core {
namespace fs = std::filesystem;
namespace {

std::atomic<WriteFault> g_write_fault{nullptr};

constexpr std::string_view kTemporaryMark = ".tmp-";

/// What a symbolic link points at, so that a rename replaces the file and not the link.
fs::path targetOf(const fs::path& file) {
  std::error_code ignored;
  if (fs::is_symlink(file, ignored)) {
    const fs::path target = fs::canonical(file, ignored);
    if (!ignored) {
      return target;
    }
  }
  return file;
}

fs::path folderOf(const fs::path& file) {
  const fs::path folder = file.parent_path();
  return folder.empty() ? fs::path(".") : folder;
}

}  // namespace

void setWriteFault(WriteFault fault) {
  g_write_fault = fault;
}

int writeFault(const fs::path& file) {
  const WriteFault fault = g_write_fault;
  return fault != nullptr ? fault(file) : 0;
}

IoError systemError(const fs::path& path, const std::string& what, int error_number) {
  std::string reason = std::generic_category().message(error_number);
  if (error_number == ENOSPC || error_number == EDQUOT) {
    reason = error_number == ENOSPC ? "the disk is full" : "the disk quota is used up";
    reason += "; make room";
  }
  return {path.string(), what + ": " + reason};
}

FileDescriptor::~FileDescriptor() {
  close();
}

int FileDescriptor::close() {
  const int fd = std::exchange(m_fd, -1);
  return fd >= 0 && ::close(fd) != 0 ? errno : 0;
}

fs::path temporaryName(const fs::path& file) {
  static std::atomic<unsigned> counter{0};
  return folderOf(file) / ("." + file.filename().string() + std::string(kTemporaryMark) +
                           std::to_string(::getpid()) + "-" + std::to_string(++counter));
}

bool isTemporaryName(std::string_view file_name) {
  return file_name.size() > 1 && file_name.front() == '.' &&
         file_name.find(kTemporaryMark) != std::string_view::npos;
}

void removeTemporaryFiles(const fs::path& folder) {
  std::error_code ignored;
  std::vector<fs::path> found;
  for (const auto& entry : fs::directory_iterator(folder, ignored)) {
    if (isTemporaryName(entry.path().filename().string())) {
      found.push_back(entry.path());
    }
  }
  for (const fs::path& file : found) {
    fs::remove(file, ignored);
  }
}

Expected<void, IoError> syncFolder(const fs::path& folder) {
  const FileDescriptor fd(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd.isOpen()) {
    return Unexpected(systemError(folder, "The folder cannot be opened", errno));
  }
  // Some file systems have no such operation for folders (EINVAL) and need none.
  if (::fsync(fd.get()) != 0 && errno != EINVAL && errno != ENOTSUP) {
    return Unexpected(systemError(folder, "The folder cannot be written to the disk", errno));
  }
  return {};
}

Expected<AtomicFile, IoError> AtomicFile::create(const fs::path& file) {
  AtomicFile result;
  result.m_file = targetOf(file);
  result.m_temporary = temporaryName(result.m_file);
  if (const int fault = writeFault(file); fault != 0) {
    return Unexpected(systemError(file, "The file cannot be written", fault));
  }
  result.m_fd = FileDescriptor(
      ::open(result.m_temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666));
  if (!result.m_fd.isOpen()) {
    return Unexpected(systemError(file, "The file cannot be written", errno));
  }
  struct stat existing {};
  if (::stat(result.m_file.c_str(), &existing) == 0) {
    // Not every file system has modes; the file is what matters.
    [[maybe_unused]] const int ignored = ::fchmod(result.m_fd.get(), existing.st_mode & 07777U);
  }
  return result;
}

AtomicFile::AtomicFile(AtomicFile&& other) noexcept
    : m_file(std::move(other.m_file)),
      m_temporary(std::exchange(other.m_temporary, {})),
      m_fd(std::move(other.m_fd)) {}

AtomicFile::~AtomicFile() {
  if (!m_temporary.empty()) {
    m_fd.close();
    ::unlink(m_temporary.c_str());
  }
}

Expected<void, IoError> AtomicFile::write(std::span<const std::byte> bytes) {
  // Linux writes at most 2 GiB at once.
  constexpr std::size_t kLargestWrite = std::size_t{1} << 30;
  while (!bytes.empty()) {
    const ssize_t written =
        ::write(m_fd.get(), bytes.data(), std::min(bytes.size(), kLargestWrite));
    if (written < 0) {
      if (errno == EINTR) {
        continue;
      }
      return Unexpected(systemError(m_file, "The file cannot be written", errno));
    }
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
  return {};
}

Expected<void, IoError> AtomicFile::write(std::string_view text) {
  return write(std::as_bytes(std::span(text)));
}

Expected<void, IoError> AtomicFile::commit() {
  if (::fsync(m_fd.get()) != 0) {
    return Unexpected(systemError(m_file, "The file cannot be written to the disk", errno));
  }
  if (const int error = m_fd.close(); error != 0) {
    return Unexpected(systemError(m_file, "The file cannot be written", error));
  }
  if (::rename(m_temporary.c_str(), m_file.c_str()) != 0) {
    return Unexpected(systemError(m_file, "The file cannot be put in its place", errno));
  }
  m_temporary.clear();
  return syncFolder(folderOf(m_file));
}

Expected<void, IoError> writeFileAtomically(const fs::path& file, std::string_view bytes) {
  auto opened = AtomicFile::create(file);
  if (!opened) {
    return Unexpected(opened.error());
  }
  if (auto written = opened->write(bytes); !written) {
    return written;
  }
  return opened->commit();
}

}  // namespace anchorlens::core
