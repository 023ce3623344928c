// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/task/noise_source.h"

namespace anchorlens::core {

NoiseSource::NoiseSource(const TokenSet& tokens)
    : m_tokens(tokens.tokens().data()),
      m_first(tokens.min()),
      m_size(static_cast<std::uint32_t>(tokens.size())),
      m_threshold((0U - m_size) % m_size),
      m_is_range(tokens.isRange()) {}

template <bool kIsRange>
inline std::int32_t NoiseSource::pick(std::uint32_t bits, Random& random) const {
  const std::uint64_t product = std::uint64_t{bits} * m_size;
  std::uint32_t place = static_cast<std::uint32_t>(product >> 32);
  if (static_cast<std::uint32_t>(product) < m_threshold) [[unlikely]] {
    place = random.below(m_size);
  }
  return kIsRange ? m_first + static_cast<std::int32_t>(place) : m_tokens[place];
}

template <bool kIsRange>
inline void NoiseSource::fillAs(std::int32_t* out, int n, Random& random) const {
  Random local = random;  // its state stays in registers
  int i = 0;
  for (; i + 1 < n; i += 2) {
    const std::uint64_t bits = local.next();
    out[i] = pick<kIsRange>(static_cast<std::uint32_t>(bits), local);
    out[i + 1] = pick<kIsRange>(static_cast<std::uint32_t>(bits >> 32), local);
  }
  if (i < n) {
    out[i] = pick<kIsRange>(static_cast<std::uint32_t>(local.next() >> 32), local);
  }
  random = local;
}

void NoiseSource::fill(std::int32_t* out, int n, Random& random) const {
  m_is_range ? fillAs<true>(out, n, random) : fillAs<false>(out, n, random);
}

}  // namespace anchorlens::core
