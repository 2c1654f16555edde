"""The rules that come with patchkit, one file each."""
