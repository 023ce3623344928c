# SPDX-License-Identifier: GPL-3.0-or-later
# Compiler settings as targets: link anchorlens_warnings (PRIVATE) from every target of ours.
add_library(anchorlens_warnings INTERFACE)
target_compile_options(anchorlens_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wnon-virtual-dtor -Woverloaded-virtual
  -Wold-style-cast $<$<BOOL:${ANCHORLENS_WERROR}>:-Werror>
  # GCC 12 sees overlaps where there are none when it inlines std::string at -O3 (its bug 105651).
  $<$<AND:$<CONFIG:Release>,$<CXX_COMPILER_ID:GNU>>:-Wno-restrict>
)

if(ANCHORLENS_ASSERTIONS)
  string(REPLACE "-DNDEBUG" "" CMAKE_CXX_FLAGS_RELWITHDEBINFO "${CMAKE_CXX_FLAGS_RELWITHDEBINFO}")
  string(REPLACE "-DNDEBUG" "" CMAKE_CXX_FLAGS_RELEASE "${CMAKE_CXX_FLAGS_RELEASE}")
endif()
# Line tables only: full debug information of Torch and Qt headers costs most of the build time.
string(REPLACE "-g " "-g1 " CMAKE_CXX_FLAGS_RELWITHDEBINFO "${CMAKE_CXX_FLAGS_RELWITHDEBINFO} ")

if(ANCHORLENS_SANITIZE)
  # At -O1 and without a check of every pointer a file takes half as long to compile. AddressSanitizer
  # reports a null pointer that is read all the same; engine/ has these checks, too. GCC 12 sees
  # uninitialised members of std::variant where there are none when it does not inline.
  add_compile_options(-O1 -fsanitize=address,undefined -fno-sanitize=null,alignment
    -fno-omit-frame-pointer -Wno-maybe-uninitialized)
  add_link_options(-fsanitize=address,undefined)
endif()

find_program(ANCHORLENS_CCACHE ccache)
if(ANCHORLENS_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  # Precompiled headers carry time stamps: tell ccache to look at their contents instead.
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env
    CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
    ${ANCHORLENS_CCACHE}
  )
endif()
