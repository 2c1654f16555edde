#!/bin/sh
# For cron: runs the recipe beside it and says so only when it fails.
cd "$(dirname "$0")" || exit 2
patchkit ci patchkit-ci.toml --output patchkit-ci > patchkit-ci.log 2>&1 || {
    status=$?
    cat patchkit-ci.log
    exit $status
}
