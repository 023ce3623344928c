# SPDX-License-Identifier: GPL-3.0-or-later
# The Composer: cards that edit one document.
target_sources(anchorlens_widgets PRIVATE
  composer/composer_card.cpp
  composer/composer_card.h
)
