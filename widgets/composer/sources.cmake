# SPDX-License-Identifier: GPL-3.0-or-later
# The Composer: cards that edit one document.
target_sources(anchorlens_widgets PRIVATE
  composer/anchor_row.cpp
  composer/anchor_row.h
  composer/anchors_card.cpp
  composer/anchors_card.h
  composer/anchors_card_keys.cpp
  composer/composer_card.cpp
  composer/composer_card.h
  composer/field_row.cpp
  composer/field_row.h
  composer/held_out_card.cpp
  composer/held_out_card.h
  composer/held_out_card_problems.cpp
  composer/interval_bar.cpp
  composer/interval_bar.h
  composer/key_section.cpp
  composer/key_section.h
  composer/pair_matrix.cpp
  composer/pair_matrix.h
  composer/pair_matrix_input.cpp
  composer/pair_matrix_paint.cpp
  composer/pair_section.cpp
  composer/pair_section.h
  composer/pair_section_cells.cpp
  composer/problem_line.cpp
  composer/problem_line.h
  composer/residue_grid.cpp
  composer/residue_grid.h
  composer/residue_row.cpp
  composer/residue_row.h
  composer/rule_rows.cpp
  composer/tab_order.cpp
  composer/token_chip.cpp
  composer/token_chip.h
  composer/variables_row.cpp
)
