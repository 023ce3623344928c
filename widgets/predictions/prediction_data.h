// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/frame.h"
#include "engine/core/task/task.h"
#include "widgets/head_map_data.h"
#include "widgets/number_table.h"

#include <QString>
#include <QStringList>

#include <cstdint>
#include <vector>

/// What a model answers: sequence by sequence, and by group. Plain data.
namespace anchorlens::widgets {

/// One shown sequence and the five most probable answers.
struct PredictionRow {
  int sequence = 0;  ///< among the shown ones
  std::vector<TokenText> tokens;
  std::vector<core::Answer> answers;  ///< what is right, most probable first
  QString group;                      ///< "A=3 B=4 held_out"
  core::Prediction prediction;
  bool is_right = false;  ///< the most probable answer is the most probable one of the task
  /// How probable the model finds an answer; -1 when it is not among its five.
  double probabilityOf(std::int32_t token) const;
};

/// The rows of a frame; fewer than shown sequences when it keeps no predictions.
std::vector<PredictionRow> predictionRows(const core::Frame& frame, const ProbeContext& probe,
                                          const std::vector<core::GroupInfo>& groups);
/// sequence, tokens, answer, group, right, token_1, p_1, ... token_5, p_5
NumberTable predictionNumbers(const std::vector<PredictionRow>& rows, std::int64_t step);

/// Accuracy and loss of one group.
struct GroupCell {
  int group = -1;  ///< index into the task's groups; -1: the task has none here
  bool is_evaluated = false;
  std::int64_t n = 0;  ///< 0, evaluated: no sequences
  double accuracy = 0;
  double loss = 0;
};

/// Anchor combinations down, what is held out across.
struct GroupMatrix {
  QStringList rows;  ///< "A=3 B=4"; "all" where a form is reported as a whole
  QStringList
      columns;  ///< "seen", "held-out keys", "held-out combination", as far as there are any
  std::vector<std::vector<GroupCell>> cells;
  const GroupCell& at(int row, int column) const {
    return cells[static_cast<std::size_t>(row)][static_cast<std::size_t>(column)];
  }
  bool isEmpty() const { return cells.empty(); }
};

/// `metrics` null: the layout without numbers (n = 0 everywhere).
GroupMatrix groupMatrix(const std::vector<core::GroupInfo>& groups, const core::Metrics* metrics);
/// group, n, accuracy, loss
NumberTable groupNumbers(const GroupMatrix& matrix, std::int64_t step);

}  // namespace anchorlens::widgets
