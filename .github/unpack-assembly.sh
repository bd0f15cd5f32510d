#!/usr/bin/env bash
# Unpack a built cloud assembly into a folder: unpack-assembly.sh cdk.out.tar FOLDER
#
# Refuse executable and Docker assets, which would run commands of the build.
set -euo pipefail

tar --extract --file "$1" --directory "$2" cdk.out
manifests=$(find "$2/cdk.out" -name '*.assets.json')
[ -n "$manifests" ] || { echo "cdk.out has no list of assets" >&2; exit 1; }
while IFS= read -r manifest; do
  jq --exit-status '
    (.dockerImages // {} | length == 0)
    and all((.files // {})[]; .source | has("path") and (has("executable") | not))
  ' "$manifest" >/dev/null || {
    echo "${manifest##*/}: an asset would run a command in the deploying job" >&2
    exit 1
  }
done <<<"$manifests"
