/**
 * The job as one Beam pipeline: transforms that adapt the core, and the one place that assembles
 * them.
 *
 * <p>Start with {@link org.merganser.pipeline.MerganserPipeline}: it is the main path on one
 * screen. Each stage is a composite transform named after its verb ({@code CountPretokens}); the
 * sequential logic of a stage is a plain class beside it ({@code UnitCounter}) that knows no Beam.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.pipeline;
