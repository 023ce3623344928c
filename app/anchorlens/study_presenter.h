// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/anchorlens/controller.h"
#include "app/anchorlens/export/export_order.h"
#include "app/anchorlens/study_list.h"
#include "app/anchorlens/study_numbers.h"
#include "app/anchorlens/worker_thread.h"
#include "widgets/study_view.h"

#include <QObject>

#include <filesystem>
#include <memory>
#include <vector>

namespace anchorlens::app {

/// Puts one of the open studies into the Study view and opens the runs that are chosen there. Its
/// numbers are read while the view is looked at.
class StudyPresenter : public QObject {
  Q_OBJECT

 public:
  StudyPresenter(StudyList& studies, Controller& controller, widgets::StudyView& view,
                 QObject* parent = nullptr);

  /// 0: none is open that has runs.
  quint64 shown() const { return m_shown; }
  /// Any row of a study; others are ignored.
  void show(quint64 row);
  /// The time cursor or the shown run have changed.
  void follow();

  QString name() const;
  std::filesystem::path folder() const;
  /// What the view shows, for figures.
  StudyChoice figure() const;
  /// ExportKind::id of the page that is shown.
  QString kind() const;

 signals:
  /// The first study is there, or the last one has gone.
  void availabilityChanged(bool is_there);
  void told(const QString& text);

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  void listChanged();
  void read();
  void openRuns(const std::vector<quint64>& members, quint64 shown);

  StudyList& m_studies;
  Controller& m_controller;
  widgets::StudyView& m_view;
  quint64 m_shown = 0;
  std::vector<std::pair<quint64, QString>> m_names;
  std::shared_ptr<const StudyFacts> m_asked;  ///< whose numbers were asked for last
  WorkerThread<StudyNumbers> m_thread;
};

}  // namespace anchorlens::app
