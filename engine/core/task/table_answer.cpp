// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/task/table_answer.h"

#include "engine/core/random.h"

#include <string>

namespace anchorlens::core {

std::int32_t tableAnswer(std::uint64_t seed, int token, std::span<const std::int64_t> keys,
                         const TokenSet& noise) {
  std::string purpose = "table/" + std::to_string(token);
  for (const std::int64_t key : keys) {
    purpose += "/" + std::to_string(key);
  }
  return noise[Random(seed, purpose).below(static_cast<std::uint32_t>(noise.size()))];
}

}  // namespace anchorlens::core
