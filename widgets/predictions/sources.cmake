# SPDX-License-Identifier: GPL-3.0-or-later
# The Predictions tab. Included by widgets/CMakeLists.txt.
target_sources(anchorlens_widgets PRIVATE
  predictions/group_paint.cpp
  predictions/group_view.cpp
  predictions/group_view.h
  predictions/lens_view.cpp
  predictions/lens_view.h
  predictions/prediction_data.cpp
  predictions/prediction_figures.cpp
  predictions/prediction_list.cpp
  predictions/prediction_list.h
  predictions/prediction_paint.cpp
  predictions/predictions_view.cpp
  predictions/predictions_view.h
  predictions/probe_summary.cpp
  predictions/summary_paint.cpp
  predictions/summary_view.cpp
  predictions/summary_view.h
)
