// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/figure_parts.h"
#include "widgets/npz.h"
#include "widgets/weights/figure_weights.h"

#include <string_view>

namespace anchorlens::widgets {

namespace {

/// The maps that a figure shows, in order.
std::vector<const HeadMapData*> shownMaps(const FigureRequest& request) {
  std::vector<const HeadMapData*> maps;
  const bool is_over_time = request.item == FigureItem::AllHeadsOverTime;
  const std::size_t n = is_over_time ? request.heads.size() : 1;
  for (std::size_t i = 0; i < n; ++i) {
    for (const HeadMapData& map : request.heads[i].maps) {
      const bool is_wanted = request.item != FigureItem::SelectedHead ||
                             (map.layer == request.layer && map.head == request.head);
      if (is_wanted) {
        maps.push_back(&map);
      }
    }
  }
  return maps;
}

void addMaps(NpzWriter& npz, const FigureRequest& request) {
  const std::vector<const HeadMapData*> maps = shownMaps(request);
  const bool is_one = request.item == FigureItem::SelectedHead;
  const FigureHeads& first = request.heads.front();
  const HeadMapData& map = *maps.front();
  const std::int64_t layers = is_one ? 1 : first.n_layers;
  const std::int64_t heads = is_one ? 1 : first.n_heads;
  std::vector<std::int64_t> steps;
  std::vector<float> pattern;
  for (std::size_t i = 0; i < maps.size(); ++i) {
    if (i % static_cast<std::size_t>(layers * heads) == 0) {
      steps.push_back(maps[i]->step);
    }
    pattern.insert(pattern.end(), maps[i]->pattern.begin(), maps[i]->pattern.end());
  }
  const auto n = static_cast<std::int64_t>(steps.size());
  npz.add(QStringLiteral("step"), {n}, steps);
  npz.add(QStringLiteral("pattern"), {n, layers, heads, map.length, map.length}, pattern);
  if (is_one) {
    npz.add(QStringLiteral("layer"), {}, std::vector<std::int64_t>{request.layer});
    npz.add(QStringLiteral("head"), {}, std::vector<std::int64_t>{request.head});
  }
  QStringList tokens;
  QStringList roles;
  for (const TokenText& token : map.tokens) {
    tokens << token.text;
    roles << (token.role == TokenRole::Anchor ? QStringLiteral("anchor")
              : token.role == TokenRole::Key  ? QStringLiteral("key")
                                              : QStringLiteral("noise"));
  }
  npz.add(QStringLiteral("token"), {map.length}, tokens);
  npz.add(QStringLiteral("role"), {map.length}, roles);
}

/// Every column of a table as an array of its own.
void addTable(NpzWriter& npz, const NumberTable& table) {
  const auto n = static_cast<std::int64_t>(table.rows.size());
  for (qsizetype column = 0; column < table.columns.size(); ++column) {
    const auto c = static_cast<std::size_t>(column);
    std::vector<std::int64_t> integers;
    std::vector<double> numbers;
    QStringList texts;
    for (const auto& row : table.rows) {
      if (const auto* integer = std::get_if<qint64>(&row[c])) {
        integers.push_back(*integer);
      } else if (const auto* number = std::get_if<double>(&row[c])) {
        numbers.push_back(*number);
      } else {
        texts << std::get<QString>(row[c]);
      }
    }
    const QString& name = table.columns[column];
    if (!integers.empty()) {
      npz.add(name, {n}, integers);
    } else if (!numbers.empty()) {
      npz.add(name, {n}, numbers);
    } else {
      npz.add(name, {n}, texts);
    }
  }
}

void addScores(NpzWriter& npz, const RunHistory& history) {
  const auto& heads = history.headSeries();
  const std::size_t frames = heads.front().steps.size();
  std::vector<std::int64_t> steps;
  std::vector<double> lifts;
  QStringList labels;
  for (std::size_t frame = 0; frame < frames; ++frame) {
    steps.push_back(static_cast<std::int64_t>(heads.front().steps[frame]));
    for (const HeadSeries& head : heads) {
      for (const auto& values : head.lifts) {
        lifts.push_back(values[frame]);
      }
    }
  }
  for (int i = 0; i < 6; ++i) {
    const std::string_view name = core::labelName(static_cast<core::Label>(i));
    labels << QString::fromUtf8(name.data(), static_cast<qsizetype>(name.size()));
  }
  const auto n = static_cast<std::int64_t>(frames);
  npz.add(QStringLiteral("step"), {n}, steps);
  npz.add(QStringLiteral("lift"), {n, history.layers(), history.heads(), 6}, lifts);
  npz.add(QStringLiteral("score"), {6}, labels);
}

/// Matrices as matrices, points and lines by their columns.
void addPlots(NpzWriter& npz, const FigureRequest& request) {
  npz.add(QStringLiteral("step"), {}, std::vector<std::int64_t>{request.weights->step});
  for (const PlotPtr& plot : figurePlots(request)) {
    const QString id = plot->id;
    if (const MatrixPlot* matrix = plot->matrix()) {
      npz.add(id, {matrix->rows, matrix->cols}, matrix->values);
      QStringList rows;
      QStringList cols;
      for (const TokenText& label : matrix->row_labels) {
        rows << label.text;
      }
      for (const TokenText& label : matrix->col_labels) {
        cols << label.text;
      }
      npz.add(id + QStringLiteral(".rows"), {rows.size()}, rows);
      npz.add(id + QStringLiteral(".columns"), {cols.size()}, cols);
    } else if (const ScatterPlot* scatter = plot->scatter()) {
      std::vector<double> places;
      QStringList tokens;
      for (const ScatterPlot::Point& point : scatter->points) {
        places.insert(places.end(), {point.x, point.y});
        tokens << point.text;
      }
      npz.add(id, {tokens.size(), 2}, places);
      npz.add(id + QStringLiteral(".tokens"), {tokens.size()}, tokens);
    } else if (const LinePlot* lines = plot->lines()) {
      for (const LinePlot::Line& line : lines->lines) {
        const auto n = static_cast<std::int64_t>(line.xs.size());
        npz.add(id + QLatin1Char('.') + line.name + QStringLiteral(".x"), {n}, line.xs);
        npz.add(id + QLatin1Char('.') + line.name, {n}, line.ys);
      }
    }
  }
}

}  // namespace

NumberTable figureNumbers(const FigureRequest& request) {
  if (request.item == FigureItem::Flow) {
    return flowNumbers(*request.flow);
  }
  if (needsWeights(request.item)) {
    return pictureNumbers(figurePlots(request));
  }
  if (request.item == FigureItem::Phase) {
    return phaseNumbers(core::makePhaseDiagram(*request.study.data, request.study.phase));
  }
  if (request.item == FigureItem::StudyCurves) {
    return curveNumbers(*request.study.data, request.study.curves);
  }
  if (request.item == FigureItem::StudyScores) {
    return stripNumbers(*request.study.data, request.study.setting);
  }
  if (request.item == FigureItem::Curves) {
    return request.history->curveNumbers();
  }
  if (request.item == FigureItem::Scores) {
    return request.history->scoreNumbers();
  }
  NumberTable all;
  for (const HeadMapData* map : shownMaps(request)) {
    NumberTable one = headMapNumbers(*map);
    if (all.columns.isEmpty()) {
      all = std::move(one);
    } else {
      all.rows.insert(all.rows.end(), one.rows.begin(), one.rows.end());
    }
  }
  return all;
}

QByteArray figureNpz(const FigureRequest& request) {
  NpzWriter npz;
  if (needsHeads(request.item)) {
    addMaps(npz, request);
  } else if (needsWeights(request.item)) {
    addPlots(npz, request);
  } else if (request.item == FigureItem::Scores) {
    addScores(npz, *request.history);
  } else {
    addTable(npz, figureNumbers(request));
  }
  npz.add(QStringLiteral("provenance"), {}, QStringList{provenanceLine(request)});
  return npz.bytes();
}

}  // namespace anchorlens::widgets
