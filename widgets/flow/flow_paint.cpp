// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/flow/flow_paint.h"

#include "widgets/flow/ribbon_raster.h"
#include "widgets/fonts.h"
#include "widgets/head_map.h"
#include "widgets/text_paint.h"

#include <QLineF>
#include <QPainter>

#include <algorithm>
#include <cmath>
#include <optional>

namespace anchorlens::widgets {

namespace {

double penWidth(double share, const FlowPaintOptions& options) {
  return (0.7 + 6.3 * share) * options.unit;
}

QColor hueOf(const FlowGraph& graph, int layer, int head, const Theme& theme) {
  const Mechanism mechanism = graph.mechanism(layer, head);
  return mechanism == Mechanism::None ? theme.text_muted : theme.mechanism(mechanism);
}

RibbonCurve curveOf(const FlowLayout& layout, int layer, int source, int reader) {
  const QPointF from = layout.dotAt(layer, source) - QPointF(0, layout.dot);
  const QPointF to = layout.dotAt(layer + 1, reader) + QPointF(0, layout.dot);
  const QPointF bend(0, (from.y() - to.y()) * 0.55);
  return {from, from - bend, to + bend, to};
}

double distanceTo(QPointF a, QPointF b, QPointF point) {
  const QPointF d = b - a;
  const double length = QPointF::dotProduct(d, d);
  const double t =
      length > 0 ? std::clamp(QPointF::dotProduct(point - a, d) / length, 0.0, 1.0) : 0;
  return QLineF(a + t * d, point).length();
}

FlowEdge edgeOf(const FlowStep& step) {
  return {step.layer, step.head, step.to, step.from, step.weight};
}

bool isOnPath(const FlowPath& path, const FlowEdge& edge) {
  return std::any_of(path.steps.begin(), path.steps.end(),
                     [&](const FlowStep& step) { return edgeOf(step).isSame(edge); });
}

const FlowRoute* routeOf(const FlowGraph& graph, const FlowPaintOptions& options) {
  const auto i = static_cast<std::size_t>(options.route);
  return options.route >= 0 && i < graph.routes.size() ? &graph.routes[i] : nullptr;
}

/// In the order in which they are painted.
std::vector<FlowEdge> drawnEdges(const FlowGraph& graph, const FlowPaintOptions& options) {
  std::vector<FlowEdge> edges = graph.edges;
  if (const FlowRoute* route = routeOf(graph, options)) {
    std::erase_if(edges, [route](const FlowEdge& edge) { return isOnPath(route->path, edge); });
    for (const FlowStep& step : route->path.steps) {
      if (step.isEdge()) {
        edges.push_back(edgeOf(step));
      }
    }
  }
  return edges;
}

bool isWithin(const FlowLayout& layout, const FlowEdge& edge, QPointF point, double reach) {
  constexpr int kPieces = 24;
  const double top = layout.dotAt(edge.layer + 1, edge.reader).y();
  const double bottom = layout.dotAt(edge.layer, edge.source).y();
  if (point.y() < top - reach || point.y() > bottom + reach) {
    return false;
  }
  QPointF last = layout.edgePoint(edge.layer, edge.source, edge.reader, 0);
  for (int piece = 1; piece <= kPieces; ++piece) {
    const QPointF next = layout.edgePoint(edge.layer, edge.source, edge.reader,
                                          static_cast<double>(piece) / kPieces);
    if (distanceTo(last, next, point) <= reach) {
      return true;
    }
    last = next;
  }
  return false;
}

void paintResiduals(QPainter& painter, const FlowLayout& layout, const FlowGraph& graph,
                    const FlowPaintOptions& options, const Theme& theme) {
  if (!graph.has_residual) {
    return;
  }
  painter.setPen(QPen(theme.border, options.unit, Qt::DotLine));
  for (int position = 0; position < graph.length; ++position) {
    painter.drawLine(layout.dotAt(0, position), layout.dotAt(graph.n_layers, position));
  }
}

/// Around everything that edges may cover.
QRectF reachOf(const FlowLayout& layout, const FlowPaintOptions& options) {
  const double margin = penWidth(1, options);
  return layout.field.adjusted(-margin, -margin, margin, margin);
}

/// All but the path's, weak ones first.
void paintEdges(QPainter& painter, const FlowLayout& layout, const FlowGraph& graph,
                const FlowRoute* route, const FlowPaintOptions& options, const Theme& theme) {
  std::optional<RibbonRaster> raster;
  if (options.pixel_ratio > 0) {
    raster.emplace(reachOf(layout, options), options.pixel_ratio);
  }
  for (const FlowEdge& edge : graph.edges) {
    if (route != nullptr && isOnPath(route->path, edge)) {
      continue;
    }
    const double share = graph.width(edge);
    QColor colour = hueOf(graph, edge.layer, edge.head, theme);
    colour.setAlphaF(static_cast<float>(0.14 + 0.22 * share));
    if (raster) {
      raster->draw(curveOf(layout, edge.layer, edge.source, edge.reader), penWidth(share, options),
                   colour);
      continue;
    }
    painter.setPen(QPen(colour, penWidth(share, options), Qt::SolidLine, Qt::FlatCap));
    painter.drawPath(layout.edgePath(edge.layer, edge.source, edge.reader));
  }
  if (raster) {
    painter.drawImage(raster->origin(), raster->image());
  }
}

/// Where the tokens that join the path come from: up their own columns.
void paintJoining(QPainter& painter, const FlowLayout& layout, const FlowGraph& graph,
                  const FlowRoute& route, const FlowPaintOptions& options, const Theme& theme) {
  for (const FlowStep& step : route.path.steps) {
    const bool is_token = step.isEdge() && step.to != graph.output();
    if (is_token) {
      const TokenRole role = graph.tokens[static_cast<std::size_t>(step.to)].role;
      painter.setPen(QPen(theme.token(role).text, 1.6 * options.unit));
      painter.drawLine(layout.dotAt(0, step.to), layout.dotAt(step.layer + 1, step.to));
    }
  }
}

void paintRoute(QPainter& painter, const FlowLayout& layout, const FlowGraph& graph,
                const FlowRoute& route, const FlowPaintOptions& options, const Theme& theme) {
  paintJoining(painter, layout, graph, route, options, theme);
  for (const FlowStep& step : route.path.steps) {
    QColor colour = step.isEdge() ? hueOf(graph, step.layer, step.head, theme) : theme.text_second;
    if (step.isEdge() && graph.mechanism(step.layer, step.head) == Mechanism::None) {
      colour = theme.text;
    }
    double width = 1.6 * options.unit;
    if (step.isEdge()) {
      width =
          penWidth(graph.width(step.layer, step.head, {step.to, step.from}, step.weight), options);
    }
    QPen pen(colour, width, Qt::SolidLine, Qt::FlatCap);
    if (!route.is_marked) {
      pen.setDashPattern({3, 1.5});
    }
    painter.setPen(pen);
    painter.drawPath(layout.edgePath(step.layer, step.from, step.to));
  }
}

/// What each edge of the route is, beside its middle.
void paintRouteLabels(QPainter& painter, const FlowLayout& layout, const FlowGraph& graph,
                      const FlowRoute& route, const FlowPaintOptions& options, const Theme& theme) {
  const double size = options.font_px * 0.9;
  for (const FlowStep& step : route.path.steps) {
    if (!step.isEdge()) {
      continue;
    }
    const BadgeInfo* of = graph.badge(step.layer, step.head);
    const bool is_labelled = of != nullptr && of->state == core::LabelState::Entered;
    BadgeInfo badge = is_labelled ? *of : BadgeInfo{};
    const QString head = headName(step.layer, step.head);
    badge.text = is_labelled ? badge.text + QLatin1Char(' ') + head : head;
    badge.value = QString::number(static_cast<double>(step.weight), 'f', 2);
    badge.state = core::LabelState::Entered;
    const QSizeF wanted = badgeSize(badge, size);
    const QPointF middle = layout.edgePoint(step.layer, step.from, step.to, 0.5);
    QRectF box(middle - QPointF(wanted.width() + 10 * options.unit, wanted.height() / 2), wanted);
    if (box.left() < layout.field.left() - layout.dot * 2) {
      box.moveLeft(middle.x() + 10 * options.unit);
    }
    painter.setPen(Qt::NoPen);
    painter.setBrush(theme.panel);
    painter.drawRoundedRect(box, 4 * options.unit, 4 * options.unit);
    painter.setBrush(Qt::NoBrush);
    paintBadge(painter, box.topLeft(), badge, size, theme, BadgeForm::Full, options.text_as_paths);
  }
}

void paintDots(QPainter& painter, const FlowLayout& layout, const FlowGraph& graph,
               const FlowRoute* route, const FlowPaintOptions& options, const Theme& theme) {
  painter.setPen(QPen(theme.text_second, 1.2 * options.unit));
  painter.setBrush(theme.panel);
  for (int boundary = 0; boundary <= graph.n_layers; ++boundary) {
    for (int position = 0; position < graph.length; ++position) {
      painter.drawEllipse(layout.dotAt(boundary, position), layout.dot, layout.dot);
    }
  }
  if (route == nullptr) {
    return;
  }
  const auto filled = [&](int boundary, int position) {
    const bool is_output = position == graph.output() && boundary == graph.n_layers;
    const TokenRole role =
        is_output ? TokenRole::Answer : graph.tokens[static_cast<std::size_t>(position)].role;
    painter.setPen(QPen(theme.panel, 1.2 * options.unit));
    painter.setBrush(role == TokenRole::Noise ? theme.text : theme.token(role).text);
    painter.drawEllipse(layout.dotAt(boundary, position), layout.dot * 1.35, layout.dot * 1.35);
  };
  for (const int position : route->positions) {
    if (position != graph.output()) {
      filled(0, position);
    }
  }
  for (const FlowStep& step : route->path.steps) {
    filled(step.layer + 1, step.to);
  }
}

void paintLabels(QPainter& painter, const FlowLayout& layout, const FlowGraph& graph,
                 const FlowPaintOptions& options, const Theme& theme) {
  const double f = options.font_px;
  const QFont plain = textFont(f * 0.95);
  const QFont bold = textFont(f * 0.95, Weight::SemiBold);
  const double right = layout.field.left() - layout.dot - f * 0.9;
  const auto row = [&](double y, const QString& text, const QFont& font, const QColor& colour) {
    paintText(painter, QRectF(0, y - f, right, 2 * f), Qt::AlignRight | Qt::AlignVCenter, text,
              font, colour, options.text_as_paths);
  };
  for (int boundary = 0; boundary <= graph.n_layers; ++boundary) {
    const double y = layout.dotAt(boundary, 0).y();
    row(y,
        boundary == 0 ? QStringLiteral("Embedding")
                      : QStringLiteral("after layer %1").arg(boundary - 1),
        plain, theme.text_second);
    if (boundary > 0) {
      row((y + layout.dotAt(boundary - 1, 0).y()) / 2, QStringLiteral("Layer %1").arg(boundary - 1),
          bold, theme.text);
    }
  }
}

void paintTokens(QPainter& painter, const FlowLayout& layout, const FlowGraph& graph,
                 const FlowPaintOptions& options, const Theme& theme) {
  const double f = options.font_px;
  const double spacing =
      graph.length > 1 ? layout.dotAt(0, 1).x() - layout.dotAt(0, 0).x() : layout.field.width();
  const QFont mono = monoFont(std::min(f * 0.85, spacing * 0.45));
  const double y = layout.field.bottom() + layout.dot + f * 0.6;
  for (int position = 0; position < graph.length; ++position) {
    const double x = layout.dotAt(0, position).x();
    const TokenText& token = graph.tokens[static_cast<std::size_t>(position)];
    if (!graph.is_mean) {
      paintToken(painter, QRectF(x - spacing / 2, y, spacing, f * 1.7), token,
                 std::min(f, spacing * 0.45), theme, options.unit, options.text_as_paths);
    }
    const double under = graph.is_mean ? y : y + f * 1.9;
    paintText(painter, QRectF(x - spacing / 2, under, spacing, f * 1.2),
              Qt::AlignHCenter | Qt::AlignVCenter, QString::number(position), mono,
              theme.text_second, options.text_as_paths);
  }
  const double title = y + (graph.is_mean ? f * 1.2 : f * 3.1);
  paintText(painter, QRectF(layout.field.left(), title, layout.field.width(), f * 1.4),
            Qt::AlignHCenter | Qt::AlignVCenter, QStringLiteral("position"), textFont(f * 0.85),
            theme.text_second, options.text_as_paths);
}

/// The output above its dot: what the model answers, and what is right where that differs or the
/// answer is not known.
void paintOutput(QPainter& painter, const FlowLayout& layout, const FlowGraph& graph,
                 const FlowPaintOptions& options, const Theme& theme) {
  const bool is_known = !graph.predicted.isEmpty();
  const QString shown = is_known ? graph.predicted : graph.answer;
  if (shown.isEmpty()) {
    return;
  }
  const double f = options.font_px;
  const QPointF dot = layout.dotAt(graph.n_layers, graph.output());
  const bool is_right = graph.answer.isEmpty() || shown == graph.answer;
  const QColor colour = is_right ? theme.token(TokenRole::Answer).text : theme.error;
  painter.setPen(QPen(colour, 1.6 * options.unit));
  painter.drawLine(dot - QPointF(0, layout.dot), dot - QPointF(0, f * 1.5));
  const double width = f * 4;
  const QRectF box(dot.x() - width / 2, dot.y() - f * 3.2, width, f * 1.7);
  paintToken(painter, box, {shown, TokenRole::Answer}, f, theme, options.unit,
             options.text_as_paths);
  const QString text = !is_known  ? QStringLiteral("right answer")
                       : is_right ? QStringLiteral("output")
                                  : QStringLiteral("output, should be %1").arg(graph.answer);
  paintText(painter, QRectF(0, box.top(), box.left() + f * 0.6, box.height()),
            Qt::AlignRight | Qt::AlignVCenter, text, textFont(f * 0.95),
            is_right ? theme.text_second : theme.error, options.text_as_paths);
}

}  // namespace

QPointF FlowLayout::dotAt(int boundary, int position) const {
  const double x =
      length > 1 ? field.left() + field.width() * position / (length - 1) : field.center().x();
  return {x, field.bottom() - field.height() * boundary / std::max(1, n_layers)};
}

QPainterPath FlowLayout::edgePath(int layer, int source, int reader) const {
  const RibbonCurve c = curveOf(*this, layer, source, reader);
  QPainterPath path(c[0]);
  path.cubicTo(c[1], c[2], c[3]);
  return path;
}

QPointF FlowLayout::edgePoint(int layer, int source, int reader, double t) const {
  const RibbonCurve c = curveOf(*this, layer, source, reader);
  const double u = 1 - t;
  return u * u * u * c[0] + 3 * u * u * t * c[1] + 3 * u * t * t * c[2] + t * t * t * c[3];
}

FlowLayout layoutFlow(const QRectF& area, const FlowGraph& graph, const FlowPaintOptions& options) {
  FlowLayout layout;
  layout.length = graph.length;
  layout.n_layers = graph.n_layers;
  const double f = options.font_px;
  const double left = textWidth(QStringLiteral("after layer 10"), textFont(f * 0.95)) + f * 2;
  layout.field = area.adjusted(left, f * 3.8, -f * 2.6, -(graph.is_mean ? f * 3.6 : f * 5.6));
  layout.dot = std::clamp(layout.field.width() / std::max(1, graph.length) * 0.12,
                          2.0 * options.unit, 5.0 * options.unit);
  return layout;
}

void paintFlow(QPainter& painter, const FlowLayout& layout, const FlowGraph& graph,
               const FlowPaintOptions& options, const Theme& theme) {
  if (graph.isEmpty()) {
    return;
  }
  painter.save();
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setBrush(Qt::NoBrush);
  const FlowRoute* route = routeOf(graph, options);
  paintResiduals(painter, layout, graph, options, theme);
  paintEdges(painter, layout, graph, route, options, theme);
  if (route != nullptr) {
    paintRoute(painter, layout, graph, *route, options, theme);
  }
  paintOutput(painter, layout, graph, options, theme);
  paintDots(painter, layout, graph, route, options, theme);
  if (route != nullptr) {
    paintRouteLabels(painter, layout, graph, *route, options, theme);
  }
  paintLabels(painter, layout, graph, options, theme);
  paintTokens(painter, layout, graph, options, theme);
  painter.restore();
}

void paintFlowEdge(QPainter& painter, const FlowLayout& layout, const FlowGraph& graph,
                   const FlowEdge& edge, const QColor& colour, const FlowPaintOptions& options) {
  painter.save();
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setBrush(Qt::NoBrush);
  painter.setPen(QPen(colour,
                      std::max(penWidth(graph.width(edge), options), 2 * options.unit) + 1.5,
                      Qt::SolidLine, Qt::RoundCap));
  painter.drawPath(layout.edgePath(edge.layer, edge.source, edge.reader));
  for (const QPointF at :
       {layout.dotAt(edge.layer, edge.source), layout.dotAt(edge.layer + 1, edge.reader)}) {
    painter.drawEllipse(at, layout.dot + 3, layout.dot + 3);
  }
  painter.restore();
}

std::optional<FlowEdge> drawnEdge(const FlowGraph& graph, const FlowPaintOptions& options,
                                  const FlowEdge& edge) {
  const auto edges = drawnEdges(graph, options);
  const auto at = std::find_if(edges.begin(), edges.end(),
                               [&edge](const FlowEdge& drawn) { return drawn.isSame(edge); });
  return at == edges.end() ? std::nullopt : std::optional(*at);
}

std::optional<FlowEdge> flowEdgeAt(const FlowLayout& layout, const FlowGraph& graph,
                                   const FlowPaintOptions& options, QPointF point, double reach) {
  const auto edges = drawnEdges(graph, options);
  const auto at = std::find_if(edges.rbegin(), edges.rend(), [&](const FlowEdge& edge) {
    return isWithin(layout, edge, point, reach);
  });
  return at == edges.rend() ? std::nullopt : std::optional(*at);
}

}  // namespace anchorlens::widgets
