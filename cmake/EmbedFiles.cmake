# SPDX-License-Identifier: GPL-3.0-or-later
# As a script (cmake -P): writes OUTPUT, a .cpp with the texts of FILES (separated by "|").
#   std::span<const EmbeddedText> LIST();   with one {name, text} a file
# As a module: anchorlens_embed_texts(target LIST files...) adds such a file to a target; it is
# written again when a file changes.
if(CMAKE_SCRIPT_MODE_FILE)
  string(REPLACE "|" ";" FILES "${FILES}")
  set(text "// Made from resource files by cmake/EmbedFiles.cmake; edit those.\n")
  string(APPEND text "#include \"engine/core/experiment/embedded_text.h\"\n\n")
  string(APPEND text "namespace anchorlens::core {\n\n")
  string(APPEND text "std::span<const EmbeddedText> ${LIST}() {\n")
  string(APPEND text "  static constexpr EmbeddedText kTexts[] = {\n")
  foreach(file IN LISTS FILES)
    get_filename_component(name "${file}" NAME_WE)
    file(READ "${file}" content)
    string(APPEND text "      {\"${name}\", R\"embedded(${content})embedded\"},\n")
  endforeach()
  string(APPEND text "  };\n  return kTexts;\n}\n\n}  // namespace anchorlens::core\n")
  file(WRITE "${OUTPUT}" "${text}")
  return()
endif()

set(ANCHORLENS_EMBED_SCRIPT "${CMAKE_CURRENT_LIST_FILE}")
function(anchorlens_embed_texts target list)
  set(output "${CMAKE_CURRENT_BINARY_DIR}/${list}.cpp")
  list(JOIN ARGN "|" joined)
  add_custom_command(
    OUTPUT "${output}"
    COMMAND "${CMAKE_COMMAND}" "-DLIST=${list}" "-DFILES=${joined}" "-DOUTPUT=${output}"
      -P "${ANCHORLENS_EMBED_SCRIPT}"
    DEPENDS ${ARGN} "${ANCHORLENS_EMBED_SCRIPT}"
    COMMENT "Embedding ${list}"
    VERBATIM
  )
  target_sources(${target} PRIVATE "${output}")
endfunction()
