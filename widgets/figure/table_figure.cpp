// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/figure/table_figure.h"

#include "widgets/figure/figure_canvas.h"
#include "widgets/fonts.h"
#include "widgets/text_paint.h"

#include <QPainter>

#include <algorithm>

namespace anchorlens::widgets {

namespace {

constexpr double kRow = 1.7;  ///< heights and gaps in font sizes
constexpr double kGap = 1.6;

struct Widths {
  std::vector<double> columns;
  double total = 0;
};

Widths widthsOf(const PrintedTable& table, double font) {
  Widths widths;
  for (qsizetype column = 0; column < table.columns.size(); ++column) {
    double width = textWidth(table.columns[column], textFont(font, Weight::SemiBold));
    for (const QStringList& row : table.rows)
      width = std::max(width, textWidth(row[column], textFont(font)));
    widths.columns.push_back(width);
    widths.total += width + (column == 0 ? 0 : font * kGap);
  }
  return widths;
}

/// Lines of whole words that fit.
QStringList wrapped(const QString& text, const QFont& font, double width) {
  QStringList lines;
  QString line;
  for (const QString& word : text.split(QLatin1Char(' '), Qt::SkipEmptyParts)) {
    const QString longer = line.isEmpty() ? word : line + QLatin1Char(' ') + word;
    if (!line.isEmpty() && textWidth(longer, font) > width) {
      lines << line;
      line = word;
    } else {
      line = longer;
    }
  }
  return line.isEmpty() ? lines : lines << line;
}

QString latexText(const QString& text) {
  static const std::pair<QChar, const char*> marks[] = {{u'\\', "\\textbackslash{}"},
                                                        {u'{', "\\{"},
                                                        {u'}', "\\}"},
                                                        {u'&', "\\&"},
                                                        {u'%', "\\%"},
                                                        {u'$', "\\$"},
                                                        {u'#', "\\#"},
                                                        {u'_', "\\_"},
                                                        {u'~', "\\textasciitilde{}"},
                                                        {u'^', "\\textasciicircum{}"},
                                                        {u'\u2212', "$-$"},
                                                        {u'\u2192', "$\\to$"},
                                                        {u'\u00d7', "$\\times$"},
                                                        {u'\u2009', "\\,"},
                                                        {u'\u202f', "\\,"},
                                                        {u'<', "$<$"},
                                                        {u'>', "$>$"}};
  QString out;
  for (const QChar c : text) {
    const auto mark = std::find_if(std::begin(marks), std::end(marks),
                                   [c](const auto& known) { return known.first == c; });
    out += mark == std::end(marks) ? QString(c) : QString::fromLatin1(mark->second);
  }
  return out;
}

QString latexRow(const QStringList& texts) {
  QStringList cells;
  for (const QString& text : texts)
    cells << latexText(text);
  return cells.join(QStringLiteral(" & ")) + QStringLiteral(" \\\\\n");
}

}  // namespace

QString latexTable(const PrintedTable& table) {
  QString columns;
  for (const bool is_number : table.is_number)
    columns += is_number ? QLatin1Char('r') : QLatin1Char('l');
  QString out = QStringLiteral(
      "\\providecommand{\\toprule}{\\hline}\n"
      "\\providecommand{\\midrule}{\\hline}\n"
      "\\providecommand{\\bottomrule}{\\hline}\n");
  out += QStringLiteral("% ") + table.title + QLatin1Char('\n');
  out += QStringLiteral("\\begin{tabular}{%1}\n\\toprule\n").arg(columns);
  out += latexRow(table.columns) + QStringLiteral("\\midrule\n");
  for (const QStringList& row : table.rows)
    out += latexRow(row);
  out += QStringLiteral("\\bottomrule\n\\end{tabular}\n");
  if (!table.note.isEmpty())
    out += QStringLiteral("% ") + table.note + QLatin1Char('\n');
  return out;
}

QString TableFigure::problem() const {
  return m_printed.rows.empty() ? m_printed.note : QString();
}

double TableFigure::paint(const FigureCanvas& canvas, double top) const {
  const double title = canvas.font * 2;
  canvas.text(QRectF(0, top, canvas.width, canvas.font * 1.6), Qt::AlignLeft | Qt::AlignVCenter,
              m_printed.title, textFont(canvas.font, Weight::SemiBold), canvas.theme.text);
  double f = canvas.font;
  Widths widths = widthsOf(m_printed, f);
  if (widths.total > canvas.width) {
    f *= canvas.width / widths.total;
    widths = widthsOf(m_printed, f);
  }
  const auto write = [&](const QStringList& texts, double y, Weight weight) {
    double x = 0;
    for (qsizetype i = 0; i < texts.size(); ++i) {
      const auto column = static_cast<std::size_t>(i);
      const QRectF box(x, y, widths.columns[column], f * kRow);
      const auto side = m_printed.is_number[column] ? Qt::AlignRight : Qt::AlignLeft;
      canvas.text(box, side | Qt::AlignVCenter, texts[i], textFont(f, weight), canvas.theme.text);
      x += box.width() + f * kGap;
    }
  };
  const auto rule = [&](double y, double weight) {
    if (canvas.painter == nullptr)
      return;
    canvas.painter->setPen(QPen(canvas.theme.text, weight * canvas.unit()));
    canvas.painter->drawLine(QPointF(0, y), QPointF(std::min(widths.total, canvas.width), y));
  };
  double y = top + title;
  rule(y, 1.2);
  write(m_printed.columns, y + f * 0.1, Weight::SemiBold);
  y += f * (kRow + 0.2);
  rule(y, 0.7);
  for (const QStringList& row : m_printed.rows) {
    write(row, y + f * 0.1, Weight::Regular);
    y += f * kRow;
  }
  rule(y + f * 0.2, 1.2);
  y += f * 0.5;
  const QFont small = textFont(canvas.font * 0.85);
  for (const QString& line : wrapped(m_printed.note, small, canvas.width)) {
    canvas.text(QRectF(0, y, canvas.width, canvas.font * 1.3), Qt::AlignLeft | Qt::AlignVCenter,
                line, small, canvas.theme.text_second);
    y += canvas.font * 1.3;
  }
  return y - top;
}

}  // namespace anchorlens::widgets
