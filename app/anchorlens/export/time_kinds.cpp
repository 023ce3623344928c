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
  QStringList words(const ExportOrder& order) const override { return timeWords(order.time); }
  Found<ContentPtr> content(const ExportOrder& order, FigureMaterial& from) const override {
    auto history = from.history(order.thresholds);
    if (!history)
      return core::Unexpected(history.error());
    std::optional<std::vector<core::Bookmark>> bookmarks;
    if (order.style.markers) {
      auto found = from.bookmarks();
      if (!found)
        return core::Unexpected(found.error());
      bookmarks = std::move(*found);
    }
    return ContentPtr(std::make_shared<Content>(std::move(*history), order.time, bookmarks));
  }
};

class ScoresKind : public HistoryKind<widgets::ScoresFigure> {
 public:
  using HistoryKind::HistoryKind;
  void fit(ExportOrder& order) const override { order.time.smoothing = 0; }  // strips are raw
};

}  // namespace

void addTimeKinds(ExportKinds& kinds) {
  kinds.push_back(std::make_unique<HistoryKind<widgets::CurvesFigure>>(
      ExportKind::Facts{.id = QStringLiteral("curves"),
                        .title = tr("Loss and accuracy"),
                        .view = QStringLiteral("curves"),
                        .word = QStringLiteral("curves"),
                        .options = StyleOption::Markers,
                        .steps = ExportKind::Steps::None}));
  kinds.push_back(
      std::make_unique<ScoresKind>(ExportKind::Facts{.id = QStringLiteral("scores"),
                                                     .title = tr("Head scores"),
                                                     .view = QStringLiteral("scores"),
                                                     .word = QStringLiteral("scores"),
                                                     .options = StyleOption::Markers,
                                                     .steps = ExportKind::Steps::None}));
}

}  // namespace anchorlens::app
