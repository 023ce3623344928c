// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/error.h"
#include "engine/core/expected.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

/// Places in a run that somebody wants to find again: RUN/bookmarks.json (docs/format_run.md). No
/// part of the training, so they are neither in its database nor under its lock: a window may write
/// them while another program trains the run.
namespace anchorlens::core {

struct Bookmark {
  std::int64_t step = 0;
  std::string note;  ///< may be empty
  bool operator==(const Bookmark&) const = default;
};

/// Ascending by step; empty where there is no file. A file that is damaged, or of a newer version,
/// is an error.
Expected<std::vector<Bookmark>, IoError> readBookmarks(const std::filesystem::path& run);

/// A note at a step (there is one bookmark a step), or no bookmark there any more.
struct BookmarkChange {
  std::int64_t step = 0;
  bool is_removed = false;
  std::string note;
  bool operator==(const BookmarkChange&) const = default;
};
/// Changes the file as it is on the disk: what other programs wrote meanwhile stays. Returns all
/// that there are now. The old file stays whole when the new one cannot be written, and one that
/// cannot be read is never replaced.
Expected<std::vector<Bookmark>, IoError> changeBookmarks(
    const std::filesystem::path& run, const std::vector<BookmarkChange>& changes);
/// The same in a list.
void apply(const BookmarkChange& change, std::vector<Bookmark>& bookmarks);

}  // namespace anchorlens::core
