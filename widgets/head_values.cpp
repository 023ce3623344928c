// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/head_values.h"

#include "widgets/number_format.h"
#include "widgets/weights/diverging_map.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>
#include <utility>

namespace anchorlens::widgets {

namespace {

/// Largest size of an allowed cell.
double largest(const HeadMapData& data) {
  double most = 0;
  for (int reader = 0; reader < data.length; ++reader) {
    for (int source = 0; source < data.length; ++source) {
      if (data.allows({reader, source})) {
        most = std::max(most, std::abs(static_cast<double>(data.at({reader, source}))));
      }
    }
  }
  return most;
}

void subtractUntrained(HeadMapData& data) {
  for (int reader = 0; reader < data.length; ++reader) {
    for (int source = 0; source < data.length; ++source) {
      const Cell cell{reader, source};
      float& value = data.pattern[data.index(cell)];
      value = data.allows(cell) ? static_cast<float>(value - data.untrained(reader)) : 0.0F;
    }
  }
}

double commonEnd(HeadValues values, const std::vector<HeadMapData>& maps) {
  if (values == HeadValues::Difference || isAttention(values)) {
    return 1;
  }
  double end = 0;
  for (const HeadMapData& map : maps) {
    end = std::max(end, largest(map));
  }
  return end > 0 ? end : 1;
}

double unitOf(double end) {
  const bool is_plain = (end >= 0.1 && end < 1000) || !std::isfinite(end);
  return is_plain ? 1 : std::pow(10.0, std::floor(std::log10(end)));
}

}  // namespace

QString headValuesName(HeadValues values) {
  const auto tr = [](const char* text) {
    return QCoreApplication::translate("AttentionView", text);
  };
  switch (values) {
    case HeadValues::Attention:
      return tr("Attention");
    case HeadValues::Difference:
      return tr("Difference to untrained");
    case HeadValues::Weighted:
      return tr("Value-weighted");
    case HeadValues::Scores:
      return tr("Scores before softmax");
    case HeadValues::LayerMean:
      return tr("Mean of the layer");
    case HeadValues::AllMean:
      return tr("Mean of all heads");
  }
  return {};
}

bool needWeights(HeadValues values) {
  return values == HeadValues::Weighted || values == HeadValues::Scores;
}

bool isAttention(HeadValues values) {
  return values != HeadValues::Difference && !needWeights(values);
}

QRgb colourOn(const MapScale& scale, double value, ColourMap map, bool is_dark) {
  const double share = value / scale.end;
  return scale.is_signed ? divergingColourAt(share, is_dark) : colourAt(map, share);
}

QString formatMapValue(double value) {
  const double size = std::abs(value);
  const QString text = size < 1.005 ? formatCell(size)
                       : size < 10  ? QString::number(size, 'f', 1)
                                    : QString::number(size, 'f', 0);
  return value < 0 && text != QLatin1String("0") ? kMinus + text : text;
}

MapScale scaleFor(const HeadReading& reading, const HeadMapData& data,
                  const HeadMapOptions& options) {
  if (isAttention(reading.values)) {
    return {false, scaleEnd(data, options), 0.05};
  }
  const double own = largest(data);
  const double end = options.per_head && own > 0 ? own : reading.common_end;
  return {reading.values != HeadValues::Weighted, end, 0.05 * reading.common_end, unitOf(end)};
}

HeadPictures makePictures(HeadValues values, std::vector<HeadMapData> attention,
                          const std::vector<std::vector<float>>& cells) {
  HeadPictures pictures;
  pictures.readings.resize(attention.size());
  pictures.maps = std::move(attention);
  for (std::size_t i = 0; i < pictures.maps.size() && !isAttention(values); ++i) {
    HeadMapData& map = pictures.maps[i];
    pictures.readings[i].values = values;
    pictures.readings[i].attention = map.pattern;
    if (values == HeadValues::Difference) {
      subtractUntrained(map);
    } else {
      map.pattern = cells.at(i);
    }
  }
  const double end = commonEnd(values, pictures.maps);
  for (HeadReading& reading : pictures.readings) {
    reading.common_end = end;
  }
  return pictures;
}

HeadMapData meanOfHeads(std::span<const HeadMapData> maps) {
  if (maps.empty()) {
    return {};
  }
  HeadMapData mean = maps.front();
  const auto add = [](std::vector<float>& to, const std::vector<float>& other) {
    for (std::size_t i = 0; i < to.size() && i < other.size(); ++i) {
      to[i] += other[i];
    }
  };
  for (const HeadMapData& other : maps.subspan(1)) {
    add(mean.pattern, other.pattern);
    add(mean.mean, other.mean);
  }
  const auto n = static_cast<float>(maps.size());
  for (std::vector<float>* cells : {&mean.pattern, &mean.mean}) {
    for (float& value : *cells) {
      value /= n;
    }
  }
  return mean;
}

double rowEntropy(std::span<const float> row) {
  double bits = 0;
  for (const float a : row) {
    if (a > 0) {
      bits -= static_cast<double>(a) * std::log2(static_cast<double>(a));
    }
  }
  return bits > 0 ? bits : 0;
}

double rowEntropy(const HeadMapData& data, const HeadReading& reading, int reader) {
  const std::span<const float> attention(reading.attention.empty() ? data.pattern
                                                                   : reading.attention);
  return rowEntropy(
      attention.subspan(data.index({reader, 0}), static_cast<std::size_t>(data.length)));
}

}  // namespace anchorlens::widgets
