// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// What the engine uses of LibTorch: tensors and autograd, without the modules and optimisers of
// torch/torch.h, which cost twice the time to compile. Precompiled.
#include <ATen/ATen.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/csrc/autograd/generated/variable_factories.h>
#include <torch/csrc/autograd/variable.h>
