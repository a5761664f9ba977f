/**
 * Steps that join the ids of shards with the embedding table.
 *
 * <p>Start with {@link org.merganser.pipeline.join.JoinEmbeddings}.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.pipeline.join;
