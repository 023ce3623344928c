// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/task/mixture.h"

#include "engine/core/task/plan.h"
#include "engine/core/task/sampler.h"

#include <cassert>
#include <map>
#include <utility>

namespace anchorlens::core {

TaskMixture::TaskMixture(Task task, std::shared_ptr<const Pool> pool)
    : m_task(std::move(task)), m_pool(std::move(pool)) {}

Expected<TaskMixture, std::string> TaskMixture::make(const Task& task,
                                                     const std::vector<double>& weights) {
  const TaskPlan& plan = task.plan();
  assert(weights.size() == plan.forms.size());
  std::map<int, double> sums;  // as of the cells: lengths that occur are equally likely
  for (const Cell& cell : plan.cells) {
    if (const double weight = weights[at(cell.form)]; weight > 0) {
      sums[cell.length] += weight;
    }
  }
  auto pool = std::make_shared<Pool>();
  std::vector<bool> is_drawn(weights.size(), false);
  for (Pool::Part part : plan.train.parts) {
    const Cell& cell = plan.cells[at(part.cell)];
    const double weight = weights[at(cell.form)];
    if (weight == 0) {
      continue;
    }
    is_drawn[at(cell.form)] = true;
    pool->weight += weight / sums[cell.length] * static_cast<double>(part.combinations.size()) /
                    plan.forms[at(cell.form)].combinations.n;
    part.cumulative = pool->weight;
    pool->parts.push_back(std::move(part));
  }
  for (std::size_t form = 0; form < weights.size(); ++form) {
    if (weights[form] > 0 && !is_drawn[form]) {
      return Unexpected("Form " + std::to_string(form) +
                        " is never trained: its weight must be 0.");
    }
  }
  return TaskMixture(task, std::move(pool));
}

void TaskMixture::redraw(SequenceSet& set, Random& random) const {
  Sampler sampler(m_task.plan(), random);
  for (std::size_t i = 0; i < set.size(); ++i) {
    sampler.drawRow(*m_pool, set, i);
  }
  set.answers.clear();
  set.answer_offsets.assign(1, 0);
}

std::vector<std::uint32_t> mixedOrder(const std::vector<std::uint32_t>& shuffled,
                                      const std::vector<std::int16_t>& forms,
                                      const std::vector<double>& weights, Random& random) {
  std::vector<std::vector<std::uint32_t>> of_form(weights.size());
  for (const std::uint32_t i : shuffled) {
    of_form[static_cast<std::size_t>(forms[i])].push_back(i);
  }
  double total = 0;
  for (std::size_t form = 0; form < weights.size(); ++form) {
    if (weights[form] > 0 && of_form[form].empty()) {
      return {};
    }
    total += weights[form];
  }
  std::vector<std::size_t> next(weights.size(), 0);
  std::vector<std::uint32_t> order;
  order.reserve(shuffled.size());
  while (order.size() < shuffled.size()) {
    double rest = random.uniform() * total;
    std::size_t form = 0;
    while (form + 1 < weights.size() && rest >= weights[form]) {
      rest -= weights[form++];
    }
    while (weights[form] == 0) {
      --form;  // rounding has gone past the last one that is wanted
    }
    order.push_back(of_form[form][next[form]++ % of_form[form].size()]);
  }
  return order;
}

}  // namespace anchorlens::core
