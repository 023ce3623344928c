// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/study/phase_diagram.h"
#include "widgets/number_table.h"
#include "widgets/theme.h"

#include <QString>

/// A study's numbers in words and tables.
namespace anchorlens::widgets {

/// "Accuracy, test", "Inferential share, A=4 B=3", "Shift emerges, step".
QString numberTitle(const core::StudyNumber& number);
/// In a cell or on an axis, without unit: "93.4", "0.012", "1 200"; the table has it exactly.
QString numberText(core::StudyNumber::Kind kind, double value);
/// With its unit where it has one: "93.4 %".
QString numberTextWithUnit(core::StudyNumber::Kind kind, double value);

/// "last step" or "step 1 200".
QString phaseTime(const core::PhaseChoice& choice);
/// "gamma 0.5, n_layers 2"; "all runs" without axes.
QString cellName(const core::PhaseDiagram& diagram, std::size_t column, std::size_t row);
/// Why a cell has no number, short: "0 of 3 done", "none of 3"; empty when it has one.
QString cellGap(const core::PhaseDiagram& diagram, const core::PhaseCell& cell);
/// "gamma 0.5, n_layers 2: 61.8 % (0.0 % to 77.0 %, 3 of 3 runs). Trained sequences 100.0 %."
QString cellDescription(const core::PhaseDiagram& diagram, std::size_t column, std::size_t row);

/// A row a cell: the axes, median, lowest, highest, runs with the number, runs that are there,
/// runs, accuracy on what was trained, and whether it is greyed. Gaps are empty.
NumberTable phaseNumbers(const core::PhaseDiagram& diagram);

/// Which curves of a study are drawn.
struct CurveChoice {
  std::vector<std::size_t> settings;  ///< indices into StudyPlan::settings, in order of colour
  std::vector<std::string> groups;    ///< GroupNumbers::name; empty: train, test and held-out ones
  bool operator==(const CurveChoice&) const = default;
};

/// One line of the curves: the runs of a setting, on one group of sequences.
struct StudyCurve {
  std::size_t setting = 0;
  int colour = 0;
  std::string group;
  core::GroupNumbers::Kind kind = core::GroupNumbers::Kind::Train;
  std::vector<std::size_t> members;
  core::NumberBand accuracy;
  core::NumberBand loss;
};
/// The line style of a curve.
GroupLine groupLineOf(core::GroupNumbers::Kind kind);
std::vector<StudyCurve> studyCurves(const core::StudyData& data, const CurveChoice& choice);
/// A row for each curve and step, with median, lowest, highest and runs of accuracy and loss.
NumberTable curveNumbers(const core::StudyData& data, const CurveChoice& choice);

/// The strips of one setting: shift and broadcast of each head.
struct StudyStrip {
  int layer = 0;
  int head = 0;
  std::vector<std::size_t> members;
  core::NumberBand shift;
  core::NumberBand broadcast;
  std::optional<core::Spread> shift_step;
  std::optional<core::Spread> broadcast_step;
  double low = 0;  ///< lower end of its lane: liftFloor()
};
std::vector<StudyStrip> studyStrips(const core::StudyData& data, std::size_t setting);
NumberTable stripNumbers(const core::StudyData& data, std::size_t setting);

/// Newest step of the given members' numbers.
std::int64_t newestStep(const core::StudyData& data);
/// The members of a setting.
std::vector<std::size_t> membersOf(const core::StudyData& data, std::size_t setting);
/// The settings as text; "all runs" for the only one of a study without axes.
QString settingName(const core::StudyData& data, std::size_t setting);
/// "gamma 0.5, n_layers 2, seed 3".
QString memberName(const core::StudyData& data, std::size_t member);
/// "94 of 96 runs finished, 1 failed"
QString studyState(const core::StudyData& data);

}  // namespace anchorlens::widgets
