#!/usr/bin/env bash
# Holds never.
exit 1
