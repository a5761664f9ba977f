package org.merganser.report.measure;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.merganser.shard.ShardRow;

/**
 * Counts documents that have the same text: of a unit, row by row, or of all units from their
 * {@link UnitTexts}. Two documents have the same text if they have the same ids, which are hashed
 * to 64 bits; so equal texts that differ before normalization are equal here.
 *
 * <p>Memory is bounded by two samples. One is of texts: of each it has the number of all documents,
 * so the sum over them is the corpus on a smaller scale. It rarely has the one text that a million
 * documents repeat, so the other sample is of documents, in which such a text is frequent. The
 * corpus is counted exactly as long as all its texts fit the first sample. The result does not
 * depend on the order of rows or units, on the cuts between units, or on retries.
 *
 * <p>A document in parts is hashed as the sum of the hashes of its parts, each with its number.
 * Equal texts have equal parts, since their bytes decide the cuts.
 */
public final class TextCounts {
  /** Changes with the hash, since the hashes of units are stored in {@link UnitTexts}. */
  public static final int HASH_VERSION = 1;

  static final int MOST_TEXTS = 1 << 14;
  static final int MOST_DOCUMENTS = 1 << 12;

  /** The number of documents in the sample of documents that makes their text a frequent one. */
  private static final int FREQUENT = 8;

  private static final long MULTIPLIER = 0x9E37_79B9_7F4A_7C15L;

  /**
   * Where a document is. Places are ordered as the documents of the output.
   *
   * @param file the index of the file in the list of the unit's files
   * @param offset of the document's record in the file
   */
  public record Place(int unit, int file, long offset) {
    static final Comparator<Place> ORDER =
        Comparator.comparingInt(Place::unit)
            .thenComparingInt(Place::file)
            .thenComparingLong(Place::offset);

    private static Place first(Place one, Place other) {
      return ORDER.compare(one, other) <= 0 ? one : other;
    }
  }

  /** The number of documents with a text, and the place of the first one. */
  private record Text(long documents, Place first) {
    Text plus(Text other) {
      return new Text(Math.addExact(documents, other.documents), Place.first(first, other.first));
    }
  }

  /** A document that was chosen by its place. */
  private record Drawn(long hash, Place place) {}

  /** Parts of a document that several units have. */
  private record Open(long parts, Place place) {
    Open plus(Open other) {
      return new Open(parts + other.parts, Place.first(place, other.place));
    }
  }

  /**
   * A text of several documents.
   *
   * @param documents their number
   * @param oneIn 1 if they were counted, else one document in this many was
   * @param place of one of them; of the first one if they were counted
   */
  public record Repeated(long documents, long oneIn, Place place) {}

  /**
   * The documents that have the text of an earlier one.
   *
   * @param documents their number
   * @param oneIn 1 if it was counted, else it is estimated from one text in this many
   * @param mostFrequent the texts of several documents, those of the most documents first
   */
  public record Copies(long documents, long oneIn, List<Repeated> mostFrequent) {}

  private final HashSample<Text> texts;
  private final HashSample<Drawn> drawn;
  private final Map<String, Open> open = new TreeMap<>();

  private final Map<String, Integer> files = new HashMap<>();
  private List<String> cutFiles = List.of();

  /** The document of the last row; its file is null before the first one. */
  private @Nullable String file;

  private long offset;
  private long parts;

  /**
   * @param share of texts and of documents that is counted at most
   */
  public TextCounts(TextSample share) {
    this(share, MOST_TEXTS, MOST_DOCUMENTS);
  }

  TextCounts(TextSample share, int mostTexts, int mostDocuments) {
    this.texts = new HashSample<>(share, mostTexts, Text::plus);
    this.drawn = new HashSample<>(share, mostDocuments, (one, same) -> one);
  }

  /**
   * Begins a unit.
   *
   * @param names of its files, in their order
   * @param cut the names of those that other units have ranges of
   */
  public void begin(List<String> names, List<String> cut) {
    for (int i = 0; i < names.size(); i++) {
      files.putIfAbsent(names.get(i), i);
    }
    cutFiles = cut;
  }

  /** Adds a document for training, or the next part of one. */
  public void add(ShardRow row) {
    if (row.offset != offset || !row.file.equals(file)) {
      close();
      file = row.file;
      offset = row.offset;
      parts = 0;
    }
    parts += mix(hash(row.ids, row.count) + row.part * MULTIPLIER);
  }

  private void close() {
    String of = file;
    if (of == null) {
      return;
    }
    Place place = new Place(0, Objects.requireNonNull(files.get(of), of), offset);
    if (offset == 0 && cutFiles.contains(of)) {
      open.put(of, new Open(parts, place));
    } else {
      count(of, parts, place);
    }
    file = null;
  }

  private void count(String of, long sum, Place place) {
    long hash = mix(sum);
    if (texts.has(hash)) {
      texts.add(hash, new Text(1, place));
    }
    long placeHash = mix(mix(of.hashCode()) + place.offset());
    if (drawn.has(placeHash)) {
      drawn.add(placeHash, new Drawn(hash, place));
    }
  }

  /**
   * The hash of a part. It is made of four hashes, each of every fourth pair of ids, so that the
   * processor computes four products at a time.
   */
  static long hash(int[] ids, int count) {
    long a = step(count, 0);
    long b = MULTIPLIER;
    long c = b + b;
    long d = c + b;
    int i = 0;
    for (; i < count - 7; i += 8) {
      a = step(a, pair(ids, i));
      b = step(b, pair(ids, i + 2));
      c = step(c, pair(ids, i + 4));
      d = step(d, pair(ids, i + 6));
    }
    for (; i < count - 1; i += 2) {
      a = step(a, pair(ids, i));
    }
    if (i < count) {
      a = step(a, ids[i]);
    }
    return mix(mix(mix(a) + b) + c) + d;
  }

  private static long pair(int[] ids, int i) {
    return ids[i] & 0xFFFF_FFFFL | (long) ids[i + 1] << 32;
  }

  /** Neither two hashes nor two words lead to the same result, if the other argument is equal. */
  private static long step(long hash, long word) {
    long product = (hash ^ word) * MULTIPLIER;
    return product ^ product >>> 32;
  }

  /** Each bit of the result depends on all bits of the argument. */
  private static long mix(long value) {
    return new SplittableRandom(value).nextLong();
  }

  /** What was counted of the unit; call once, after its last row. */
  public UnitTexts ofUnit() {
    close();
    List<UnitTexts.Text> ofTexts = new ArrayList<>();
    texts
        .values()
        .forEach(
            (hash, text) ->
                ofTexts.add(
                    new UnitTexts.Text(hash, text.documents, text.first.file, text.first.offset)));
    List<UnitTexts.Drawn> documents = new ArrayList<>();
    drawn
        .values()
        .forEach(
            (placeHash, one) ->
                documents.add(
                    new UnitTexts.Drawn(placeHash, one.hash, one.place.file, one.place.offset)));
    return new UnitTexts(
        texts.share().halvings(),
        ofTexts,
        drawn.share().halvings(),
        documents,
        open.values().stream().map(one -> new UnitTexts.Open(one.place.file, one.parts)).toList());
  }

  /**
   * Adds a unit.
   *
   * @param names of its files, in their order
   */
  public void add(int unit, List<String> names, UnitTexts counted) {
    texts.limit(new TextSample(counted.textHalvings()));
    for (UnitTexts.Text text : counted.texts()) {
      Place first = new Place(unit, text.file(), text.offset());
      texts.add(text.hash(), new Text(text.documents(), first));
    }
    drawn.limit(new TextSample(counted.placeHalvings()));
    for (UnitTexts.Drawn one : counted.documents()) {
      Place place = new Place(unit, one.file(), one.offset());
      drawn.add(one.placeHash(), new Drawn(one.hash(), place));
    }
    for (UnitTexts.Open one : counted.open()) {
      Open part = new Open(one.parts(), new Place(unit, one.file(), 0));
      open.merge(names.get(one.file()), part, Open::plus);
    }
  }

  /** The documents that repeat a text; call once, after the last unit. */
  public Copies copies() {
    open.forEach((name, document) -> count(name, document.parts, document.place));
    open.clear();
    List<Repeated> repeated = new ArrayList<>();
    long copies = 0;
    long textsOneIn = 1L << texts.share().halvings();
    Map<Long, Repeated> frequent = textsOneIn == 1 ? Map.of() : frequent();
    for (Map.Entry<Long, Text> entry : texts.values().entrySet()) {
      Text text = entry.getValue();
      if (text.documents > 1) {
        repeated.add(new Repeated(text.documents, 1, text.first));
        boolean standsForOthers = !frequent.containsKey(entry.getKey());
        copies += (text.documents - 1) * (standsForOthers ? textsOneIn : 1);
      }
    }
    for (Map.Entry<Long, Repeated> entry : frequent.entrySet()) {
      if (!texts.values().containsKey(entry.getKey())) {
        repeated.add(entry.getValue());
        copies += entry.getValue().documents - 1;
      }
    }
    repeated.sort(
        Comparator.comparingLong((Repeated text) -> -text.documents)
            .thenComparing(Repeated::place, Place.ORDER));
    return new Copies(copies, textsOneIn, repeated);
  }

  /** The texts that many of the drawn documents have, by hash. */
  private Map<Long, Repeated> frequent() {
    long oneIn = 1L << drawn.share().halvings();
    Map<Long, Text> found = new TreeMap<>();
    for (Drawn one : drawn.values().values()) {
      found.merge(one.hash, new Text(1, one.place), Text::plus);
    }
    Map<Long, Repeated> frequent = new TreeMap<>();
    found.forEach(
        (hash, text) -> {
          if (text.documents >= FREQUENT) {
            frequent.put(hash, new Repeated(text.documents * oneIn, oneIn, text.first));
          }
        });
    return frequent;
  }
}
