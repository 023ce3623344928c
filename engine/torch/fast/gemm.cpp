// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/fast/gemm.h"

#include "engine/torch/torch_api.h"

#include <dlfcn.h>

namespace anchorlens::engine::fast {
namespace {

/// BLAS level 3, column-major, 32-bit sizes (netlib.org/blas, sgemm).
using Sgemm = void (*)(const char* trans_a, const char* trans_b, const int* m, const int* n,
                       const int* k, const float* alpha, const float* a, const int* lda,
                       const float* b, const int* ldb, const float* beta, float* c, const int* ldc);

/// LibTorch's MKL shows its SGEMM: calling it saves the tensors around at::mm (5 % of a demo step).
/// Null in a LibTorch without MKL.
Sgemm findSgemm() {
  void* library = dlopen("libtorch_cpu.so", RTLD_LAZY | RTLD_NOLOAD);
  if (library == nullptr || !at::hasMKL()) {
    return nullptr;
  }
  return reinterpret_cast<Sgemm>(dlsym(library, "SGEMM"));
}

struct Operand {
  ConstMatrix matrix;
  bool transposed = false;
};

at::Tensor tensorOf(const Operand& operand) {
  const ConstMatrix& m = operand.matrix;
  const at::Tensor tensor =
      at::from_blob(const_cast<float*>(m.data), {m.rows, m.columns}, {m.stride, 1}, at::kFloat);
  return operand.transposed ? tensor.t() : tensor;
}

void throughTensors(const Matrix& c, const Operand& a, const Operand& b, Into into) {
  at::Tensor out = at::from_blob(c.data, {c.rows, c.columns}, {c.stride, 1}, at::kFloat);
  at::addmm_out(out, out, tensorOf(a), tensorOf(b), into == Into::Add ? 1 : 0, 1);
}

/// c = op(a) op(b). A row-major matrix is the column-major transpose, so c^T = op(b)^T op(a)^T.
void multiply(const Matrix& c, const Operand& a, const Operand& b, Into into) {
  static const Sgemm sgemm = findSgemm();
  if (sgemm == nullptr) {
    throughTensors(c, a, b, into);
    return;
  }
  const auto m = static_cast<int>(c.columns);
  const auto n = static_cast<int>(c.rows);
  const auto k = static_cast<int>(a.transposed ? a.matrix.rows : a.matrix.columns);
  const auto ld_a = static_cast<int>(a.matrix.stride);
  const auto ld_b = static_cast<int>(b.matrix.stride);
  const auto ld_c = static_cast<int>(c.stride);
  const float alpha = 1.0F;
  const float beta = into == Into::Add ? 1.0F : 0.0F;
  sgemm(b.transposed ? "T" : "N", a.transposed ? "T" : "N", &m, &n, &k, &alpha, b.matrix.data,
        &ld_b, a.matrix.data, &ld_a, &beta, c.data, &ld_c);
}

}  // namespace

void product(Matrix c, ConstMatrix a, ConstMatrix b, Into into) {
  multiply(c, {a, false}, {b, false}, into);
}

void productWithTransposed(Matrix c, ConstMatrix a, ConstMatrix b, Into into) {
  multiply(c, {a, false}, {b, true}, into);
}

void productOfTransposed(Matrix c, ConstMatrix a, ConstMatrix b, Into into) {
  multiply(c, {a, true}, {b, false}, into);
}

}  // namespace anchorlens::engine::fast
