// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/analysis/matrix.h"

#include <Eigen/Core>
#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cassert>
#include <cmath>

namespace anchorlens::core::analysis {

namespace {

using Dense = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using View = Eigen::Map<const Dense>;
using Target = Eigen::Map<Dense>;

View view(const Matrix& a) {
  return {a.values.data(), a.rows, a.cols};
}

Target target(Matrix& a) {
  return {a.values.data(), a.rows, a.cols};
}

}  // namespace

Matrix product(const Matrix& a, const Matrix& b) {
  assert(a.cols == b.rows);
  Matrix c(a.rows, b.cols);
  target(c).noalias() = view(a) * view(b);
  return c;
}

Matrix productTransposed(const Matrix& a, const Matrix& b) {
  assert(a.cols == b.cols);
  Matrix c(a.rows, b.rows);
  target(c).noalias() = view(a) * view(b).transpose();
  return c;
}

Matrix transposedProduct(const Matrix& a, const Matrix& b) {
  assert(a.rows == b.rows);
  Matrix c(a.cols, b.cols);
  target(c).noalias() = view(a).transpose() * view(b);
  return c;
}

Matrix transposed(const Matrix& a) {
  Matrix c(a.cols, a.rows);
  target(c) = view(a).transpose();
  return c;
}

Matrix scaled(Matrix a, double factor) {
  for (double& value : a.values)
    value *= factor;
  return a;
}

Matrix rowBlock(const Matrix& a, std::int64_t first, std::int64_t count) {
  assert(first >= 0 && first + count <= a.rows);
  Matrix c(count, a.cols);
  target(c) = view(a).middleRows(first, count);
  return c;
}

Matrix columnBlock(const Matrix& a, std::int64_t first, std::int64_t count) {
  assert(first >= 0 && first + count <= a.cols);
  Matrix c(a.rows, count);
  target(c) = view(a).middleCols(first, count);
  return c;
}

double frobenius(const Matrix& a) {
  return a.isEmpty() ? 0.0 : view(a).norm();
}

std::vector<double> singularValues(const Matrix& a) {
  if (a.isEmpty())
    return {};
  const Matrix gram = a.rows <= a.cols ? productTransposed(a, a) : transposedProduct(a, a);
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(Eigen::MatrixXd(view(gram)),
                                                              Eigen::EigenvaluesOnly);
  const auto& squares = solver.eigenvalues();  // ascending
  std::vector<double> values;
  for (Eigen::Index i = squares.size(); i-- > 0;)
    values.push_back(std::sqrt(std::max(squares[i], 0.0)));
  return values;
}

SymmetricEigen symmetricEigen(const Matrix& a) {
  assert(a.rows == a.cols);
  SymmetricEigen eigen;
  if (a.isEmpty())
    return eigen;
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver{Eigen::MatrixXd(view(a))};
  const auto& values = solver.eigenvalues();  // ascending
  eigen.values.assign(values.data(), values.data() + values.size());
  std::reverse(eigen.values.begin(), eigen.values.end());
  eigen.vectors = Matrix(a.rows, a.rows);
  target(eigen.vectors) = solver.eigenvectors().rowwise().reverse().transpose();
  return eigen;
}

}  // namespace anchorlens::core::analysis
