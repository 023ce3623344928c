# SPDX-License-Identifier: GPL-3.0-or-later
target_sources(anchorlens_core PRIVATE
  study/check_runs.cpp
  study/edit_study.cpp
  study/member_facts.cpp
  study/member_problem.cpp
  study/member_text.cpp
  study/mirror_pairs.cpp
  study/phase_diagram.cpp
  study/plan_study.cpp
  study/range_values.cpp
  study/results_npz.cpp
  study/results_parts.cpp
  study/results_tables.cpp
  study/run_numbers.cpp
  study/shipped_studies.cpp
  study/study_document.cpp
  study/study_numbers.cpp
  study/study_results.cpp
)

# The lists' order is that of resources/studies/README.md; each study has a fast twin.
set(_studies)
foreach(_study
  identity-size depth-and-shift shift-direction recitation two-or-ten-anchors synonym
  statistical same-or-different composite-depth initial-scale scale-and-depth components output-and-positions
)
  list(APPEND _studies
    ${PROJECT_SOURCE_DIR}/resources/studies/${_study}.json
    ${PROJECT_SOURCE_DIR}/resources/studies/${_study}-fast.json
  )
endforeach()
anchorlens_embed_texts(anchorlens_core embeddedStudies ${_studies})
