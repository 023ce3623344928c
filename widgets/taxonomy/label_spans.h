// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/number_table.h"
#include "widgets/run_history.h"

#include <cstdint>
#include <optional>
#include <vector>

/// Which head is what, and when. Plain data.
namespace anchorlens::widgets {

/// Frames in a row on which a head has the same label in the same state.
struct LabelSpan {
  double first = 0;  ///< step of the first of these frames
  double last = 0;   ///< step of the frame after them; of the last frame when there is none
  std::optional<core::Label> label;
  core::LabelState state = core::LabelState::None;
  bool operator==(const LabelSpan&) const = default;
};
std::vector<LabelSpan> labelSpans(const std::vector<double>& steps,
                                  const std::vector<core::HeadLabel>& labels);

/// One head's ribbon.
struct HeadRibbon {
  int layer = 0;
  int head = 0;
  std::vector<LabelSpan> spans;
  bool is_tested = true;  ///< false, in print: "shift pattern" until a causal test shows the need
};
/// Of every head; by other thresholds than the history's when some are given.
std::vector<HeadRibbon> ribbonsOf(const RunHistory& history,
                                  const std::optional<core::LabelThresholds>& thresholds = {});

/// One head at the cursor.
struct HeadRow {
  int layer = 0;
  int head = 0;
  core::HeadLabel label;                  ///< at the cursor
  std::array<double, 6> lifts{};          ///< by core::Label, at the cursor
  std::optional<std::int64_t> emergence;  ///< of the label at the last frame
  std::optional<core::Label> last_label;  ///< entered at the last frame
};
/// Every head; empty when no frame is at or before `step`.
std::vector<HeadRow> headRows(const RunHistory& history, std::int64_t step);
/// layer, head, label, state, lift, emerged, last label, then the six lifts
NumberTable taxonomyNumbers(const std::vector<HeadRow>& rows, std::int64_t step);

/// What other thresholds would change.
struct LabelChange {
  std::size_t frames = 0;   ///< labels (head x frame) whose name or state is another one
  std::size_t of = 0;       ///< all of them
  std::size_t at_step = 0;  ///< heads that are called otherwise at the frame of `step`
};
LabelChange labelChange(const RunHistory& history, const core::LabelThresholds& thresholds,
                        std::int64_t step);

/// "entered", "forming", "none"
QString stateName(core::LabelState state);
/// "Shift", "Broadcast", ...
QString labelTitle(core::Label label);

}  // namespace anchorlens::widgets
