// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/store/run_place.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <ctime>
#include <string>
#include <sys/vfs.h>
#include <system_error>

namespace anchorlens::core {
namespace {

/// f_type of statfs(2), from the kernel's magic.h and the file systems' own headers.
constexpr std::array<std::uint32_t, 20> kNetworkKinds{
    0x6969,      // NFS
    0x517B,      // SMB
    0xFF534D42,  // CIFS
    0xFE534D42,  // SMB 2 and 3
    0x0BD00BD0,  // Lustre
    0x47504653,  // GPFS
    0x19830326,  // BeeGFS
    0x00C36400,  // Ceph
    0x5346414F,  // AFS
    0x6B414653,  // kAFS
    0x73757245,  // Coda
    0x01021997,  // 9P
    0x65735546,  // FUSE: sshfs and many more; WAL is not sure to work on any
    0x7461636F,  // OCFS2
    0x01161970,  // GFS2
    0xAAD7AAEA,  // PanFS
    0x20030528,  // OrangeFS
    0x786F4256,  // VirtualBox shared folder
    0x7C7C6673,  // Parallels shared folder
    0xBACBACBC,  // VMware shared folder
};

}  // namespace

std::filesystem::path beside(const std::filesystem::path& database, std::string_view suffix) {
  return database.string() + std::string(suffix);
}

bool isNetworkKind(std::uint64_t statfs_type) {
  const auto kind = static_cast<std::uint32_t>(statfs_type);
  return std::find(kNetworkKinds.begin(), kNetworkKinds.end(), kind) != kNetworkKinds.end();
}

bool isNetworkFileSystem(const std::filesystem::path& folder) {
  struct statfs info {};
  return ::statfs(folder.c_str(), &info) == 0 &&
         isNetworkKind(static_cast<std::uint64_t>(info.f_type));
}

bool isThere(const std::filesystem::path& path) {
  std::error_code ignored;
  return std::filesystem::exists(path, ignored);
}

std::uintmax_t sizeOf(const std::filesystem::path& file) {
  std::error_code error;
  const std::uintmax_t size = std::filesystem::file_size(file, error);
  return error ? 0 : size;
}

double unixTime() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

std::string utcText(double unix_time) {
  const auto seconds = static_cast<std::time_t>(unix_time);
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  std::array<char, 32> text{};
  std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &parts);
  return text.data();
}

}  // namespace anchorlens::core
