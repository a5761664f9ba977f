/**
 * Steps that turn work units into shards.
 *
 * <p>Start with {@link org.merganser.pipeline.encode.UnitEncoder}. Uses {@code pipeline.measure},
 * {@code pipeline.select}, {@code pipeline.step} and their dependencies.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.pipeline.encode;
