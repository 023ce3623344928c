// SPDX-License-Identifier: GPL-3.0-or-later
/// How many sequences a second one core draws, for every preset and example. Not a test: run it by
/// hand on a quiet machine.
#include "engine/core/task/task.h"
#include "tests/support/task_specs.h"

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <string>
#include <vector>

namespace {

/// Time that this process had a core: other programs on the machine count less.
double cpuSeconds() {
  return static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
}

/// Best of nine rounds, in million sequences a second.
double speedOf(const anchorlens::core::Task& task) {
  anchorlens::core::Random random(1, "bench");
  auto set = task.draw(anchorlens::core::Split::Train, 4096, random, false);
  double best = 0;
  for (int round = 0; round < 9; ++round) {
    const double start = cpuSeconds();
    std::size_t n = 0;
    double seconds = 0;
    while (seconds < 0.05) {
      task.redraw(anchorlens::core::Split::Train, set, random);
      n += set.size();
      seconds = cpuSeconds() - start;
    }
    best = std::max(best, static_cast<double>(n) / seconds / 1e6);
  }
  return best;
}

}  // namespace

/// Without arguments every task, else those named.
int main(int argc, char** argv) {
  const std::vector<std::string> wanted(argv + 1, argv + argc);
  std::printf("%-24s %12s %12s\n", "task", "M seq/s", "compile ms");
  for (const auto& [name, spec] : anchorlens::test::allTasks()) {
    if (!wanted.empty() && std::find(wanted.begin(), wanted.end(), name) == wanted.end()) {
      continue;
    }
    const double start = cpuSeconds();
    const auto task = anchorlens::core::Task::compile(spec);
    const double ms = 1000 * (cpuSeconds() - start);
    if (!task) {
      for (const auto& error : task.error()) {
        std::printf("%s %s: %s\n", name.c_str(), error.pointer.c_str(), error.message.c_str());
      }
      return 1;
    }
    std::printf("%-24s %12.2f %12.1f\n", name.c_str(), speedOf(*task), ms);
  }
  return 0;
}
