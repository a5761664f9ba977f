package org.merganser.cluster;

/** On a Flink cluster. */
final class FlinkInstallationTest extends ClusterTest {
  @Override
  String engine() {
    return "flink";
  }
}
