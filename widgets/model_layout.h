// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/experiment.h"

#include <QPolygonF>
#include <QRectF>
#include <QSizeF>
#include <QString>

#include <vector>

/// Where the parts of a model stand in its drawing: pure values, from the embedding at the bottom
/// upwards. At the left runs the residual stream; blocks read from it and add to it.
namespace anchorlens::widgets {

/// One part that can be pointed at.
struct ModelBlock {
  enum class Kind {
    Plain,  ///< a box with a text and a note
    Heads,  ///< a row of small squares, `count` of them
    Label,  ///< text alone: the name of a layer
    Norm,   ///< a small box on a line
    Join,   ///< a sum on the stream
    Chip,   ///< a small text in the corner of a box
  };
  Kind kind = Kind::Plain;
  QString key;      ///< the same for the same part of another model: "layer 0/mlp"
  QString pointer;  ///< of the field that sets it
  QRectF box;
  QString text;
  QString note;
  QString name;  ///< in words, for people who cannot see it
  int count = 0;
  bool is_off = false;     ///< switched off: dashed
  bool is_looped = false;  ///< recurrent
};

struct ModelLine {
  QPolygonF points;
  bool has_arrow = false;
};

struct ModelLayout {
  std::vector<ModelBlock> blocks;  ///< in the order in which a sequence passes them
  std::vector<ModelLine> lines;
  std::vector<QRectF> layers;  ///< frames behind the blocks of a layer
  std::vector<QPointF> sums;   ///< sums that are no block: positions, and baselines' residuals
  QSizeF size;
};

/// `px`: size of the interface font. The height does not depend on the width. From three layers on
/// one stands for all ("x 10").
ModelLayout layoutModel(const core::ModelSpec& model, int d_vocab, int seq_len, double width,
                        double px);

}  // namespace anchorlens::widgets
