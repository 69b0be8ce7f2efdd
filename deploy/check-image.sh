#!/usr/bin/env bash
# Publishes the node as the Dockerfile does and starts it under the image's policy, without a container engine: as user
# 1654, on a read-only file system, without capabilities and without network. It must answer `--version`, refuse the shipped
# example for the key files that are missing, load SQLite, and, with keys, run unready but alive, say so to its own health check, and end
# on SIGTERM in time.
set -euo pipefail
cd "$(dirname "$0")/.."
app=$(mktemp -d)
keys=$(mktemp -d)
trap 'rm -rf "$app" "$keys"' EXIT
dotnet publish src/OracleNode/OracleNode.csproj --configuration Release --self-contained false --output "$app" >/dev/null
chmod 755 "$app"

dotnet_root=$(dirname "$(readlink -f "$(command -v dotnet)")")
inside() {
  bwrap --unshare-all --die-with-parent --uid 1654 --gid 1654 --cap-drop ALL \
    --ro-bind /usr /usr --symlink usr/lib /lib --symlink usr/lib64 /lib64 --symlink usr/bin /bin \
    --ro-bind "$dotnet_root" /opt/dotnet --ro-bind "$app" /app --proc /proc --dev /dev --tmpfs /tmp \
    --chdir /app --clearenv --setenv PATH /opt/dotnet:/usr/bin --setenv DOTNET_ROOT /opt/dotnet --setenv DOTNET_EnableDiagnostics 0 \
    "${extra[@]}" "$@"
}
image() { inside dotnet OracleNode.dll "$@"; }

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

# SQLite's native library loads here: it reads the file it is given far enough to say that it is no database.
set +e
output=$(image explain TSLA --archive appsettings.json 2>&1)
set -e
if ! grep -q "file is not a database" <<<"$output"; then
  printf 'explain did not come as far as SQLite:\n%s\n' "$output" >&2
  exit 1
fi

# With keys, and a network of its own with nothing in it. The sandbox shows files of whoever runs this as those of user 1654.
dotnet "$app/OracleNode.dll" keys new --out "$keys/signer.pem" >/dev/null
dotnet "$app/OracleNode.dll" keys new --kind secp256k1 --out "$keys/relayer.hex" >/dev/null
dotnet "$app/OracleNode.dll" keys new --kind solana --out "$keys/payer.json" >/dev/null
mkdir "$app/keys"
chmod 755 "$app/keys"
extra=(--ro-bind "$keys" /app/keys --setenv OracleNode__Health__Listen http://0.0.0.0:9464 --setenv ASPNETCORE_HTTP_PORTS 8080 --ro-bind deploy/check-image-run.sh /run.sh)
inside bash /run.sh

echo "the published node runs as user 1654, read-only, without capabilities or network, answers its health check and ends on SIGTERM"
