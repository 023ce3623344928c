// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

/// Texts of the language and their canonical form.
namespace anchorlens::test {

struct GoodText {
  std::string text;
  std::string canonical;
};

inline const std::vector<GoodText> kGoodPatterns = {
    // The presets and the example files.
    {"* 3 x * -> x", "* 3 x * -> x"},
    {"1 x * 2 y * 3 z * Q -> match(Q; 1:x, 2:y, 3:z)",
     "1 x * 2 y * 3 z * Q -> match(Q; 1:x, 2:y, 3:z)"},
    {"x A * y B * z C * w -> nearest(w; x:A, y:B, z:C)",
     "x A * y B * z C * w -> nearest(w; x:A, y:B, z:C)"},
    {"* x A B * -> B(A(x))", "* x A B * -> B(A(x))"},
    {"* x A * B * -> B(A(x))", "* x A * B * -> B(A(x))"},
    {"* A B x * -> A(B(x))", "* A B x * -> A(B(x))"},
    {"* m 3 n * m -> n", "* m 3 n * m -> n"},
    {"* m 3 n * n -> m", "* m 3 n * n -> m"},
    {"* A x * -> A(x)", "* A x * -> A(x)"},
    {"* 3 x * -> 3(x)", "* 3 x * -> 3(x)"},
    {"* 2 3 x * -> x", "* 2 3 x * -> x"},
    {"* 3 _ _ x * -> x", "* 3 _ _ x * -> x"},
    {"* 3 _ x _ 4 * -> x", "* 3 _ x _ 4 * -> x"},
    {"* A x y * -> A(x, y)", "* A x y * -> A(x, y)"},
    {"{ a b | b c | c d } a -> d", "{ a b | b c | c d } a -> d"},
    {"* a b * a -> b", "* a b * a -> b"},
    // Spaces and arrows.
    {"*3 x*->x", "* 3 x * -> x"},
    {"  *\t3\nx\r* ->\n x  ", "* 3 x * -> x"},
    {"* 3 x * \xE2\x86\x92 x", "* 3 x * -> x"},
    {"*3 x*\xE2\x86\x92x", "* 3 x * -> x"},
    {"{a b|b c}a->b", "{ a b | b c } a -> b"},
    {"x->3 ( x )", "x -> 3(x)"},
    // Gaps and noise.
    {"** 3 x * * * -> x", "* 3 x * -> x"},
    {"_ _ 3 x * -> x", "_ _ 3 x * -> x"},
    {"__ 3 x * -> x", "_ _ 3 x * -> x"},
    {"* _ * 3 x -> x", "* _ * 3 x -> x"},
    {"* { * * a | b ** } * a -> b", "* { * a | b * } * a -> b"},
    {"{ a { b | c } | d } -> a", "{ a { b | c } | d } -> a"},
    // Names and numbers.
    {"* A1 x1 * B12 x12 -> A1(x1)+B12(x12)", "* A1 x1 * B12 x12 -> A1(x1)+B12(x12)"},
    {"* 003 x * -> x+007", "* 3 x * -> x+7"},
    {"ANCHOR key -> ANCHOR(key)", "ANCHOR key -> ANCHOR(key)"},
    {"mods minimum MAX x -> MAX(mods)", "mods minimum MAX x -> MAX(mods)"},
    // Targets.
    {"x -> ((x))", "x -> x"},
    {"x -> (x+1)+2", "x -> x+1+2"},
    {"x -> x+(1+2)", "x -> x+(1+2)"},
    {"x -> x-(1-2)-3", "x -> x-(1-2)-3"},
    {"x -> (x*2)+(3*x)", "x -> x*2+3*x"},
    {"x -> (x+2)*(3+x)", "x -> (x+2)*(3+x)"},
    {"x -> x*(2 mod 3)", "x -> x*(2 mod 3)"},
    {"x -> (x*2)mod 3", "x -> x*2 mod 3"},
    {"x -> x+5 mod 3", "x -> x+5 mod 3"},
    {"x -> (x+5) mod 3", "x -> (x+5) mod 3"},
    {"x -> -x", "x -> -x"},
    {"x -> --x", "x -> -(-x)"},
    {"x -> -(x+1)", "x -> -(x+1)"},
    {"x -> -x*2", "x -> -x*2"},
    {"x -> -(x*2)", "x -> -(x*2)"},
    {"x -> x*-2", "x -> x*(-2)"},
    {"x -> x - -2", "x -> x-(-2)"},
    {"x -> min( x,max(1 ,2),abs( -x ) )", "x -> min(x, max(1, 2), abs(-x))"},
    {"x A B -> B(A(x)+1, 2(x), min(x, 1))-3", "x A B -> B(A(x)+1, 2(x), min(x, 1))-3"},
    {"1 x A y Q -> match( Q;1 : x,A:y )", "1 x A y Q -> match(Q; 1:x, A:y)"},
    {"1 x A y -> match(1; A:x)", "1 x A y -> match(1; A:x)"},
    {"x A y 2 w -> nearest(w;x:A,y:2)", "x A y 2 w -> nearest(w; x:A, y:2)"},
    {"1 x 2 y A Q -> A(match(Q; 1:x, 2:y))+1", "1 x 2 y A Q -> A(match(Q; 1:x, 2:y))+1"},
};

inline const std::vector<GoodText> kGoodOperations = {
    {"x", "x"},
    {"x+5", "x+5"},
    {" x + 5 ", "x+5"},
    {"x-2", "x-2"},
    {"x*3", "x*3"},
    {"x mod 10", "x mod 10"},
    {"(x + y) mod 10 - z", "(x+y) mod 10-z"},
    {"-x mod 8", "-x mod 8"},
    {"abs(x-y)", "abs(x-y)"},
    {"max(x, y, z)", "max(x, y, z)"},
    {"2*(x)", "2*x"},
    {"7", "7"},
    {"table 7", "table 7"},
    {"table  0", "table 0"},
    {"table 18446744073709551615", "table 18446744073709551615"},
    {"same as 3", "same as 3"},
    {"same  as 1000000000", "same as 1000000000"},
    {"80% x | 20% x+1", "80% x | 20% x+1"},
    {"80%x|20%x+1", "80% x | 20% x+1"},
    {"33.3 % x | 33.3% y | 33.40% 0", "33.3% x | 33.3% y | 33.4% 0"},
    {"0.000001% x | 99.999999% x+1", "0.000001% x | 99.999999% x+1"},
    {"100% x", "x"},
};

inline const std::vector<GoodText> kGoodPredicates = {
    {"x mod 2", "x mod 2"},
    {"(m-n) mod 5*((m-n) mod 5-1)", "(m-n) mod 5*((m-n) mod 5-1)"},
    {"answer - 30", "answer-30"},
};

}  // namespace anchorlens::test
