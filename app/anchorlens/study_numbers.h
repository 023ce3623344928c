// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/anchorlens/study_reader.h"
#include "engine/core/study/study_numbers.h"

#include <QObject>

#include <memory>
#include <optional>

namespace anchorlens::app {

/// Reads the numbers of one study's runs on its own thread, each again only when its facts have
/// changed. A large study is told in parts, so that the view fills.
class StudyNumbers : public QObject {
  Q_OBJECT

 public:
  static constexpr int kPartMs = 300;

  /// Another study than before drops what was read of that.
  void read(const std::shared_ptr<const StudyFacts>& facts);
  /// Emergence goes by these from now on; what was read is told again.
  void setThresholds(const core::LabelThresholds& thresholds);

 signals:
  void wasRead(quint64 study_id, std::shared_ptr<const anchorlens::core::StudyData> data);

 private:
  void tell();

  std::optional<core::StudyNumberReader> m_reader;
  core::LabelThresholds m_thresholds;
  quint64 m_study = 0;
};

}  // namespace anchorlens::app
