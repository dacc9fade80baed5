#!/usr/bin/env bash
# aarch64.sh [test filter...]: the backend's tests as aarch64 code, run by qemu-user. Exit code 0 and a word where what
# they need is not installed.
#
# Needs qemu-aarch64, a linker and a C library for aarch64 (Debian: qemu-user gcc-aarch64-linux-gnu
# libc6-dev-arm64-cross) and a rustc with the target's standard library: RUSTC names one if the default has not.
set -euo pipefail
cd "$(dirname "$0")/../.."
target=aarch64-unknown-linux-gnu
lacks() {
    echo "aarch64: not run, $1"
    exit 0
}
command -v qemu-aarch64 >/dev/null || lacks "there is no qemu-aarch64"
command -v aarch64-linux-gnu-gcc >/dev/null || lacks "there is no aarch64-linux-gnu-gcc"
[ -d "$("${RUSTC:-rustc}" --print target-libdir --target $target)" ] || lacks "rustc has no library for $target"
export CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_LINKER=aarch64-linux-gnu-gcc
export CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_RUNNER="qemu-aarch64 -L /usr/aarch64-linux-gnu"
# A folder of its own: another compiler's results would replace those of the default one.
cargo test --lib -p hoop-backend --target $target --target-dir target/aarch64 -- "$@"
