// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/figure/figure.h"
#include "widgets/weights/weights_picture.h"

#include <QMimeData>
#include <QObject>

#include <filesystem>
#include <memory>
#include <stop_token>

namespace anchorlens::app {

/// Reads checkpoints and computes the pictures of the Weights tab on its own thread. It opens no
/// engine and holds no lock: training goes on.
class WeightsWorker : public QObject {
  Q_OBJECT

 public:
  struct Question {
    std::uint64_t number = 0;
    std::filesystem::path run;
    std::int64_t step = 0;
    std::int64_t newest = 0;  ///< the newest checkpoint that the window knows of
    widgets::WeightsChoice choice;
    std::stop_token stop;
  };
  /// answered or refused follows, unless it is stopped; answered once more when Over time was not
  /// complete.
  void answer(const Question& question);
  /// A figure for the clipboard: copied follows, with data that belongs to `owner`'s thread.
  void copy(const widgets::Figure& figure, QThread* owner);

 signals:
  void answered(quint64 number, std::shared_ptr<const anchorlens::widgets::WeightsPicture> picture);
  void refused(quint64 number, const QString& problem);
  void copied(QMimeData* data);

 private:
  void read(const Question& question);
  /// Computes and tells; whether there is more to come.
  bool tell(const Question& question, std::int64_t step, bool all);

  std::unique_ptr<core::analysis::RunWeights> m_run;
};

}  // namespace anchorlens::app
