#!/usr/bin/env bash
# Fails twice, and works from then on.
cd "$PIPEC_TEST_FOLDER"
echo tried >> tries
[ "$(wc -l < tries)" -ge 3 ]
