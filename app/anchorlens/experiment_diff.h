// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/experiment.h"

#include <QString>
#include <QStringList>

namespace anchorlens::app {

/// What of an experiment differs from another one, one entry a field, in the order of the file.
QStringList experimentDifferences(const core::ExperimentSpec& before,
                                  const core::ExperimentSpec& after);

/// What of an experiment differs from another one, in the order of the file: "seed 1 → 3",
/// "layers 2 → 1, lr 0.0002 → 0.02". Names, devices and kernels do not count. Empty: the same.
QString experimentDifference(const core::ExperimentSpec& before, const core::ExperimentSpec& after);

}  // namespace anchorlens::app
