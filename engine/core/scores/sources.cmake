# SPDX-License-Identifier: GPL-3.0-or-later
target_sources(anchorlens_core PRIVATE
  scores/head_scores.cpp
  scores/head_sums.cpp
  scores/labels.cpp
  scores/probe_cells.cpp
  scores/score_heads.cpp
  scores/score_task.cpp
)
