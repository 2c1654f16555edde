#!/bin/sh
# For cron: runs the recipe beside it and says so only when it fails.
# patchkit must be on the PATH that cron gives; set it here if it is not.
cd "$(dirname "$0")" || exit 2
mkdir -p patchkit-ci
patchkit ci patchkit-ci.toml --output patchkit-ci > patchkit-ci/run.log 2>&1 || {
    status=$?
    cat patchkit-ci/run.log
    exit $status
}
