// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/panel_field.h"

#include "widgets/fonts.h"
#include "widgets/panel_pattern.h"

#include <QCheckBox>
#include <QComboBox>
#include <QEvent>
#include <QGridLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QPainter>
#include <QPlainTextEdit>

#include <utility>

namespace anchorlens::widgets {

namespace {

/// Label column in multiples of the font size: the longest usual label, at any font scale.
constexpr double kLabelEms = 9.2;
constexpr int kTextLines = 5;

class ElidingLabel : public QLabel {
 public:
  using QLabel::QLabel;
  QSize sizeHint() const override {
    return {fontMetrics().horizontalAdvance(text()) + 2, QLabel::sizeHint().height()};
  }
  QSize minimumSizeHint() const override { return {24, QLabel::minimumSizeHint().height()}; }

 protected:
  void paintEvent(QPaintEvent*) override {
    QPainter painter(this);
    const QString shown = fontMetrics().elidedText(text(), Qt::ElideRight, width());
    if (toolTip().isEmpty() && shown != text())
      setToolTip(text());
    painter.setPen(
        palette().color(isEnabled() ? QPalette::Active : QPalette::Disabled, QPalette::WindowText));
    painter.drawText(rect(), static_cast<int>(Qt::AlignVCenter | Qt::AlignLeft), shown);
  }
};

}  // namespace

QLabel* makeElidingLabel(const QString& text, QWidget* parent) {
  return new ElidingLabel(text, parent);
}

FormField::FormField(FieldSpec spec, QWidget* parent, bool with_label)
    : QWidget(parent), m_spec(std::move(spec)) {
  buildEditor();
  m_editor->setObjectName(m_spec.pointer);
  m_editor->setAccessibleName(m_spec.spoken.isEmpty() ? m_spec.label : m_spec.spoken);
  m_editor->setToolTip(m_spec.tip);
  m_editor->installEventFilter(this);
  m_error = new QLabel(this);
  m_error->setProperty("role", "problem");
  m_error->setWordWrap(true);
  m_error->setTextInteractionFlags(Qt::TextSelectableByMouse);
  m_error->hide();
  layOut(with_label);
}

void FormField::buildEditor() {
  const auto changed = [this] {
    if (!m_is_loading)
      emit edited(this);
  };
  const auto document_changed = [this] {
    if (m_is_loading || !m_has_loaded || text() == m_seen)
      return;
    m_seen = text();
    emit edited(this);
  };
  switch (m_spec.kind) {
    case FieldSpec::Kind::Line:
    case FieldSpec::Kind::Mono: {
      auto* line = new QLineEdit(this);
      line->setMinimumWidth(28);
      if (m_spec.kind == FieldSpec::Kind::Mono)
        line->setProperty("role", "mono");
      line->setPlaceholderText(m_spec.placeholder);
      connect(line, &QLineEdit::textEdited, this, changed);
      m_editor = line;
      break;
    }
    case FieldSpec::Kind::Text: {
      auto* text = new QPlainTextEdit(this);
      text->setProperty("role", "mono");
      text->setTabChangesFocus(true);
      text->setLineWrapMode(QPlainTextEdit::NoWrap);
      text->setPlaceholderText(m_spec.placeholder);
      text->setFixedHeight(text->fontMetrics().lineSpacing() * kTextLines + 16);
      connect(text, &QPlainTextEdit::textChanged, this, document_changed);
      m_editor = text;
      break;
    }
    case FieldSpec::Kind::Pattern:
    case FieldSpec::Kind::Operation: {
      auto* pattern =
          m_spec.complete ? new CompletingEdit(m_spec.complete, this) : new PatternEdit(this);
      if (m_spec.kind == FieldSpec::Kind::Operation)
        pattern->setKind(core::TextKind::Operation);
      connect(pattern, &QPlainTextEdit::textChanged, this, document_changed);
      m_editor = pattern;
      break;
    }
    case FieldSpec::Kind::Choice: {
      auto* choice = new QComboBox(this);
      for (const auto& [value, text] : m_spec.choices)
        choice->addItem(text, value);
      choice->setFocusPolicy(Qt::TabFocus);
      choice->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
      choice->setMinimumContentsLength(4);
      connect(choice, &QComboBox::activated, this, changed);
      m_editor = choice;
      break;
    }
    case FieldSpec::Kind::Switch: {
      auto* box = new QCheckBox(m_spec.label, this);
      box->setFocusPolicy(Qt::TabFocus);
      connect(box, &QCheckBox::toggled, this, changed);
      m_editor = box;
      break;
    }
  }
}

void FormField::layOut(bool with_label) {
  auto* grid = new QGridLayout(this);
  grid->setContentsMargins(0, 0, 0, 0);
  grid->setHorizontalSpacing(8);
  grid->setVerticalSpacing(2);
  const bool has_label = with_label && m_spec.kind != FieldSpec::Kind::Switch && !m_spec.no_label;
  if (has_label) {
    m_label = makeElidingLabel(m_spec.label, this);
    m_label->setToolTip(m_spec.tip);
    m_label->setBuddy(m_editor);
    if (m_spec.wide) {
      grid->addWidget(m_label, 0, 0, 1, 2);
    } else {
      if (!m_spec.tight)
        m_label->setFixedWidth(static_cast<int>(basePixelSize(*this) * kLabelEms));
      grid->addWidget(m_label, 0, 0);
    }
  }
  const bool spans = !has_label || m_spec.wide;
  grid->addWidget(m_editor, m_spec.wide ? 1 : 0, spans ? 0 : 1, 1, spans ? 2 : 1);
  grid->addWidget(m_error, 2, 0, 1, 2);
  grid->setColumnStretch(1, 1);
}

void FormField::resizeEvent(QResizeEvent* event) {
  QWidget::resizeEvent(event);
  if (m_label != nullptr && !m_spec.wide && !m_spec.tight)
    m_label->setFixedWidth(static_cast<int>(basePixelSize(*this) * kLabelEms));
}

QString FormField::text() const {
  if (const auto* line = qobject_cast<const QLineEdit*>(m_editor))
    return line->text();
  if (const auto* plain = qobject_cast<const QPlainTextEdit*>(m_editor))
    return plain->toPlainText();
  if (const auto* choice = qobject_cast<const QComboBox*>(m_editor))
    return choice->currentData().toString();
  return qobject_cast<const QCheckBox*>(m_editor)->isChecked() ? QStringLiteral("true")
                                                               : QStringLiteral("false");
}

void FormField::showText(const QString& text) {
  m_is_loading = true;
  m_seen = text;
  if (auto* line = qobject_cast<QLineEdit*>(m_editor)) {
    if (line->text() != text) {
      const int position = line->cursorPosition();
      line->setText(text);
      line->setCursorPosition(line->hasFocus() ? position : 0);
    }
  } else if (auto* pattern = qobject_cast<PatternEdit*>(m_editor)) {
    pattern->setText(text);
  } else if (auto* plain = qobject_cast<QPlainTextEdit*>(m_editor)) {
    if (plain->toPlainText() != text)
      plain->setPlainText(text);
  } else if (auto* choice = qobject_cast<QComboBox*>(m_editor)) {
    // A value that is not among the choices (a device of another machine) becomes one.
    if (choice->findData(text) < 0)
      choice->addItem(text, text);
    choice->setCurrentIndex(choice->findData(text));
  } else if (auto* box = qobject_cast<QCheckBox*>(m_editor)) {
    box->setChecked(text == QLatin1String("true"));
  }
  m_is_loading = false;
}

void FormField::load(const core::ExperimentSpec& experiment) {
  const QString value = m_spec.get(experiment);
  const bool is_enabled = !m_spec.applies || m_spec.applies(experiment);
  m_editor->setEnabled(is_enabled && !(m_is_read_only && (m_spec.kind == FieldSpec::Kind::Choice ||
                                                          m_spec.kind == FieldSpec::Kind::Switch)));
  if (m_label != nullptr)
    m_label->setEnabled(is_enabled);
  if (m_spec.hides)
    setVisible(is_enabled);
  if (m_has_loaded && value == m_loaded)
    return;
  m_has_loaded = true;
  m_loaded = value;
  showText(value);
  setTextProblem({});
}

bool FormField::store(core::ExperimentSpec& experiment) {
  core::ExperimentSpec next = experiment;
  setTextProblem(m_spec.set(text(), next));
  if (!m_text_problem.isEmpty())
    return false;
  m_loaded = m_spec.get(next);  // the text stays as typed: "3e-4" is not rewritten under the hands
  experiment = std::move(next);
  return true;
}

void FormField::setReadOnly(bool read_only) {
  m_is_read_only = read_only;
  if (read_only && !m_text_problem.isEmpty()) {
    showText(m_loaded);  // what is shown now is a value
    setTextProblem({});
  }
  if (auto* line = qobject_cast<QLineEdit*>(m_editor))
    line->setReadOnly(read_only);
  else if (auto* plain = qobject_cast<QPlainTextEdit*>(m_editor))
    plain->setReadOnly(read_only);
  else
    m_editor->setEnabled(!read_only);
}

void FormField::setTheme(const Theme& theme) {
  m_mark = theme.error_tint;
  markLines(problemLines());
  if (auto* pattern = qobject_cast<PatternEdit*>(m_editor))
    pattern->setTheme(theme);
}

QString FormField::mergeKey() const {
  if (m_spec.kind == FieldSpec::Kind::Choice || m_spec.kind == FieldSpec::Kind::Switch)
    return {};
  return QStringLiteral("%1#%2").arg(m_spec.pointer).arg(m_typing_session);
}

bool FormField::eventFilter(QObject* object, QEvent* event) {
  if (event->type() == QEvent::FocusOut)
    ++m_typing_session;
  const bool is_escape =
      event->type() == QEvent::KeyPress && static_cast<QKeyEvent*>(event)->key() == Qt::Key_Escape;
  if (is_escape && !m_text_problem.isEmpty()) {
    showText(m_loaded);
    emit edited(this);
    return true;
  }
  // Scrolling the form must not change a value on its way.
  if (event->type() == QEvent::Wheel && !m_editor->hasFocus() &&
      m_spec.kind == FieldSpec::Kind::Choice) {
    event->ignore();
    return true;
  }
  return QWidget::eventFilter(object, event);
}

}  // namespace anchorlens::widgets
