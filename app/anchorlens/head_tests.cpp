// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorlens/head_tests.h"

#include "app/anchorlens/keep_tests.h"
#include "engine/inspect.h"

#include <algorithm>

namespace anchorlens::app {

namespace {

using engine::CausalRecord;
using engine::CausalTest;
using engine::CausalTester;
using engine::HeadRef;
using engine::Result;
using engine::RunSnapshot;

const std::string kProbe = "probe";

/// A result, and why it is not in the run (empty: it is, or was not meant to be).
struct Tested {
  CausalRecord record;
  QString not_kept;
};

QString textOf(const engine::EngineError& error) {
  return QString::fromStdString(error.message);
}

Result<Tested> testHead(const std::filesystem::path& run, const HeadRef& head, bool must_keep,
                        RunSnapshot& snapshot, const std::stop_token& stop) {
  // The newest, as everywhere.
  auto kept = engine::readCausalTests(run, snapshot.task().groups());
  const auto found = std::find_if(kept.rbegin(), kept.rend(), [&](const CausalRecord& record) {
    return engine::isPlainTest(record, snapshot.step(), head);
  });
  if (found != kept.rend())
    return Tested{std::move(*found), {}};
  CausalTester tester(snapshot.trainer(), snapshot.task(), snapshot.spec().model, snapshot.probe());
  CausalTest test;
  test.heads = {head};
  test.name = engine::headsText(test.heads);
  const auto result = tester.run(test, stop);
  if (!result)
    return core::Unexpected(result.error());
  Tested tested{engine::recordOf(*result, kProbe), {}};
  if (must_keep)
    tested.not_kept = keepInRun(run, {tested.record}, snapshot.task());
  return tested;
}

}  // namespace

widgets::HeadCausality causalityOf(const CausalRecord& record) {
  const engine::CausalResult& result = record.result;
  const engine::CausalRow& all = result.all;
  widgets::HeadCausality seen;
  if (!result.heads.empty()) {
    seen.layer = result.heads.front().layer;
    seen.head = result.heads.front().head;
  }
  seen.step = result.step;
  seen.baseline = all.baseline.accuracy;
  seen.ablated = all.intervened.accuracy;
  if (all.control)
    seen.control = all.control->accuracy;
  seen.control_min = all.control_min;
  seen.control_max = all.control_max;
  seen.draws = result.draws;
  seen.no_control = QString::fromStdString(result.no_control);
  seen.necessity = all.necessity;
  seen.control_necessity = all.control_necessity;
  return seen;
}

HeadTests::HeadTests(Snapshots& snapshots, QObject* parent)
    : QObject(parent), m_snapshots(snapshots) {
  m_rest.setSingleShot(true);
  m_rest.setInterval(kRestMs);
  connect(&m_rest, &QTimer::timeout, this, [this] { ask(false); });
}

bool HeadTests::look(const SnapshotPlace& place, const HeadRef& head, bool by_itself) {
  if (m_place == place && m_head == head)
    return false;
  m_place = place;
  m_head = head;
  m_snapshots.cancel(kHeadChannel);
  if (by_itself)
    m_rest.start();
  else
    m_rest.stop();
  return true;
}

void HeadTests::lookAway() {
  m_place = {};
  m_head = {-1, -1};
  m_rest.stop();
  m_snapshots.cancel(kHeadChannel);
}

void HeadTests::testNow() {
  if (m_head.layer < 0)
    return;
  m_rest.stop();
  ask(true);
}

void HeadTests::ask(bool must_keep) {
  m_snapshots.ask<Tested>(
      kHeadChannel, m_place,
      [run = m_place.run, head = m_head, must_keep](RunSnapshot& snapshot,
                                                    const std::stop_token& stop) {
        return testHead(run, head, must_keep, snapshot, stop);
      },
      [this](const Result<Tested>& tested) {
        if (!tested) {
          emit failed(textOf(tested.error()));
          return;
        }
        emit measured(causalityOf(tested->record));
        if (!tested->not_kept.isEmpty())
          emit notKept(tested->not_kept);
      });
}

void HeadTests::picture(const SnapshotPlace& place, const std::vector<HeadRef>& without) {
  m_snapshots.ask<FramePtr>(
      kPictureChannel, place,
      [without](RunSnapshot& snapshot, const std::stop_token& /*stop*/) {
        engine::InspectRequest request;
        request.zeroed = without;
        return snapshot.frameWith(request);
      },
      [this, without](const Result<FramePtr>& frame) {
        if (frame)
          emit pictured(*frame, without);
        else
          emit pictureFailed(textOf(frame.error()));
      });
}

}  // namespace anchorlens::app
