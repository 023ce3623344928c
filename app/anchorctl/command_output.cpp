// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorctl/command_output.h"

#include "engine/core/store/file_io.h"

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

namespace anchorlens::ctl {
namespace {

std::string readAll(int fd) {
  std::string text;
  std::array<char, 4096> bytes{};
  ssize_t n = 0;
  while ((n = ::read(fd, bytes.data(), bytes.size())) > 0 || (n < 0 && errno == EINTR)) {
    text.append(bytes.data(), n > 0 ? static_cast<std::size_t>(n) : 0);
  }
  return text;
}

}  // namespace

CommandOutput runCommand(std::vector<std::string> words) {
  std::vector<char*> pointers;
  for (std::string& word : words) {
    pointers.push_back(word.data());
  }
  pointers.push_back(nullptr);
  std::array<int, 2> ends{-1, -1};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) {
    return {false, 126, "no pipe can be made"};
  }
  const core::FileDescriptor reading(ends[0]);
  core::FileDescriptor writing(ends[1]);
  posix_spawn_file_actions_t actions{};
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, writing.get(), STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, writing.get(), STDERR_FILENO);
  pid_t pid = -1;
  const int error = posix_spawnp(&pid, pointers[0], &actions, nullptr, pointers.data(), ::environ);
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0) {
    return {error == ENOENT, 127, core::systemError(words[0], "It cannot be run", error).text()};
  }
  writing.close();
  CommandOutput output;
  output.text = readAll(reading.get());
  int status = 0;
  while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  output.code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return output;
}

}  // namespace anchorlens::ctl
