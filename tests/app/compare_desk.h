// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/anchorlens/compare_control.h"
#include "engine/core/experiment_json.h"
#include "engine/session/run_session.h"
#include "tests/app/window_fixture.h"
#include "widgets/panel_runs.h"

#include <QListView>

#include <limits>
#include <tuple>

/// Small runs of the real engine, and two of them compared by clicks and keys.
namespace anchorlens::tests {

constexpr int kSoonMs = 20'000;

inline core::ExperimentSpec smallSpec(std::uint64_t seed, const char* preset, std::int64_t steps) {
  core::ExperimentSpec spec = core::preset(preset);
  spec.training.steps = steps;
  spec.training.epochs.reset();
  spec.training.device = "cpu";
  spec.training.seed = seed;
  spec.model.n_layers = spec.model.n_heads = 2;
  spec.model.d_model = 32;
  spec.model.d_head = 16;
  spec.model.d_mlp = 64;
  spec.training.batch_size = 32;
  spec.data.n_train = 400;
  return spec;
}

inline void trainToTheEnd(engine::Result<std::unique_ptr<engine::RunSession>> session) {
  if (!session)
    qFatal("%s", session.error().message.c_str());
  const auto outcome =
      (*session)->advance(std::chrono::hours(1), std::numeric_limits<std::int64_t>::max());
  if (outcome != engine::RunSession::Outcome::Finished)
    qFatal("not trained");
}

/// With a change such as "50: ablate 1.0", or without any.
inline engine::RunSession::Options changing(const char* change) {
  engine::RunSession::Options options;
  if (change != nullptr)
    options.changes = {*core::parseInterventionAt(change)};
  return options;
}

inline void train(const std::filesystem::path& run, std::uint64_t seed, const char* preset,
                  std::int64_t steps, const char* change = nullptr) {
  trainToTheEnd(engine::RunSession::create(smallSpec(seed, preset, steps), run, changing(change)));
}

/// A fork of a run of the same experiment.
inline void fork(const std::filesystem::path& parent, std::int64_t step,
                 const core::ExperimentSpec& spec, const std::filesystem::path& run,
                 const char* change) {
  trainToTheEnd(engine::RunSession::fork(parent, step, spec, run, changing(change)));
}

/// Two runs of the demo that differ in length, and a third like the second.
inline std::tuple<std::filesystem::path, std::filesystem::path, std::filesystem::path> trainThree(
    const TemporaryHome& home) {
  const auto trained = [&home](const char* name, std::uint64_t seed, std::int64_t steps) {
    const auto run = app::toPath(home.path(QString::fromLatin1(name)));
    train(run, seed, "demo", steps);
    return run;
  };
  return {trained("first", 1, 120), trained("second", 2, 200), trained("third", 4, 200)};
}

/// The window with runs open, the last one shown.
inline void open(Desk& desk, const std::vector<std::filesystem::path>& runs) {
  for (const auto& run : runs) {
    desk.window.openPath(app::toText(run));
    QTRY_VERIFY_WITH_TIMEOUT(desk.controller.shownRun() != nullptr &&
                                 desk.controller.shownRun()->isLoaded() &&
                                 desk.controller.frame() != nullptr,
                             kSoonMs);
  }
  // The list follows at the next tick of the window: until then its rows are others.
  const auto* rows = desk.window.runsPanel()->model();
  QTRY_COMPARE_WITH_TIMEOUT(rows->rowCount({}),
                            static_cast<int>(desk.controller.runs().all().size()), kSoonMs);
}

/// A click on the box of a row of Runs.
inline void clickTick(Desk& desk, int row) {
  QListView* list = desk.window.runsPanel()->list();
  QTRY_VERIFY(list->model()->rowCount() > row &&
              list->visualRect(list->model()->index(row, 0)).height() > 20);
  const QRect rect = list->visualRect(list->model()->index(row, 0));
  QTest::mouseClick(list->viewport(), Qt::LeftButton, {},
                    {list->viewport()->width() - 16, rect.center().y()});
}

/// The first two rows of Runs.
inline void compareTwo(Desk& desk) {
  clickTick(desk, 0);
  clickTick(desk, 1);
  QTRY_VERIFY(desk.window.compare()->canCompare());
  QTest::keyClick(&desk.window, Qt::Key_C);
  QTRY_VERIFY_WITH_TIMEOUT(desk.window.compare()->isComplete(), kSoonMs);
  QTRY_VERIFY_WITH_TIMEOUT(!desk.window.compareView()->canvas()->comparison().isEmpty(), kSoonMs);
  // The keys of heads wait for the frame of the run that is shown.
  QTRY_VERIFY_WITH_TIMEOUT(desk.controller.frame() != nullptr, kSoonMs);
  QTest::qWait(100);  // and for the views to have it
}

}  // namespace anchorlens::tests
