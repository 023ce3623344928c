// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/task/error_list.h"
#include "engine/core/task/plan.h"

/// The steps of Task::compile, in their order. Each reads `plan.spec`, adds to the plan and reports
/// what is wrong. Private to the task.
namespace anchorlens::core {

/// seq_len, d_vocab, noise. False without a vocabulary: then every token would be an error.
bool readVocabulary(TaskPlan& plan, ErrorList& errors);
/// Rows of `anchors`: operations, synonyms resolved.
void readOperations(TaskPlan& plan, ErrorList& errors);
/// Compiles one operation text that is not a synonym.
std::optional<OperationPlan> readOperation(const Operation& operation, int token);
/// Patterns: symbols, roles, target. Needs operations.
void readForms(TaskPlan& plan, ErrorList& errors);
/// One form's symbols and their ranges.
void readSymbols(TaskPlan& plan, FormPlan& form, ErrorList& errors);
/// One form's target. Needs its symbols.
void readTarget(TaskPlan& plan, FormPlan& form, ErrorList& errors);
/// Which anchors and keys belong together (docs/groups.md, "Pairs"). Needs the target.
void findJoins(FormPlan& form);
/// One form's combinations of anchors. Needs its target.
void readCombinations(const TaskPlan& plan, FormPlan& form, ErrorList& errors);
/// Rules and relabelled combinations, as every form sees them. Needs forms.
void readRules(TaskPlan& plan, ErrorList& errors);
void readRelabel(TaskPlan& plan, ErrorList& errors);

/// Cells: forms at lengths, with their placements; what tokens a shifted key reaches.
void makeCells(TaskPlan& plan, ErrorList& errors);
/// Results within the vocabulary; fills in result_min and result_max.
void checkRanges(TaskPlan& plan, ErrorList& errors);
/// Marks the forms of which two readings of the same tokens may exist.
void markOverlaps(TaskPlan& plan);
/// The answer and the split must follow from the tokens.
void checkDetermined(const TaskPlan& plan, ErrorList& errors);
/// Which combinations have trained and held-out keys; an error when nothing is left on a side.
void findSplits(TaskPlan& plan, ErrorList& errors);
/// Placements in which certain anchors never have one answer, whatever keys and noise are.
void findDeadPlacements(TaskPlan& plan);
/// Groups, and what may be drawn for each.
void makeGroups(TaskPlan& plan);
void makePools(TaskPlan& plan);
/// Look-up tables for drawing.
void makeKeyTests(TaskPlan& plan);
void makeAnswerTables(TaskPlan& plan);
void findPairs(TaskPlan& plan);
/// Chance, ceilings, notes.
void analyse(TaskPlan& plan);

}  // namespace anchorlens::core
