# SPDX-License-Identifier: GPL-3.0-or-later
target_sources(anchorlens_widgets PRIVATE
  compare/compare_canvas.cpp
  compare/compare_canvas.h
  compare/compare_curves.cpp
  compare/compare_curves.h
  compare/compare_figure.cpp
  compare/compare_layout.cpp
  compare/compare_paint.cpp
  compare/compare_view.cpp
  compare/compare_view.h
  compare/compared_runs.cpp
  compare/comparison.cpp
  compare/curves_layout.cpp
  compare/curves_paint.cpp
  compare/seed_numbers.cpp
  compare/seeds_paint.cpp
  compare/seeds_view.cpp
  compare/seeds_view.h
)
