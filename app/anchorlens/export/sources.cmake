# SPDX-License-Identifier: GPL-3.0-or-later
# Taking pictures and files out of the window. Included by app/anchorlens/CMakeLists.txt.
target_sources(anchorlens_app PRIVATE
  export/animation.cpp
  export/attention_kinds.cpp
  export/causal_tables.cpp
  export/compare_kind.cpp
  export/export_dialog.cpp
  export/export_dialog_build.cpp
  export/export_kind.cpp
  export/export_worker.cpp
  export/figure_material.cpp
  export/figure_preview.cpp
  export/file_kinds.cpp
  export/flow_kinds.cpp
  export/head_kinds.cpp
  export/prediction_kinds.cpp
  export/render_command.cpp
  export/render_options.cpp
  export/run_material.cpp
  export/seeds_kind.cpp
  export/step_list.cpp
  export/study_kinds.cpp
  export/study_options.cpp
  export/time_kinds.cpp
  export/untested.cpp
  export/view_options.cpp
  export/weights_kinds.cpp
  export/window_material.cpp
)
