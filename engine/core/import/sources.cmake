# SPDX-License-Identifier: GPL-3.0-or-later
target_sources(anchorlens_core PRIVATE
  import/export_weights.cpp
  import/foreign_names.cpp
  import/import_logs.cpp
  import/import_plan.cpp
  import/import_shape.cpp
  import/npy_reader.cpp
  import/paper_config.cpp
  import/paper_task.cpp
  import/pickle_names.cpp
  import/pickle_reader.cpp
  import/state_dict.cpp
  import/state_dict_tensors.cpp
  import/to_native.cpp
  import/zip_reader.cpp
)
