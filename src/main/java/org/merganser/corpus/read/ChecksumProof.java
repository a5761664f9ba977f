package org.merganser.corpus.read;

import org.jspecify.annotations.Nullable;
import org.merganser.corpus.DeadLetter.Reason;
import org.merganser.corpus.decode.DamagedStreamException;

/**
 * Decides which records of a compressed file are refused because no checksum verifies their text.
 * Only an earlier reading of the file tells. Without one no record is refused; {@link
 * UnitReader#readOnce} then discards the results if such a text was accepted.
 */
final class ChecksumProof {
  /** The damage that an earlier reading found; null for none, or without such a reading. */
  private final @Nullable DamagedStreamException damage;

  /** A record that ends at this place or later is refused. */
  private final long unprovedFrom;

  /** The end of the last record that was accepted. */
  private long acceptedTo = -1;

  /** For a file that was not read before, or in which no damage was found. */
  ChecksumProof() {
    this.damage = null;
    this.unprovedFrom = Long.MAX_VALUE;
  }

  /**
   * For a file that was read before and has damage. No record of a member with a wrong checksum is
   * accepted. If a member ends before its checksum, its last complete document is not accepted
   * either, since a wrong bit near the end of a file can look like such an end.
   *
   * @param found the damage
   * @param earlier what was accepted in that reading
   */
  ChecksumProof(DamagedStreamException found, ChecksumProof earlier) {
    this.damage = found;
    this.unprovedFrom =
        found.reason() == Reason.CORRUPT
            ? found.proved()
            : Math.max(found.proved(), earlier.acceptedTo);
  }

  /** Notes that the text of a record was accepted, which ends at a place. */
  void accept(long end) {
    acceptedTo = end;
  }

  /**
   * Whether text was accepted that no checksum verifies, because of damage found after it. After an
   * earlier reading this is false, since that reading has found the damage.
   *
   * @param found the damage; null for none
   */
  boolean acceptedUnproved(@Nullable DamagedStreamException found) {
    return damage == null && found != null && acceptedTo >= found.proved();
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
