// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/expected.h"
#include "engine/core/import/state_dict.h"
#include "engine/core/import/zip_reader.h"

#include <string>
#include <vector>

namespace anchorlens::core {

/// The tensors of the entries of a file of torch.save: of its pickle those of the dict at the top,
/// or of the one dict in it that has tensors (what some save with the optimiser beside it). Where
/// all names begin with what PyTorch's wrappers put there ("module.", "_orig_mod."), that is left
/// out.
Expected<std::vector<ForeignTensor>, std::string> tensorsOf(const std::vector<ZipEntry>& entries);

/// A tensor of a safetensors file; `tensor` must outlive it.
ForeignTensor wholeTensor(const Tensor& tensor);

}  // namespace anchorlens::core
