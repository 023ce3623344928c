// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/experiment.h"
#include "engine/core/random.h"
#include "engine/session/parameter_list.h"
#include "engine/torch/torch_api.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace anchorlens::engine {

/// All parameters and their gradients, each kind in one flat buffer.
///
/// Shape:
///   values, gradients: [count]
class Parameters {
 public:
  Parameters(std::vector<ParameterInfo> infos, at::Device device);

  const std::vector<ParameterInfo>& infos() const { return m_infos; }
  std::int64_t count() const { return m_values.numel(); }
  at::Tensor& values() { return m_values; }
  at::Tensor& gradients() { return m_gradients; }

  /// A leaf that shares the buffer's memory; its gradient is written into gradients().
  const at::Tensor& operator[](std::string_view name) const;
  /// Neighbours of equal last axis as one matrix, e.g. q, k and v: [sum of first axes, last axis].
  /// Its gradient is written in place as well.
  const at::Tensor& joined(std::string_view first) const;
  bool has(std::string_view name) const;

  /// Initial values from a generator of our own, in the order of infos().
  void initialise(const core::InitSpec& init, core::Random& random);

 private:
  at::Tensor leaf(std::int64_t offset, const std::vector<std::int64_t>& shape);
  std::size_t indexOf(std::string_view name) const;

  std::vector<ParameterInfo> m_infos;
  at::Tensor m_values;
  at::Tensor m_gradients;
  std::vector<at::Tensor> m_leaves;  ///< [infos]
  std::vector<at::Tensor> m_joined;  ///< [infos]; defined at the first of q, k, v only
};

}  // namespace anchorlens::engine
