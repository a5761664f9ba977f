package org.merganser.cluster;

/** On a Spark cluster. */
final class SparkClusterTest extends ClusterTest {
  @Override
  String engine() {
    return "spark";
  }
}
