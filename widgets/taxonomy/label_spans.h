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
/// Of every head; with other labels than the history's when some are given, [layer * n_heads +
/// head].
using HeadLabels = std::vector<std::vector<core::HeadLabel>>;
std::vector<HeadRibbon> ribbonsOf(const RunHistory& history, const HeadLabels* labels = nullptr);

/// One head at the cursor.
struct HeadRow {
  int layer = 0;
  int head = 0;
  core::HeadLabel label;                  ///< at the cursor
  std::array<double, 6> lifts{};          ///< by core::Label, at the cursor
  std::optional<std::int64_t> emergence;  ///< of `label`, at any time of the history
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

/// Labels by thresholds that are tried: made once, and gone on with as frames come.
class TriedLabels {
 public:
  explicit TriedLabels(const core::LabelThresholds& thresholds) : m_thresholds(thresholds) {}
  const core::LabelThresholds& thresholds() const { return m_thresholds; }
  /// Labels the frames that are new; all of them where the history went back.
  void follow(const RunHistory& history);
  const HeadLabels& labels() const { return m_labels; }
  /// Of the history that was followed; cheap at any step.
  LabelChange change(const RunHistory& history, std::int64_t step) const;

 private:
  void start(const RunHistory& history);

  core::LabelThresholds m_thresholds;
  core::LabelThresholds m_compared;  ///< of the history
  HeadLabels m_labels;
  std::vector<double> m_last_steps;  ///< of each head
  std::size_t m_changed = 0;         ///< labels that are other ones than the history's
};

/// "entered", "forming", ""
QString stateName(core::LabelState state);
/// "Shift", "Broadcast", ...
QString labelTitle(core::Label label);

}  // namespace anchorlens::widgets
