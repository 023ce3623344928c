# SPDX-License-Identifier: GPL-3.0-or-later
add_subdirectory(panels)
include(composer/cards.cmake)
