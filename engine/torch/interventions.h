// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/inspect.h"
#include "engine/torch/transformer.h"

#include <optional>
#include <string>
#include <vector>

namespace anchorlens::engine {

/// Why a request cannot be done with this model and these sequences; names the first mistake.
std::optional<std::string> whyNotInspectable(const core::ModelSpec& spec,
                                             const core::SequenceSet& set,
                                             const InspectRequest& request);

/// Mean output of every head in the unchanged model. Shape: [layer, head, pos, d_head]; 0 at
/// positions that no sequence has. pos: `length`.
at::Tensor meanHeadOutputs(const Transformer& model, const core::ModelSpec& spec,
                           const core::SequenceSet& set, std::size_t chunk, std::int64_t length,
                           at::Device device);

/// What a request changes, for one chunk of the sequences after the other.
class Interventions {
 public:
  /// `request` must outlive this. mean: of meanHeadOutputs, where heads are averaged.
  Interventions(const core::ModelSpec& spec, const core::SequenceSet& set,
                const InspectRequest& request, at::Tensor mean, at::Device device);

  void beginChunk(std::size_t first, std::size_t count);
  /// [batch, head, query_pos, key_pos], with the cut edges at 0.
  at::Tensor pattern(int layer, const at::Tensor& pattern) const;
  /// [batch, head, pos, d_head], with ablated and patched heads.
  at::Tensor headOutputs(int layer, const at::Tensor& z) const;
  /// [batch, pos, d_model], patched.
  at::Tensor residual(int boundary, const at::Tensor& x) const;

 private:
  at::Tensor patched(const Patch& patch, const at::Tensor& x) const;

  const core::ModelSpec& m_spec;
  const InspectRequest& m_request;
  std::int64_t m_seq_len;
  at::Device m_device;
  at::Tensor m_mean;             ///< [layer, head, pos, d_head]; undefined when not needed
  std::vector<EdgeRef> m_edges;  ///< ascending
  at::Tensor m_listed;  ///< [layer, batch, head, query_pos, key_pos]: the edges of this chunk
  std::size_t m_first = 0;
  std::size_t m_count = 0;
};

}  // namespace anchorlens::engine
