// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/expected.h"
#include "engine/core/random.h"
#include "engine/core/task/sequence_set.h"
#include "engine/core/task/task.h"

#include <memory>
#include <string>
#include <vector>

namespace anchorlens::core {

struct Pool;

/// The training split of a task with other weights of its forms, as if its file said so; a weight
/// of 0 leaves the form out. Copies share what is drawn from.
class TaskMixture {
 public:
  /// `weights`: one a form. The error says which form cannot be drawn.
  static Expected<TaskMixture, std::string> make(const Task& task,
                                                 const std::vector<double>& weights);

  /// As Task::redraw of the training split.
  void redraw(SequenceSet& set, Random& random) const;

 private:
  TaskMixture(Task task, std::shared_ptr<const Pool> pool);
  Task m_task;
  std::shared_ptr<const Pool> m_pool;
};

/// How often each sequence of fixed training data is visited when its forms are mixed by weights:
/// an order of an epoch, as long as `shuffled`. Each place draws its form by weight, and takes that
/// form's next sequence in the shuffled order, from the beginning again when they are used up.
/// `forms`: of each sequence. Empty when a form with a weight has no sequence.
std::vector<std::uint32_t> mixedOrder(const std::vector<std::uint32_t>& shuffled,
                                      const std::vector<std::int16_t>& forms,
                                      const std::vector<double>& weights, Random& random);

}  // namespace anchorlens::core
