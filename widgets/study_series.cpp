// SPDX-License-Identifier: GPL-3.0-or-later
// Curves and strips of study_text.h.
#include "widgets/study_text.h"
#include "widgets/time_scale.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>

namespace anchorlens::widgets {

namespace {

using Sort = core::GroupNumbers::Kind;
using core::NumberBand;

QString tr(const char* text) {
  return QCoreApplication::translate("Study", text);
}

const core::RunNumbers* runOf(const core::StudyData& data, std::size_t member) {
  return data.runs[member].get();
}

bool isOver(const core::RunNumbers& run) {
  return run.state == core::MemberFacts::State::Finished;
}

/// The groups that the runs of a setting have, as far as they are wanted.
std::vector<StudyCurve> groupsOf(const core::StudyData& data, std::size_t setting,
                                 const std::vector<std::string>& wanted) {
  std::vector<StudyCurve> curves;
  for (const std::size_t member : membersOf(data, setting)) {
    const core::RunNumbers* run = runOf(data, member);
    if (run == nullptr) {
      continue;
    }
    for (const core::GroupNumbers& group : run->groups) {
      const bool is_wanted =
          wanted.empty() ? group.kind != Sort::Part
                         : std::find(wanted.begin(), wanted.end(), group.name) != wanted.end();
      if (!is_wanted) {
        continue;
      }
      auto curve = std::find_if(curves.begin(), curves.end(),
                                [&](const StudyCurve& known) { return known.group == group.name; });
      if (curve == curves.end()) {
        curve =
            curves.insert(curves.end(), StudyCurve{setting, 0, group.name, group.kind, {}, {}, {}});
      }
      curve->members.push_back(member);
    }
  }
  return curves;
}

NumberBand groupBand(const core::StudyData& data, const StudyCurve& curve,
                     core::NumberSeries core::GroupNumbers::*series) {
  std::vector<core::BandMember> members;
  for (const std::size_t member : curve.members) {
    const core::RunNumbers* run = runOf(data, member);
    members.push_back({&(run->group(curve.group)->*series), isOver(*run)});
  }
  return core::bandOf(members);
}

NumberBand headBand(const core::StudyData& data, const StudyStrip& strip, std::size_t index,
                    core::NumberSeries core::HeadNumbers::*series) {
  std::vector<core::BandMember> members;
  for (const std::size_t member : strip.members) {
    const core::RunNumbers* run = runOf(data, member);
    members.push_back({&(run->heads[index].*series), isOver(*run)});
  }
  return core::bandOf(members);
}

std::optional<core::Spread> steps(const core::StudyData& data, const StudyStrip& strip,
                                  std::size_t index,
                                  std::optional<std::int64_t> core::HeadNumbers::*step) {
  std::vector<double> values;
  for (const std::size_t member : strip.members) {
    const auto& emerged = runOf(data, member)->heads[index].*step;
    values.push_back(emerged ? static_cast<double>(*emerged) : NAN);
  }
  return core::spreadOf(std::move(values));
}

/// The band's row at its i-th step; nothing there where the band has no such step.
void addBand(const NumberBand& band, std::int64_t step, std::vector<NumberTable::Value>& row) {
  const auto at = std::lower_bound(band.steps.begin(), band.steps.end(), step);
  const bool is_there = at != band.steps.end() && *at == step;
  const auto i = static_cast<std::size_t>(at - band.steps.begin());
  for (const auto* values : {&band.median, &band.low, &band.high}) {
    row.emplace_back(is_there ? (*values)[i] : NAN);
  }
  row.emplace_back(static_cast<qint64>(is_there ? band.count[i] : 0));
}

std::vector<std::int64_t> stepsOf(const NumberBand& a, const NumberBand& b) {
  std::vector<std::int64_t> all = a.steps;
  all.insert(all.end(), b.steps.begin(), b.steps.end());
  std::sort(all.begin(), all.end());
  all.erase(std::unique(all.begin(), all.end()), all.end());
  return all;
}

QStringList bandColumns(const QString& name) {
  return {name + tr(" median"), name + tr(" lowest"), name + tr(" highest"), name + tr(" runs")};
}

}  // namespace

GroupLine groupLineOf(core::GroupNumbers::Kind kind) {
  switch (kind) {
    case core::GroupNumbers::Kind::Train:
      return GroupLine::Train;
    case core::GroupNumbers::Kind::HeldOut:
      return GroupLine::HeldOut;
    default:
      return GroupLine::Test;
  }
}

std::vector<StudyCurve> studyCurves(const core::StudyData& data, const CurveChoice& choice) {
  std::vector<StudyCurve> curves;
  for (std::size_t i = 0; i < choice.settings.size(); ++i) {
    for (StudyCurve& curve : groupsOf(data, choice.settings[i], choice.groups)) {
      curve.colour = static_cast<int>(i);
      curve.accuracy = groupBand(data, curve, &core::GroupNumbers::accuracy);
      curve.loss = groupBand(data, curve, &core::GroupNumbers::loss);
      curves.push_back(std::move(curve));
    }
  }
  return curves;
}

NumberTable curveNumbers(const core::StudyData& data, const CurveChoice& choice) {
  NumberTable table;
  table.title = tr("Curves of the study");
  table.columns = QStringList{tr("setting"), tr("group"), tr("step")} +
                  bandColumns(tr("accuracy")) + bandColumns(tr("loss"));
  for (const StudyCurve& curve : studyCurves(data, choice)) {
    for (const std::int64_t step : stepsOf(curve.accuracy, curve.loss)) {
      std::vector<NumberTable::Value> row{settingName(data, curve.setting),
                                          QString::fromStdString(curve.group),
                                          static_cast<qint64>(step)};
      addBand(curve.accuracy, step, row);
      addBand(curve.loss, step, row);
      table.rows.push_back(std::move(row));
    }
  }
  return table;
}

std::vector<StudyStrip> studyStrips(const core::StudyData& data, std::size_t setting) {
  std::vector<StudyStrip> strips;
  for (const std::size_t member : membersOf(data, setting)) {
    const core::RunNumbers* run = runOf(data, member);
    for (std::size_t i = 0; run != nullptr && i < run->heads.size(); ++i) {
      if (i == strips.size()) {
        strips.push_back({run->heads[i].layer, run->heads[i].head, {}, {}, {}, {}, {}});
      }
      strips[i].members.push_back(member);
    }
  }
  for (std::size_t i = 0; i < strips.size(); ++i) {
    strips[i].shift = headBand(data, strips[i], i, &core::HeadNumbers::shift);
    strips[i].broadcast = headBand(data, strips[i], i, &core::HeadNumbers::broadcast);
    strips[i].low = std::min(liftFloor(strips[i].shift.low), liftFloor(strips[i].broadcast.low));
    strips[i].shift_step = steps(data, strips[i], i, &core::HeadNumbers::shift_step);
    strips[i].broadcast_step = steps(data, strips[i], i, &core::HeadNumbers::broadcast_step);
  }
  return strips;
}

NumberTable stripNumbers(const core::StudyData& data, std::size_t setting) {
  NumberTable table;
  table.title = tr("Head scores of %1").arg(settingName(data, setting));
  table.columns = QStringList{tr("setting"), tr("layer"), tr("head"), tr("step")} +
                  bandColumns(tr("shift")) + bandColumns(tr("broadcast"));
  for (const StudyStrip& strip : studyStrips(data, setting)) {
    for (const std::int64_t step : stepsOf(strip.shift, strip.broadcast)) {
      std::vector<NumberTable::Value> row{
          settingName(data, setting), static_cast<qint64>(strip.layer),
          static_cast<qint64>(strip.head), static_cast<qint64>(step)};
      addBand(strip.shift, step, row);
      addBand(strip.broadcast, step, row);
      table.rows.push_back(std::move(row));
    }
  }
  return table;
}

}  // namespace anchorlens::widgets
