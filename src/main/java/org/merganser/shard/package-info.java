/**
 * What a run writes: id shards, receipts of units, the manifest, and checking them.
 *
 * <p>Start with {@link org.merganser.shard.ParquetShardWriter}. Imports Parquet and Jackson.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.shard;
