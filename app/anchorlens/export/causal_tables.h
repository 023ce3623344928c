// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/session/causal_record.h"
#include "widgets/figure/table_figure.h"
#include "widgets/taxonomy/label_spans.h"

#include <cstdint>
#include <vector>

/// Heads and causal tests as tables, for papers.
namespace anchorlens::app {

/// Adds tests; one that asks the same as another (step, selection, method, sequences) takes its
/// place.
void addTests(std::vector<engine::CausalRecord>& tests,
              const std::vector<engine::CausalRecord>& more);
/// Of tests that ask the same the one made last.
std::vector<engine::CausalRecord> newestTests(const std::vector<engine::CausalRecord>& tests);

/// "zero", "cut, renormalised", "step 1500": what is done to the heads or edges.
QString methodText(const engine::CausalResult& result);
/// "all", or the group's name.
QString groupText(const engine::CausalRow& row, const std::vector<core::GroupInfo>& groups);

/// Score of every label, what the head is called (a "pattern" until a test at this step shows that
/// it is needed), when that emerged, and its necessity where it was tested.
widgets::PrintedTable headTable(const std::vector<widgets::HeadRow>& rows, std::int64_t step,
                                const std::vector<engine::CausalRecord>& tests);
/// taxonomyNumbers with necessity and control_necessity.
widgets::NumberTable headNumbers(const std::vector<widgets::HeadRow>& rows, std::int64_t step,
                                 const std::vector<engine::CausalRecord>& tests);

/// Of each test all sequences and, where it has several, every group. `groups` are the task's.
widgets::PrintedTable causalTable(const std::vector<engine::CausalRecord>& tests,
                                  const std::vector<core::GroupInfo>& groups);
/// Of each test all sequences, then every group.
widgets::NumberTable causalNumbers(const std::vector<engine::CausalRecord>& tests,
                                   const std::vector<core::GroupInfo>& groups);

}  // namespace anchorlens::app
