/**
 * A run of a job, and its graph as one Beam pipeline. Each stage has a package below this one: a
 * composite transform named after its verb ({@code CountPretokens}), and its sequential logic in a
 * plain class ({@code UnitCounter}).
 *
 * <p>Start with {@link org.merganser.pipeline.MerganserPipeline}, which has the main path on one
 * screen.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.pipeline;
