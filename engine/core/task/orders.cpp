// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/task/placements.h"

#include <algorithm>
#include <numeric>

namespace anchorlens::core {
namespace {

constexpr std::int64_t kSaturated = 1'000'000'000;

void appendRun(Order& order, const Run& run) {
  order.runs.back().min += run.min;
  order.runs.back().is_open |= run.is_open;
}

void append(Order& order, const Order& tail) {
  appendRun(order, tail.runs.front());
  order.occurrences.insert(order.occurrences.end(), tail.occurrences.begin(),
                           tail.occurrences.end());
  order.runs.insert(order.runs.end(), tail.runs.begin() + 1, tail.runs.end());
}

/// Every order so far, followed by every one of the tails.
std::vector<Order> product(const std::vector<Order>& orders, const std::vector<Order>& tails) {
  std::vector<Order> result;
  result.reserve(orders.size() * tails.size());
  for (const Order& order : orders) {
    for (const Order& tail : tails) {
      result.push_back(order);
      append(result.back(), tail);
    }
  }
  return result;
}

std::vector<Order> ordersOfBlocks(const std::vector<Elements>& blocks) {
  std::vector<std::vector<Order>> of_block;
  for (const Elements& block : blocks) {
    of_block.push_back(makeOrders(block));
  }
  std::vector<std::size_t> permutation(blocks.size());
  std::iota(permutation.begin(), permutation.end(), std::size_t{0});
  std::vector<Order> result;
  do {
    std::vector<Order> row{Order{}};
    for (const std::size_t block : permutation) {
      row = product(row, of_block[block]);
    }
    result.insert(result.end(), row.begin(), row.end());
  } while (std::next_permutation(permutation.begin(), permutation.end()));
  return result;
}

}  // namespace

std::int64_t countOrders(const Elements& elements) {
  std::int64_t orders = 1;
  for (const Element& element : elements) {
    for (std::size_t i = 0; i < element.blocks.size(); ++i) {
      orders = std::min(kSaturated, orders * static_cast<std::int64_t>(i + 1));
      orders = std::min(kSaturated, orders * countOrders(element.blocks[i]));
    }
  }
  return orders;
}

std::vector<Order> makeOrders(const Elements& elements) {
  std::vector<Order> orders{Order{}};
  for (const Element& element : elements) {
    switch (element.kind) {
      case Element::Kind::Gap:
      case Element::Kind::Noise:
        for (Order& order : orders) {
          const bool is_gap = element.kind == Element::Kind::Gap;
          appendRun(order, {is_gap ? 0 : 1, is_gap});
        }
        break;
      case Element::Kind::Symbol:
        for (Order& order : orders) {
          order.occurrences.push_back(element.occurrence);
          order.runs.emplace_back();
        }
        break;
      case Element::Kind::Blocks:
        orders = product(orders, ordersOfBlocks(element.blocks));
        break;
    }
  }
  return orders;
}

Extent extentOf(const Element& element) {
  if (element.kind != Element::Kind::Blocks) {
    const bool is_gap = element.kind == Element::Kind::Gap;
    return {is_gap ? 0 : 1, is_gap};
  }
  Extent sum;
  for (const Elements& block : element.blocks) {
    const Extent inner = extentOf(block);
    sum.min += inner.min;
    sum.is_open = sum.is_open || inner.is_open;
  }
  return sum;
}

Extent extentOf(const Elements& elements) {
  Extent sum;
  for (const Element& element : elements) {
    const Extent inner = extentOf(element);
    sum.min += inner.min;
    sum.is_open = sum.is_open || inner.is_open;
  }
  return sum;
}

}  // namespace anchorlens::core
