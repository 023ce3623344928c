// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/store/file_io.h"

#include <optional>
#include <string>
#include <sys/types.h>
#include <vector>

namespace anchorlens::ctl {

/// How a process ended.
struct ChildEnd {
  int code = 0;    ///< exit code; 128 + signal when a signal ended it
  int signal = 0;  ///< 0: none
};

/// Another anchorctl: this very program with other arguments. It gets SIGTERM when this process
/// dies, however it dies, so that it saves and ends too.
class ChildProcess {
 public:
  /// What is kept of what it says; standard output goes nowhere or with standard error.
  enum class Keep { Errors, Output };

  /// `input` is what /dev/stdin holds; with a `core` it stays on that one, with a `gpu` it sees no
  /// other. Empty, with errno set, when the system has no process left.
  static std::optional<ChildProcess> start(const std::vector<std::string>& arguments,
                                           const std::string& input, std::optional<int> core,
                                           std::optional<int> gpu = {}, Keep keep = Keep::Errors);
  ChildProcess(ChildProcess&& other) noexcept = default;
  ChildProcess& operator=(ChildProcess&& other) noexcept = default;

  pid_t pid() const { return m_pid; }
  /// Takes what it has said on standard error, so that it never waits for that; how it ended, once
  /// it has.
  std::optional<ChildEnd> poll();
  void terminate() const;
  /// The last megabyte of it.
  const std::string& said() const { return m_tail; }
  /// The last line that is not progress; empty when there is none.
  std::string lastWords() const;
  /// The same of the lines "place: .."; without the place.
  std::string lastWordsOf(const std::string& place) const;

 private:
  ChildProcess(pid_t pid, core::FileDescriptor errors) : m_pid(pid), m_errors(std::move(errors)) {}
  void drain();

  pid_t m_pid = -1;
  core::FileDescriptor m_errors;  ///< the reading end of its standard error
  std::string m_tail;             ///< the last of what it said
};

}  // namespace anchorlens::ctl
