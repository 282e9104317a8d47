#!/bin/sh
# Installs what the image contains into an empty folder: both programs, the packages that they need at run time, and of
# Temporal's core the one native part for this platform. Containerfile runs it; so does a test where no engine is.
# Usage, in a checkout that has been built (npm ci && npm run build): deploy/container/install.sh PREFIX
set -eu
prefix=${1:?Usage: deploy/container/install.sh PREFIX}
checkout=$(CDPATH='' cd "$(dirname "$0")/../.." && pwd)
[ -f "$checkout/dist/worker.js" ] || { echo "install.sh: $checkout/dist is missing: run npm run build" >&2; exit 1; }
mkdir -p "$prefix"
[ -z "$(ls -A "$prefix")" ] || { echo "install.sh: $prefix is not empty" >&2; exit 1; }

cp "$checkout/package.json" "$checkout/package-lock.json" "$checkout/.npmrc" "$prefix/"
# Optional packages are those of the compiler of workflows. The build has compiled them.
(cd "$prefix" && npm ci --omit=dev --omit=optional --ignore-scripts --prefer-offline --loglevel=error)
cp -R "$checkout/dist" "$checkout/LICENSE" "$checkout/THIRD-PARTY-NOTICES" "$prefix/"

# The package has the native parts of five platforms, and the sources of all of them.
bridge=$prefix/node_modules/@temporalio/core-bridge
native=$(node -p "require('$bridge/common').getPrebuiltTargetName()")
for release in "$bridge"/releases/*; do
  [ "$(basename "$release")" = "$native" ] || rm -r "$release"
done
rm -r "$bridge/sdk-core" "$bridge/src" "$bridge/bridge-macros" "$bridge/Cargo.toml" "$bridge/Cargo.lock"

# What only developers read.
find "$prefix" -type f \( -name '*.map' -o -name '*.d.ts' -o -name '*.d.mts' -o -name '*.d.cts' \) -delete
rm "$prefix/package-lock.json" "$prefix/.npmrc"

# Readable by whoever runs it, and writable by nobody.
chmod -R a=rX "$prefix"
node "$prefix/dist/worker.js" --version
