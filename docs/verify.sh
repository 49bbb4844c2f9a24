#!/bin/sh
# Compares captures with golden files, in any pipeline: sh docs/verify.sh CAPTURES GOLDENS
#
# Both are folders; GOLDENS/obs.golden belongs to CAPTURES/obs.pcap. What differs is said on standard output, as JUnit in
# rtmpscope-junit.xml, on GitHub also as annotations and in the job's summary. The exit code is that of `rtmpscope verify`:
# 0 same, 1 different, 5 a capture is damaged or incomplete, 7 a golden file is missing or of another major version.
set -eu
captures=$1
goldens=$2

status=0
rtmpscope verify "$captures" --golden "$goldens" || status=$?
rtmpscope verify "$captures" --golden "$goldens" --format junit >rtmpscope-junit.xml 2>/dev/null || true
if [ "${GITHUB_ACTIONS:-}" = true ]; then
  rtmpscope verify "$captures" --golden "$goldens" --format github 2>/dev/null || true
fi
if [ -n "${GITHUB_STEP_SUMMARY:-}" ]; then
  rtmpscope verify "$captures" --golden "$goldens" --format markdown >>"$GITHUB_STEP_SUMMARY" 2>/dev/null || true
fi
exit "$status"
