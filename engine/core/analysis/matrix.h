// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

/// Matrices of the weight analysis: plain values, row-major, in double precision. The products and
/// decompositions are Eigen's, which no header shows.
namespace anchorlens::core::analysis {

struct Matrix {
  std::int64_t rows = 0;
  std::int64_t cols = 0;
  std::vector<double> values;

  Matrix() = default;
  Matrix(std::int64_t n_rows, std::int64_t n_cols)
      : rows(n_rows), cols(n_cols), values(static_cast<std::size_t>(n_rows * n_cols)) {}
  Matrix(std::int64_t n_rows, std::int64_t n_cols, std::vector<double> of)
      : rows(n_rows), cols(n_cols), values(std::move(of)) {}

  bool isEmpty() const { return values.empty(); }
  double& at(std::int64_t row, std::int64_t col) { return values[index(row, col)]; }
  double at(std::int64_t row, std::int64_t col) const { return values[index(row, col)]; }
  bool operator==(const Matrix&) const = default;

 private:
  std::size_t index(std::int64_t row, std::int64_t col) const {
    return static_cast<std::size_t>(row * cols + col);
  }
};

/// a b; a.cols is b.rows.
Matrix product(const Matrix& a, const Matrix& b);
/// a bᵀ; a.cols is b.cols.
Matrix productTransposed(const Matrix& a, const Matrix& b);
/// aᵀ b; a.rows is b.rows.
Matrix transposedProduct(const Matrix& a, const Matrix& b);
Matrix transposed(const Matrix& a);
Matrix scaled(Matrix a, double factor);
/// Rows first .. first + count - 1, and columns likewise.
Matrix rowBlock(const Matrix& a, std::int64_t first, std::int64_t count);
Matrix columnBlock(const Matrix& a, std::int64_t first, std::int64_t count);

/// Square root of the sum of squares.
double frobenius(const Matrix& a);
/// Descending, min(rows, cols) of them: roots of the eigenvalues of the smaller Gram matrix. Good
/// to about 1e-8 of the largest, which is what weights in float32 are good to themselves.
std::vector<double> singularValues(const Matrix& a);

/// Eigenvalues of a symmetric matrix, descending, and its eigenvectors as rows.
struct SymmetricEigen {
  std::vector<double> values;
  Matrix vectors;
};
SymmetricEigen symmetricEigen(const Matrix& a);

}  // namespace anchorlens::core::analysis
