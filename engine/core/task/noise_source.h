// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/random.h"
#include "engine/core/task/token_set.h"

#include <cstdint>

namespace anchorlens::core {

/// Uniform noise, two tokens from each 64 random bits (D. Lemire's bounded draws, without bias).
class NoiseSource {
 public:
  explicit NoiseSource(const TokenSet& tokens);
  void fill(std::int32_t* out, int n, Random& random) const;
  std::int32_t draw(Random& random) const { return m_tokens[random.below(m_size)]; }

 private:
  template <bool kIsRange>
  void fillAs(std::int32_t* out, int n, Random& random) const;
  template <bool kIsRange>
  std::int32_t pick(std::uint32_t bits, Random& random) const;

  const std::int32_t* m_tokens;
  std::int32_t m_first;
  std::uint32_t m_size;
  std::uint32_t m_threshold;
  bool m_is_range;
};

}  // namespace anchorlens::core
