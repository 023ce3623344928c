// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/anchorlens/live_data.h"
#include "app/anchorlens/snapshot_worker.h"
#include "engine/session/causal_record.h"
#include "widgets/panel_causal.h"

#include <QObject>
#include <QTimer>

#include <vector>

namespace anchorlens::app {

/// What a record says of one head, for the Inspector.
widgets::HeadCausality causalityOf(const engine::CausalRecord& record);

/// Causal tests that the window asks for, and pictures of the model with heads taken away. All is
/// computed by Snapshots; GUI thread.
class HeadTests : public QObject {
  Q_OBJECT

 public:
  explicit HeadTests(Snapshots& snapshots, QObject* parent = nullptr);

  /// How long head and step must stay before a test begins by itself.
  static constexpr int kRestMs = 150;

  /// The head that is looked at; its numbers follow (measured), kept ones where there are some,
  /// else (by_itself) computed when it has been looked at for kRestMs.
  /// False when it is looked at already.
  bool look(const SnapshotPlace& place, const engine::HeadRef& head, bool by_itself);
  /// Nothing is looked at.
  void lookAway();
  /// Tests the head that is looked at and keeps the result in the run.
  void testNow();
  bool isEvaluating() const { return m_snapshots.isBusy(kHeadChannel); }

  /// The picture of the model without these heads: pictured follows, or failed.
  void picture(const SnapshotPlace& place, const std::vector<engine::HeadRef>& without);
  void noPicture() { m_snapshots.cancel(kPictureChannel); }

  static inline const QString kHeadChannel = QStringLiteral("head test");
  static inline const QString kPictureChannel = QStringLiteral("ablated views");

 signals:
  void measured(const anchorlens::widgets::HeadCausality& result);
  /// Why there are no numbers of the head, or no picture.
  void failed(const QString& message);
  void pictureFailed(const QString& message);
  void pictured(anchorlens::app::FramePtr frame, std::vector<anchorlens::engine::HeadRef> without);
  /// A result could not be kept in the run.
  void notKept(const QString& message);

 private:
  void ask(bool keep);

  Snapshots& m_snapshots;
  QTimer m_rest;
  SnapshotPlace m_place;
  engine::HeadRef m_head{-1, -1};
};

}  // namespace anchorlens::app
