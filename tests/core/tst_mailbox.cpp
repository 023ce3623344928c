// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/mailbox.h"

#include <QTest>

#include <atomic>
#include <thread>
#include <vector>

using anchorlens::core::Mailbox;

class TestMailbox : public QObject {
  Q_OBJECT

 private slots:
  void startsEmpty();
  void latestSnapshotWins();
  void scalarsAreNeverLost();
  void severalThreads();
};

void TestMailbox::startsEmpty() {
  Mailbox<int, int> mailbox;
  const auto contents = mailbox.take();
  QVERIFY(contents.snapshot == nullptr);
  QVERIFY(contents.scalars.empty());
}

void TestMailbox::latestSnapshotWins() {
  Mailbox<int, int> mailbox;
  const auto old = std::make_shared<const int>(1);
  mailbox.postSnapshot(old);
  mailbox.postSnapshot(std::make_shared<const int>(2));
  QCOMPARE(old.use_count(), 1L);  // nobody keeps what was overtaken
  QCOMPARE(*mailbox.take().snapshot, 2);
  QVERIFY(mailbox.take().snapshot == nullptr);
}

void TestMailbox::scalarsAreNeverLost() {
  Mailbox<int, int> mailbox;
  mailbox.postScalar(1);
  mailbox.postScalar(2);
  mailbox.postSnapshot(std::make_shared<const int>(7));
  mailbox.postScalar(3);
  QCOMPARE(mailbox.take().scalars, (std::vector<int>{1, 2, 3}));
  mailbox.postScalar(4);
  QCOMPARE(mailbox.take().scalars, (std::vector<int>{4}));
}

void TestMailbox::severalThreads() {
  constexpr int kPosts = 20'000;
  Mailbox<int, int> mailbox;
  std::atomic<bool> has_ended{false};
  std::thread worker([&] {
    for (int i = 0; i < kPosts; ++i) {
      mailbox.postScalar(i);
      mailbox.postSnapshot(std::make_shared<const int>(i));
    }
    has_ended = true;
  });
  int next = 0;
  int newest = -1;
  bool is_in_order = true;
  const auto drain = [&] {
    const auto contents = mailbox.take();
    for (const int scalar : contents.scalars) {
      is_in_order = is_in_order && scalar == next++;
    }
    if (contents.snapshot) {
      is_in_order = is_in_order && *contents.snapshot > newest;
      newest = *contents.snapshot;
    }
  };
  while (!has_ended) {
    drain();
  }
  worker.join();
  drain();
  QVERIFY(is_in_order);
  QCOMPARE(next, kPosts);
  QCOMPARE(newest, kPosts - 1);
}

QTEST_GUILESS_MAIN(TestMailbox)
#include "tst_mailbox.moc"
