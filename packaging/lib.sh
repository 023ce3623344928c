# SPDX-License-Identifier: GPL-3.0-or-later
# Shared by packaging/setup, run and test; sourced by bash.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
torch_version=2.11.0
cache=${XDG_CACHE_HOME:-$HOME/.cache}/anchorlens
libtorch_home=$cache/libtorch-$torch_version

say() { printf '%s\n' "$*" >&2; }
die() {
  say "error: $1"
  shift
  for line in "$@"; do say "       $line"; done
  exit 1
}

# Compile jobs: one a core, but no more than memory holds (a file with LibTorch's headers takes
# about 1.2 GB).
jobs() {
  local cores memory_kb by_memory
  cores=$(nproc)
  memory_kb=$(awk '/^MemAvailable:/ { print $2 }' /proc/meminfo)
  by_memory=$((memory_kb / 1200000))
  [ "$by_memory" -ge 1 ] || by_memory=1
  if [ "$by_memory" -lt "$cores" ]; then echo "$by_memory"; else echo "$cores"; fi
}

# configure_and_build PRESET [TARGET...]: everything, unless targets are named
configure_and_build() {
  local preset=$1 log targets=()
  shift
  [ $# = 0 ] || targets=(--target "$@")
  cd "$root" || exit 1
  mkdir -p build
  log=build/configure-$preset.log
  if ! cmake --preset "$preset" >"$log" 2>&1; then
    tail -n 30 "$log" >&2
    die "CMake could not configure the preset '$preset'; the whole text is in $log." \
      "If something is missing above, packaging/setup installs it."
  fi
  say "Building (preset $preset, $(jobs) jobs; the first time takes minutes) ..."
  cmake --build --preset "$preset" --parallel "$(jobs)" "${targets[@]}" ||
    die "The build failed; the first lines with 'error:' above say where."
}
