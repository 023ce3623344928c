# SPDX-License-Identifier: GPL-3.0-or-later
# The Composer: cards that edit one document.
target_sources(anchorlens_widgets PRIVATE
  composer/anchors_card.cpp
  composer/anchors_card.h
  composer/composer_card.cpp
  composer/composer_card.h
  composer/held_out_card.cpp
  composer/held_out_card.h
)
