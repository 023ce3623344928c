// SPDX-License-Identifier: GPL-3.0-or-later
// The steps that follow a change: their order, each once, and the event loop between slices.
#include "app/anchorlens/refresh_queue.h"

#include <QtTest>

#include <ctime>

using namespace anchorlens::app;

namespace {

/// So much processor time of this thread.
void work(int ms) {
  const auto start = std::clock();
  while (std::clock() - start < ms * CLOCKS_PER_SEC / 1000) {
  }
}

}  // namespace

class TestRefreshQueue : public QObject {
  Q_OBJECT

  QStringList m_log;
  void addTo(RefreshQueue& queue, DirtyFlags when, const char* name, int busy_ms = 0) {
    queue.add(when, [this, name, busy_ms](DirtyFlags dirty) {
      work(busy_ms);
      m_log.append(QStringLiteral("%1:%2").arg(QLatin1String(name)).arg(dirty.toInt()));
    });
  }

 private slots:
  void init() { m_log.clear(); }
  void followsItsChangesInOrder();
  void waitsForTheNextEventAfterASlice();
  void cheapChangesAreShownAtOnce();
  void startsAtTheFrontAgain();
  void finishesAtOnce();
  void aStepMayAskForMore();
};

void TestRefreshQueue::followsItsChangesInOrder() {
  RefreshQueue queue;
  addTo(queue, Dirty::Subject, "a");
  addTo(queue, Dirty::Subject | Dirty::Cursor, "b");
  addTo(queue, Dirty::Cursor, "c");
  queue.request(Dirty::Cursor);
  QVERIFY(queue.isIdle());
  queue.request(Dirty::Subject | Dirty::Phase);
  queue.request(Dirty::Phase);
  QCOMPARE(m_log, QStringList({"b:8", "c:8", "a:65", "b:65"}));
}

void TestRefreshQueue::waitsForTheNextEventAfterASlice() {
  RefreshQueue queue;
  addTo(queue, Dirty::Subject, "a", 2 * static_cast<int>(RefreshQueue::kSliceMs));
  addTo(queue, Dirty::Subject, "b", 2 * static_cast<int>(RefreshQueue::kSliceMs));
  addTo(queue, Dirty::Subject, "c");
  queue.request(Dirty::Subject);
  QCOMPARE(m_log, QStringList({"a:1"}));
  QVERIFY(!queue.isIdle());
  QTRY_VERIFY(queue.isIdle());
  QCOMPARE(m_log, QStringList({"a:1", "b:1", "c:1"}));
}

void TestRefreshQueue::cheapChangesAreShownAtOnce() {
  RefreshQueue queue;
  addTo(queue, Dirty::Phase, "a", 2 * static_cast<int>(RefreshQueue::kSliceMs));
  addTo(queue, Dirty::Phase, "b");
  queue.request(Dirty::Phase);
  QCOMPARE(m_log, QStringList({"a:64", "b:64"}));
}

/// A change that comes between two slices: the steps before come again, none after comes twice.
void TestRefreshQueue::startsAtTheFrontAgain() {
  RefreshQueue queue;
  addTo(queue, kAllDirty, "a", 2 * static_cast<int>(RefreshQueue::kSliceMs));
  addTo(queue, Dirty::Subject, "b");
  queue.request(Dirty::Subject);
  queue.request(Dirty::Cursor);
  QTRY_VERIFY(queue.isIdle());
  QCOMPARE(m_log, QStringList({"a:1", "a:8", "b:1"}));
}

void TestRefreshQueue::finishesAtOnce() {
  RefreshQueue queue;
  addTo(queue, Dirty::Subject, "a", 2 * static_cast<int>(RefreshQueue::kSliceMs));
  addTo(queue, Dirty::Subject, "b");
  queue.request(Dirty::Subject);
  queue.finish();
  QVERIFY(queue.isIdle());
  QCOMPARE(m_log, QStringList({"a:1", "b:1"}));
  QTest::qWait(20);
  QCOMPARE(m_log.size(), 2);
}

void TestRefreshQueue::aStepMayAskForMore() {
  RefreshQueue queue;
  addTo(queue, Dirty::Runs, "runs");
  queue.add(Dirty::Subject, [this, &queue](DirtyFlags) {
    m_log.append("asks");
    queue.request(Dirty::Runs);
    m_log.append("asked");
  });
  queue.request(Dirty::Subject);
  QCOMPARE(m_log, QStringList({"asks", "asked", "runs:32"}));
}

QTEST_GUILESS_MAIN(TestRefreshQueue)
#include "tst_refresh_queue.moc"
