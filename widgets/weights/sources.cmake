# SPDX-License-Identifier: GPL-3.0-or-later
target_sources(anchorlens_widgets PRIVATE
  weights/diverging_map.cpp
  weights/make_plots.cpp
  weights/plot_board.cpp
  weights/plot_board.h
  weights/plot_data.cpp
  weights/plot_paint.cpp
  weights/plot_paint_lines.cpp
  weights/plot_paint_matrix.cpp
  weights/plot_paint_points.cpp
  weights/plot_view.cpp
  weights/plot_view.h
  weights/weights_controls.cpp
  weights/weights_figure.cpp
  weights/weights_picture.cpp
  weights/weights_view.cpp
  weights/weights_view.h
)
