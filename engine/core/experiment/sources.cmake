# SPDX-License-Identifier: GPL-3.0-or-later
target_sources(anchorlens_core PRIVATE
  experiment/arrange.cpp
  experiment/check.cpp
  experiment/check_memory.cpp
  experiment/check_parts.cpp
  experiment/completed.cpp
  experiment/composed_operation.cpp
  experiment/document.cpp
  experiment/edit_forms.cpp
  experiment/edit_held_out.cpp
  experiment/json_print.cpp
  experiment/json_text.cpp
  experiment/migration.cpp
  experiment/presets.cpp
  experiment/read_file.cpp
  experiment/reader.cpp
  experiment/rules.cpp
  experiment/run_shape.cpp
  experiment/set_field.cpp
  experiment/sha256.cpp
  experiment/suggest.cpp
  experiment/task_shape.cpp
  experiment/task_text.cpp
  experiment/text_checks.cpp
)

# The lists' order is that of docs/tasks.md.
include(EmbedFiles)
set(_presets
  demo identity reading-comprehension classification composite working-memory synonym
  recitation-forward recitation-reverse multi-anchor statistical
)
list(TRANSFORM _presets PREPEND ${PROJECT_SOURCE_DIR}/resources/presets/)
list(TRANSFORM _presets APPEND .json)
anchorlens_embed_texts(anchorlens_core embeddedPresets ${_presets})
set(_examples
  longer-anchor distant-anchor middle-word several-keys chain-in-random-order
  memory-and-reasoning induction
)
list(TRANSFORM _examples PREPEND ${PROJECT_SOURCE_DIR}/resources/examples/)
list(TRANSFORM _examples APPEND .json)
anchorlens_embed_texts(anchorlens_core embeddedExamples ${_examples})
