#!/bin/sh
# Runs voxrisk's equality suite and its benchmark on this machine's GPU: run.sh --help.
set -u

usage() {
  cat <<'END'
usage: run.sh OUTDIR [--quick] [--software] [--driver MANIFEST]

Runs voxrisk's equality suite and benchmark on this machine's GPU and writes the results to OUTDIR:
  environment.txt  machine, driver, adapter      equality.txt  the equality suite's output
  node.json        the benchmark in Node         node.txt      its table and messages
  chrome.json, chrome.txt  the same in headless Chromium, if the folder chromium/ exists
Needs Linux x64, glibc 2.34 or later, and a GPU driver with Vulkan. No network; nothing is installed.

  --quick            the short form: under 2 minutes instead of under 8
  --software         accept a software adapter; its times say nothing about GPUs
  --driver MANIFEST  the Vulkan driver manifest to use; default: VK_DRIVER_FILES, otherwise NVIDIA's if found

Exit status
  0  the results were equal and the benchmark ran
  1  a test or the benchmark failed
  2  the command line is wrong, or OUTDIR cannot be written
  3  no adapter, or only a software one; lists what is missing
  4  this machine cannot run the bundle's programs; says why
  5  out of time
Chromium's outcome is reported but does not change the status.
END
}

# Less than the promised 480 and 120 s, to leave room for examining the machine and for ending a process.
FULL_SECONDS=450
QUICK_SECONDS=105
# A program's budget is this much shorter than the time after which it is killed.
FULL_MARGIN=20
QUICK_MARGIN=6
GLIBC_NEEDED=2.34

PATH=${PATH:-/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin}
export PATH
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P) || exit 2
# Prefix of the system's folders. Tests set it to simulate a machine.
root=${VOXRISK_SYSTEM_ROOT:-}

fail() { # STATUS LINE ...
  status=$1
  shift
  printf 'run.sh: %s\n' "$@" >&2
  exit "$status"
}

out='' quick='' software='' driver=''
while [ $# -gt 0 ]; do
  case $1 in
    -h | --help) usage && exit 0 ;;
    --quick) quick=--quick ;;
    --software) software=--software ;;
    --driver)
      [ $# -ge 2 ] || fail 2 '--driver needs the path of a manifest'
      driver=$2
      shift
      ;;
    --driver=*) driver=${1#--driver=} ;;
    -*) fail 2 "unknown option $1; run.sh --help lists them" ;;
    *)
      [ -z "$out" ] || fail 2 "one OUTDIR, not both '$out' and '$1'"
      out=$1
      ;;
  esac
  shift
done
[ -n "$out" ] || {
  usage >&2
  exit 2
}
if [ -n "$driver" ]; then
  [ -r "$driver" ] || fail 2 "cannot read the driver manifest '$driver'"
  driver=$(CDPATH='' cd -- "$(dirname -- "$driver")" && pwd)/$(basename -- "$driver")
fi
mkdir -p -- "$out" || fail 2 "cannot create the folder '$out'"
out=$(CDPATH='' cd -- "$out" && pwd) || exit 2
: >"$out/environment.txt" || fail 2 "cannot write to '$out'"
rm -f -- "$out/node.json" "$out/chrome.json" # from an earlier run

start=$(date +%s)
if [ -n "$quick" ]; then
  total=$QUICK_SECONDS margin=$QUICK_MARGIN
else
  total=$FULL_SECONDS margin=$FULL_MARGIN
fi
seconds_left() { echo $((total - ($(date +%s) - start))); }

tell() { # NAME VALUE
  printf '%-16s %s\n' "$1:" "$2" | tee -a "$out/environment.txt"
}

# ---- the machine

glibc() {
  version=$(getconf GNU_LIBC_VERSION 2>/dev/null) && echo "${version#glibc }" && return
  ldd --version 2>/dev/null | sed -n '1s/.* //p'
}
older() { # VERSION VERSION: is the first the lower one?
  [ "${1%%.*}" -lt "${2%%.*}" ] && return 0
  minor=${1#*.}
  [ "${1%%.*}" -eq "${2%%.*}" ] && [ "${minor%%.*}" -lt "${2#*.}" ]
}

tell date "$(date -u +%Y-%m-%dT%H:%M:%SZ)"
tell system "$(uname -s -r -m)"
[ "$(uname -s) $(uname -m)" = 'Linux x86_64' ] || fail 4 'the programs of this bundle are for Linux x64'
glibc=$(glibc)
tell glibc "${glibc:-not found}"
case $glibc in
  [0-9]*.[0-9]*)
    if older "$glibc" $GLIBC_NEEDED; then
      fail 4 "glibc $glibc is too old: the bundle needs $GLIBC_NEEDED or later (Ubuntu 22.04, Debian 12, RHEL 9)"
    fi
    ;;
esac
tell processor "$(sed -n 's/^model name[^:]*: *//p' /proc/cpuinfo 2>/dev/null | head -n 1)"
tell cores "$(nproc 2>/dev/null || getconf _NPROCESSORS_ONLN 2>/dev/null || echo unknown)"

node=$here/bin/node
HOME=${HOME:-$out}
export HOME
node_version=$("$node" --version 2>&1) || fail 4 "the bundle's Node does not start here: $node_version"
tell node "$node_version"

nvidia_driver() {
  sed -n '1s/^NVRM version: *//p' "$root/proc/driver/nvidia/version" 2>/dev/null | grep . && return
  [ -z "$root" ] && nvidia-smi --query-gpu=name,driver_version --format=csv,noheader 2>/dev/null | grep . && return
  echo 'not found'
}
tell 'NVIDIA driver' "$(nvidia_driver)"

# ---- the driver's manifest

# A variable from the environment, or from that of process 1 in case ours was cleared.
value_of() { # NAME
  eval "value=\${$1:-}"
  # shellcheck disable=SC2154 # set by eval
  [ -n "$value" ] && echo "$value" && return
  tr '\0' '\n' 2>/dev/null <"$root/proc/1/environ" | sed -n "s/^$1=//p" | head -n 1
}

find_manifests() {
  # XDG_DATA_DIRS is separated by colons. Folders with spaces must stay whole.
  for data in "$root/usr/share" "$root/etc" "$root/usr/local/share" "$root/usr/local/nvidia/share" \
    "$root/usr/local/etc" "$root/run/opengl-driver/share"; do
    ls -d -- "$data"/vulkan/icd.d/*nvidia*.json 2>/dev/null
  done
  value_of XDG_DATA_DIRS | tr ':' '\n' | while IFS= read -r data; do
    [ -n "$data" ] && ls -d -- "$data"/vulkan/icd.d/*nvidia*.json 2>/dev/null
  done
}

# The standard library folders, then others where the driver of a container or distribution may be.
library_folders() {
  value_of LD_LIBRARY_PATH | tr ':' '\n' | grep .
  for folder in usr/lib/x86_64-linux-gnu usr/lib64 usr/lib usr/local/nvidia/lib64 usr/local/nvidia/lib \
    usr/lib/x86_64-linux-gnu/nvidia/current usr/lib/nvidia usr/lib64/nvidia run/opengl-driver/lib \
    usr/local/lib/x86_64-linux-gnu usr/local/lib64 usr/local/lib usr/lib/wsl/lib; do
    echo "$root/$folder"
  done
}
find_library() { # NAME: its path, or nothing
  if [ -z "$root" ]; then
    known=$(ldconfig -p 2>/dev/null | sed -n "s|^[[:space:]]*$1 (libc6,x86-64.*) => ||p" | head -n 1)
    [ -n "$known" ] && [ -e "$known" ] && echo "$known" && return
  fi
  library_folders | while IFS= read -r folder; do
    [ -e "$folder/$1" ] && echo "$folder/$1" && break
  done
}

glx_library=$(find_library libGLX_nvidia.so.0)
egl_library=$(find_library libEGL_nvidia.so.0)

libraries=$here/lib
for library in "$glx_library" "$egl_library"; do
  [ -n "$library" ] || continue
  # Libraries that the dynamic loader finds anyway need no extra folder.
  [ -z "$root" ] && ldconfig -p 2>/dev/null | grep -qF "=> $library" && continue
  folder=$(dirname -- "$library")
  case :$libraries: in *":$folder:"*) ;; *) libraries=$libraries:$folder ;; esac
done
LD_LIBRARY_PATH=$libraries${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
export LD_LIBRARY_PATH

write_manifest() { # LIBRARY NAME: the path of a manifest for it
  printf '{"file_format_version": "1.0.0", "ICD": {"library_path": "%s", "api_version": "1.3.0"}}\n' "$1" >"$out/$2"
  echo "$out/$2"
}

# Manifests to try, one per line, best first; "-" leaves the search to the Vulkan loader. libEGL_nvidia is the same
# driver, but does not need the X libraries that libGLX_nvidia needs.
candidates() {
  if [ -n "$driver" ]; then
    echo "$driver"
  elif [ -n "${VK_DRIVER_FILES:-${VK_ICD_FILENAMES:-}}" ]; then
    echo "${VK_DRIVER_FILES:-$VK_ICD_FILENAMES}"
  else
    find_manifests
    [ -n "$glx_library" ] && write_manifest "$glx_library" nvidia-glx.json
    [ -n "$egl_library" ] && write_manifest "$egl_library" nvidia-egl.json
    echo -
  fi
}
use() { # CANDIDATE
  if [ "$1" = - ]; then
    unset VK_DRIVER_FILES VK_ICD_FILENAMES
  else
    VK_DRIVER_FILES=$1 VK_ICD_FILENAMES=$1 # the second is the older name of the first
    export VK_DRIVER_FILES VK_ICD_FILENAMES
  fi
}
probe() { # returns the exit status of adapter.mjs; its output is in $adapter
  if command -v timeout >/dev/null; then
    adapter=$(timeout 20 "$node" "$here/adapter.mjs" 2>>"$out/loader.txt")
  else
    adapter=$("$node" "$here/adapter.mjs" 2>>"$out/loader.txt")
  fi
}

: >"$out/loader.txt"
found=none manifest='' tried=''
candidates >"$out/candidates.txt"
while IFS= read -r candidate; do
  tried="$tried $candidate"
  use "$candidate"
  probe </dev/null
  status=$?
  case $status in
    0) found=gpu manifest=$candidate && break ;;
    3) ;;
    4)
      if [ "$found" = none ]; then found=software manifest=$candidate software_adapter=$adapter; fi
      ;;
    5) fail 4 "Dawn, the bundle's WebGPU, cannot be loaded: $adapter" ;;
    *) echo "$candidate: looking for an adapter ended with status $status" >>"$out/loader.txt" ;;
  esac
done <"$out/candidates.txt"
rm -f -- "$out/candidates.txt"
if [ $found = software ]; then
  adapter=$software_adapter
  use "$manifest"
fi

# Lists the missing parts of a GPU's driver.
name_missing() {
  set -- "$root"/dev/nvidia[0-9]*
  if [ -e "$root/proc/driver/nvidia/version" ] || [ -e "$1" ]; then
    echo "  kernel driver        found"
  else
    echo "  kernel driver        MISSING: neither /proc/driver/nvidia nor /dev/nvidia0. Install NVIDIA's driver, or pass the GPU to this machine or container"
  fi
  if [ -n "$glx_library$egl_library" ]; then
    echo "  Vulkan library       found: ${glx_library:-$egl_library}"
    for library in "$glx_library" "$egl_library"; do
      [ -n "$library" ] && ldd "$library" 2>/dev/null | sed -n "s|^[[:space:]]*\(.*\) => not found|  which needs          MISSING: \1, for $library|p"
    done
  else
    echo "  Vulkan library       MISSING: no libGLX_nvidia.so.0 and no libEGL_nvidia.so.0. They come with NVIDIA's driver, not with a compute-only one"
    capabilities=$(value_of NVIDIA_DRIVER_CAPABILITIES)
    case ,$capabilities, in
      *,all,* | *,graphics,*) ;;
      ,,)
        if [ -e "$root/.dockerenv" ] || [ -e "$root/run/.containerenv" ]; then
          echo "  container            NVIDIA_DRIVER_CAPABILITIES is not set: start the container with NVIDIA_DRIVER_CAPABILITIES=all"
        fi
        ;;
      *) echo "  container            NVIDIA_DRIVER_CAPABILITIES=$capabilities leaves out graphics: start the container with NVIDIA_DRIVER_CAPABILITIES=all" ;;
    esac
  fi
  manifests=$(find_manifests)
  if [ -n "$manifests" ]; then
    echo "  driver manifest      found: $(echo "$manifests" | head -n 1)"
  elif [ -n "$glx_library$egl_library" ]; then
    echo "  driver manifest      missing; tried a generated one"
  else
    echo "  driver manifest      MISSING: no *nvidia*.json in a folder vulkan/icd.d of /usr/share, /etc or similar"
  fi
}

case $manifest in
  '') tell 'driver manifest' 'none with an adapter' ;;
  -) tell 'driver manifest' "found by the Vulkan loader itself" ;;
  *) tell 'driver manifest' "$manifest" ;;
esac
tell adapter "${adapter:-none}"
if [ $found = software ] && [ -z "$software" ]; then
  name_missing | tee -a "$out/environment.txt" >&2
  fail 3 'the only adapter is a software one, and its times say nothing about GPUs; --software uses it anyway'
fi
if [ $found = none ]; then
  VK_LOADER_DEBUG=error,warn,driver
  export VK_LOADER_DEBUG
  probe
  name_missing | tee -a "$out/environment.txt" >&2
  fail 3 "no adapter; tried:$tried. For the Vulkan loader's messages see $out/loader.txt"
fi

# ---- the programs

exec 3>&1
# Runs a program for at most the given seconds and copies its output to a log. Returns the program's status, or 124 or
# 137 when it ran out of time.
run_for() { # SECONDS LOG COMMAND ...
  seconds=$1 log=$2
  shift 2
  [ "$seconds" -gt "$margin" ] || return 124
  if command -v timeout >/dev/null; then set -- timeout -k 5 "$seconds" "$@"; fi
  status=$({ {
    "$@" 2>&1 3>&- 4>&-
    echo $? >&4
  } </dev/null | tee -- "$log" >&3; } 4>&1)
  return "${status:-1}"
}
# Exits this script if a program failed, with the matching status.
outcome() { # STATUS WHAT
  case $1 in
    0) return 0 ;;
    3) fail 3 "$2 found no acceptable adapter" ;;
    124 | 137) fail 5 "out of time in $2" ;;
    *) fail 1 "$2 failed (status $1)" ;;
  esac
}

echo
echo '== equality suite'
# shellcheck disable=SC2086 # $software and $quick are one word or none
run_for $(($(seconds_left) / 2)) "$out/equality.txt" "$node" "$here/node/equality.js" $software
equality=$?
# Timing is pointless if the results are not equal.
outcome $equality 'the equality suite'

chromium=$here/chromium/chromium
slot=$(seconds_left)
[ -x "$chromium" ] && slot=$((slot * 6 / 10))
echo
echo '== benchmark in Node'
# shellcheck disable=SC2086
run_for $slot "$out/node.txt" "$node" "$here/node/bench.js" --out "$out/node.json" --budget $((slot - margin)) $quick $software
benchmark=$?

if [ -x "$chromium" ]; then
  echo
  echo '== benchmark in Chromium'
  slot=$(seconds_left)
  LD_LIBRARY_PATH=$LD_LIBRARY_PATH:$here/chromium/lib
  # shellcheck disable=SC2086
  run_for "$slot" "$out/chrome.txt" "$node" "$here/node/chrome.js" --out "$out/chrome.json" --browser "$chromium" \
    --budget $((slot - margin)) $quick $software
  case $? in
    0) tell Chromium 'used an adapter; see chrome.json' ;;
    3) tell Chromium 'found no acceptable adapter; see chrome.txt' ;;
    124 | 137) tell Chromium 'out of time; see chrome.txt' ;;
    *) tell Chromium 'failed; see chrome.txt' ;;
  esac
fi

echo
tell took "$(($(date +%s) - start)) s"
outcome $benchmark 'the benchmark'
echo "Results are in $out"
