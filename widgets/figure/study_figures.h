// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/figure/figure.h"
#include "widgets/study_text.h"

/// Figures of a study: its phase diagram, its curves, its head scores.
namespace anchorlens::widgets {

using StudyPtr = std::shared_ptr<const core::StudyData>;

class StudyContent : public FigureContent {
 public:
  explicit StudyContent(StudyPtr study) : m_study(std::move(study)) {}
  QString problem() const override;
  QStringList stepNames() const override { return {QStringLiteral("last")}; }

 protected:
  const core::StudyData& study() const { return *m_study; }

 private:
  StudyPtr m_study;
};

class PhaseFigure : public StudyContent {
 public:
  PhaseFigure(StudyPtr study, core::PhaseChoice choice)
      : StudyContent(std::move(study)), m_choice(std::move(choice)) {}
  QString view() const override { return QStringLiteral("phase"); }
  QStringList stepNames() const override;
  QStringList provenance(const FigureSource& source) const override;
  double paint(const FigureCanvas& canvas, double top) const override;
  NumberTable numbers() const override;

 private:
  core::PhaseChoice m_choice;
};

class StudyCurvesFigure : public StudyContent {
 public:
  StudyCurvesFigure(StudyPtr study, CurveChoice choice)
      : StudyContent(std::move(study)), m_choice(std::move(choice)) {}
  QString view() const override { return QStringLiteral("study-curves"); }
  QString problem() const override;
  QStringList provenance(const FigureSource& source) const override;
  double paint(const FigureCanvas& canvas, double top) const override;
  NumberTable numbers() const override;

 private:
  CurveChoice m_choice;
};

class StudyScoresFigure : public StudyContent {
 public:
  StudyScoresFigure(StudyPtr study, std::size_t setting)
      : StudyContent(std::move(study)), m_setting(setting) {}
  QString view() const override { return QStringLiteral("study-scores"); }
  QString problem() const override;
  QStringList provenance(const FigureSource& source) const override;
  double paint(const FigureCanvas& canvas, double top) const override;
  NumberTable numbers() const override;

 private:
  std::size_t m_setting = 0;
};

}  // namespace anchorlens::widgets
