// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/store/run_rows.h"

#include "engine/core/store/frame_blob.h"
#include "engine/core/store/run_place.h"
#include "engine/core/store/scores_blob.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <utility>

namespace anchorlens::core {
namespace {

constexpr std::size_t kMostFrameBytes = std::size_t{256} << 20;

/// Prepares `sql`, and runs it for each row after `bindRow(statement, row)`.
template <typename Rows, typename BindRow>
SqlResult<void> insertAll(Database& database, std::string_view sql, const Rows& rows,
                          const BindRow& bindRow) {
  if (rows.empty()) {
    return {};
  }
  auto statement = database.prepare(sql);
  if (!statement) {
    return Unexpected(statement.error());
  }
  for (const auto& row : rows) {
    bindRow(*statement, row);
    if (auto done = statement->run(); !done) {
      return done;
    }
  }
  return {};
}

std::string_view splitName(Split split) {
  return split == Split::Train ? "train" : "test";
}

std::string_view kindName(GroupInfo::Kind kind) {
  switch (kind) {
    case GroupInfo::Kind::Seen:
      return "seen";
    case GroupInfo::Kind::HeldOutKeys:
      return "held_out_keys";
    case GroupInfo::Kind::HeldOutCombination:
      return "held_out_combination";
  }
  return "";
}

/// A shown sequence as texts: JSON lists.
struct ShownRow {
  std::string tokens;
  std::string roles;
  std::string answers;
  std::int64_t group = 0;
};

std::vector<ShownRow> shownRows(const SequenceSet& set) {
  std::vector<ShownRow> rows;
  for (std::size_t i = 0; i < set.size(); ++i) {
    ShownRow row;
    const auto tokens = set.row(i);
    row.tokens = nlohmann::json(std::vector<int>(tokens.begin(), tokens.end())).dump();
    const auto roles = set.rolesOf(i);
    row.roles = nlohmann::json(std::vector<int>(roles.begin(), roles.end())).dump();
    nlohmann::json answers = nlohmann::json::array();
    if (set.answer_offsets.size() > i + 1) {
      for (const Answer& answer : set.answersOf(i)) {
        answers.push_back({answer.token, answer.p});
      }
    }
    row.answers = answers.dump();
    row.group = set.groups.size() > i ? set.groups[i] : 0;
    rows.push_back(std::move(row));
  }
  return rows;
}

template <typename Rows, typename StepOf>
void eraseAfter(Rows& rows, std::int64_t step, const StepOf& stepOf) {
  rows.erase(
      std::remove_if(rows.begin(), rows.end(), [&](const auto& row) { return stepOf(row) > step; }),
      rows.end());
}

}  // namespace

void PendingRows::add(const Frame& frame) {
  EncodedFrame row{frame.step,       frame.epoch,        frame.probe_accuracy,
                   frame.probe_loss, encodeFrame(frame), encodeScores(frame.scores)};
  m_frame_bytes += row.arrays.size() + row.scores.size();
  m_frames.push_back(std::move(row));
  if (m_frame_bytes > kMostFrameBytes) {
    thinFrames();
  }
}

void PendingRows::thinFrames() {
  std::vector<EncodedFrame> kept;
  m_frame_bytes = 0;
  for (std::size_t i = 0; i < m_frames.size(); i += 2) {
    m_frame_bytes += m_frames[i].arrays.size() + m_frames[i].scores.size();
    kept.push_back(std::move(m_frames[i]));
  }
  const std::size_t dropped = m_frames.size() - kept.size();
  m_frames = std::move(kept);
  add(Event{m_frames.back().step, "warning",
            std::to_string(dropped) + " frames were dropped, as the disk did not take them."});
}

void PendingRows::add(const Event& event) {
  m_events.push_back({event, unixTime()});
}

void PendingRows::setStatus(RunState state, std::int64_t step, std::int64_t total_steps,
                            const std::string& reason) {
  m_status = Status{state, step, total_steps, reason};
}

bool PendingRows::isEmpty() const {
  return m_steps.empty() && m_evaluations.empty() && m_frames.empty() && m_events.empty() &&
         !m_status && m_provenance.empty() && !m_tables;
}

void PendingRows::dropAfter(std::int64_t step) {
  const auto own = [](const auto& row) { return row.step; };
  eraseAfter(m_steps, step, own);
  eraseAfter(m_evaluations, step, own);
  eraseAfter(m_frames, step, own);
  eraseAfter(m_events, step, [](const TimedEvent& row) {
    return row.event.kind == "intervention" ? row.event.step + 1 : row.event.step;
  });
  m_frame_bytes = 0;
  for (const EncodedFrame& frame : m_frames) {
    m_frame_bytes += frame.arrays.size() + frame.scores.size();
  }
}

SqlResult<void> PendingRows::insertInto(Database& database) const {
  using Insert = SqlResult<void> (PendingRows::*)(Database&) const;
  constexpr std::array<Insert, 7> kInserts{
      &PendingRows::insertSteps,  &PendingRows::insertEvaluations, &PendingRows::insertFrames,
      &PendingRows::insertEvents, &PendingRows::insertStatus,      &PendingRows::insertProvenance,
      &PendingRows::insertTables};
  for (const Insert insert : kInserts) {
    if (auto done = (this->*insert)(database); !done) {
      return done;
    }
  }
  return {};
}

SqlResult<void> PendingRows::insertSteps(Database& database) const {
  return insertAll(database, "INSERT OR REPLACE INTO steps VALUES(?,?,?,?)", m_steps,
                   [](Statement& statement, const StepMetrics& row) {
                     statement.bind(1, row.step)
                         .bind(2, row.loss)
                         .bind(3, row.grad_norm)
                         .bind(4, row.learning_rate);
                   });
}

SqlResult<void> PendingRows::insertEvaluations(Database& database) const {
  auto done = insertAll(database, "INSERT OR REPLACE INTO evaluations VALUES(?,?,?,?,?,?,?)",
                        m_evaluations, [](Statement& statement, const Metrics& row) {
                          statement.bind(1, row.step)
                              .bind(2, row.epoch)
                              .bind(3, row.learning_rate)
                              .bind(4, row.train_accuracy)
                              .bind(5, row.train_loss)
                              .bind(6, row.test_accuracy)
                              .bind(7, row.test_loss);
                        });
  // A repeated evaluation may know other groups: the old ones go first.
  if (done) {
    done = insertAll(database, "DELETE FROM group_metrics WHERE step=?", m_evaluations,
                     [](Statement& statement, const Metrics& row) { statement.bind(1, row.step); });
  }
  for (const Metrics& metrics : m_evaluations) {
    if (!done) {
      break;
    }
    done = insertAll(database, "INSERT OR REPLACE INTO group_metrics VALUES(?,?,?,?,?)",
                     metrics.groups, [&metrics](Statement& statement, const GroupMetrics& row) {
                       statement.bind(1, metrics.step)
                           .bind(2, std::int64_t{row.group})
                           .bind(3, row.n)
                           .bind(4, row.accuracy)
                           .bind(5, row.loss);
                     });
  }
  return done;
}

SqlResult<void> PendingRows::insertFrames(Database& database) const {
  auto done = insertAll(database, "INSERT OR REPLACE INTO frames VALUES(?,?,?,?,?)", m_frames,
                        [](Statement& statement, const EncodedFrame& row) {
                          statement.bind(1, row.step)
                              .bind(2, row.epoch)
                              .bind(3, row.probe_accuracy)
                              .bind(4, row.probe_loss)
                              .bind(5, row.arrays);
                        });
  if (!done) {
    return done;
  }
  return insertAll(database, "INSERT OR REPLACE INTO scores VALUES(?,?)", m_frames,
                   [](Statement& statement, const EncodedFrame& row) {
                     statement.bind(1, row.step).bind(2, row.scores);
                   });
}

SqlResult<void> PendingRows::insertEvents(Database& database) const {
  return insertAll(database, "INSERT INTO events(step,kind,text,time) VALUES(?,?,?,?)", m_events,
                   [](Statement& statement, const TimedEvent& row) {
                     statement.bind(1, row.event.step)
                         .bind(2, row.event.kind)
                         .bind(3, row.event.text)
                         .bind(4, row.time);
                   });
}

SqlResult<void> PendingRows::insertStatus(Database& database) const {
  const auto now = std::array{unixTime()};
  if (!m_status) {
    return insertAll(database, "UPDATE status SET updated=? WHERE id=1", now,
                     [](Statement& statement, double time) { statement.bind(1, time); });
  }
  return insertAll(database, "INSERT OR REPLACE INTO status VALUES(1,?,?,?,?,?)", now,
                   [this](Statement& statement, double time) {
                     statement.bind(1, runStateName(m_status->state))
                         .bind(2, m_status->step)
                         .bind(3, m_status->total_steps)
                         .bind(4, m_status->reason)
                         .bind(5, time);
                   });
}

SqlResult<void> PendingRows::insertProvenance(Database& database) const {
  return insertAll(database,
                   "INSERT INTO provenance(key,value) VALUES(?,?) "
                   "ON CONFLICT(key) DO UPDATE SET value=excluded.value",
                   m_provenance, [](Statement& statement, const auto& row) {
                     statement.bind(1, row.first).bind(2, row.second);
                   });
}

SqlResult<void> PendingRows::insertTables(Database& database) const {
  if (!m_tables) {
    return {};
  }
  std::int64_t id = 0;
  auto done = database.execute(
      "DELETE FROM task_roles; DELETE FROM task_groups; DELETE FROM shown_sequences");
  if (done) {
    done = insertAll(database, "INSERT INTO task_roles VALUES(?,?)", m_tables->roles,
                     [&id](Statement& statement, const RoleInfo& row) {
                       statement.bind(1, id++).bind(2, row.name);
                     });
  }
  if (done) {
    id = 0;
    done = insertAll(database, "INSERT INTO task_groups VALUES(?,?,?,?,?)", m_tables->groups,
                     [&id](Statement& statement, const GroupInfo& row) {
                       statement.bind(1, id++)
                           .bind(2, row.name)
                           .bind(3, splitName(row.split))
                           .bind(4, kindName(row.kind))
                           .bind(5, std::int64_t{row.form});
                     });
  }
  if (done) {
    id = 0;
    done = insertAll(database, "INSERT INTO shown_sequences VALUES(?,?,?,?,?)",
                     shownRows(m_tables->shown), [&id](Statement& statement, const ShownRow& row) {
                       statement.bind(1, id++)
                           .bind(2, row.tokens)
                           .bind(3, row.roles)
                           .bind(4, row.answers)
                           .bind(5, row.group);
                     });
  }
  return done;
}

}  // namespace anchorlens::core
