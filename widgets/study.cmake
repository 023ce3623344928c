# SPDX-License-Identifier: GPL-3.0-or-later
# Studies: their form and the list of their runs. Included by widgets/CMakeLists.txt.
target_sources(anchorlens_widgets PRIVATE
  study_axis_row.cpp
  study_axis_row.h
  study_form.cpp
  study_form.h
  study_runs_model.cpp
  study_runs_model.h
)
