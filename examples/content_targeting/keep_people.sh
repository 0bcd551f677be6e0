#!/usr/bin/env bash
# Keeps what people looked at: drops the robots, and the part of each URL after its section. An
# address becomes a number, so that it can be found in a range.
set -euo pipefail
awk -F, '
  BEGIN { OFS = "," }
  tolower($5) !~ /bot|crawler|spider/ {
    split($1, ip, ".")
    split($3, url, "/")
    print sprintf("%.0f", ((ip[1] * 256 + ip[2]) * 256 + ip[3]) * 256 + ip[4]), $2, url[2], $4
  }
' "$INPUT1_STAGING_DIR"/*.csv > "$OUTPUT1_STAGING_DIR"/visits.csv
wc -l < "$OUTPUT1_STAGING_DIR"/visits.csv
