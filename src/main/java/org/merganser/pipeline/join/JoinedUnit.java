package org.merganser.pipeline.join;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * A unit that was joined.
 *
 * @param receipt location of the receipt of what is done
 * @param raw location of the receipt of pooled vectors that still hold the first component, or null
 * @param parts location of sums over documents that lie in several units, or null
 */
record JoinedUnit(int unit, String receipt, @Nullable String raw, @Nullable String parts)
    implements Serializable {}
