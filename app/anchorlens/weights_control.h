// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/anchorlens/weights_worker.h"
#include "app/anchorlens/worker_thread.h"
#include "widgets/weights/weights_picture.h"

#include <QObject>

#include <filesystem>
#include <list>
#include <optional>
#include <stop_token>
#include <vector>

namespace anchorlens::widgets {
class WeightsView;
}

namespace anchorlens::app {

/// Keeps the Weights tab at the cursor: asks the worker, of questions the latest counts, keeps what
/// was answered. Asks nothing while the tab is hidden. GUI thread.
class WeightsControl : public QObject {
  Q_OBJECT

 public:
  /// What the window shows.
  struct Subject {
    std::filesystem::path run;  ///< empty: a draft
    std::optional<core::ModelSpec> model;
    std::vector<std::int64_t> checkpoints;  ///< ascending
    std::int64_t step = 0;                  ///< of the cursor
    QString placeholder;                    ///< why there is nothing to show
  };

  explicit WeightsControl(widgets::WeightsView* view, QObject* parent = nullptr);
  ~WeightsControl() override { m_stop.request_stop(); }

  void show(const Subject& subject);
  /// Draws a figure of the weights for the clipboard; copied follows when it is there. A large
  /// matrix takes longer than the window may wait.
  void copy(const widgets::Figure& figure);

 signals:
  void copied();

 private:
  /// What a picture depends on.
  struct Key {
    std::filesystem::path run;
    std::int64_t step = -1;    ///< of a checkpoint
    std::int64_t newest = -1;  ///< page Weights only: order of rows and Over time
    widgets::WeightsChoice choice;
    bool operator==(const Key&) const = default;
  };
  struct Kept {
    Key key;
    widgets::PicturePtr picture;
    std::size_t bytes = 0;
  };

  void update();
  void ask(const Key& key);
  void keep(const Key& key, const widgets::PicturePtr& picture);

  widgets::WeightsView* m_view;
  Subject m_subject;
  Key m_asked;
  std::uint64_t m_number = 0;
  std::stop_source m_stop;
  std::list<Kept> m_kept;  ///< newest first
  std::size_t m_kept_bytes = 0;
  WorkerThread<WeightsWorker> m_thread;
};

}  // namespace anchorlens::app
