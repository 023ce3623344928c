# SPDX-License-Identifier: GPL-3.0-or-later
target_sources(anchorlens_core PRIVATE
  study/check_runs.cpp
  study/edit_study.cpp
  study/member_facts.cpp
  study/member_text.cpp
  study/plan_study.cpp
  study/range_values.cpp
  study/results_tables.cpp
  study/study_document.cpp
  study/study_results.cpp
)
