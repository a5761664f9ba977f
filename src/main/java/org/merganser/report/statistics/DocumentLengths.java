package org.merganser.report.statistics;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.merganser.message.Phrase;
import org.merganser.output.figures.BoundedGroups;
import org.merganser.output.figures.GroupCounts;
import org.merganser.output.figures.LengthBucket;
import org.merganser.output.figures.LengthCounts;
import org.merganser.output.figures.MeasuredDocument;
import org.merganser.report.RoundedFractions;

/**
 * The numbers of tokens of the documents for training, with those that begin and end documents. A
 * document in parts is one document. If its first part is a dead letter, its other parts are one
 * document, which {@link Statistics#documents} does not count.
 *
 * @param all the lengths of all documents
 * @param groups by the job's field of groups, the most tokens first: at most {@link #MOST_GROUPS},
 *     and the sum of all others as {@link BoundedGroups#OTHER}; empty if no document has one
 * @param longest the ten longest documents or fewer, the longest first
 */
public record DocumentLengths(
    @JsonUnwrapped Figures all, List<Group> groups, List<MeasuredDocument> longest) {
  /** The most groups that have figures of their own. */
  public static final int MOST_GROUPS = 20;

  /** The quantiles of a report, in percent. */
  private static final List<Integer> PERCENTS = List.of(1, 10, 25, 50, 75, 90, 99);

  /**
   * The lengths beyond which documents are counted: common context lengths of models. Each is the
   * end of a {@link LengthBucket}, as a power of two is.
   */
  private static final List<Long> WINDOWS = List.of(2048L, 4096L, 8192L, 32768L, 131072L);

  /**
   * A quantile by the nearest rank: at least that percentage of the documents have at most {@code
   * most} tokens.
   *
   * @param least equal to {@code most} if the quantile is exact, else the lower end of its range
   */
  public record Quantile(int percent, long least, long most) {}

  /**
   * The documents with more than {@code length} tokens.
   *
   * @param documentShare of all documents; null without documents
   * @param tokenShare the share of their tokens in all tokens; null without tokens
   */
  public record Above(
      long length,
      long documents,
      @Nullable BigDecimal documentShare,
      long tokens,
      @Nullable BigDecimal tokenShare) {}

  /**
   * The lengths of some documents.
   *
   * @param documents their number
   * @param tokens of all of them
   * @param quantiles ascending; empty without documents
   * @param above for common context lengths, ascending
   * @param buckets the documents by length, without empty buckets
   */
  public record Figures(
      long documents,
      long tokens,
      List<Quantile> quantiles,
      List<Above> above,
      List<LengthBucket> buckets) {
    /** The figures of the documents in some buckets, which ascend by length. */
    static Figures of(Collection<LengthBucket> buckets) {
      long documents = buckets.stream().mapToLong(LengthBucket::documents).sum();
      long tokens = buckets.stream().mapToLong(LengthBucket::tokens).sum();
      return new Figures(
          documents,
          tokens,
          documents == 0
              ? List.of()
              : PERCENTS.stream().map(percent -> quantile(percent, documents, buckets)).toList(),
          WINDOWS.stream().map(length -> above(length, documents, tokens, buckets)).toList(),
          List.copyOf(buckets));
    }

    /** The quantile of a percentage, from the bucket that has the document of its rank. */
    private static Quantile quantile(
        int percent, long documents, Collection<LengthBucket> buckets) {
      long rank = documents - documents * (100 - percent) / 100; // the percentage, rounded up
      long documentsSoFar = 0;
      for (LengthBucket bucket : buckets) {
        documentsSoFar += bucket.documents();
        if (documentsSoFar >= rank) {
          return new Quantile(percent, bucket.least(), bucket.most());
        }
      }
      throw new IllegalStateException("the buckets hold fewer than " + documents + " documents");
    }

    /** The documents with more than {@code length} tokens, one of the {@link #WINDOWS}. */
    private static Above above(
        long length, long documents, long tokens, Collection<LengthBucket> buckets) {
      long documentsAbove = 0;
      long tokensAbove = 0;
      for (LengthBucket bucket : buckets) {
        if (bucket.to() > length) {
          documentsAbove += bucket.documents();
          tokensAbove += bucket.tokens();
        }
      }
      return new Above(
          length,
          documentsAbove,
          RoundedFractions.ratio(documentsAbove, documents),
          tokensAbove,
          RoundedFractions.ratio(tokensAbove, tokens));
    }
  }

  /** The lengths of a group's documents. */
  public record Group(String group, @JsonUnwrapped Figures figures) {}

  /** The figures of the lengths that were counted. */
  public static DocumentLengths of(LengthCounts.Sum counted) {
    SortedMap<Long, LengthBucket> all = new TreeMap<>();
    List<Group> groups = new ArrayList<>();
    SortedMap<String, SortedMap<Long, LengthBucket>> byGroup = counted.byGroup();
    byGroup.forEach(
        (name, buckets) -> {
          LengthBucket.plus(all, buckets);
          groups.add(new Group(name, Figures.of(buckets.values())));
        });
    groups.sort(
        Comparator.comparing((Group group) -> group.group().equals(BoundedGroups.OTHER))
            .thenComparingLong(group -> -group.figures().tokens())
            .thenComparing(Group::group));
    joinSmallGroups(groups, byGroup);
    boolean grouped = !Set.of(GroupCounts.NONE).containsAll(byGroup.keySet());
    return new DocumentLengths(
        Figures.of(all.values()), grouped ? groups : List.of(), counted.longest());
  }

  /**
   * What a person should check in a run without a report: the longest document, by the rule of
   * {@link DocumentChecks} for {@link DocumentChecks#MANY} documents or more.
   */
  public List<String> warnings() {
    if (all.documents() < DocumentChecks.MANY) {
      return List.of();
    }
    MeasuredDocument giant = longest.get(0); // there is one, since there are documents
    BigDecimal most = DocumentChecks.LARGEST_OF_MANY.multiply(BigDecimal.valueOf(all.tokens()));
    if (BigDecimal.valueOf(giant.tokens()).compareTo(most) <= 0) {
      return List.of();
    }
    return List.of(
        Phrase.of(
            "the document %s of %s has %,d of %,d tokens; check that it is one document",
            giant.id(), giant.file(), giant.tokens(), all.tokens()));
  }

  /**
   * Replaces the groups after the first {@link #MOST_GROUPS} with one.
   *
   * @param groups those of {@code byGroup}, in the order of the figures
   */
  private static void joinSmallGroups(
      List<Group> groups, SortedMap<String, SortedMap<Long, LengthBucket>> byGroup) {
    if (groups.size() <= MOST_GROUPS) {
      return;
    }
    SortedMap<Long, LengthBucket> rest = new TreeMap<>();
    List<Group> small = groups.subList(MOST_GROUPS, groups.size());
    small.forEach(
        group -> LengthBucket.plus(rest, Objects.requireNonNull(byGroup.get(group.group()))));
    small.clear();
    groups.add(new Group(BoundedGroups.OTHER, Figures.of(rest.values())));
  }
}
