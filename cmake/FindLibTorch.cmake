# SPDX-License-Identifier: GPL-3.0-or-later
# LibTorch as one imported target, anchorlens_libtorch: the C++ part of the `torch` wheel. Its own
# CMake package insists on a CUDA toolkit, which building does not need.
#
# Where: $LIBTORCH or -DANCHORLENS_LIBTORCH=/path/to/torch (the folder with include/ and lib/), else
# what packaging/setup put into the user's cache.
set(ANCHORLENS_TORCH_VERSION 2.11.0)
set(_cache "$ENV{XDG_CACHE_HOME}")
if(NOT _cache)
  set(_cache "$ENV{HOME}/.cache")
endif()
set(ANCHORLENS_LIBTORCH "" CACHE PATH "Folder with LibTorch's include/ and lib/")
if(ANCHORLENS_LIBTORCH)
  set(_torch "${ANCHORLENS_LIBTORCH}")
elseif(DEFINED ENV{LIBTORCH} AND NOT "$ENV{LIBTORCH}" STREQUAL "")
  set(_torch "$ENV{LIBTORCH}")
else()
  set(_torch "${_cache}/anchorlens/libtorch-${ANCHORLENS_TORCH_VERSION}/site-packages/torch")
endif()

foreach(_needed include/torch/headeronly/version.h include/ATen/ATen.h lib/libtorch_cpu.so lib/libc10.so)
  if(NOT EXISTS "${_torch}/${_needed}")
    message(FATAL_ERROR
      "LibTorch: ${_torch}/${_needed} is missing.\n"
      "Run packaging/setup, or say where LibTorch >= ${ANCHORLENS_TORCH_VERSION} is: "
      "LIBTORCH=/path/to/torch (the folder with include/ and lib/)."
    )
  endif()
endforeach()

file(STRINGS "${_torch}/include/torch/headeronly/version.h" _lines
  REGEX "define TORCH_VERSION_(MAJOR|MINOR|PATCH) "
)
string(REGEX REPLACE "[^0-9;]" "" ANCHORLENS_TORCH_FOUND "${_lines}")
list(JOIN ANCHORLENS_TORCH_FOUND "." ANCHORLENS_TORCH_FOUND)
if(ANCHORLENS_TORCH_FOUND VERSION_LESS ANCHORLENS_TORCH_VERSION)
  message(FATAL_ERROR "LibTorch ${ANCHORLENS_TORCH_FOUND} in ${_torch} is too old: "
    "${ANCHORLENS_TORCH_VERSION} or newer is needed.")
endif()
message(STATUS "LibTorch ${ANCHORLENS_TORCH_FOUND}: ${_torch}")
set(ANCHORLENS_TORCH_DIR "${_torch}")

add_library(anchorlens_libtorch INTERFACE)
target_include_directories(anchorlens_libtorch SYSTEM INTERFACE
  "${_torch}/include" "${_torch}/include/torch/csrc/api/include"
)
target_link_libraries(anchorlens_libtorch INTERFACE
  "${_torch}/lib/libtorch_cpu.so" "${_torch}/lib/libc10.so"
)
