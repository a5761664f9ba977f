/**
 * Runners: their flags, the engine of a build, and the transforms that differ between runners. The
 * direct runner works in this process; every other runner is an engine, such as Flink or Spark.
 *
 * <p>Start with {@link org.merganser.pipeline.engine.RunnerFlags}.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.pipeline.engine;
