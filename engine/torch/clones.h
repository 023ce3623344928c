// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

/// One binary for AVX2 and AVX-512: the compiler makes a version of the function for each, the
/// loader takes the one for the CPU at hand. The sanitizers' runtime is not ready when the loader
/// chooses, so there is none under them.
#if defined(__x86_64__) && !defined(__SANITIZE_ADDRESS__)
#define ANCHORLENS_CLONES \
  __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define ANCHORLENS_CLONES
#endif
