// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/scores.h"
#include "widgets/badge.h"
#include "widgets/head_map_data.h"
#include "widgets/head_values.h"
#include "widgets/number_table.h"
#include "widgets/theme.h"

#include <QString>

#include <cstdint>
#include <optional>
#include <vector>

/// The information-flow graph: dots for (layer, position), a line for what each head moves from one
/// position to another, and the paths on which the task's tokens reach the output. docs/flow.md
namespace anchorlens::widgets {

/// A head moves `weight` from a source position (before its layer) to a reader (after it).
struct FlowEdge {
  int layer = 0;
  int head = 0;
  int reader = 0;
  int source = 0;
  float weight = 0;
  Cell cell() const { return {reader, source}; }
  bool isSame(const FlowEdge& other) const {
    return layer == other.layer && head == other.head && cell() == other.cell();
  }
  bool operator==(const FlowEdge&) const = default;
};

/// One layer of a path: a head's edge, or (head -1) the position stays in the residual stream.
struct FlowStep {
  int layer = 0;
  int head = -1;
  int from = 0;
  int to = 0;
  float weight = 1;
  bool isEdge() const { return head >= 0; }
  bool operator==(const FlowStep&) const = default;
};

/// From the embedding to the output, a step a layer. `strength`: the product of the weights; 0 and
/// no steps when there is no such path.
struct FlowPath {
  std::vector<FlowStep> steps;
  double strength = 0;
  bool operator==(const FlowPath&) const = default;
};

/// The way that the task suggests: along tokens that its answer joins (the later of two reads the
/// earlier one, by a shift), then to the output (by a broadcast).
struct FlowRoute {
  QString name;                ///< "3 → 46 → output"
  std::vector<int> positions;  ///< first token ... last token, output
  FlowPath path;               ///< the strongest on this way
  /// The strongest from the same first token to the output that passes none of the tokens between;
  /// without such tokens there is none.
  std::optional<FlowPath> alternative;
  /// Each edge has a quarter more than an untrained head, and the alternative is weaker.
  bool is_marked = false;
};

struct FlowOptions {
  enum class Heads { All, Labelled, Selected };
  /// What makes a line wide: attention, or value-weighted attention as a share of the largest.
  enum class Width { Attention, Weighted };
  double hide_below = 0.1;  ///< by what makes a line wide
  Heads heads = Heads::All;
  int layer = 0;  ///< the selected head
  int head = 0;
  Width width = Width::Attention;
  /// Drawn however weak it is, and of whatever head: the one that is selected.
  std::optional<FlowEdge> kept;
  bool operator==(const FlowOptions&) const = default;
};

/// All that is drawn of one sequence (or of the mean over the probe) at one step.
struct FlowGraph {
  static constexpr std::size_t kMostEdges = 400;

  std::int64_t step = 0;
  int n_layers = 0;
  int n_heads = 0;
  int length = 0;  ///< 0: nothing to draw
  bool causal = true;
  bool has_residual = true;
  bool is_mean = false;
  std::vector<TokenText> tokens;  ///< [length]
  std::vector<BadgeInfo> badges;  ///< [layer * n_heads + head]: what each head is called
  std::vector<FlowEdge> edges;    ///< to be drawn, weakest first
  std::size_t n_hidden = 0;       ///< more than kMostEdges: so many weaker ones are not drawn
  std::vector<FlowRoute> routes;  ///< marked ones first, then by strength
  QString answer;                 ///< what is right; empty: not known
  QString predicted;              ///< the most probable answer; empty: not known
  EvaluatedPtr moved;             ///< value-weighted attention; null: widths are attention
  double most_moved = 0;          ///< its largest cell: width 1

  bool isEmpty() const { return length == 0; }
  int output() const { return length - 1; }
  /// Null when there are no badges.
  const BadgeInfo* badge(int layer, int head) const;
  /// Hue of a head's edges: None unless it has a label.
  Mechanism mechanism(int layer, int head) const;
  /// Value-weighted attention of a cell; only where there is any.
  double movedAt(int layer, int head, Cell cell) const;
  /// 0 to 1; `attention` is that of the cell.
  double width(int layer, int head, Cell cell, float attention) const;
  double width(const FlowEdge& edge) const {
    return width(edge.layer, edge.head, edge.cell(), edge.weight);
  }
};

/// `maps` [layer * n_heads + head]: of one sequence and step, all of the same length. `moved` is of
/// the same sequence and step, and makes the widths; null: attention does.
FlowGraph makeFlowGraph(const std::vector<HeadMapData>& maps, int n_layers, int n_heads,
                        std::vector<BadgeInfo> badges, bool has_residual,
                        const FlowOptions& options, EvaluatedPtr moved = nullptr);

/// Adds the routes of a shown sequence and what it should answer.
void addRoutes(FlowGraph& graph, const std::vector<HeadMapData>& maps, const ProbeContext& probe,
               int sequence);

/// From a frame, complete. Empty when the frame lacks the patterns that are asked for. With `moved`
/// (of this sequence, HeadValues::Weighted) the attention and the step are those of `moved`.
FlowGraph makeFlowGraph(const core::Frame& frame, const ProbeContext& probe, ProbeChoice choice,
                        const std::vector<core::HeadLabel>& labels, bool has_residual,
                        const FlowOptions& options, EvaluatedPtr moved = nullptr);

/// The strongest path along `positions` (attention steps lead from one to the next only).
FlowPath strongestAlong(const std::vector<HeadMapData>& maps, int n_layers, int n_heads,
                        bool has_residual, const std::vector<int>& positions);
/// The strongest path between two positions that passes none of `avoided`.
FlowPath strongestAvoiding(const std::vector<HeadMapData>& maps, int n_layers, int n_heads,
                           bool has_residual, int from, int to, const std::vector<int>& avoided);

/// "Layer 1 head 0 moves position 3, token 46, key, to position 8, token 39: attention 0.91."
QString edgeDescription(const FlowGraph& graph, const FlowEdge& edge);

/// layer, head, reader, reader token, source, source token, weight, label, route; and
/// value_weighted where that makes the widths
NumberTable flowNumbers(const FlowGraph& graph);

}  // namespace anchorlens::widgets
