package org.merganser.cluster;

/** On a Flink cluster. */
final class FlinkClusterTest extends ClusterTest {
  @Override
  String engine() {
    return "flink";
  }
}
