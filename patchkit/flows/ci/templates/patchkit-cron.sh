#!/bin/sh
# For cron: runs the recipe beside it and says so only when it fails.
# patchkit must be on the PATH that cron gives; set it here if it is not.
cd "$(dirname "$0")" || exit 2
# not in the tree, of which it would be a part that changes every time
log=$(mktemp) || exit 2
trap 'rm -f "$log"' EXIT
patchkit ci patchkit-ci.toml --output patchkit-ci > "$log" 2>&1 || {
    status=$?
    cat "$log"
    exit $status
}
