// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorlens/export/export_kind.h"
#include "app/anchorlens/export/export_text.h"
#include "widgets/figure/curves_figure.h"

namespace anchorlens::app {

namespace {

template <typename Content>
class HistoryKind : public ExportKind {
 public:
  using ExportKind::ExportKind;
  Found<ContentPtr> content(const ExportOrder& order, FigureMaterial& from) const override {
    auto history = from.history(order.thresholds);
    if (!history)
      return core::Unexpected(history.error());
    return ContentPtr(std::make_shared<Content>(std::move(*history)));
  }
};

}  // namespace

void addTimeKinds(ExportKinds& kinds) {
  kinds.push_back(std::make_unique<HistoryKind<widgets::CurvesFigure>>(
      ExportKind::Facts{.id = QStringLiteral("curves"),
                        .title = tr("Loss and accuracy"),
                        .view = QStringLiteral("curves"),
                        .word = QStringLiteral("curves")}));
  kinds.push_back(std::make_unique<HistoryKind<widgets::ScoresFigure>>(
      ExportKind::Facts{.id = QStringLiteral("scores"),
                        .title = tr("Head scores"),
                        .view = QStringLiteral("scores"),
                        .word = QStringLiteral("scores")}));
}

}  // namespace anchorlens::app
