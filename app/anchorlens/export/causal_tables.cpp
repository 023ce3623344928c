// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorlens/export/causal_tables.h"

#include "app/anchorlens/export/export_text.h"
#include "widgets/head_map_data.h"
#include "widgets/number_format.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace anchorlens::app {

namespace {

using engine::CausalRecord;
using engine::CausalRow;

bool asksTheSame(const CausalRecord& a, const CausalRecord& b) {
  return a.sequences == b.sequences && a.result.step == b.result.step &&
         a.result.name == b.result.name && a.result.method == b.result.method &&
         a.result.heads == b.result.heads && a.result.edges == b.result.edges &&
         a.result.renormalise == b.result.renormalise && a.result.from_step == b.result.from_step &&
         a.result.seed == b.result.seed && a.result.draws == b.result.draws;
}

/// The last plain test of this head at this step; null when there is none.
const CausalRow* testOf(const widgets::HeadRow& row, std::int64_t step,
                        const std::vector<CausalRecord>& tests) {
  const engine::HeadRef head{row.layer, row.head};
  const auto found = std::find_if(tests.rbegin(), tests.rend(), [&](const CausalRecord& test) {
    return engine::isPlainTest(test, step, head);
  });
  return found == tests.rend() ? nullptr : &found->result.all;
}

QString optionalScore(const std::optional<double>& value) {
  return value ? widgets::formatScore(*value) : QStringLiteral("–");
}

double optionalNumber(const std::optional<double>& value) {
  return value.value_or(std::numeric_limits<double>::quiet_NaN());
}

QString labelOf(const widgets::HeadRow& row, std::int64_t step,
                const std::vector<CausalRecord>& tests) {
  if (!row.label.label || row.label.state == core::LabelState::None)
    return tr("none");
  QString text = widgets::labelTitle(*row.label.label).toLower();
  if (row.label.state == core::LabelState::Forming)
    return tr("forming %1").arg(text);
  const bool is_claim =
      *row.label.label == core::Label::Shift || *row.label.label == core::Label::Broadcast;
  if (is_claim && !engine::showsNeed(tests, step, {row.layer, row.head}))
    text = tr("%1 pattern").arg(text);
  return text;
}

/// All sequences, and the groups where that is more.
std::vector<CausalRow> printedRows(const engine::CausalResult& result) {
  std::vector<CausalRow> rows{result.all};
  if (result.groups.size() > 1)
    rows.insert(rows.end(), result.groups.begin(), result.groups.end());
  return rows;
}

std::vector<widgets::NumberTable::Value> numbersOf(const CausalRecord& test, const CausalRow& row,
                                                   const std::vector<core::GroupInfo>& groups) {
  const double none = std::numeric_limits<double>::quiet_NaN();
  const engine::CausalResult& result = test.result;
  const bool is_edges = result.heads.empty();
  const engine::CausalNumbers control =
      row.control.value_or(engine::CausalNumbers{none, none, none});
  return {static_cast<qint64>(result.step),
          QString::fromStdString(result.name),
          QString::fromStdString(engine::headsText(result.heads)),
          groupText(row, groups),
          methodText(result),
          QString::fromStdString(test.sequences),
          static_cast<qint64>(row.n),
          result.chance,
          row.baseline.accuracy,
          row.intervened.accuracy,
          control.accuracy,
          row.control ? row.control_min : none,
          row.control ? row.control_max : none,
          row.kept.accuracy,
          optionalNumber(row.necessity),
          optionalNumber(row.control_necessity),
          optionalNumber(row.sufficiency),
          row.baseline.loss,
          row.intervened.loss,
          control.loss,
          row.kept.loss,
          row.baseline.logit_difference,
          row.intervened.logit_difference,
          control.logit_difference,
          row.kept.logit_difference,
          is_edges ? result.mass : none,
          is_edges ? result.control_mass : none,
          QString::number(result.seed),
          static_cast<qint64>(result.draws)};
}

}  // namespace

void addTests(std::vector<CausalRecord>& tests, const std::vector<CausalRecord>& more) {
  for (const CausalRecord& test : more) {
    const auto same = std::find_if(tests.begin(), tests.end(), [&](const CausalRecord& known) {
      return asksTheSame(known, test);
    });
    if (same == tests.end())
      tests.push_back(test);
    else
      *same = test;
  }
}

std::vector<CausalRecord> newestTests(const std::vector<CausalRecord>& tests) {
  std::vector<CausalRecord> newest;
  addTests(newest, tests);
  return newest;
}

QString methodText(const engine::CausalResult& result) {
  if (result.heads.empty())
    return result.renormalise ? tr("cut, renormalised") : tr("cut");
  if (result.from_step)
    return tr("step %1").arg(*result.from_step);
  return QString::fromLatin1(engine::methodName(result.method));
}

QString groupText(const CausalRow& row, const std::vector<core::GroupInfo>& groups) {
  return row.group < 0
             ? tr("all")
             : QString::fromStdString(groups.at(static_cast<std::size_t>(row.group)).name);
}

widgets::PrintedTable headTable(const std::vector<widgets::HeadRow>& rows, std::int64_t step,
                                const std::vector<CausalRecord>& tests) {
  widgets::PrintedTable table;
  table.title = tr("Heads at step %1").arg(widgets::formatInteger(step));
  table.columns = {tr("Head"), tr("Label")};
  table.is_number = {false, false};
  for (int i = 0; i < 6; ++i) {
    table.columns << widgets::labelTitle(static_cast<core::Label>(i));
    table.is_number.push_back(true);
  }
  table.columns << tr("Emerged") << tr("Necessity") << tr("Control");
  table.is_number.insert(table.is_number.end(), 3, true);
  bool has_tests = false;
  for (const widgets::HeadRow& row : rows) {
    QStringList texts{widgets::headName(row.layer, row.head), labelOf(row, step, tests)};
    for (const double lift : row.lifts)
      texts << widgets::formatScore(lift);
    texts << (row.emergence ? widgets::formatInteger(*row.emergence) : QStringLiteral("–"));
    const CausalRow* test = testOf(row, step, tests);
    has_tests = has_tests || test != nullptr;
    texts << (test != nullptr ? optionalScore(test->necessity) : QStringLiteral("–"))
          << (test != nullptr ? optionalScore(test->control_necessity) : QStringLiteral("–"));
    table.rows.push_back(std::move(texts));
  }
  table.note = rows.empty() ? tr("The run has no head scores at this step.")
               : has_tests
                   ? tr("Scores: lift over an untrained head (0) towards the ideal (1). Necessity: "
                        "share of the accuracy above chance lost without the head; control: "
                        "without another head.")
                   : tr("Scores: lift over an untrained head (0) towards the ideal (1). No head "
                        "was tested by ablation at this step.");
  return table;
}

widgets::NumberTable headNumbers(const std::vector<widgets::HeadRow>& rows, std::int64_t step,
                                 const std::vector<CausalRecord>& tests) {
  widgets::NumberTable table = widgets::taxonomyNumbers(rows, step);
  table.columns << QStringLiteral("necessity") << QStringLiteral("control_necessity");
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const CausalRow* test = testOf(rows[i], step, tests);
    table.rows[i].emplace_back(optionalNumber(test ? test->necessity : std::nullopt));
    table.rows[i].emplace_back(optionalNumber(test ? test->control_necessity : std::nullopt));
  }
  return table;
}

widgets::PrintedTable causalTable(const std::vector<CausalRecord>& tests,
                                  const std::vector<core::GroupInfo>& groups) {
  widgets::PrintedTable table;
  table.title = tr("Causal tests");
  table.columns = {tr("Step"),      tr("Without"),     tr("Method"),   tr("Sequences"),
                   tr("Group"),     tr("Baseline"),    tr("Accuracy"), tr("Control"),
                   tr("Necessity"), tr("Sufficiency"), tr("Loss"),     tr("Logit difference")};
  table.is_number = {true, false, false, false, false, true, true, true, true, true, true, true};
  const auto change = [](const QString& before, const QString& after) {
    return QStringLiteral("%1 → %2").arg(before, after);
  };
  for (const CausalRecord& test : tests) {
    for (const CausalRow& row : printedRows(test.result)) {
      table.rows.push_back(
          {widgets::formatInteger(test.result.step), QString::fromStdString(test.result.name),
           methodText(test.result), QString::fromStdString(test.sequences), groupText(row, groups),
           widgets::formatAccuracy(row.baseline.accuracy),
           widgets::formatAccuracy(row.intervened.accuracy),
           row.control ? widgets::formatAccuracy(row.control->accuracy) : QStringLiteral("–"),
           optionalScore(row.necessity), optionalScore(row.sufficiency),
           change(widgets::formatLoss(row.baseline.loss), widgets::formatLoss(row.intervened.loss)),
           change(widgets::formatScore(row.baseline.logit_difference),
                  widgets::formatScore(row.intervened.logit_difference))});
    }
  }
  table.note = tests.empty()
                   ? tr("The run has no causal tests: make one in the Inspector, or with anchorctl "
                        "intervene.")
                   : tr("Accuracy without the heads or edges, and without others of equal mass "
                        "(control). Necessity and sufficiency: docs/causal_tests.md.");
  return table;
}

widgets::NumberTable causalNumbers(const std::vector<CausalRecord>& tests,
                                   const std::vector<core::GroupInfo>& groups) {
  widgets::NumberTable table;
  table.title = QStringLiteral("Causal tests");
  table.columns = {"step",
                   "test",
                   "heads",
                   "group",
                   "method",
                   "sequences",
                   "n",
                   "chance",
                   "baseline",
                   "accuracy",
                   "control",
                   "control_min",
                   "control_max",
                   "kept",
                   "necessity",
                   "control_necessity",
                   "sufficiency",
                   "baseline_loss",
                   "loss",
                   "control_loss",
                   "kept_loss",
                   "baseline_logit_difference",
                   "logit_difference",
                   "control_logit_difference",
                   "kept_logit_difference",
                   "mass",
                   "control_mass",
                   "seed",
                   "draws"};
  for (const CausalRecord& test : tests) {
    table.rows.push_back(numbersOf(test, test.result.all, groups));
    for (const CausalRow& row : test.result.groups)
      table.rows.push_back(numbersOf(test, row, groups));
  }
  return table;
}

}  // namespace anchorlens::app
