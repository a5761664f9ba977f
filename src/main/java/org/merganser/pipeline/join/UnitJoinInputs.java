package org.merganser.pipeline.join;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;
import org.merganser.pipeline.output.ShardSet;

/**
 * What the join must know of all units before it begins with any of them.
 *
 * @param shards of the unit
 * @param histogram location of how often each id occurs in the unit
 * @param trainingHead the document whose later parts the unit's shards begin with, where they do
 * @param validationHead the same of its shards for validation
 */
record UnitJoinInputs(
    ShardSet shards,
    String histogram,
    @Nullable String trainingHead,
    @Nullable String validationHead)
    implements Serializable {}
