// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorctl/child_process.h"

#include "app/anchorctl/cores.h"
#include "app/anchorctl/sweep_fleets.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <sstream>
#include <string_view>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

namespace anchorlens::ctl {
namespace {

constexpr std::size_t kReadBytes = 4096;
/// A fleet's process says why each of its runs failed.
constexpr std::size_t kKeptBytes = std::size_t{1} << 20;

/// A file in memory that holds the text.
core::FileDescriptor memoryFile(const std::string& text) {
  core::FileDescriptor file(memfd_create("experiment", MFD_CLOEXEC));
  std::size_t written = 0;
  while (file.isOpen() && written < text.size()) {
    const ssize_t n = ::write(file.get(), text.data() + written, text.size() - written);
    if (n < 0 && errno != EINTR) {
      return core::FileDescriptor();
    }
    written += n < 0 ? 0 : static_cast<std::size_t>(n);
  }
  return file;
}

/// As execve takes them.
std::vector<char*> pointersTo(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (std::string& text : texts) {
    pointers.push_back(text.data());
  }
  pointers.push_back(nullptr);
  return pointers;
}

/// This process' environment; with a `gpu` it is the only one that is to be seen.
std::vector<std::string> environmentWith(std::optional<int> gpu) {
  const std::string name = "CUDA_VISIBLE_DEVICES=";
  std::vector<std::string> variables;
  const char* visible = nullptr;
  for (char** variable = environ; *variable != nullptr; ++variable) {
    if (gpu && std::string_view(*variable).starts_with(name)) {
      visible = *variable + name.size();
    } else {
      variables.emplace_back(*variable);
    }
  }
  if (gpu) {
    variables.push_back(name + visibleDevice(visible, *gpu));
  }
  return variables;
}

/// In the child, between fork and exec: only calls that are safe there.
[[noreturn]] void becomeProgram(char* const* arguments, char* const* environment, int input,
                                int output, int errors, pid_t parent, std::optional<int> core) {
  if (core) {
    pinTo(*core);
  }
  // The parent may have died before this call: nobody would send the signal then.
  const bool has_parent = prctl(PR_SET_PDEATHSIG, SIGTERM) == 0 && getppid() == parent;
  // Nobody reads its errors any more when the parent is dead; saving is what counts then.
  std::signal(SIGPIPE, SIG_IGN);
  const bool is_ready = has_parent && dup2(input, STDIN_FILENO) >= 0 &&
                        dup2(output, STDOUT_FILENO) >= 0 && dup2(errors, STDERR_FILENO) >= 0;
  if (is_ready) {
    execve("/proc/self/exe", arguments, environment);
  }
  _exit(127);
}

}  // namespace

std::optional<ChildProcess> ChildProcess::start(const std::vector<std::string>& arguments,
                                                const std::string& input, std::optional<int> core,
                                                std::optional<int> gpu, Keep keep) {
  std::vector<std::string> words{"anchorctl"};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> pointers = pointersTo(words);
  std::vector<std::string> variables = environmentWith(gpu);
  std::vector<char*> environment = pointersTo(variables);
  std::array<int, 2> ends{-1, -1};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) {
    return std::nullopt;
  }
  core::FileDescriptor reading(ends[0]);
  const core::FileDescriptor writing(ends[1]);
  fcntl(reading.get(), F_SETFL, O_NONBLOCK);
  const core::FileDescriptor memory = memoryFile(input);
  const core::FileDescriptor nowhere(::open("/dev/null", O_WRONLY | O_CLOEXEC));
  if (!memory.isOpen() || !nowhere.isOpen()) {
    return std::nullopt;
  }
  const pid_t parent = getpid();
  const pid_t pid = fork();
  if (pid == 0) {
    const int output = keep == Keep::Output ? writing.get() : nowhere.get();
    becomeProgram(pointers.data(), environment.data(), memory.get(), output, writing.get(), parent,
                  core);
  }
  if (pid < 0) {
    return std::nullopt;
  }
  return ChildProcess(pid, std::move(reading));
}

std::optional<ChildEnd> ChildProcess::poll() {
  drain();
  int status = 0;
  if (waitpid(m_pid, &status, WNOHANG) != m_pid) {
    return std::nullopt;
  }
  drain();  // what it said between the two
  ChildEnd end;
  end.signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
  end.code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + end.signal;
  return end;
}

void ChildProcess::terminate() const {
  kill(m_pid, SIGTERM);
}

void ChildProcess::drain() {
  std::array<char, kReadBytes> bytes{};
  ssize_t n = 0;
  while ((n = ::read(m_errors.get(), bytes.data(), bytes.size())) > 0) {
    m_tail.append(bytes.data(), static_cast<std::size_t>(n));
    if (m_tail.size() > kKeptBytes) {
      m_tail.erase(0, m_tail.size() - kKeptBytes);
    }
  }
}

std::string ChildProcess::lastWords() const {
  std::istringstream lines(m_tail);
  std::string line;
  std::string last;
  while (std::getline(lines, line)) {
    if (!line.empty() && line.rfind("step ", 0) != 0) {
      last = line;
    }
  }
  return last;
}

std::string ChildProcess::lastWordsOf(const std::string& place) const {
  std::istringstream lines(m_tail);
  std::string line;
  std::string last;
  while (std::getline(lines, line)) {
    if (line.rfind(place + ": ", 0) == 0) {
      last = line.substr(place.size() + 2);
    }
  }
  return last;
}

}  // namespace anchorlens::ctl
