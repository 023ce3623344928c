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

/// A flat buffer of zeros that every step goes through.
at::Tensor flatZeros(std::int64_t count, at::Device device);

/// All parameters and their gradients, each kind in one flat buffer; of one run or of several.
///
/// Shape:
///   values, gradients: [count] or [run, count]; a parameter then has the leading axis as well
class Parameters {
 public:
  Parameters(std::vector<ParameterInfo> infos, at::Device device);
  /// Over buffers that are there. Their last axis is contiguous.
  Parameters(std::vector<ParameterInfo> infos, at::Tensor values, at::Tensor gradients);

  const std::vector<ParameterInfo>& infos() const { return m_infos; }
  /// Of one run.
  std::int64_t count() const { return m_values.size(-1); }
  at::Tensor& values() { return m_values; }
  at::Tensor& gradients() { return m_gradients; }

  /// A leaf that shares the buffer's memory; its gradient is written into gradients().
  const at::Tensor& operator[](std::string_view name) const;
  /// Neighbours of equal last axis as one matrix: from q on q, k and v, from k on k and v:
  /// [sum of first axes, last axis].
  /// Its gradient is written in place as well.
  const at::Tensor& joined(std::string_view first) const;
  bool has(std::string_view name) const;

  /// Writes the gradient of a scalar, which gives up its graph, to gradients(); backward() would
  /// add it to what is there.
  void differentiate(const at::Tensor& scalar);

  /// Initial values of one run, from a generator of our own, in the order of infos().
  void initialise(const core::InitSpec& init, core::Random& random);

 private:
  at::Tensor leaf(std::int64_t offset, const std::vector<std::int64_t>& shape);
  std::size_t indexOf(std::string_view name) const;

  std::vector<ParameterInfo> m_infos;
  at::Tensor m_values;
  at::Tensor m_gradients;
  std::vector<at::Tensor> m_leaves;  ///< [infos]
  std::vector<at::Tensor> m_joined;  ///< [infos]; defined at q and k only
};

}  // namespace anchorlens::engine
