"""What is fixed in every build, so that the same inputs make the same bytes."""

from __future__ import annotations

# What would make two builds of one tree differ, or speak another language.
ENVIRONMENT = {
    "LC_ALL": "C",
    "HOME": "/tmp",
    "TZ": "UTC",
    "SOURCE_DATE_EPOCH": "0",
    "KBUILD_BUILD_TIMESTAMP": "Thu Jan  1 00:00:00 UTC 1970",
    "KBUILD_BUILD_USER": "patchkit",
    "KBUILD_BUILD_HOST": "patchkit",
    "KBUILD_BUILD_VERSION": "1",
}
# Trees before KBUILD_BUILD_* ask these programs; gzip keeps a time too.
FIXED_PROGRAMS = {
    "date": 'case "$1" in -*) exec /bin/date "$@";; +%T) echo 00:00:00;; '
    '*) echo "Thu Jan  1 00:00:00 UTC 1970";; esac',
    "whoami": "echo patchkit",
    "hostname": "echo patchkit",
    "dnsdomainname": "echo patchkit",
    "domainname": "echo patchkit",
    "gzip": 'exec /bin/gzip -n "$@"',
}
