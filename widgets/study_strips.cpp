// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/study_strips.h"

#include "widgets/fonts.h"
#include "widgets/head_map_data.h"
#include "widgets/number_format.h"
#include "widgets/placed_text.h"
#include "widgets/score_help.h"
#include "widgets/text_paint.h"
#include "widgets/time_scale.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QPainterPath>
#include <QScrollBar>

#include <algorithm>
#include <cmath>

namespace anchorlens::widgets {

namespace {

using Kind = core::StudyNumber::Kind;

/// What stands in the lanes.
QString lanesHelp() {
  return StudyStrips::tr("Shift (yellow): %1\n\nBroadcast (violet): %2")
      .arg(scoreFormula(core::Label::Shift), scoreFormula(core::Label::Broadcast));
}

QPointF place(const StripPaint& how, double step, double value) {
  const double share = (value - how.low) / (1 - how.low);
  return {how.field.left() + step / how.last * how.field.width(),
          how.field.bottom() - std::clamp(share, 0.0, 1.0) * how.field.height()};
}

QPainterPath lineOf(const StripPaint& how, const std::vector<std::int64_t>& steps,
                    const std::vector<double>& values) {
  QPainterPath path;
  const std::size_t stride =
      std::max<std::size_t>(1, steps.size() / static_cast<std::size_t>(how.columns));
  bool is_open = false;
  const auto add = [&](std::size_t i) {
    const bool is_number = std::isfinite(values[i]);
    if (is_number) {
      const QPointF point = place(how, static_cast<double>(steps[i]), values[i]);
      is_open ? path.lineTo(point) : path.moveTo(point);
    }
    is_open = is_number;
  };
  for (std::size_t i = 0; i + 1 < steps.size(); i += stride) {
    add(i);
  }
  if (!steps.empty()) {
    add(steps.size() - 1);
  }
  return path;
}

void paintBand(QPainter& painter, const StripPaint& how, const core::NumberBand& band, QColor hue,
               const Theme& theme) {
  if (band.steps.empty()) {
    return;
  }
  QPolygonF area;
  for (std::size_t i = 0; i < band.steps.size(); ++i) {
    area << place(how, static_cast<double>(band.steps[i]), band.high[i]);
  }
  for (std::size_t i = band.steps.size(); i-- > 0;) {
    area << place(how, static_cast<double>(band.steps[i]), band.low[i]);
  }
  painter.setPen(Qt::NoPen);
  painter.setBrush(mixed(theme.plot, hue, theme.is_dark ? 0.22 : 0.18));
  painter.drawPolygon(area);
  painter.setBrush(Qt::NoBrush);
}

const core::NumberSeries& series(const core::RunNumbers& run, std::size_t index,
                                 bool is_broadcast) {
  return is_broadcast ? run.heads[index].broadcast : run.heads[index].shift;
}

const core::NumberBand& bandOf(const StudyStrip& strip, bool is_broadcast) {
  return is_broadcast ? strip.broadcast : strip.shift;
}

}  // namespace

void paintStudyStrip(QPainter& painter, const core::StudyData& data, const StudyStrip& strip,
                     std::size_t index, const StripPaint& how, const Theme& theme) {
  painter.save();
  painter.setRenderHint(QPainter::Antialiasing);
  const auto hue = [&theme](bool is_broadcast) {
    return theme.mechanism(is_broadcast ? Mechanism::Broadcast : Mechanism::Shift);
  };
  for (const bool is_broadcast : {false, true}) {
    paintBand(painter, how, bandOf(strip, is_broadcast), hue(is_broadcast), theme);
  }
  for (const bool is_broadcast : {false, true}) {
    painter.setPen(QPen(mixed(theme.plot, hue(is_broadcast), 0.55), 0.7 * how.unit));
    for (const std::size_t member : strip.members) {
      const auto& values = series(*data.runs[member], index, is_broadcast);
      painter.drawPath(lineOf(how, values.steps, values.values));
    }
  }
  for (const bool is_broadcast : {false, true}) {
    const core::NumberBand& band = bandOf(strip, is_broadcast);
    // Mechanisms differ by line too: a shift is dashed.
    QPen pen(hue(is_broadcast), 2 * how.unit, is_broadcast ? Qt::SolidLine : Qt::DashLine);
    pen.setJoinStyle(Qt::RoundJoin);
    painter.setPen(pen);
    painter.drawPath(lineOf(how, band.steps, band.median));
  }
  painter.restore();
}

StudyStrips::StudyStrips(QWidget* parent) : QAbstractScrollArea(parent) {
  setFocusPolicy(Qt::StrongFocus);
  setFrameShape(QFrame::NoFrame);
  setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  viewport()->setAutoFillBackground(false);
  setAccessibleName(tr("Head scores of the study"));
}

void StudyStrips::setData(std::shared_ptr<const core::StudyData> study, std::size_t setting) {
  m_data = std::move(study);
  m_setting = setting;
  m_strips = m_data ? studyStrips(*m_data, setting) : std::vector<StudyStrip>();
  m_last = 1;
  for (const StudyStrip& strip : m_strips) {
    for (const core::NumberBand* band : {&strip.shift, &strip.broadcast}) {
      m_last =
          band->steps.empty() ? m_last : std::max(m_last, static_cast<double>(band->steps.back()));
    }
  }
  layOut();
}

void StudyStrips::setTheme(const Theme& theme) {
  m_theme = theme;
  viewport()->update();
}

void StudyStrips::setShownMember(int member) {
  if (member != m_shown) {
    m_shown = member;
    viewport()->update();
  }
}

void StudyStrips::setTimeCursor(std::optional<std::int64_t> step) {
  if (step != m_cursor) {
    m_cursor = step;
    viewport()->update();
  }
}

double StudyStrips::laneHeight() const {
  const double f = basePixelSize(*this);
  const double axis = f * 3.4;
  const double room = (maximumViewportSize().height() - axis) /
                      std::max<double>(1, static_cast<double>(m_strips.size()));
  return std::clamp(room, f * 4.2, f * 9);
}

void StudyStrips::layOut() {
  const double all =
      laneHeight() * static_cast<double>(m_strips.size()) + basePixelSize(*this) * 3.4;
  const int hidden = static_cast<int>(std::ceil(all)) - maximumViewportSize().height();
  verticalScrollBar()->setRange(0, std::max(0, hidden));
  verticalScrollBar()->setPageStep(maximumViewportSize().height());
  verticalScrollBar()->setSingleStep(static_cast<int>(laneHeight()));
  viewport()->update();
}

QRectF StudyStrips::fieldOf(std::size_t strip) const {
  const double f = basePixelSize(*this);
  const double lane = laneHeight();
  return {f * 10, static_cast<double>(strip) * lane + f * 0.6 - verticalScrollBar()->value(),
          std::max(20.0, viewport()->width() - f * 11.5), lane - f * 1.1};
}

StripPaint StudyStrips::paintOf(std::size_t strip) const {
  const QRectF field = fieldOf(strip);
  return {field, m_last, 1, std::max(100, static_cast<int>(field.width())), m_strips[strip].low};
}

QPointF StudyStrips::pointOf(std::size_t strip, double step, double value) const {
  return place(paintOf(strip), step, value);
}

void StudyStrips::paintHead(QPainter& painter, std::size_t index) const {
  const StudyStrip& strip = m_strips[index];
  const double f = basePixelSize(*this);
  const StripPaint how = paintOf(index);
  const QRectF& field = how.field;
  painter.fillRect(field, m_theme.plot);
  painter.setPen(QPen(m_theme.rule, 1));
  for (const double value : {0.0, 0.5, 1.0}) {
    const double y = std::round(place(how, 0, value).y()) + 0.5;
    painter.drawLine(QPointF(field.left(), y), QPointF(field.right(), y));
  }
  const QFont axis = monoFont(std::max(10.0, f - 3));
  for (const double value : {0.0, 1.0}) {
    const double y = place(how, 0, value).y();
    paintText(painter, QRectF(field.left() - f * 1.6, y - f, f * 1.3, 2 * f),
              Qt::AlignRight | Qt::AlignVCenter, QString::number(value), axis, m_theme.text_muted);
  }
  paintStudyStrip(painter, *m_data, strip, index, how, m_theme);
  if (m_shown >= 0 && std::find(strip.members.begin(), strip.members.end(),
                                static_cast<std::size_t>(m_shown)) != strip.members.end()) {
    painter.setRenderHint(QPainter::Antialiasing);
    for (const bool is_broadcast : {false, true}) {
      const auto& values =
          series(*m_data->runs[static_cast<std::size_t>(m_shown)], index, is_broadcast);
      painter.setPen(QPen(m_theme.text, 1.2, is_broadcast ? Qt::SolidLine : Qt::DashLine));
      painter.drawPath(lineOf(how, values.steps, values.values));
    }
    painter.setRenderHint(QPainter::Antialiasing, false);
  }
  QRectF name(f * 0.5, field.top(), field.left() - f * 2.3, f * 1.5);
  paintText(painter, name, Qt::AlignLeft | Qt::AlignVCenter, headName(strip.layer, strip.head),
            textFont(f, Weight::SemiBold), m_theme.text);
  const QFont small = textFont(std::max(10.0, f - 1));
  for (const bool is_broadcast : {false, true}) {
    const core::NumberBand& band = bandOf(strip, is_broadcast);
    name.translate(0, f * 1.4);
    if (name.bottom() > field.bottom() + f * 0.5 || band.median.empty()) {
      continue;
    }
    paintText(painter, name, Qt::AlignLeft | Qt::AlignVCenter,
              (is_broadcast ? tr("broadcast ") : tr("shift ")) + formatScore(band.median.back()),
              small, m_theme.mechanism(is_broadcast ? Mechanism::Broadcast : Mechanism::Shift));
  }
}

void StudyStrips::paintAxis(QPainter& painter) const {
  const double f = basePixelSize(*this);
  const QRectF field = fieldOf(m_strips.size() - 1);
  const QFont font = monoFont(std::max(10.0, f - 2));
  const QRectF row(0, field.bottom() + f * 0.4, field.left(), f * 1.3);
  paintText(painter, row.adjusted(f * 0.5, 0, 0, 0), Qt::AlignLeft | Qt::AlignVCenter, tr("Step"),
            textFont(std::max(10.0, f - 1)), m_theme.text_second);
  for (const double tick :
       timeTicks({}, 0, m_last, std::max(2, static_cast<int>(field.width() / 90)))) {
    const QPointF at = place({field, m_last}, tick, 0);
    paintText(painter, QRectF(at.x() - f * 4, row.top(), f * 8, row.height()),
              Qt::AlignHCenter | Qt::AlignVCenter, formatInteger(std::llround(tick)), font,
              m_theme.text_muted);
  }
  if (m_cursor && static_cast<double>(*m_cursor) <= m_last) {
    const double x = place({field, m_last}, static_cast<double>(*m_cursor), 0).x();
    painter.setPen(QPen(m_theme.time_cursor, 1));
    painter.drawLine(QPointF(x, fieldOf(0).top()), QPointF(x, field.bottom()));
  }
}

void StudyStrips::paintEvent(QPaintEvent*) {
  QPainter painter(viewport());
  if (m_strips.empty()) {
    painter.setFont(textFont(basePixelSize(*this)));
    painter.setPen(m_theme.text_second);
    painter.drawText(viewport()->rect().adjusted(24, 24, -24, -24),
                     Qt::AlignHCenter | Qt::AlignTop | Qt::TextWordWrap,
                     tr("No head scores of this setting yet."));
    return;
  }
  for (std::size_t i = 0; i < m_strips.size(); ++i) {
    const QRectF field = fieldOf(i);
    if (field.bottom() >= 0 && field.top() <= viewport()->height()) {
      paintHead(painter, i);
    }
  }
  paintAxis(painter);
  if (hasFocus()) {
    painter.setPen(QPen(m_theme.accent, m_theme.borderWidth()));
    painter.setBrush(Qt::NoBrush);
    painter.drawRect(QRectF(viewport()->rect()).adjusted(0.5, 0.5, -0.5, -0.5));
  }
}

LinePick StudyStrips::pick(QPointF point) const {
  LinePick found(point);
  for (std::size_t i = 0; i < m_strips.size(); ++i) {
    const StripPaint how = paintOf(i);
    const QRectF& field = how.field;
    if (!found.isAt(field)) {
      continue;
    }
    StudyLine line;
    line.place = i;
    line.step = (point.x() - field.left()) / field.width() * m_last;
    const auto at = [&](double s, double v) { return place(how, s, v); };
    for (const bool is_broadcast : {false, true}) {
      line.kind = is_broadcast ? Kind::Broadcast : Kind::Shift;
      for (const std::size_t member : m_strips[i].members) {
        const core::NumberSeries& values = series(*m_data->runs[member], i, is_broadcast);
        line.member = member;
        found.look(line, values.steps, values.values, at);
      }
      const core::NumberBand& band = bandOf(m_strips[i], is_broadcast);
      line.member.reset();
      found.look(line, band.steps, band.median, at);
    }
  }
  return found;
}

QString StudyStrips::textOf(const StudyLine& line) const {
  const StudyStrip& strip = m_strips[line.place];
  const bool is_broadcast = line.kind == Kind::Broadcast;
  const QString number =
      (is_broadcast ? tr("%1 broadcast") : tr("%1 shift")).arg(headName(strip.layer, strip.head));
  const core::NumberBand& band = bandOf(strip, is_broadcast);
  return line.member
             ? lineText(memberName(*m_data, *line.member), number, line,
                        &series(*m_data->runs[*line.member], line.place, is_broadcast), band)
             : lineText(settingName(*m_data, m_setting), number, line, nullptr, band);
}

void StudyStrips::resizeEvent(QResizeEvent*) {
  layOut();
}

void StudyStrips::changeEvent(QEvent* event) {
  if (event->type() == QEvent::FontChange) {
    layOut();
  }
  QAbstractScrollArea::changeEvent(event);
}

void StudyStrips::mousePressEvent(QMouseEvent* event) {
  const auto line = event->button() == Qt::LeftButton ? lineAt(event->position()) : std::nullopt;
  if (line && line->member) {
    emit memberTaken(*line->member);
  }
}

bool StudyStrips::event(QEvent* event) {
  if (event->type() == QEvent::ShortcutOverride) {
    const auto* key = static_cast<QKeyEvent*>(event);
    if (key->modifiers() == Qt::NoModifier &&
        (key->key() == Qt::Key_Up || key->key() == Qt::Key_Down)) {
      event->accept();
      return true;
    }
  }
  return QAbstractScrollArea::event(event);
}

void StudyStrips::keyPressEvent(QKeyEvent* event) {
  QScrollBar* bar = verticalScrollBar();
  if (event->key() == Qt::Key_Up || event->key() == Qt::Key_Down) {
    bar->setValue(bar->value() + (event->key() == Qt::Key_Up ? -1 : 1) * bar->singleStep());
  } else {
    event->ignore();
  }
}

bool StudyStrips::viewportEvent(QEvent* event) {
  if (event->type() == QEvent::ToolTip) {
    const auto* help = static_cast<QHelpEvent*>(event);
    const LinePick found = pick(help->pos());
    std::vector<PlacedText> texts;
    if (found.line()) {
      texts.push_back({found.box(), textOf(*found.line())});
    }
    texts.push_back({QRectF(viewport()->rect()), lanesHelp()});
    tellTextUnder(*help, texts, *viewport());
    return true;
  }
  return QAbstractScrollArea::viewportEvent(event);
}

}  // namespace anchorlens::widgets
