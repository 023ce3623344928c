// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

namespace anchorlens::core {

/// One thing that is wrong in an experiment: where (JSON pointer), and in plain English what is
/// wrong, with the numbers, and what would be right.
struct SpecError {
  std::string pointer;  ///< e.g. "/task/forms/0/pattern"; "" is the whole document
  std::string message;
  /// Column range in the text at `pointer` when that is a pattern, operation or predicate;
  /// 0-based offset of the first byte, and a length; length 0 = no range.
  int column = 0;
  int column_length = 0;

  bool operator==(const SpecError&) const = default;
};

/// All errors at once, in the order of the document. Never empty when returned as an error.
using SpecErrors = std::vector<SpecError>;

/// Something a file or a folder did not allow.
struct IoError {
  std::string path;     ///< the file or folder
  std::string message;  ///< what is wrong and what would be right

  /// "path: message"
  std::string text() const { return path.empty() ? message : path + ": " + message; }
  bool operator==(const IoError&) const = default;
};

}  // namespace anchorlens::core
