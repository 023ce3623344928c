// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/flow/flow_graph.h"
#include "widgets/placed_text.h"

#include <QWidget>

#include <vector>

namespace anchorlens::widgets {

/// A route as a list: its tokens, and between them the heads that move them. Painted.
class PathList : public QWidget {
  Q_OBJECT

 public:
  explicit PathList(QWidget* parent = nullptr);
  /// `route`: index into the graph's routes; out of range: nothing.
  void setRoute(const FlowGraph& graph, int route);
  void setTheme(const Theme& theme);
  /// The rows in words, for assistive technology and tests: "3, position 2, anchor", "Shift −1, L0
  /// H0, 0.95", ...
  QStringList lines() const;
  QSize sizeHint() const override;
  QSize minimumSizeHint() const override { return sizeHint(); }

 protected:
  bool event(QEvent* event) override;
  void paintEvent(QPaintEvent* event) override;
  void changeEvent(QEvent* event) override;

 private:
  struct Row {
    bool is_token = false;
    TokenText token;
    QString text;   ///< "position 2"; "L0 H0"
    QString right;  ///< "anchor"; "0.95"
    BadgeInfo badge;
    bool operator==(const Row&) const = default;
  };
  void addToken(const FlowGraph& graph, int position, int boundary);
  double rowHeight() const;
  std::vector<PlacedText> texts() const;

  std::vector<Row> m_rows;
  Theme m_theme = Theme::dark();
};

}  // namespace anchorlens::widgets
