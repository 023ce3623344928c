// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/session/weights_out.h"

#include "engine/core/experiment_json.h"
#include "engine/core/import/export_weights.h"
#include "engine/core/store/npz_writer.h"
#include "engine/session/measure.h"
#include "engine/session/run_parts.h"
#include "engine/session/version.h"

#include <algorithm>
#include <string>
#include <vector>

namespace anchorlens::engine {

Result<std::size_t> writeWeights(RunSnapshot& snapshot, const std::filesystem::path& file,
                                 core::NameFamily family) {
  auto checkpoint = snapshot.trainer().snapshot(false);
  if (!checkpoint) {
    return core::Unexpected(checkpoint.error());
  }
  checkpoint->metadata = {{"format", "pt"},
                          {"step", std::to_string(snapshot.step())},
                          {"spec_hash", core::specHash(snapshot.spec())},
                          {"experiment", core::writeExperiment(snapshot.spec())},
                          {"written_by", "anchorlens " + versionText()}};
  // Weights alone do not say so: whoever computes with them has to do it, too.
  if (!snapshot.inEffect().isEmpty()) {
    checkpoint->metadata["in_effect"] = core::inEffectText(snapshot.inEffect());
  }
  const auto weights = core::exportWeights(*checkpoint, snapshot.spec(), family);
  if (!weights) {
    return core::Unexpected(EngineError{file.string() + ": " + weights.error(), {}});
  }
  if (const auto written = core::writeSafetensors(file, *weights); !written) {
    return core::Unexpected(storageError(written.error()));
  }
  return weights->tensors.size();
}

Result<void> writeLogits(RunSnapshot& snapshot, const std::filesystem::path& file) {
  const core::SequenceSet& all = snapshot.test();
  const std::size_t n = std::min(all.size(), kLogitSequences);
  const core::SequenceSet first = subset(all, 0, n);
  const auto logits = snapshot.trainer().logits(first);
  if (!logits) {
    return core::Unexpected(logits.error());
  }
  const auto count = static_cast<std::int64_t>(n);
  const auto wide = [](const std::vector<std::int32_t>& values) {
    return std::vector<std::int64_t>(values.begin(), values.end());
  };
  core::NpzWriter npz;
  npz.add("tokens", {count, first.seq_len}, wide(first.tokens));
  npz.add("length", {count}, wide(first.lengths));
  npz.add("target", {count}, wide(first.targets));
  npz.add("group", {count}, wide(first.groups));
  npz.add("logits", {count, snapshot.task().dVocab()}, *logits);
  npz.add("step", {}, std::vector<std::int64_t>{snapshot.step()});
  if (const auto written = core::writeFileAtomically(file, npz.bytes()); !written) {
    return core::Unexpected(storageError(written.error()));
  }
  return {};
}

}  // namespace anchorlens::engine
