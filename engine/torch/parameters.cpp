// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/parameters.h"

#include "engine/torch/step_memory.h"

#include <algorithm>
#include <cmath>
#include <iterator>

namespace anchorlens::engine {
namespace {

using Start = ParameterInfo::Start;

constexpr std::string_view kQueryWeight = ".attn.q.weight";
constexpr std::string_view kQueryBias = ".attn.q.bias";
constexpr std::string_view kKeyWeight = ".attn.k.weight";
constexpr std::string_view kKeyBias = ".attn.k.bias";

/// How many matrices follow each other from this one on; 1: it is no such beginning.
std::int64_t joinedAt(const std::string& name) {
  if (name.ends_with(kQueryWeight) || name.ends_with(kQueryBias)) {
    return 3;
  }
  return name.ends_with(kKeyWeight) || name.ends_with(kKeyBias) ? 2 : 1;
}

double gammaOf(const core::InitSpec& init, const std::string& group) {
  const auto found = init.groups.find(group);
  return found == init.groups.end() ? init.gamma : found->second;
}

void fill(const ParameterInfo& info, const core::InitSpec& init, core::Random& random,
          float* values) {
  const bool is_gamma = init.kind == core::InitSpec::Kind::Gamma;
  const bool is_weight = info.start == Start::Uniform || info.start == Start::Normal;
  if (is_weight && (is_gamma || info.start == Start::Normal)) {
    const double spread =
        is_gamma ? std::pow(static_cast<double>(info.d_in), -gammaOf(init, info.group)) : 1.0;
    for (std::int64_t i = 0; i < info.count; ++i) {
      values[i] = static_cast<float>(spread * random.normal());
    }
    return;
  }
  if (info.start == Start::One || info.start == Start::Zero) {
    std::fill(values, values + info.count, info.start == Start::One ? 1.0F : 0.0F);
    return;
  }
  const double bound = 1.0 / std::sqrt(static_cast<double>(info.fan_in));
  for (std::int64_t i = 0; i < info.count; ++i) {
    values[i] = static_cast<float>((2.0 * random.uniform() - 1.0) * bound);
  }
}

std::int64_t countOf(const std::vector<ParameterInfo>& infos) {
  return infos.empty() ? 0 : infos.back().offset + infos.back().count;
}

}  // namespace

at::Tensor flatZeros(std::int64_t count, at::Device device) {
  if (!device.is_cpu() || count == 0) {
    return at::zeros({count}, at::TensorOptions(device).dtype(at::kFloat));
  }
  const std::shared_ptr<std::byte> memory =
      allocateStepMemory(static_cast<std::size_t>(count) * sizeof(float));
  return at::from_blob(
             memory.get(), {count}, [memory](void*) {}, at::kFloat)
      .zero_();
}

Parameters::Parameters(std::vector<ParameterInfo> infos, at::Device device)
    : Parameters(infos, flatZeros(countOf(infos), device), flatZeros(countOf(infos), device)) {}

Parameters::Parameters(std::vector<ParameterInfo> infos, at::Tensor values, at::Tensor gradients)
    : m_infos(std::move(infos)), m_values(std::move(values)), m_gradients(std::move(gradients)) {
  TORCH_CHECK(m_values.size(-1) == countOf(m_infos) && m_values.sizes() == m_gradients.sizes(),
              "buffers of ", m_values.sizes(), " and ", m_gradients.sizes(), " for ",
              countOf(m_infos), " parameters");
  m_joined.resize(m_infos.size());
  for (std::size_t i = 0; i < m_infos.size(); ++i) {
    const ParameterInfo& info = m_infos[i];
    m_leaves.push_back(leaf(info.offset, info.shape));
    if (const std::int64_t count = joinedAt(info.name); count > 1) {
      std::vector<std::int64_t> shape = info.shape;
      shape[0] *= count;
      m_joined[i] = leaf(info.offset, shape);
    }
  }
}

at::Tensor Parameters::leaf(std::int64_t offset, const std::vector<std::int64_t>& shape) {
  std::int64_t count = 1;
  for (const std::int64_t size : shape) {
    count *= size;
  }
  std::vector<std::int64_t> whole = m_values.sizes().vec();
  whole.pop_back();
  whole.insert(whole.end(), shape.begin(), shape.end());
  at::Tensor view = m_values.narrow(-1, offset, count).view(whole).detach();
  view.set_requires_grad(true);
  view.mutable_grad() = m_gradients.narrow(-1, offset, count).view(whole);
  return view;
}

std::size_t Parameters::indexOf(std::string_view name) const {
  for (std::size_t i = 0; i < m_infos.size(); ++i) {
    if (m_infos[i].name == name) {
      return i;
    }
  }
  TORCH_CHECK(false, "there is no parameter named ", std::string(name));
}

const at::Tensor& Parameters::operator[](std::string_view name) const {
  return m_leaves[indexOf(name)];
}

const at::Tensor& Parameters::joined(std::string_view first) const {
  const at::Tensor& tensor = m_joined[indexOf(first)];
  TORCH_CHECK(tensor.defined(), std::string(first), " does not begin a joined matrix");
  return tensor;
}

bool Parameters::has(std::string_view name) const {
  for (const ParameterInfo& info : m_infos) {
    if (info.name == name) {
      return true;
    }
  }
  return false;
}

void Parameters::differentiate(const at::Tensor& scalar) {
  std::vector<at::Tensor> leaves = m_leaves;
  std::copy_if(m_joined.begin(), m_joined.end(), std::back_inserter(leaves),
               [](const at::Tensor& joined) { return joined.defined(); });
  // A model takes a matrix either joined or in parts: the others have no gradient.
  const auto found = torch::autograd::grad({scalar}, leaves, /*grad_outputs=*/{},
                                           /*retain_graph=*/std::nullopt, /*create_graph=*/false,
                                           /*allow_unused=*/true);
  const at::NoGradGuard no_grad;
  for (std::size_t i = 0; i < leaves.size(); ++i) {
    if (found[i].defined()) {
      leaves[i].mutable_grad().copy_(found[i]);
    }
  }
}

void Parameters::initialise(const core::InitSpec& init, core::Random& random) {
  const at::NoGradGuard no_grad;
  at::Tensor host = at::empty({count()}, at::kFloat);
  for (const ParameterInfo& info : m_infos) {
    fill(info, init, random, host.data_ptr<float>() + info.offset);
  }
  m_values.copy_(host);
}

}  // namespace anchorlens::engine
