// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace anchorlens::core {

/// xoshiro256++ 1.0 (D. Blackman, S. Vigna, "Scrambled linear pseudorandom number generators",
/// 2021), seeded through splitmix64. The one generator of Anchorlens: everything random in data,
/// initial weights and shuffles comes from an object of this class, one per purpose.
class Random {
 public:
  explicit Random(std::uint64_t seed = 0);
  /// A stream of its own for one purpose of one seed: splitmix64 over `seed` and the 64-bit
  /// FNV-1a hash of `purpose` ("data/train", "data/test", "init", "shuffle", ...).
  Random(std::uint64_t seed, std::string_view purpose);

  std::uint64_t next() {
    const std::uint64_t result = rotateLeft(m_s[0] + m_s[3], 23) + m_s[0];
    const std::uint64_t t = m_s[1] << 17;
    m_s[2] ^= m_s[0];
    m_s[3] ^= m_s[1];
    m_s[1] ^= m_s[2];
    m_s[0] ^= m_s[3];
    m_s[2] ^= t;
    m_s[3] = rotateLeft(m_s[3], 45);
    return result;
  }

  /// Uniform in 0..bound-1 without bias (D. Lemire, "Fast random integer generation in an
  /// interval", 2019). bound >= 1.
  std::uint32_t below(std::uint32_t bound) {
    std::uint64_t product = (next() >> 32) * bound;
    auto low = static_cast<std::uint32_t>(product);
    if (low < bound) {
      const std::uint32_t threshold = (0U - bound) % bound;
      while (low < threshold) {
        product = (next() >> 32) * bound;
        low = static_cast<std::uint32_t>(product);
      }
    }
    return static_cast<std::uint32_t>(product >> 32);
  }

  /// Uniform in [0, 1), 53 bits.
  double uniform() { return static_cast<double>(next() >> 11) * 0x1.0p-53; }

  /// Standard normal, Box-Muller, one pair of uniforms a call (no state besides the generator's).
  double normal();

  using State = std::array<std::uint64_t, 4>;
  const State& state() const { return m_s; }
  void setState(const State& state) { m_s = state; }
  /// 64 hexadecimal digits; for checkpoints.
  std::string stateText() const;
  /// False (and unchanged) when the text is no state.
  bool setStateText(std::string_view text);

 private:
  static constexpr std::uint64_t rotateLeft(std::uint64_t x, int k) {
    return (x << k) | (x >> (64 - k));
  }
  State m_s{};
};

}  // namespace anchorlens::core
