// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/session/precision.h"

#include "engine/core/experiment/choices.h"
#include "engine/session.h"
#include "engine/session/cuda_probe.h"
#include "engine/session/provenance.h"

#include <cstdint>

#if defined(__x86_64__)
#include <cpuid.h>
#endif

namespace anchorlens::engine {
namespace {

constexpr int kNeededCapability = 8;

/// "cuda" and "cuda:1" to 0 and 1, "auto" to the first GPU if there is one; empty: the CPU.
std::optional<int> gpuIndex(const std::string& device) {
  if (device == "auto") {
    return whyNoCuda() ? std::nullopt : std::optional(0);
  }
  if (device.rfind("cuda", 0) != 0) {
    return std::nullopt;
  }
  const std::size_t colon = device.find(':');
  return colon == std::string::npos ? 0 : std::stoi(device.substr(colon + 1));
}

std::optional<std::string> whyNotOnGpu(int index) {
  const auto capability = cudaCapability(index);
  if (!capability || capability->major >= kNeededCapability) {
    return std::nullopt;
  }
  return "the GPU's compute capability is " + std::to_string(capability->major) + "." +
         std::to_string(capability->minor) + ", and " + std::to_string(kNeededCapability) +
         ".0 is needed";
}

std::optional<std::string> whyNotOnCpu() {
  const CpuBFloat16 has = cpuBFloat16();
  if (has.avx512 || has.amx) {
    return std::nullopt;
  }
  return "the processor (" + cpuName() + ") has neither AVX512_BF16 nor AMX-BF16 instructions";
}

}  // namespace

/// Intel's manual, volume 2, CPUID: leaf 7.1 EAX bit 5, leaf 7.0 EDX bits 22 and 24; volume 1,
/// section 13.3: what of the state components the system keeps.
CpuBFloat16 cpuBFloat16() {
  CpuBFloat16 has;
#if defined(__x86_64__)
  constexpr std::uint32_t kOsXsave = 1U << 27;
  constexpr std::uint32_t kAvx512State = 0xE6;
  constexpr std::uint32_t kTileState = 0x60000;
  unsigned a = 0, b = 0, c = 0, d = 0;
  if (__get_cpuid(1, &a, &b, &c, &d) == 0 || (c & kOsXsave) == 0) {
    return has;
  }
  std::uint32_t kept = 0;
  std::uint32_t kept_high = 0;
  __asm__("xgetbv" : "=a"(kept), "=d"(kept_high) : "c"(0));
  if ((kept & kAvx512State) == kAvx512State && __get_cpuid_count(7, 1, &a, &b, &c, &d) != 0) {
    has.avx512 = (a >> 5 & 1) != 0;
  }
  if ((kept & kTileState) == kTileState && __get_cpuid_count(7, 0, &a, &b, &c, &d) != 0) {
    has.amx = (d >> 22 & 1) != 0 && (d >> 24 & 1) != 0;
  }
#endif
  return has;
}

std::optional<std::string> whyNoBFloat16(const std::string& device) {
  const auto gpu = gpuIndex(device);
  return gpu ? whyNotOnGpu(*gpu) : whyNotOnCpu();
}

std::optional<std::string> whyNoTf32(const std::string& device) {
  const auto gpu = gpuIndex(device);
  return gpu ? whyNotOnGpu(*gpu)
             : "it needs an NVIDIA GPU of compute capability " + std::to_string(kNeededCapability) +
                   ".0 or more, and the CPU would train";
}

std::optional<core::SpecError> precisionProblem(const core::TrainingSpec& training) {
  using Precision = core::TrainingSpec::Precision;
  if (training.precision == Precision::Float32) {
    return std::nullopt;
  }
  const auto reason = training.precision == Precision::Tf32 ? whyNoTf32(training.device)
                                                            : whyNoBFloat16(training.device);
  if (!reason) {
    return std::nullopt;
  }
  const std::string name(core::choiceName(core::kPrecisions, training.precision));
  return core::SpecError{"/training/precision", "\"" + name + "\" cannot be used here: " + *reason +
                                                    "; expected \"float32\""};
}

}  // namespace anchorlens::engine
