// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/weights/plot_board.h"

#include "widgets/fonts.h"
#include "widgets/tip_box.h"

#include <QPainter>

#include <algorithm>
#include <numeric>

namespace anchorlens::widgets {

/// Lies over all plots, so that the text of a small one is not cut at its edge.
class PlotTip : public QWidget {
 public:
  explicit PlotTip(QWidget* parent) : QWidget(parent) {
    setAttribute(Qt::WA_TransparentForMouseEvents);
    setFocusPolicy(Qt::NoFocus);
    hide();
  }
  void show(const PlotView* view, const Theme& theme) {
    m_view = view;
    m_theme = theme;
    setGeometry(parentWidget()->rect());
    setVisible(!view->itemBox().isEmpty());
    raise();
    update();
  }
  const PlotView* view() const { return m_view; }
  void forget() {
    m_view = nullptr;
    hide();
  }

 protected:
  void paintEvent(QPaintEvent*) override {
    if (m_view == nullptr || m_view->itemBox().isEmpty())
      return;
    QPainter painter(this);
    paintTipBox(painter, QRectF(rect()), m_view->itemBox().translated(m_view->pos()),
                plotTip(*m_view->plot(), m_view->item()), basePixelSize(*this), m_theme);
  }

 private:
  const PlotView* m_view = nullptr;
  Theme m_theme = Theme::dark();
};

namespace {

constexpr int kGap = 10;
/// A column of small plots is broken in two rather than less high than this.
constexpr int kLowestSmall = 130;
constexpr double kLargeShare = 0.56;
constexpr double kMatrixShare = 1.5;

/// Rows are readers, columns sources.
bool hasPositions(const PlotView& view) {
  return view.plot() && view.plot()->id == QLatin1String("qk-positions");
}

}  // namespace

PlotBoard::PlotBoard(QWidget* parent) : QWidget(parent), m_tip(new PlotTip(this)) {}

void PlotBoard::setPlots(const std::vector<PlotPtr>& plots) {
  while (m_views.size() > plots.size()) {
    if (m_tip->view() == m_views.back())
      m_tip->forget();
    m_views.back()->deleteLater();
    m_views.back()->hide();
    m_views.pop_back();
  }
  const bool is_other = m_views.size() != plots.size();
  while (m_views.size() < plots.size()) {
    auto* view = new PlotView(this);
    view->setTheme(m_theme);
    view->show();
    connect(view, &PlotView::enlarged, this, [this, view] {
      const QString id = view->plot()->id;
      setLarge(id);
      emit largeChanged(id);
    });
    connect(view, &PlotView::itemChanged, this, [this, view] {
      if (m_tip->view() == view || !view->itemBox().isEmpty())
        m_tip->show(view, m_theme);
      if (hasPositions(*view) && view->item().isValid())
        emit cellHovered({view->item().first, view->item().second});
    });
    m_views.push_back(view);
  }
  for (std::size_t i = 0; i < plots.size(); ++i)
    m_views[i]->setPlot(plots[i]);
  showLinked();
  if (is_other || largeId() != m_wanted)
    setLarge(m_wanted);
}

void PlotBoard::setTheme(const Theme& theme) {
  m_theme = theme;
  for (PlotView* view : m_views)
    view->setTheme(theme);
}

void PlotBoard::setLinkedCell(Cell cell) {
  m_linked = cell;
  showLinked();
}

void PlotBoard::showLinked() {
  for (PlotView* view : m_views)
    view->setLinked(hasPositions(*view) ? PlotItem{m_linked.reader, m_linked.source} : PlotItem{});
}

void PlotBoard::setLarge(const QString& id) {
  m_wanted = id;
  const auto found = std::find_if(m_views.begin(), m_views.end(), [&id](const PlotView* view) {
    return view->plot() && view->plot()->id == id;
  });
  m_large = found == m_views.end() ? 0 : static_cast<std::size_t>(found - m_views.begin());
  for (std::size_t i = 0; i < m_views.size(); ++i)
    m_views[i]->setLarge(i == m_large);
  place();
}

QString PlotBoard::largeId() const {
  return largePlot() ? largePlot()->id : QString();
}

const PlotPtr& PlotBoard::largePlot() const {
  static const PlotPtr kNone;
  return m_views.empty() ? kNone : m_views[m_large]->plot();
}

PlotView* PlotBoard::largeView() const {
  return m_views.empty() ? nullptr : m_views[m_large];
}

void PlotBoard::resizeEvent(QResizeEvent*) {
  place();
}

/// Small ones in as few columns as their height allows.
void PlotBoard::place() {
  if (m_views.empty())
    return;
  const int n = static_cast<int>(m_views.size()) - 1;
  if (n == 0) {
    m_views.front()->setGeometry(rect());
    return;
  }
  const int rows_that_fit = std::max(1, (height() + kGap) / (kLowestSmall + kGap));
  const int columns = std::min(3, (n + rows_that_fit - 1) / rows_that_fit);
  const int rows = (n + columns - 1) / columns;
  const int large = static_cast<int>(width() * (columns == 1 ? kLargeShare : kLargeShare - 0.06));
  m_views[m_large]->setGeometry(0, 0, large - kGap, height());
  // In one column a matrix, being square, gets more of the height than lines.
  std::vector<double> shares(static_cast<std::size_t>(rows), 1.0);
  std::vector<PlotView*> small;
  for (std::size_t i = 0; i < m_views.size(); ++i) {
    if (i != m_large)
      small.push_back(m_views[i]);
  }
  for (std::size_t i = 0; columns == 1 && i < small.size(); ++i) {
    const bool is_matrix = small[i]->plot() && small[i]->plot()->matrix() != nullptr;
    shares[i] = is_matrix ? kMatrixShare : 1.0;
  }
  const double whole = std::accumulate(shares.begin(), shares.end(), 0.0);
  double y = 0;
  for (int row = 0; row < rows; ++row) {
    const double share = shares[static_cast<std::size_t>(row)] / whole;
    const double row_height = (height() - (rows - 1) * kGap) * share;
    // A last row that is not full has wider ones.
    const int in_row = std::min(columns, n - row * columns);
    const int row_width = (width() - large - (in_row - 1) * kGap) / in_row;
    for (int i = 0; i < in_row; ++i)
      small[static_cast<std::size_t>(row * columns + i)]->setGeometry(
          large + i * (row_width + kGap), static_cast<int>(y), row_width,
          static_cast<int>(row_height));
    y += row_height + kGap;
  }
}

}  // namespace anchorlens::widgets
