// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/guard.h"

#include "engine/session/run_estimate.h"

#include <ATen/Parallel.h>

#include <atomic>
#include <malloc.h>
#include <sstream>
#include <string_view>

namespace anchorlens::engine {
namespace {

/// "4.3 GB", "20.00 MiB": what the library was asked for; empty where it does not say.
std::string askedFor(const std::string& text) {
  constexpr std::string_view kBefore = "ried to allocate ";
  const std::size_t at = text.find(kBefore);
  if (at == std::string::npos) {
    return {};
  }
  std::istringstream words(text.substr(at + kBefore.size()));
  std::string number;
  std::string unit;
  words >> number >> unit;
  unit = unit.substr(0, unit.find_first_of(".,"));
  const bool is_number = number.find_first_of("0123456789") == 0 &&
                         number.find_first_not_of("0123456789.") == std::string::npos;
  if (!is_number) {
    return {};
  }
  return unit == "bytes" ? bytesText(std::stod(number)) : number + " " + unit;
}

bool has(const std::string& text, const char* words) {
  return text.find(words) != std::string::npos;
}

}  // namespace

EngineError libraryError(const c10::Error& error) {
  const std::string text = error.what_without_backtrace();
  if (has(text, "DefaultCPUAllocator: ")) {
    return memoryError("There is not enough memory", text);
  }
  const bool is_of_device = dynamic_cast<const c10::OutOfMemoryError*>(&error) != nullptr ||
                            has(text, "out of memory") || has(text, "CUBLAS_STATUS_ALLOC_FAILED");
  if (!is_of_device) {
    return EngineError{text, error.what()};
  }
  EngineError full = memoryError("The device has not enough memory", text);
  full.message += " So may fewer runs of a sweep together (--fleet).";
  return full;
}

EngineError memoryError(const std::string& problem, const std::string& text) {
  const std::string asked = askedFor(text);
  return {problem + (asked.empty() ? "." : ": " + asked + " were asked for at once.") +
              " A smaller batch (/training/batch_size) or model (/model/d_model, /model/d_mlp, "
              "/model/n_layers) may fit.",
          text, EngineError::Cause::Memory};
}

void prepareThread(int threads) {
  thread_local int prepared_for = 0;
  // MKL has one number for the whole process: another thread's trainer may have changed it.
  static std::atomic<int> set_last{0};
  if (prepared_for == threads && set_last == threads) {
    return;
  }
  at::set_num_threads(threads);
  at::globalContext().setFlushDenormal(true);
  if (threads > 1) {
    // This thread's helpers have a switch of their own.
    at::parallel_for(0, threads, 1, [](std::int64_t, std::int64_t) {
      at::globalContext().setFlushDenormal(true);
    });
  }
  prepared_for = threads;
  set_last = threads;
}

void keepFreedMemory() {
  constexpr int kMegabyte = 1 << 20;
  mallopt(M_MMAP_THRESHOLD, 32 * kMegabyte);
  mallopt(M_TRIM_THRESHOLD, 128 * kMegabyte);
  mallopt(M_TOP_PAD, 16 * kMegabyte);
}

}  // namespace anchorlens::engine
