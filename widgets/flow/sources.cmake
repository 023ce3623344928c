# SPDX-License-Identifier: GPL-3.0-or-later
# The Flow tab. Included by widgets/CMakeLists.txt.
target_sources(anchorlens_widgets PRIVATE
  flow/flow_canvas.cpp
  flow/flow_canvas.h
  flow/flow_figure.cpp
  flow/flow_graph.cpp
  flow/flow_paint.cpp
  flow/flow_routes.cpp
  flow/flow_view.cpp
  flow/flow_view.h
  flow/path_list.cpp
  flow/path_list.h
  flow/ribbon_raster.cpp
)
