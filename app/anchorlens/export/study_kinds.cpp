// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorlens/export/export_kind.h"
#include "app/anchorlens/export/export_text.h"
#include "app/anchorlens/export/study_options.h"
#include "widgets/figure/study_figures.h"

namespace anchorlens::app {

namespace {

QStringList allQuoted(QStringList words) {
  for (QString& word : words)
    word = quoted(word);
  return words;
}

class StudyKind : public ExportKind {
 public:
  using ExportKind::ExportKind;
  QStringList stepNames(const ExportOrder& /*order*/) const override {
    return {QStringLiteral("last")};
  }
};

class PhaseKind : public StudyKind {
 public:
  using StudyKind::StudyKind;
  QStringList stepNames(const ExportOrder& order) const override {
    return {order.study.phase.step ? QString::number(*order.study.phase.step)
                                   : QStringLiteral("last")};
  }
  QStringList words(const ExportOrder& order) const override {
    return allQuoted(phaseWords(order.study));
  }
  Found<ContentPtr> content(const ExportOrder& order, FigureMaterial& /*from*/) const override {
    return ContentPtr(std::make_shared<widgets::PhaseFigure>(order.study.data, order.study.phase));
  }
};

class StudyCurvesKind : public StudyKind {
 public:
  using StudyKind::StudyKind;
  QStringList words(const ExportOrder& order) const override {
    return allQuoted(curveWords(order.study));
  }
  Found<ContentPtr> content(const ExportOrder& order, FigureMaterial& /*from*/) const override {
    return ContentPtr(
        std::make_shared<widgets::StudyCurvesFigure>(order.study.data, order.study.curves));
  }
};

class StudyScoresKind : public StudyKind {
 public:
  using StudyKind::StudyKind;
  QStringList words(const ExportOrder& order) const override {
    return {QStringLiteral("--settings"), QString::number(order.study.setting + 1)};
  }
  Found<ContentPtr> content(const ExportOrder& order, FigureMaterial& /*from*/) const override {
    return ContentPtr(
        std::make_shared<widgets::StudyScoresFigure>(order.study.data, order.study.setting));
  }
};

ExportKind::Facts facts(const QString& id, const QString& title, ExportKind::Steps steps,
                        StyleOptions options = {}) {
  return {.id = id,
          .title = title,
          .view = id,
          .word = id,
          .options = options,
          .of = ExportKind::Of::Study,
          .steps = steps};
}

}  // namespace

void addStudyKinds(ExportKinds& kinds) {
  using enum StyleOption;
  kinds.push_back(std::make_unique<PhaseKind>(
      facts(QStringLiteral("phase"), tr("Study: phase diagram"), ExportKind::Steps::One,
            StyleOptions(ColourBar) | Values | Map)));
  kinds.push_back(std::make_unique<StudyCurvesKind>(
      facts(QStringLiteral("study-curves"), tr("Study: curves"), ExportKind::Steps::None)));
  kinds.push_back(std::make_unique<StudyScoresKind>(
      facts(QStringLiteral("study-scores"), tr("Study: head scores"), ExportKind::Steps::None)));
}

}  // namespace anchorlens::app
