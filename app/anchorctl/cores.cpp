// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorctl/cores.h"

#include <fstream>
#include <sched.h>
#include <set>
#include <string>

namespace anchorlens::ctl {

std::vector<int> allowedCores() {
  cpu_set_t set;
  CPU_ZERO(&set);
  std::vector<int> cores;
  if (sched_getaffinity(0, sizeof set, &set) == 0) {
    for (int core = 0; core < CPU_SETSIZE; ++core) {
      if (CPU_ISSET(core, &set)) {
        cores.push_back(core);
      }
    }
  }
  return cores.empty() ? std::vector<int>{0} : cores;
}

CoreOrder siblingsLast(const std::vector<int>& cores, const std::filesystem::path& topology) {
  CoreOrder order;
  std::vector<int> siblings;
  std::set<std::string> seen;
  for (const int core : cores) {
    const std::string name = "cpu" + std::to_string(core);
    std::ifstream file(topology / name / "topology" / "thread_siblings_list");
    std::string all;
    const bool is_known = static_cast<bool>(std::getline(file, all));
    const bool is_first = seen.insert(is_known ? all : name).second;
    (is_first ? order.cores : siblings).push_back(core);
  }
  order.physical = order.cores.size();
  order.cores.insert(order.cores.end(), siblings.begin(), siblings.end());
  return order;
}

void pinTo(int core) {
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(core, &set);
  sched_setaffinity(0, sizeof set, &set);
}

}  // namespace anchorlens::ctl
