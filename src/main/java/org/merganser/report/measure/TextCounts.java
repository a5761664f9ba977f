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

  /** The size of the sample of texts. */
  static final int MOST_TEXTS = 1 << 14;

  /** The size of the sample of documents. */
  static final int MOST_DOCUMENTS = 1 << 12;

  /** The number of documents in the sample of documents that makes their text a frequent one. */
  private static final int FREQUENT = 8;

  /** 2^64 divided by the golden ratio, and odd: it spreads close numbers over all bits. */
  private static final long MULTIPLIER = 0x9E37_79B9_7F4A_7C15L;

  /**
   * Where a document is. Places are ordered as the documents of the output.
   *
   * @param unit the number of its unit; 0 while a unit is counted
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
    /** The documents of both, and the first of their places. */
    Text plus(Text other) {
      return new Text(Math.addExact(documents, other.documents), Place.first(first, other.first));
    }
  }

  /**
   * A document that was chosen by its place.
   *
   * @param hash of its text
   */
  private record Drawn(long hash, Place place) {}

  /**
   * Parts of a document that several units have.
   *
   * @param parts the sum of the hashes of the parts so far
   */
  private record Open(long parts, Place place) {
    /** The parts of both. */
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

  /** By hash of the text. */
  private final HashSample<Text> texts;

  /** By hash of the place. */
  private final HashSample<Drawn> drawn;

  /** By name of the file that begins with such a document. */
  private final Map<String, Open> open = new TreeMap<>();

  /** The index of each of the unit's files. */
  private final Map<String, Integer> files = new HashMap<>();

  private List<String> cutFiles = List.of();

  /** The file of the document of the last row; null before the first row. */
  private @Nullable String file;

  /** The offset of that document in its file. */
  private long offset;

  /** The sum of the hashes of that document's parts so far. */
  private long parts;

  /**
   * Counts for a unit or for all units.
   *
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
   * Begins a unit, whose rows follow.
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
      endDocument();
      file = row.file;
      offset = row.offset;
      parts = 0;
    }
    parts += mix(hash(row.ids, row.count) + row.part * MULTIPLIER);
  }

  /** What was counted of the unit; call once, after its last row. */
  public UnitTexts ofUnit() {
    endDocument();
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
    // Documents of these texts are all counted, so such a text does not represent others.
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

  /** Counts the document of the last row, or keeps it if other units may have parts of it. */
  private void endDocument() {
    String name = file;
    if (name == null) {
      return;
    }
    Place place = new Place(0, Objects.requireNonNull(files.get(name), name), offset);
    if (offset == 0 && cutFiles.contains(name)) {
      open.put(name, new Open(parts, place));
    } else {
      count(name, parts, place);
    }
    file = null;
  }

  /**
   * Counts a document.
   *
   * @param file the name of its file
   * @param parts the sum of the hashes of its parts
   */
  private void count(String file, long parts, Place place) {
    long hash = mix(parts);
    if (texts.has(hash)) {
      texts.add(hash, new Text(1, place));
    }
    long placeHash = mix(mix(file.hashCode()) + place.offset());
    if (drawn.has(placeHash)) {
      drawn.add(placeHash, new Drawn(hash, place));
    }
  }

  private static long pair(int[] ids, int i) {
    return (ids[i] & 0xFFFF_FFFFL) | ((long) ids[i + 1] << 32);
  }

  /** Neither two hashes nor two words lead to the same result, if the other argument is equal. */
  private static long step(long hash, long word) {
    long product = (hash ^ word) * MULTIPLIER;
    return product ^ (product >>> 32);
  }

  /** Each bit of the result depends on all bits of the argument. */
  private static long mix(long value) {
    return new SplittableRandom(value).nextLong();
  }
}
