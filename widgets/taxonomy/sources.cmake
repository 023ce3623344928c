# SPDX-License-Identifier: GPL-3.0-or-later
# The Heads tab. Included by widgets/CMakeLists.txt.
target_sources(anchorlens_widgets PRIVATE
  taxonomy/label_spans.cpp
  taxonomy/ribbon_chart.cpp
  taxonomy/ribbon_chart.h
  taxonomy/ribbon_figure.cpp
  taxonomy/taxonomy_view.cpp
  taxonomy/taxonomy_view.h
)
