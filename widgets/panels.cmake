# SPDX-License-Identifier: GPL-3.0-or-later
# The docks' contents. Included by widgets/CMakeLists.txt.
target_sources(anchorlens_widgets PRIVATE
  panel_experiment.cpp
  panel_experiment_build.cpp
  panel_facts.cpp
  panel_field.cpp
  panel_form.cpp
  panel_form_task.cpp
  panel_form_training.cpp
  panel_inspector.cpp
  panel_list.cpp
  panel_pattern.cpp
  panel_runs.cpp
  panel_runs_delegate.cpp
  panel_samples.cpp
  panel_score_bars.cpp
  panel_text.cpp
)
