# SPDX-License-Identifier: GPL-3.0-or-later
foreach(name anchors_card held_out_card held_out_pairs)
  anchorlens_add_test(tst_${name} LABELS gui SOURCES composer/tst_${name}.cpp LIBS anchorlens::widgets)
endforeach()

# Pictures of the cards for looking at; not a test.
add_executable(card_gallery EXCLUDE_FROM_ALL composer/card_gallery.cpp)
set_target_properties(card_gallery PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tests)
target_link_libraries(card_gallery PRIVATE anchorlens::widgets anchorlens_warnings)
