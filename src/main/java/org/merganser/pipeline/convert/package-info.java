/**
 * The steps that pack and shuffle canonical shards, and convert them to the layouts of other tools,
 * which {@link org.merganser.layout} writes.
 *
 * <p>Start with {@link org.merganser.pipeline.convert.MakeLayouts}.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.pipeline.convert;
