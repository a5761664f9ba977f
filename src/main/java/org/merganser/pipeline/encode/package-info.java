/**
 * Steps that turn work units into shards.
 *
 * <p>Start with {@link org.merganser.pipeline.encode.UnitEncoder}.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.pipeline.encode;
