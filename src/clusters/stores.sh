#!/usr/bin/env bash
# Installs the servers that S3Test and HdfsTest start, from Maven artifacts, into target/clusters/stores.
engine=stores
. "$(dirname "$0")/common.sh"
install_jars
