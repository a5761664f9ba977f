/**
 * Layouts of the same ids for other tools: Megatron, plain ids, numpy, datatrove, litData, dolma. A
 * layout is converted from canonical shards, never from text.
 *
 * <p>Start with {@link org.merganser.layout.ShardFormat}.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.layout;
