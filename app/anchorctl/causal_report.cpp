// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorctl/causal_report.h"

#include "app/anchorctl/report.h"
#include "app/anchorctl/text_table.h"

#include <functional>

namespace anchorlens::ctl {
namespace {

using engine::CausalNumbers;
using engine::CausalRecord;
using engine::CausalResult;
using engine::CausalRow;
using Align = TextTable::Align;

std::string numberText(const std::optional<double>& value, int digits) {
  return value ? fixed(*value, digits) : "-";
}

std::string controlText(const CausalRow& row) {
  return row.control ? fixed(row.control->accuracy, 3) : "-";
}

/// "0.951 .. 1.000"
std::string rangeText(const CausalRow& row) {
  return row.control ? fixed(row.control_min, 3) + " .. " + fixed(row.control_max, 3) : "-";
}

std::string groupName(const CausalRow& row, const core::Task& task) {
  return row.group < 0 ? "all" : task.groups().at(static_cast<std::size_t>(row.group)).name;
}

std::string whatText(const CausalResult& result) {
  if (!result.edges.empty()) {
    std::string text = "cut: ";
    for (std::size_t i = 0; i < result.edges.size(); ++i) {
      text += (i > 0 ? ", " : "") + result.edges[i];
    }
    return text + " (" + fixed(result.edges_per_sequence, 2) + " edges in a sequence, attention " +
           fixed(result.mass, 2) + (result.renormalise ? ", rows scaled to 1 again)" : ")");
  }
  std::string how = engine::methodName(result.method);
  if (result.from_step) {
    how += ", step " + withSpaces(*result.from_step);
  }
  const std::string heads = engine::headsText(result.heads);
  const std::string name = result.name == heads ? heads : result.name + " = " + heads;
  return "heads: " + name + " (" + how + ")";
}

std::string controlLine(const CausalResult& result) {
  if (!result.no_control.empty()) {
    return "control: none. " + result.no_control;
  }
  const std::string what =
      result.edges.empty()
          ? "as many other heads"
          : "as many other edges of the same layers, attention " + fixed(result.control_mass, 2);
  return "control: " + what + ", mean of " + std::to_string(result.draws) +
         (result.draws == 1 ? " draw" : " draws");
}

std::vector<CausalRow> rowsOf(const CausalResult& result) {
  std::vector<CausalRow> rows = result.groups;
  if (rows.size() != 1) {
    rows.push_back(result.all);
  }
  return rows;
}

/// Two columns that say whose accuracies a row has, and those.
TextTable accuracyTable(const TextTable::Column& first, const TextTable::Column& second) {
  return TextTable({first,
                    second,
                    {"baseline", Align::Right},
                    {"intervened", Align::Right},
                    {"control", Align::Right},
                    {"control's range", Align::Right},
                    {"only these", Align::Right},
                    {"necessity", Align::Right},
                    {"of control", Align::Right},
                    {"sufficiency", Align::Right}});
}

std::vector<std::string> accuracyRow(const std::string& first, const std::string& second,
                                     const CausalRow& row) {
  return {first,
          second,
          fixed(row.baseline.accuracy, 3),
          fixed(row.intervened.accuracy, 3),
          controlText(row),
          rangeText(row),
          fixed(row.kept.accuracy, 3),
          numberText(row.necessity, 2),
          numberText(row.control_necessity, 2),
          numberText(row.sufficiency, 2)};
}

std::string measureTable(const CausalResult& result, const core::Task& task,
                         const std::string& title,
                         const std::function<double(const CausalNumbers&)>& measure) {
  TextTable table({{title, Align::Left},
                   {"baseline", Align::Right},
                   {"intervened", Align::Right},
                   {"control", Align::Right},
                   {"only these", Align::Right}});
  for (const CausalRow& row : rowsOf(result)) {
    table.addRow(
        {groupName(row, task), fixed(measure(row.baseline), 3), fixed(measure(row.intervened), 3),
         row.control ? fixed(measure(*row.control), 3) : "-", fixed(measure(row.kept), 3)});
  }
  return table.text();
}

}  // namespace

std::string causalText(const CausalRecord& record, const core::Task& task) {
  const CausalResult& result = record.result;
  std::string text = "step " + withSpaces(result.step) + ", " + withSpaces(result.all.n) + " " +
                     record.sequences + " sequences, chance " + fixed(result.chance, 3) +
                     ", seed " + std::to_string(result.seed) + "\n" + whatText(result) + "\n" +
                     controlLine(result) + "\n\n";
  TextTable table = accuracyTable({"accuracy", Align::Left}, {"n", Align::Right});
  for (const CausalRow& row : rowsOf(result)) {
    table.addRow(accuracyRow(groupName(row, task), withSpaces(row.n), row));
  }
  text += table.text() + "\n";
  text += measureTable(result, task, "loss", [](const auto& numbers) { return numbers.loss; });
  text += "\n" + measureTable(result, task, "logit difference",
                              [](const auto& numbers) { return numbers.logit_difference; });
  return text;
}

std::string causalTable(const std::vector<CausalRecord>& records) {
  TextTable table = accuracyTable({"ablated", Align::Left}, {"heads", Align::Left});
  for (const CausalRecord& record : records) {
    table.addRow(
        accuracyRow(record.result.name, engine::headsText(record.result.heads), record.result.all));
  }
  return table.text();
}

}  // namespace anchorlens::ctl
