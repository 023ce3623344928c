// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/session/causal_record.h"
#include "widgets/figure/table_figure.h"
#include "widgets/taxonomy/label_spans.h"

#include <cstdint>
#include <vector>

/// Heads and causal tests as tables, for papers.
namespace anchorlens::app {

/// Of tests that ask the same (step, selection, method, sequences) the one made last.
std::vector<engine::CausalRecord> newestTests(const std::vector<engine::CausalRecord>& tests);

/// Score of every label, what the head is called (a "pattern" until a test at this step shows that
/// it is needed), when that emerged, and its necessity where it was tested.
widgets::PrintedTable headTable(const std::vector<widgets::HeadRow>& rows, std::int64_t step,
                                const std::vector<engine::CausalRecord>& tests);
/// taxonomyNumbers with necessity and control_necessity.
widgets::NumberTable headNumbers(const std::vector<widgets::HeadRow>& rows, std::int64_t step,
                                 const std::vector<engine::CausalRecord>& tests);

/// Over all sequences of each test.
widgets::PrintedTable causalTable(const std::vector<engine::CausalRecord>& tests);
widgets::NumberTable causalNumbers(const std::vector<engine::CausalRecord>& tests);

}  // namespace anchorlens::app
