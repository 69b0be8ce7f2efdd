#!/usr/bin/env bash
# Inside the sandbox of check-image.sh: the node runs, its health check answers, SIGTERM ends it.
set -euo pipefail
dotnet OracleNode.dll run >/tmp/log 2>&1 &
node=$!
for _ in $(seq 60); do
  code=0
  answer=$(dotnet OracleNode.dll health 2>&1) || code=$?
  case "$answer" in *chains*) break ;; esac
  sleep 0.5
done

kill -TERM "$node" 2>/dev/null || true
started=$SECONDS
ended=0
wait "$node" || ended=$?
if [ "$code" -ne 1 ] || [[ "$answer" != "not ready:"*"chains: 0 of 3 connected"* ]] || [ "$ended" -ne 0 ] || [ $((SECONDS - started)) -gt 10 ]; then
  printf 'health ended with %s and said: %s\nthe node ended with %s after %s s and said:\n' "$code" "$answer" "$ended" "$((SECONDS - started))" >&2
  cat /tmp/log >&2
  exit 1
fi
