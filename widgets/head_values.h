// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/head_map.h"

#include <QString>

#include <memory>
#include <span>
#include <vector>

/// What the cells of the Attention tab hold: attention itself, or what is made of it. A is the
/// attention of a reader's row, n the number of sources that the row sees.
namespace anchorlens::widgets {

enum class HeadValues {
  Attention,
  Difference,  ///< A - 1/n: to a head that was never trained; -1 to +1
  Weighted,    ///< A * || v W_O ||: engine::InspectOutput::weighted
  Scores,      ///< scaled, before softmax: engine::InspectOutput::scores
  LayerMean,   ///< the large head is the mean attention of the heads of its layer
  AllMean,     ///< of all heads
};
inline constexpr int kHeadValues = 6;

QString headValuesName(HeadValues values);
/// Not in the frames: computed from the weights.
bool needWeights(HeadValues values);
/// Attention, whoever's mean: drawn from 0 to 1, and as lines too.
bool isAttention(HeadValues values);

/// What the colours of a map run over: 0 to end, or -end to +end with the diverging map.
struct MapScale {
  bool is_signed = false;
  double end = 1;
  double printed_from = 0.05;  ///< values of at least this size are printed
  /// A power of ten that cells and bar are printed in, where two places would show them as nothing
  /// or take too much room; the bar names it.
  double unit = 1;
};
QRgb colourOn(const MapScale& scale, double value, ColourMap map, bool is_dark);
/// In a cell or at the colour bar: ".93", "−.12", "3.4", "12".
QString formatMapValue(double value);

/// How a map is to be read whose cells are not (only) one head's attention.
struct HeadReading {
  HeadValues values = HeadValues::Attention;
  double common_end = 1;         ///< of the colours of all heads
  std::vector<float> attention;  ///< as HeadMapData::pattern; empty: the pattern is it
  int n_averaged = 0;            ///< heads
};
MapScale scaleFor(const HeadReading& reading, const HeadMapData& data,
                  const HeadMapOptions& options);
/// Beside the colour bar: "per head", "× 0.001", both, or nothing.
QString scaleNote(const MapScale& scale, const HeadMapOptions& options);

void paintHeadMap(QPainter& painter, const HeadMapLayout& layout, const HeadMapData& data,
                  const HeadMapOptions& options, const Theme& theme, const MapScale& scale);
void paintHeadCells(QPainter& painter, const QRectF& area, const HeadMapData& data,
                    const HeadMapOptions& options, const Theme& theme, const MapScale& scale);

void paintColourBar(QPainter& painter, const QRectF& bar, const MapScale& scale,
                    const HeadMapOptions& options, const Theme& theme);

/// Heads at a step that were computed from the weights.
struct EvaluatedHeads {
  HeadValues values = HeadValues::Attention;
  int n_layers = 0;
  int n_heads = 0;
  std::vector<HeadMapData> maps;  ///< [layer * n_heads + head]: attention
  /// As maps[i].pattern: the values; empty unless needWeights(values).
  std::vector<std::vector<float>> cells;
};
using EvaluatedPtr = std::shared_ptr<const EvaluatedHeads>;

/// Maps of `values` and how to read them; [layer * n_heads + head].
struct HeadPictures {
  std::vector<HeadMapData> maps;
  std::vector<HeadReading> readings;
};
/// From maps of attention. `cells`: see EvaluatedHeads. The means are left to meanOfHeads.
HeadPictures makePictures(HeadValues values, std::vector<HeadMapData> attention,
                          const std::vector<std::vector<float>>& cells);
/// The mean of maps of one shape, cell by cell, in the first one's place.
HeadMapData meanOfHeads(std::span<const HeadMapData> maps);

/// "0.31", "−1.20"; what two places after the point would show as nothing has two digits that tell
/// something.
QString formatWeighted(double value);

/// Shannon entropy of a row of attention, in bits: 0 reads one source, log2 n reads all alike.
double rowEntropy(std::span<const float> row);
double rowEntropy(const HeadMapData& data, const HeadReading& reading, int reader);

/// "Layer 1  Head 0", "Layer 1, mean of 4 heads", "Mean of all 8 heads", and what the cells are.
QString readingTitle(const HeadMapData& data, const HeadReading& reading);
QString cellDescription(const HeadMapData& data, const HeadReading& reading, Cell cell);
CellTip cellTip(const HeadMapData& data, const HeadReading& reading, Cell cell);
/// Values, attention and the entropy of each row.
NumberTable readingNumbers(const HeadMapData& data, const HeadReading& reading);

}  // namespace anchorlens::widgets
