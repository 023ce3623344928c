// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorlens/evaluations.h"

#include "engine/inspect.h"
#include "engine/session/measure.h"

#include <algorithm>

namespace anchorlens::app {

engine::Result<widgets::ProbeSummary> summaryOf(engine::RunSnapshot& snapshot,
                                                const std::vector<core::HeadRef>& without) {
  engine::InspectRequest request;
  request.zeroed = without;
  auto output = snapshot.trainer().inspect(snapshot.probe(), request);
  if (!output)
    return core::Unexpected(output.error());
  return widgets::summarise(snapshot.probe(), output->logits, output->d_vocab, snapshot.step());
}

engine::Result<widgets::LensData> lensOf(engine::RunSnapshot& snapshot, int sequence,
                                         const widgets::ProbeContext& probe,
                                         const std::vector<core::HeadRef>& without) {
  const auto first = static_cast<std::size_t>(sequence);
  if (first >= std::min(snapshot.probe().size(), probe.shown.size()))
    return core::Unexpected(engine::EngineError{"There is no such sequence in the probe.", {}});
  const core::SequenceSet one = engine::subset(snapshot.probe(), first, 1);
  engine::InspectRequest request;
  request.zeroed = without;
  request.want_lens = true;
  auto output = snapshot.trainer().inspect(one, request);
  if (!output)
    return core::Unexpected(output.error());
  widgets::LensData lens;
  lens.step = snapshot.step();
  lens.n_layers = output->n_layers;
  lens.tokens = widgets::tokensOf(probe, sequence);
  lens.length = one.lengths[0];
  lens.answer = one.targets[0];
  const auto width = static_cast<std::size_t>(output->seq_len);
  for (std::size_t boundary = 0; boundary <= static_cast<std::size_t>(lens.n_layers); ++boundary) {
    const auto row = output->lens.begin() + static_cast<std::ptrdiff_t>(boundary * width);
    lens.cells.insert(lens.cells.end(), row, row + lens.length);
  }
  return lens;
}

}  // namespace anchorlens::app
