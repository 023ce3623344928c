// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/cuda_products.h"

#include <ATen/Context.h>

#include <condition_variable>
#include <mutex>

namespace anchorlens::engine {
namespace {

struct Switch {
  std::mutex mutex;
  std::condition_variable changed;
  int users = 0;
  bool is_tf32 = false;
};

Switch& theSwitch() {
  static Switch only;
  return only;
}

}  // namespace

CudaProducts::CudaProducts(core::TrainingSpec::Precision precision, at::Device device)
    : m_is_on_gpu(device.is_cuda()) {
  if (!m_is_on_gpu) {
    return;
  }
  const bool wants_tf32 = precision == core::TrainingSpec::Precision::Tf32;
  Switch& products = theSwitch();
  std::unique_lock lock(products.mutex);
  products.changed.wait(lock,
                        [&] { return products.users == 0 || products.is_tf32 == wants_tf32; });
  if (products.users == 0) {  // float32, too: the environment may have allowed TF32
    at::globalContext().setAllowTF32CuBLAS(wants_tf32);
  }
  products.is_tf32 = wants_tf32;
  ++products.users;
}

CudaProducts::~CudaProducts() {
  if (!m_is_on_gpu) {
    return;
  }
  Switch& products = theSwitch();
  const std::lock_guard lock(products.mutex);
  if (--products.users > 0) {
    return;
  }
  if (products.is_tf32) {
    at::globalContext().setAllowTF32CuBLAS(false);
  }
  products.changed.notify_all();
}

}  // namespace anchorlens::engine
