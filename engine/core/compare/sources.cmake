# SPDX-License-Identifier: GPL-3.0-or-later
target_sources(anchorlens_core PRIVATE
  compare/assignment.cpp
  compare/comparable.cpp
  compare/match_heads.cpp
  compare/run_events.cpp
  compare/time_alignment.cpp
  compare/weights_at.cpp
)
