/**
 * The job as one Beam pipeline: transforms that adapt the core, and their assembly. Each stage is a
 * composite transform named after its verb ({@code CountPretokens}); its sequential logic is a
 * plain class ({@code UnitCounter}).
 *
 * <p>Start with {@link org.merganser.pipeline.MerganserPipeline}, which has the main path on one
 * screen.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.pipeline;
