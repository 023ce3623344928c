# SPDX-License-Identifier: GPL-3.0-or-later
# The docks' contents. Included by widgets/CMakeLists.txt.
target_sources(anchorlens_widgets PRIVATE
  model_block_button.cpp
  model_block_button.h
  model_drawing.cpp
  model_drawing.h
  model_layout.cpp
  panel_causal.cpp
  panel_experiment.cpp
  panel_experiment_build.cpp
  panel_experiment_facts.cpp
  panel_facts.cpp
  panel_field.cpp
  panel_field_problems.cpp
  panel_form.cpp
  panel_form_task.cpp
  panel_form_training.cpp
  panel_inspector.cpp
  panel_list.cpp
  completing_edit.cpp
  panel_pattern.cpp
  panel_runs.cpp
  panel_runs_delegate.cpp
  panel_samples.cpp
  panel_score_bars.cpp
  panel_text.cpp
  pattern_picture.cpp
  pattern_picture.h
  preset_card.cpp
  preset_gallery.cpp
  preset_gallery.h
  record_ticks.cpp
  record_ticks.h
  schedule_curve.cpp
  schedule_curve.h
  preset_box.cpp
)
