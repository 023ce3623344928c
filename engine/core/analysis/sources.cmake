# SPDX-License-Identifier: GPL-3.0-or-later
target_sources(anchorlens_core PRIVATE
  analysis/circuits.cpp
  analysis/embedding_pca.cpp
  analysis/matrix.cpp
  analysis/model_weights.cpp
  analysis/row_statistics.cpp
  analysis/run_weights.cpp
  analysis/weight_arrays.cpp
)
target_link_libraries(anchorlens_core PRIVATE Eigen3::Eigen)
