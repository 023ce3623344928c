// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/store/run_lock.h"
#include "engine/core/store/run_place.h"
#include "tests/core/store/run_fixture.h"

#include <QTemporaryDir>
#include <QTest>

#include <chrono>
#include <csignal>
#include <sys/wait.h>
#include <unistd.h>

using namespace anchorlens::core;
using namespace run_fixture;
namespace fs = std::filesystem;

class TestRunLock : public QObject {
  Q_OBJECT

 private slots:
  void init();
  void namesItsHolder();
  void deadHolderIsTakenOver();
  void textIsReadAndWritten();
  void pidAloneIsNotEnough();
  void otherHostOnALocalDisk();
  void otherHostOnANetwork();
  void networkKinds();

 private:
  /// A lock file of somebody else, touched `seconds_ago`.
  void leaveLock(const LockHolder& holder, int seconds_ago);
  std::unique_ptr<QTemporaryDir> m_temporary;
  fs::path m_run;
};

void TestRunLock::init() {
  m_temporary = std::make_unique<QTemporaryDir>();
  m_run = m_temporary->path().toStdString();
}

void TestRunLock::leaveLock(const LockHolder& holder, int seconds_ago) {
  overwrite(m_run / kLockName, holder.json());
  fs::last_write_time(m_run / kLockName,
                      fs::file_time_type::clock::now() - std::chrono::seconds(seconds_ago));
}

void TestRunLock::namesItsHolder() {
  QVERIFY(!lockState(m_run, false).held);
  {
    const auto lock = RunLock::acquire(m_run, false);
    QVERIFY(lock);
    QVERIFY(lock->check());
    const LockState state = lockState(m_run, false);
    QVERIFY(state.held);
    QCOMPARE(state.holder.pid, std::int64_t{::getpid()});
    QVERIFY(state.holder.isAliveHere());
    QVERIFY(state.holder.text().starts_with("pid " + std::to_string(::getpid()) + " on "));
    const auto second = RunLock::acquire(m_run, false);
    QVERIFY(!second);
    QVERIFY(second.error().message.find(state.holder.text()) != std::string::npos);
    // Another process sees the same.
    QCOMPARE(inChild([this] { return lockState(m_run, false).held ? 7 : 8; }), 7);
    QCOMPARE(inChild([this] { return RunLock::acquire(m_run, false) ? 8 : 7; }), 7);
    QVERIFY(lock->check());
    // A process forked from the holder is not the holder, and does not let go for it.
    QCOMPARE(inChild([&lock] { return lock->check() ? 8 : 7; }), 7);
    QVERIFY(lock->check());
  }
  QVERIFY(!lockState(m_run, false).held);
  QVERIFY(!fs::exists(m_run / kLockName));
}

void TestRunLock::deadHolderIsTakenOver() {
  QCOMPARE(inChild([this] {
             auto lock = RunLock::acquire(m_run, false);
             ::raise(SIGKILL);
             return 0;
           }),
           -SIGKILL);
  QVERIFY(fs::exists(m_run / kLockName));
  QVERIFY(!lockState(m_run, false).held);
  const auto lock = RunLock::acquire(m_run, false);
  QVERIFY(lock);
  QCOMPARE(lockState(m_run, false).holder.pid, std::int64_t{::getpid()});
}

void TestRunLock::textIsReadAndWritten() {
  const LockHolder self = LockHolder::self();
  QCOMPARE(LockHolder::parse(self.json()), self);
  QVERIFY(self.process_start > 0);
  QVERIFY(!self.boot_id.empty());
  for (const char* text : {"", "{", "[1]", "{\"pid\":-1}", "{\"pid\":\"1\",\"host\":2}", "null"}) {
    const LockHolder holder = LockHolder::parse(text);
    QCOMPARE(holder.pid, std::int64_t{0});
    QCOMPARE(holder.text(), std::string("another process"));
    // Nobody is named: a writer that was killed while it took the lock.
    overwrite(m_run / kLockName, text);
    QVERIFY(!lockState(m_run, true).held);
    QVERIFY(RunLock::acquire(m_run, true));
  }
}

void TestRunLock::pidAloneIsNotEnough() {
  LockHolder holder = LockHolder::self();
  QVERIFY(holder.isAliveHere());
  LockHolder later = holder;
  ++later.process_start;  // the same number, given to a process that started later
  QVERIFY(!later.isAliveHere());
  LockHolder before_restart = holder;
  before_restart.boot_id = "00000000-0000-0000-0000-000000000000";
  QVERIFY(!before_restart.isAliveHere());
  LockHolder elsewhere = holder;
  elsewhere.host = "elsewhere";
  QVERIFY(!elsewhere.isAliveHere());
  // Our own number in the file of a writer that is gone: the kernel's lock decides.
  leaveLock(holder, 0);
  QVERIFY(!lockState(m_run, false).held);
  QVERIFY(RunLock::acquire(m_run, false));
}

void TestRunLock::otherHostOnALocalDisk() {
  LockHolder holder = LockHolder::self();
  holder.host = "elsewhere";
  leaveLock(holder, 1);
  // One kernel, whatever the host was called: no lock is held.
  QVERIFY(!lockState(m_run, false).held);
  QVERIFY(RunLock::acquire(m_run, false));
}

void TestRunLock::otherHostOnANetwork() {
  LockHolder holder = LockHolder::self();
  holder.pid = 4711;
  holder.host = "elsewhere";
  leaveLock(holder, 60);
  QVERIFY(lockState(m_run, true).held);
  const auto refused = RunLock::acquire(m_run, true);
  QVERIFY(!refused);
  const std::string& message = refused.error().message;
  QVERIFY2(message.find("pid 4711 on elsewhere") != std::string::npos, message.c_str());
  QVERIFY2(message.find("was last active 6") != std::string::npos, message.c_str());
  QVERIFY2(message.find("delete lock") != std::string::npos, message.c_str());
  QVERIFY(readFile(m_run / kLockName) == holder.json());
  // Not touched for more than 15 minutes: clearly stale.
  leaveLock(holder, 16 * 60);
  QVERIFY(!lockState(m_run, true).held);
  const auto taken = RunLock::acquire(m_run, true);
  QVERIFY(taken);
  // The other one comes back and takes it in turn: we notice.
  leaveLock(holder, 0);
  const auto check = taken->check();
  QVERIFY(!check);
  QVERIFY2(
      check.error().message.find("was taken over by pid 4711 on elsewhere") != std::string::npos,
      check.error().message.c_str());
}

void TestRunLock::networkKinds() {
  QVERIFY(isNetworkKind(0x6969));      // NFS
  QVERIFY(isNetworkKind(0xFF534D42));  // CIFS, also where f_type is signed
  QVERIFY(isNetworkKind(static_cast<std::uint64_t>(static_cast<std::int32_t>(0xFF534D42))));
  QVERIFY(isNetworkKind(0x0BD00BD0));   // Lustre
  QVERIFY(!isNetworkKind(0xEF53));      // ext
  QVERIFY(!isNetworkKind(0x01021994));  // tmpfs
  QVERIFY(!isNetworkKind(0x794C7630));  // overlay
  QVERIFY(!isNetworkKind(0x9123683E));  // btrfs
  QVERIFY(!isNetworkKind(0x58465342));  // XFS
}

QTEST_GUILESS_MAIN(TestRunLock)
#include "tst_run_lock.moc"
