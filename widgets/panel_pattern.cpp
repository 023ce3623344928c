// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/panel_pattern.h"

#include "widgets/fonts.h"

#include <QKeyEvent>
#include <QMimeData>
#include <QPainter>
#include <QSyntaxHighlighter>
#include <QTextBlock>
#include <QTextLayout>

#include <algorithm>
#include <cmath>

namespace anchorlens::widgets {

namespace {

constexpr double kFontScale = 14.0 / 13.0;
constexpr int kPadding = 6;
constexpr int kCellPadding = 4;

/// Columns of the language are bytes of UTF-8; the editor counts UTF-16 units.
int unitOfByte(const QByteArray& utf8, int byte) {
  return static_cast<int>(
      QString::fromUtf8(utf8.left(std::clamp<qsizetype>(byte, 0, utf8.size()))).size());
}

}  // namespace

class PatternHighlighter : public QSyntaxHighlighter {
 public:
  explicit PatternHighlighter(QTextDocument* document) : QSyntaxHighlighter(document) {}
  void setTheme(const Theme& theme) {
    m_theme = theme;
    rehighlight();
  }
  void setKind(core::TextKind kind) {
    m_kind = kind;
    rehighlight();
  }

 protected:
  void highlightBlock(const QString& text) override {
    const QByteArray utf8 = text.toUtf8();
    const auto tokens = core::tokenize(
        std::string_view(utf8.constData(), static_cast<std::size_t>(utf8.size())), m_kind);
    bool follows_as = false;
    for (const core::TextToken& token : tokens) {
      const std::string_view word(utf8.constData() + token.span.begin,
                                  static_cast<std::size_t>(token.span.end - token.span.begin));
      const int begin = unitOfByte(utf8, token.span.begin);
      const int end = unitOfByte(utf8, token.span.end);
      // In an operation only `same as 3` names an anchor by its number.
      const bool is_plain_number = m_kind == core::TextKind::Operation &&
                                   token.kind == core::TextToken::Kind::Number && !follows_as;
      if (!is_plain_number)
        setFormat(begin, end - begin, formatOf(token));
      follows_as = word == "as";
    }
  }

 private:
  QTextCharFormat formatOf(const core::TextToken& token) const {
    using Kind = core::TextToken::Kind;
    QTextCharFormat format;
    const auto paint = [&](TokenRole role) {
      const TokenStyle style = m_theme.token(role);
      format.setForeground(style.text);
      format.setFontWeight(style.bold ? QFont::DemiBold : QFont::Normal);
    };
    switch (token.kind) {
      case Kind::Key:
        paint(token.in_target ? TokenRole::Answer : TokenRole::Key);
        break;
      case Kind::Anchor:
      case Kind::Number:
        paint(TokenRole::Anchor);
        break;
      case Kind::Gap:
      case Kind::Noise:
        paint(TokenRole::Noise);
        break;
      case Kind::Invalid:
        format.setForeground(m_theme.error);
        break;
      default:
        format.setForeground(m_theme.text_second);
    }
    return format;
  }

  Theme m_theme = Theme::dark();
  core::TextKind m_kind = core::TextKind::Pattern;
};

PatternEdit::PatternEdit(QWidget* parent) : QPlainTextEdit(parent) {
  setTabChangesFocus(true);
  setLineWrapMode(QPlainTextEdit::WidgetWidth);
  setWordWrapMode(QTextOption::WordWrap);
  setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  document()->setDocumentMargin(kPadding);
  m_highlighter = new PatternHighlighter(document());
  connect(this, &QPlainTextEdit::textChanged, this, &PatternEdit::fitHeight);
  fitHeight();
}

void PatternEdit::setText(const QString& text) {
  if (text == toPlainText())
    return;
  const int position = textCursor().position();
  setPlainText(text);
  QTextCursor cursor = textCursor();
  cursor.setPosition(std::min(position, static_cast<int>(text.size())));
  setTextCursor(cursor);
}

void PatternEdit::setErrorRange(int column, int length) {
  if (column == m_error_column && length == m_error_length)
    return;
  m_error_column = column;
  m_error_length = length;
  viewport()->update();
}

void PatternEdit::setTheme(const Theme& theme) {
  m_theme = theme;
  m_highlighter->setTheme(theme);
  viewport()->update();
}

void PatternEdit::setKind(core::TextKind kind) {
  m_highlighter->setKind(kind);
  m_is_cell = kind == core::TextKind::Operation;
  setProperty("role", m_is_cell ? "cell" : "");
  setViewportMargins(m_is_cell ? kCellPadding : 0, 0, m_is_cell ? kCellPadding : 0, 0);
  document()->setDocumentMargin(m_is_cell ? kCellPadding : kPadding);
  fitHeight();
}

QSize PatternEdit::sizeHint() const {
  return {120, m_height};
}

void PatternEdit::fitHeight() {
  // The parent's size: this widget's own is the one that is being set.
  const QWidget& base = parentWidget() != nullptr ? *parentWidget() : *this;
  const QFont mono = monoFont(std::round(basePixelSize(base) * (m_is_cell ? 1 : kFontScale)));
  if (document()->defaultFont() != mono) {
    document()->setDefaultFont(mono);
    setFont(mono);
  }
  const double lines = std::max(1.0, document()->size().height());
  const double line = std::ceil(QFontMetricsF(mono).lineSpacing());
  const int padding = m_is_cell ? kCellPadding : kPadding;
  const int height = static_cast<int>(lines * line) + 2 * padding + 2 * frameWidth();
  if (height == m_height)
    return;
  m_height = height;
  setFixedHeight(height);
  updateGeometry();
}

void PatternEdit::keyPressEvent(QKeyEvent* event) {
  if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) {
    event->ignore();
    return;
  }
  QPlainTextEdit::keyPressEvent(event);
}

void PatternEdit::insertFromMimeData(const QMimeData* source) {
  insertPlainText(source->text().simplified());
}

void PatternEdit::paintEvent(QPaintEvent* event) {
  QPlainTextEdit::paintEvent(event);
  if (m_error_length == 0)
    return;
  const QByteArray utf8 = toPlainText().toUtf8();
  const int begin = unitOfByte(utf8, m_error_column);
  const int end = std::max(begin + 1, unitOfByte(utf8, m_error_column + m_error_length));
  QTextCursor cursor(document());
  cursor.setPosition(std::min(begin, static_cast<int>(toPlainText().size())));
  const QRect at = cursorRect(cursor);
  const QFontMetricsF metrics(document()->defaultFont());
  const double unit = metrics.horizontalAdvance(QLatin1Char('0'));
  const double right = std::min<double>(at.left() + unit * (end - begin), viewport()->width() - 2);

  // A caret under the first wrong character and a line under the rest.
  QPainter painter(viewport());
  painter.setRenderHint(QPainter::Antialiasing);
  const double y = at.bottom() + 0.5;
  painter.setPen(QPen(m_theme.error, 1.5));
  painter.drawLine(QPointF(at.left(), y), QPointF(right, y));
  painter.setPen(Qt::NoPen);
  painter.setBrush(m_theme.error);
  const double x = at.left() + unit / 2;
  painter.drawPolygon(QPolygonF{{x, y}, {x - 4, y + 5}, {x + 4, y + 5}});
}

void PatternEdit::resizeEvent(QResizeEvent* event) {
  QPlainTextEdit::resizeEvent(event);
  fitHeight();
}

void PatternEdit::changeEvent(QEvent* event) {
  QPlainTextEdit::changeEvent(event);
  if (event->type() == QEvent::StyleChange)
    fitHeight();
}

}  // namespace anchorlens::widgets
