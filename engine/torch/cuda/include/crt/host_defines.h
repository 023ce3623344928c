// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// CUDA's headers mark their declarations for nvcc with these words, whose definitions are in a
// package that nothing else needs. A C++ compiler of the host takes what is below. Used only where
// CUDA's own file is not there.
#define CUDARTAPI
#define CUDARTAPI_CDECL
#define __host__
#define __device__
#define __global__
#define __shared__
#define __constant__
#define __managed__
#define __cudart_builtin__
#define __device_builtin__
#define __device_builtin_texture_type__
#define __device_builtin_surface_type__
#define __align__(n) __attribute__((aligned(n)))
#define __builtin_align__(n) __align__(n)
#define __forceinline__ __inline__ __attribute__((always_inline))
#define __no_return__ __attribute__((noreturn))
