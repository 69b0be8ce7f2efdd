#!/usr/bin/env bash
# Publishes the node as the Dockerfile does and starts it under the image's policy, without a container engine: as user
# 1654, on a read-only file system, without capabilities and without network. It must answer `--version`, and refuse to
# run an empty configuration with a list of what is missing.
set -euo pipefail
cd "$(dirname "$0")/.."
app=$(mktemp -d)
trap 'rm -rf "$app"' EXIT
dotnet publish src/OracleNode/OracleNode.csproj --configuration Release --self-contained false --output "$app" >/dev/null
chmod 755 "$app"

dotnet_root=$(dirname "$(readlink -f "$(command -v dotnet)")")
image() {
  bwrap --unshare-all --die-with-parent --uid 1654 --gid 1654 --cap-drop ALL \
    --ro-bind /usr /usr --symlink usr/lib /lib --symlink usr/lib64 /lib64 --symlink usr/bin /bin \
    --ro-bind "$dotnet_root" /opt/dotnet --ro-bind "$app" /app --proc /proc --dev /dev --tmpfs /tmp \
    --chdir /app --clearenv --setenv PATH /opt/dotnet:/usr/bin --setenv DOTNET_ROOT /opt/dotnet --setenv DOTNET_EnableDiagnostics 0 \
    "${extra[@]}" dotnet OracleNode.dll "$@"
}

extra=()
image --version

# The shipped example passes `check` but for the key files that it names and this machine has not got.
set +e
output=$(image check 2>&1)
code=$?
set -e
if [ "$code" -eq 0 ] || ! grep -q "KeyFile" <<<"$output"; then
  printf 'check ended with %s and did not name the missing key file:\n%s\n' "$code" "$output" >&2
  exit 1
fi

echo "the published node starts as user 1654, read-only, without capabilities or network"
