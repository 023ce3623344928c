// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/random.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace anchorlens::core {
namespace {

std::uint64_t splitMix(std::uint64_t& state) {
  state += 0x9e3779b97f4a7c15ULL;
  std::uint64_t z = state;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
  return z ^ (z >> 31);
}

std::uint64_t fnv1a(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325ULL;
  for (const char c : text) {
    hash ^= static_cast<unsigned char>(c);
    hash *= 0x100000001b3ULL;
  }
  return hash;
}

int hexValue(char c) {
  if (c >= '0' && c <= '9') {
    return c - '0';
  }
  if (c >= 'a' && c <= 'f') {
    return c - 'a' + 10;
  }
  return -1;
}

}  // namespace

Random::Random(std::uint64_t seed) {
  std::uint64_t state = seed;
  for (auto& word : m_s) {
    word = splitMix(state);
  }
}

Random::Random(std::uint64_t seed, std::string_view purpose) {
  std::uint64_t state = seed;
  state = splitMix(state) ^ fnv1a(purpose);
  for (auto& word : m_s) {
    word = splitMix(state);
  }
}

double Random::normal() {
  const double u = 1.0 - uniform();  // (0, 1]: the logarithm is finite
  const double v = uniform();
  return std::sqrt(-2.0 * std::log(u)) * std::cos(2.0 * std::numbers::pi * v);
}

std::string Random::stateText() const {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  text.reserve(64);
  for (const std::uint64_t word : m_s) {
    for (int shift = 60; shift >= 0; shift -= 4) {
      text += kDigits[(word >> shift) & 0xF];
    }
  }
  return text;
}

bool Random::setStateText(std::string_view text) {
  if (text.size() != 64) {
    return false;
  }
  State state{};
  for (std::size_t i = 0; i < 64; ++i) {
    const int digit = hexValue(text[i]);
    if (digit < 0) {
      return false;
    }
    state[i / 16] = (state[i / 16] << 4) | static_cast<std::uint64_t>(digit);
  }
  if (std::all_of(state.begin(), state.end(), [](std::uint64_t w) { return w == 0; })) {
    return false;
  }
  m_s = state;
  return true;
}

}  // namespace anchorlens::core
