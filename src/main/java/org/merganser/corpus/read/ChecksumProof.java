package org.merganser.corpus.read;

import org.jspecify.annotations.Nullable;
import org.merganser.corpus.DeadLetter.Reason;
import org.merganser.corpus.decode.DamagedStreamException;

/**
 * Decides which records of a compressed file are refused because no checksum verifies their text.
 * It knows that from an earlier reading of the file. Without one it refuses none; {@link
 * UnitReader#readOnce} then discards the results if such a text was accepted.
 */
final class ChecksumProof {
  /** The damage that an earlier reading found; null for none, or without such a reading. */
  private @Nullable DamagedStreamException damage;

  /** A record that ends at this place or later is refused. */
  private long unprovedFrom = Long.MAX_VALUE;

  /** The end of the last record that was accepted. */
  private long acceptedTo = -1;

  /**
   * Sets, before the file is read, what an earlier reading found. No record of a member with a
   * wrong checksum is accepted. If a member ends before its checksum, its last complete document is
   * not accepted either, since a wrong bit near the end of a file can look like such an end.
   *
   * @param known the damage; null if there is none
   * @param earlier what was accepted in that reading
   */
  void expect(@Nullable DamagedStreamException known, ChecksumProof earlier) {
    damage = known;
    if (known != null) {
      boolean failed = known.reason() == Reason.CORRUPT;
      unprovedFrom = failed ? known.proved() : Math.max(known.proved(), earlier.acceptedTo);
    }
  }

  /** Notes that the text of a record was accepted, which ends at a place. */
  void accept(long end) {
    acceptedTo = end;
  }

  /** Whether text was accepted that no checksum verifies, because of damage found after it. */
  boolean acceptedUnproved(@Nullable DamagedStreamException found) {
    return found != null && acceptedTo >= (damage == null ? found.proved() : unprovedFrom);
  }

  /** Whether a record that ends at a place is in a member whose checksum failed. */
  boolean isInFailedMember(long end) {
    return refuses(end) && reason() == Reason.CORRUPT;
  }

  /**
   * Whether a record that ends at a place is refused. Only then the methods below may be called:
   * {@link #reason} and {@link #detail} are those of its dead letter.
   */
  boolean refuses(long end) {
    return damage != null && end >= unprovedFrom;
  }

  /** The reason of the damage that the earlier reading found. */
  Reason reason() {
    return knownDamage().reason();
  }

  /** Why a record that ends at a place is refused, for a person. */
  String detail(long end) {
    return isInFailedMember(end)
        ? failedDetail()
        : "the last complete record before a checksum that is missing: " + knownDamage().detail();
  }

  /** Why a record in a member whose checksum failed is refused, for a person. */
  String failedDetail() {
    return "decoded before its checksum failed: " + knownDamage().detail();
  }

  private DamagedStreamException knownDamage() {
    if (damage == null) {
      throw new IllegalStateException("no damage is known");
    }
    return damage;
  }
}
