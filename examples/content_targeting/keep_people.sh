#!/usr/bin/env bash
# Keeps what people looked at: drops the robots, and the part of each URL after its section.
set -euo pipefail
awk -F, 'BEGIN { OFS = "," } tolower($5) !~ /bot|crawler|spider/ { split($3, url, "/"); print $1, $2, url[2], $4 }' \
  "$INPUT1_STAGING_DIR"/*.csv > "$OUTPUT1_STAGING_DIR"/visits.csv
wc -l < "$OUTPUT1_STAGING_DIR"/visits.csv
