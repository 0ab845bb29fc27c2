# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# Sourced: Brain (A) and etcd (B) on this machine with fsync on, both on one core, and a client on another. Sets root, work (an
# empty directory that goes away in the end), servers and pids, and stops in the end what it has started.
#
#   SERVER_CORE  where both servers run (default 0)
#   CLIENT_CORE  where the client runs (default 1)
#   DATA         where the data directories are made and deleted (default brain-bench/target/data); must be on the disk that counts
#   ETCD         the program (default: that of .ci/install-peers, then etcd on the PATH)
#   SETTLE       seconds to wait before measuring, for the servers to be done with starting (default 2)

root=$(cd -- "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")/.." && pwd)
readonly root PATIENCE_SECONDS=60
# More than any part writes; both servers refuse writes above 2 GiB if nothing is said.
readonly QUOTA_BYTES=17179869184
declare -A port=([brain]=23791 [etcd]=23792 [peer]=23793)
declare -A pids=()
declare -r -a servers=(brain etcd)

fail() {
  printf '%s: %s\n' "$(basename -- "$0")" "$*" >&2
  exit 1
}

# Whether somebody listens on a port.
listens() {
  (: <>"/dev/tcp/127.0.0.1/$1") 2>/dev/null
}

url() { # server
  echo "http://127.0.0.1:${port[$1]}"
}

# Finds and builds everything, before anything is pinned.
prepare_servers() {
  local name core peers=${BRAIN_PEERS_DIR:-${XDG_CACHE_HOME:-$HOME/.cache}/brain-peers}
  command -v taskset >/dev/null || fail "taskset not found; expected the package util-linux"
  for core in "${SERVER_CORE:=0}" "${CLIENT_CORE:=1}"; do
    taskset -c "$core" true 2>/dev/null || fail "core $core cannot be used; expected one of $(nproc) cores, from 0"
  done
  etcd=${ETCD:-$peers/usr/bin/etcd}
  [[ -x $etcd ]] || etcd=$(command -v etcd) || fail "no etcd in $peers and on the PATH; run .ci/install-peers"
  etcdctl=$(dirname -- "$etcd")/etcdctl
  for name in "${!port[@]}"; do
    ! listens "${port[$name]}" || fail "port ${port[$name]} ($name) is in use; expected a free one"
  done
  "$root/brain" --version >/dev/null
  brain=$(echo "$root"/deploy/target/brain-*/bin/brain)
  [[ -x $brain ]] || fail "no distribution in $root/deploy/target; expected one that ./brain has built"

  local data=${DATA:-$root/brain-bench/target/data}
  mkdir -p "$data"
  work=$(mktemp -d "$data/$(basename -- "$0").XXXXXX")
  trap finish EXIT
  trap 'exit 130' INT TERM
}

finish() {
  local name
  for name in "${!pids[@]}"; do
    kill "${pids[$name]}" 2>/dev/null || true
  done
  wait
  rm -rf "$work"
}

# Starts a server on the data it has; does not wait for it.
launch() { # server
  case $1 in
    brain)
      taskset -c "$SERVER_CORE" "$brain" server --data-dir "$work/brain" --quota-backend-bytes "$QUOTA_BYTES" \
        --listen-client-urls "$(url brain)" >>"$work/brain.log" 2>&1 &
      ;;
    etcd)
      taskset -c "$SERVER_CORE" "$etcd" --data-dir "$work/etcd" --log-level error --quota-backend-bytes "$QUOTA_BYTES" \
        --listen-client-urls "$(url etcd)" --advertise-client-urls "$(url etcd)" \
        --listen-peer-urls "http://127.0.0.1:${port[peer]}" >>"$work/etcd.log" 2>&1 &
      ;;
  esac
  pids[$1]=$!
}

# Starts both servers and waits until they have settled.
start_servers() {
  local name tries
  for name in "${servers[@]}"; do
    launch "$name"
  done
  for name in "${servers[@]}"; do
    for ((tries = 0; ; tries++)); do
      ! listens "${port[$name]}" || break
      ((tries < 10 * PATIENCE_SECONDS)) || fail "$name does not listen: $(tail -n 3 "$work/$name.log")"
      sleep 0.1
    done
  done
  sleep "${SETTLE:-2}"
}

stop() { # server, signal
  kill "-${2:-TERM}" "${pids[$1]}"
  wait "${pids[$1]}" 2>/dev/null || true
  unset "pids[$1]"
}

# Stops both servers and deletes their data.
wipe_servers() {
  local name
  for name in "${servers[@]}"; do
    stop "$name"
    rm -rf "${work:?}/$name" "${work:?}/$name.log"
  done
}

# Runs the bench on its core.
bench() {
  taskset -c "$CLIENT_CORE" "$brain" bench "$@"
}

# Compares both servers in turns.
compare() {
  bench compare --threads 1 "$@" --a "$(url brain)" --a-pid "${pids[brain]}" --b "$(url etcd)" --b-pid "${pids[etcd]}"
}

data_mebibytes() { # server
  du -sm "$work/$1" | cut -f 1
}
