/**
 * Steps that pack, shuffle, convert and merge canonical shards into other layouts.
 *
 * <p>Start with {@link org.merganser.pipeline.layouts.MakeLayouts}.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.pipeline.layouts;
