// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/store/run_queries.h"

#include "engine/core/store/frame_blob.h"
#include "engine/core/store/scores_blob.h"

#include <algorithm>
#include <array>
#include <utility>

namespace anchorlens::core {
namespace {

Unexpected<QueryError> sqlFailed(const SqlError& error) {
  return Unexpected(QueryError{error, {}});
}
Unexpected<QueryError> damaged(std::string sentence) {
  return Unexpected(QueryError{{}, std::move(sentence)});
}

/// Takes the rows of a query in ascending order of their first column. A damaged file can hold the
/// same rows again and again: an order that is not kept ends it.
template <typename TakeRow>
Queried<void> forRows(Database& database, std::string_view sql, std::int64_t after, bool is_strict,
                      const TakeRow& takeRow) {
  auto statement = database.prepare(sql);
  if (!statement) {
    return sqlFailed(statement.error());
  }
  statement->bind(1, after);
  std::int64_t last = after;
  while (true) {
    const auto row = statement->step();
    if (!row) {
      return sqlFailed(row.error());
    }
    if (!*row) {
      return {};
    }
    const std::int64_t at = statement->integer(0);
    if (at < last || (is_strict && at == last)) {
      return damaged("its rows are out of order at " + std::to_string(at));
    }
    last = at;
    if (auto taken = takeRow(*statement); !taken) {
      return taken;
    }
  }
}

}  // namespace

Queried<RunStatus> queryStatus(Database& database) {
  auto statement =
      database.prepare("SELECT state, step, total_steps, reason FROM status WHERE id = 1");
  if (!statement) {
    return sqlFailed(statement.error());
  }
  const auto row = statement->step();
  if (!row) {
    return sqlFailed(row.error());
  }
  if (!*row) {
    return damaged("it has no status");
  }
  RunStatus status;
  const std::string name = statement->text(0);
  constexpr std::array kStates{RunState::Created, RunState::Training, RunState::Paused,
                               RunState::Stopped, RunState::Finished, RunState::Failed};
  const auto* const state = std::find_if(kStates.begin(), kStates.end(), [&name](RunState each) {
    return runStateName(each) == name;
  });
  if (state == kStates.end()) {
    return damaged("its status is \"" + name + "\"");
  }
  status.state = *state;
  status.step = statement->integer(1);
  status.total_steps = statement->integer(2);
  status.reason = statement->text(3);
  return status;
}

Queried<Provenance> queryProvenance(Database& database) {
  Provenance provenance;
  auto done = forRows(database, "SELECT id, key, value FROM provenance WHERE id > ? ORDER BY id",
                      -1, true, [&](Statement& row) -> Queried<void> {
                        provenance.emplace_back(row.text(1), row.text(2));
                        return {};
                      });
  return done ? Queried<Provenance>(std::move(provenance)) : Unexpected(done.error());
}

Queried<std::vector<StepMetrics>> querySteps(Database& database, std::int64_t after) {
  std::vector<StepMetrics> steps;
  auto done =
      forRows(database,
              "SELECT step, loss, grad_norm, learning_rate FROM steps WHERE step > ? ORDER BY step",
              after, true, [&](Statement& row) -> Queried<void> {
                steps.push_back({row.integer(0), row.real(1), row.real(2), row.real(3)});
                return {};
              });
  return done ? Queried<std::vector<StepMetrics>>(std::move(steps)) : Unexpected(done.error());
}

Queried<std::vector<Metrics>> queryMetrics(Database& database, std::int64_t after) {
  std::vector<Metrics> metrics;
  auto done = forRows(database,
                      "SELECT step, epoch, learning_rate, train_accuracy, train_loss, "
                      "test_accuracy, test_loss FROM evaluations WHERE step > ? ORDER BY step",
                      after, true, [&](Statement& row) -> Queried<void> {
                        Metrics each;
                        each.step = row.integer(0);
                        each.epoch = row.real(1);
                        each.learning_rate = row.real(2);
                        each.train_accuracy = row.real(3);
                        each.train_loss = row.real(4);
                        each.test_accuracy = row.real(5);
                        each.test_loss = row.real(6);
                        metrics.push_back(std::move(each));
                        return {};
                      });
  if (!done) {
    return Unexpected(done.error());
  }
  auto evaluation = metrics.begin();
  std::int64_t last_group = -1;
  done = forRows(
      database,
      "SELECT step, group_id, n, accuracy, loss FROM group_metrics WHERE step > ? "
      "ORDER BY step, group_id",
      after, false, [&](Statement& row) -> Queried<void> {
        while (evaluation != metrics.end() && evaluation->step < row.integer(0)) {
          ++evaluation;
          last_group = -1;
        }
        if (evaluation == metrics.end() || evaluation->step != row.integer(0)) {
          return {};  // of an evaluation that was committed after the first query
        }
        if (row.integer(1) <= last_group || row.integer(1) > INT32_MAX) {
          return damaged("its groups are out of order at step " + std::to_string(row.integer(0)));
        }
        last_group = row.integer(1);
        evaluation->groups.push_back(
            {static_cast<std::int32_t>(last_group), row.integer(2), row.real(3), row.real(4)});
        return {};
      });
  return done ? Queried<std::vector<Metrics>>(std::move(metrics)) : Unexpected(done.error());
}

Queried<std::vector<Event>> queryEvents(Database& database, std::int64_t after) {
  std::vector<Event> events;
  auto done =
      forRows(database, "SELECT step, kind, text FROM events WHERE step > ? ORDER BY step, id",
              after, false, [&](Statement& row) -> Queried<void> {
                events.push_back({row.integer(0), row.text(1), row.text(2)});
                return {};
              });
  return done ? Queried<std::vector<Event>>(std::move(events)) : Unexpected(done.error());
}

Queried<std::vector<std::int64_t>> queryFrameSteps(Database& database, std::int64_t after) {
  std::vector<std::int64_t> steps;
  auto done = forRows(database, "SELECT step FROM frames WHERE step > ? ORDER BY step", after, true,
                      [&](Statement& row) -> Queried<void> {
                        steps.push_back(row.integer(0));
                        return {};
                      });
  return done ? Queried<std::vector<std::int64_t>>(std::move(steps)) : Unexpected(done.error());
}

Queried<std::vector<RunReader::FrameScores>> queryScores(Database& database, std::int64_t after) {
  std::vector<RunReader::FrameScores> scores;
  auto done =
      forRows(database, "SELECT step, heads FROM scores WHERE step > ? ORDER BY step", after, true,
              [&](Statement& row) -> Queried<void> {
                auto heads = decodeScores(row.blob(1));
                if (!heads) {
                  return damaged("the head scores of step " + std::to_string(row.integer(0)) +
                                 " cannot be read: " + heads.error());
                }
                scores.push_back({row.integer(0), std::move(*heads)});
                return {};
              });
  return done ? Queried<std::vector<RunReader::FrameScores>>(std::move(scores))
              : Unexpected(done.error());
}

Queried<std::shared_ptr<const Frame>> queryFrame(Database& database, std::int64_t step) {
  auto statement = database.prepare(
      "SELECT epoch, probe_accuracy, probe_loss, arrays, heads FROM frames "
      "LEFT JOIN scores USING(step) WHERE frames.step = ?");
  if (!statement) {
    return sqlFailed(statement.error());
  }
  const auto row = statement->bind(1, step).step();
  if (!row) {
    return sqlFailed(row.error());
  }
  if (!*row) {
    return std::shared_ptr<const Frame>();
  }
  auto frame = std::make_shared<Frame>();
  frame->step = step;
  frame->epoch = statement->real(0);
  frame->probe_accuracy = statement->real(1);
  frame->probe_loss = statement->real(2);
  const std::string name = "the frame of step " + std::to_string(step) + " cannot be read: ";
  if (auto arrays = decodeFrame(statement->blob(3), *frame); !arrays) {
    return damaged(name + arrays.error());
  }
  auto heads = decodeScores(statement->blob(4));
  if (!heads) {
    return damaged(name + heads.error());
  }
  frame->scores = std::move(*heads);
  return std::shared_ptr<const Frame>(std::move(frame));
}

}  // namespace anchorlens::core
