// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <bit>
#include <cmath>
#include <cstdint>

/// exp and erf that the compiler can vectorise: no branches, no calls.
namespace anchorlens::engine::fast {

/// e^x within 2 ulp of float; 0 below -87, largest finite power above 88.
/// e^x = 2^n e^r, n = round(x / ln 2), |r| <= ln 2 / 2; ln 2 in two parts so that r is exact
/// (Cody and Waite); e^r by its Taylor polynomial of degree 7 (remainder 5e-9).
inline float expOf(float x) {
  constexpr float kRound = 12582912.0F;  // 1.5 * 2^23: adding it rounds to an integer
  constexpr float kLog2e = 1.44269504F;
  constexpr float kLn2High = 0.693359375F;
  constexpr float kLn2Low = -2.12194440e-4F;
  const float clamped = x < -87.0F ? -87.0F : (x > 88.0F ? 88.0F : x);
  const float shifted = clamped * kLog2e + kRound;
  const std::int32_t n = std::bit_cast<std::int32_t>(shifted) - std::bit_cast<std::int32_t>(kRound);
  const auto whole = static_cast<float>(n);
  const float r = (clamped - whole * kLn2High) - whole * kLn2Low;
  float p = 1.0F / 5040;
  p = p * r + 1.0F / 720;
  p = p * r + 1.0F / 120;
  p = p * r + 1.0F / 24;
  p = p * r + 1.0F / 6;
  p = p * r + 0.5F;
  p = p * r + 1.0F;
  p = p * r + 1.0F;
  const float power = std::bit_cast<float>((n + 127) << 23);
  const float result = p * power;
  return x < -87.0F ? 0.0F : (x == x ? result : x);
}

/// The standard normal distribution function, 1/2 (1 + erf(x / sqrt 2)), by Abramowitz and Stegun
/// 7.1.26 (absolute error of erf below 1.5e-7).
inline float normalCdf(float x) {
  const float a = std::fabs(x) * 0.707106781F;
  const float t = 1.0F / (1.0F + 0.3275911F * a);
  float p = 1.061405429F;
  p = p * t - 1.453152027F;
  p = p * t + 1.421413741F;
  p = p * t - 0.284496736F;
  p = p * t + 0.254829592F;
  const float tail = 0.5F * p * t * expOf(-a * a);
  return x < 0.0F ? tail : 1.0F - tail;
}

}  // namespace anchorlens::engine::fast
