// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/task/token_set.h"

#include <cstdint>
#include <span>

namespace anchorlens::core {

/// The answer of `table SEED` for one anchor and its keys: uniform over the noise, which must not
/// be empty; the same for ever. Pure.
std::int32_t tableAnswer(std::uint64_t seed, int token, std::span<const std::int64_t> keys,
                         const TokenSet& noise);

}  // namespace anchorlens::core
