#!/usr/bin/env bash
# Compile-checks `--features cuda` on a Linux machine that has neither a GPU nor the CUDA toolkit.
#
#   docs/cuda-check.sh [FOLDER]
#
# FOLDER keeps the CUDA compiler and cargo's output; default: a new temporary folder. Needs python3 with venv and pip, a C++
# compiler, and a network. CUDA_COMPUTE_CAP is the card to compile for (default 80). A log is in docs/cuda-check.md.
set -euo pipefail

folder=${1:-$(mktemp -d)}
mkdir -p "$folder"
folder=$(cd "$folder" && pwd)
cd "$(dirname "$0")/.."

# NVIDIA's compiler, headers and libraries as Python packages. The compiler's parts must be of one release.
python3 -m venv "$folder/python"
"$folder/python/bin/pip" install --quiet --disable-pip-version-check \
    "nvidia-cuda-nvcc==13.2.*" "nvidia-nvvm==13.2.*" "nvidia-cuda-crt==13.2.*" "nvidia-cuda-runtime==13.2.*" \
    "nvidia-cuda-nvrtc==13.2.*" "nvidia-cuda-cccl==13.2.*" "nvidia-cublas==13.*" "nvidia-curand==10.*"

# A toolkit as it is usually laid out, of links.
packages=$("$folder/python/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/nvidia/cu13
export CUDA_HOME="$folder/cuda"
rm -rf "$CUDA_HOME"
mkdir -p "$CUDA_HOME/lib64"
for part in bin include nvvm; do
    ln -s "$packages/$part" "$CUDA_HOME/$part"
done
# The packages hold only versioned names (libcublas.so.13); linkers look for the plain one.
for library in "$packages"/lib/*; do
    name=$(basename "$library")
    ln -s "$library" "$CUDA_HOME/lib64/$name"
    case $name in
        *.so.*) ln -sf "$library" "$CUDA_HOME/lib64/${name%%.so.*}.so" ;;
    esac
done

export CUDA_PATH="$CUDA_HOME" CUDA_TOOLKIT_ROOT_DIR="$CUDA_HOME" PATH="$CUDA_HOME/bin:$PATH"
export CUDA_COMPUTE_CAP="${CUDA_COMPUTE_CAP:-80}" CARGO_TARGET_DIR="$folder/target"

uname -sm
rustc --version
c++ --version | head -n 1
nvcc --version | sed -n '4p'
"$folder/python/bin/pip" list --disable-pip-version-check 2>/dev/null | grep nvidia
echo "+ CUDA_COMPUTE_CAP=$CUDA_COMPUTE_CAP cargo check --locked --features cuda --no-default-features"
time nice -n 19 cargo check --locked --features cuda --no-default-features
