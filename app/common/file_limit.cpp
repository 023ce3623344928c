// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/common/file_limit.h"

#include <algorithm>
#include <limits>
#include <sys/resource.h>

namespace anchorlens::app {

void raiseFileLimit() {
  constexpr rlim_t kEnough = 65536;  // some programs that are started from here close them all
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < kEnough) {
    limit.rlim_cur = std::min(limit.rlim_max, kEnough);
    setrlimit(RLIMIT_NOFILE, &limit);  // where it is refused, the old one stays
  }
}

std::size_t fileLimit() {
  rlimit limit{};
  const bool is_limited = getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY;
  return is_limited ? limit.rlim_cur : std::numeric_limits<std::size_t>::max();
}

}  // namespace anchorlens::app
