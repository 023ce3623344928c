# SPDX-License-Identifier: GPL-3.0-or-later
# Pictures as files. Included by widgets/CMakeLists.txt.
target_sources(anchorlens_widgets PRIVATE
  figure/curves_figure.cpp
  figure/figure.cpp
  figure/figure_field.cpp
  figure/figure_files.cpp
  figure/gif_file.cpp
  figure/heads_figure.cpp
  figure/study_figures.cpp
  figure/table_figure.cpp
  figure/time_marks_lane.cpp
  figure/time_view.cpp
)
