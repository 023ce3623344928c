# SPDX-License-Identifier: GPL-3.0-or-later
# Studies: their form, the list of their runs, and their view. Included by widgets/CMakeLists.txt.
target_sources(anchorlens_widgets PRIVATE
  phase_map.cpp
  phase_view.cpp
  phase_view.h
  study_axis_row.cpp
  study_axis_row.h
  study_form.cpp
  study_form.h
  study_pick.cpp
  study_plot.cpp
  study_plot.h
  study_runs_model.cpp
  study_runs_model.h
  study_series.cpp
  study_strips.cpp
  study_strips.h
  study_text.cpp
  study_view.cpp
  study_view.h
  study_view_build.cpp
  study_view_choices.cpp
)
