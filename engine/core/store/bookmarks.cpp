// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/store/bookmarks.h"

#include "engine/core/store/file_io.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <fcntl.h>
#include <fstream>
#include <iterator>
#include <optional>
#include <string_view>
#include <sys/file.h>
#include <system_error>

namespace anchorlens::core {
namespace fs = std::filesystem;
namespace {

constexpr std::string_view kFormat = "anchorlens-bookmarks";
constexpr int kVersion = 1;
constexpr std::uintmax_t kMostBytes = 4U << 20U;

fs::path fileOf(const fs::path& run) {
  return run / "bookmarks.json";
}

std::optional<Bookmark> bookmarkOf(const nlohmann::json& json) {
  if (!json.is_object() || json.size() != 2 || !json.contains("step") || !json.contains("note") ||
      !json["step"].is_number_integer() || !json["note"].is_string() || json["step"] < 0) {
    return std::nullopt;
  }
  return Bookmark{json["step"].get<std::int64_t>(), json["note"].get<std::string>()};
}

/// Empty: it is no file of bookmarks.
std::optional<std::vector<Bookmark>> bookmarksOf(const nlohmann::json& json) {
  if (!json.is_object() || json.value("format", nlohmann::json()) != kFormat ||
      json.value("format_version", nlohmann::json()) != kVersion || !json.contains("bookmarks") ||
      !json["bookmarks"].is_array()) {
    return std::nullopt;
  }
  std::vector<Bookmark> bookmarks;
  for (const nlohmann::json& item : json["bookmarks"]) {
    auto bookmark = bookmarkOf(item);
    if (!bookmark) {
      return std::nullopt;
    }
    apply({bookmark->step, false, bookmark->note}, bookmarks);
  }
  return bookmarks;
}

Expected<void, IoError> write(const fs::path& run, const std::vector<Bookmark>& bookmarks) {
  nlohmann::ordered_json json{{"format", kFormat},
                              {"format_version", kVersion},
                              {"bookmarks", nlohmann::ordered_json::array()}};
  for (const Bookmark& bookmark : bookmarks) {
    json["bookmarks"].push_back({{"step", bookmark.step}, {"note", bookmark.note}});
  }
  using Json = nlohmann::ordered_json;
  auto file = AtomicFile::create(fileOf(run));
  if (!file) {
    return Unexpected(file.error());
  }
  // A note that is no valid text is written with signs in place of what is wrong.
  const std::string text = json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
  if (auto written = file->write(text); !written) {
    return written;
  }
  return file->commit();
}

/// Two windows that change the same run's bookmarks do so one after the other. Where the file
/// system has no such lock the last one wins.
FileDescriptor lockFolder(const fs::path& run) {
  FileDescriptor folder(::open(run.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (folder.isOpen()) {
    ::flock(folder.get(), LOCK_EX);
  }
  return folder;
}

}  // namespace

void apply(const BookmarkChange& change, std::vector<Bookmark>& bookmarks) {
  const auto place = std::lower_bound(
      bookmarks.begin(), bookmarks.end(), change.step,
      [](const Bookmark& bookmark, std::int64_t step) { return bookmark.step < step; });
  const bool is_there = place != bookmarks.end() && place->step == change.step;
  if (change.is_removed) {
    if (is_there) {
      bookmarks.erase(place);
    }
  } else if (is_there) {
    place->note = change.note;
  } else {
    bookmarks.insert(place, {change.step, change.note});
  }
}

Expected<std::vector<Bookmark>, IoError> readBookmarks(const fs::path& run) {
  const fs::path file = fileOf(run);
  std::error_code error;
  if (!fs::exists(file, error)) {
    return std::vector<Bookmark>{};
  }
  const std::uintmax_t bytes = fs::file_size(file, error);
  if (error || bytes > kMostBytes) {
    return Unexpected(IoError{file.string(), "This is no file of bookmarks."});
  }
  std::ifstream in(file, std::ios::binary);
  const std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  if (!in) {
    return Unexpected(IoError{file.string(), "The file cannot be read."});
  }
  auto bookmarks = bookmarksOf(nlohmann::json::parse(text, nullptr, false));
  if (!bookmarks) {
    return Unexpected(IoError{file.string(), "This is no file of bookmarks of version " +
                                                 std::to_string(kVersion) + "."});
  }
  return std::move(*bookmarks);
}

Expected<std::vector<Bookmark>, IoError> changeBookmarks(
    const fs::path& run, const std::vector<BookmarkChange>& changes) {
  const FileDescriptor lock = lockFolder(run);
  auto bookmarks = readBookmarks(run);
  if (!bookmarks) {
    return bookmarks;
  }
  for (const BookmarkChange& change : changes) {
    apply(change, *bookmarks);
  }
  auto written = write(run, *bookmarks);
  if (!written) {
    // A trainer that starts in this folder clears it of temporary files, ours too.
    written = write(run, *bookmarks);
  }
  if (!written) {
    return Unexpected(written.error());
  }
  return bookmarks;
}

}  // namespace anchorlens::core
