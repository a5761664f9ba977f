package org.merganser.report.measure;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.merganser.report.measure.SampledTexts.Text;

/**
 * Joins the {@link UnitTexts} of all units, and counts the documents that have the same text. Two
 * documents have the same text if their {@link TextHash} is equal.
 *
 * <p>Memory is bounded by {@link SampledTexts}. The corpus is counted exactly as long as all its
 * texts fit the sample of texts. The result does not depend on the order of units, on the cuts
 * between them, or on retries.
 */
public final class TextCounts {
  /** The number of documents in the sample of documents that makes their text a frequent one. */
  private static final int FREQUENT = 8;

  /**
   * A document of which several units have parts.
   *
   * @param parts the sum of the hashes of the parts so far
   * @param place the first of the places that units have for the document
   */
  private record Open(long parts, DocumentPlace place) {
    /** The parts of both. */
    Open plus(Open other) {
      return new Open(parts + other.parts, DocumentPlace.first(place, other.place));
    }
  }

  /**
   * A text of several documents.
   *
   * @param documents their number
   * @param oneIn 1 if they were counted, else one document in this many was
   * @param place of one of them; of the first one if they were counted
   */
  public record Repeated(long documents, long oneIn, DocumentPlace place) {}

  /**
   * The documents that have the text of an earlier one.
   *
   * @param documents their number
   * @param oneIn 1 if they were counted, else an estimate from one text in this many
   * @param mostFrequent all known texts of several documents, those of the most documents first
   */
  public record Copies(long documents, long oneIn, List<Repeated> mostFrequent) {}

  private final SampledTexts sampled;

  /** The documents at the beginning of files that several units share, by the name of the file. */
  private final Map<String, Open> open = new TreeMap<>();

  /**
   * @param share of texts and of documents that is counted at most
   */
  public TextCounts(TextSample share) {
    this(SampledTexts.of(share, SampledTexts.MOST_TEXTS, SampledTexts.MOST_DOCUMENTS));
  }

  TextCounts(SampledTexts sampled) {
    this.sampled = sampled;
  }

  /**
   * Adds a unit.
   *
   * @param unit the number of the unit
   * @param files the names of the unit's files, in their order
   * @param counted the counts of its {@link UnitTextCounter}
   */
  public void add(int unit, List<String> files, UnitTexts counted) {
    HashSample<Text> texts = sampled.texts();
    texts.limit(new TextSample(counted.textHalvings()));
    for (UnitTexts.Text text : counted.texts()) {
      DocumentPlace first = new DocumentPlace(unit, text.file(), text.offset());
      texts.add(text.hash(), new Text(text.documents(), first));
    }
    HashSample<SampledTexts.Document> documents = sampled.documents();
    documents.limit(new TextSample(counted.placeHalvings()));
    for (UnitTexts.Document document : counted.documents()) {
      DocumentPlace place = new DocumentPlace(unit, document.file(), document.offset());
      documents.add(document.placeHash(), new SampledTexts.Document(document.textHash(), place));
    }
    for (UnitTexts.Open part : counted.open()) {
      DocumentPlace begin = new DocumentPlace(unit, part.file(), 0);
      open.merge(files.get(part.file()), new Open(part.parts(), begin), Open::plus);
    }
  }

  /** The documents that repeat a text; call after the last unit. */
  public Copies copies() {
    addOpen();
    Map<Long, Text> texts = sampled.texts().values();
    long textsOneIn = sampled.texts().share().oneIn();
    // Frequent texts are added one by one, whether the sample of texts has them or not. So a
    // frequent text of that sample stands only for itself.
    Map<Long, Repeated> frequent = textsOneIn == 1 ? Map.of() : frequent();
    List<Repeated> repeated = new ArrayList<>();
    long copies = 0;
    for (Map.Entry<Long, Text> entry : texts.entrySet()) {
      Text text = entry.getValue();
      if (text.documents() > 1) {
        repeated.add(new Repeated(text.documents(), 1, text.first()));
        boolean standsForOthers = !frequent.containsKey(entry.getKey());
        copies += (text.documents() - 1) * (standsForOthers ? textsOneIn : 1);
      }
    }
    for (Map.Entry<Long, Repeated> entry : frequent.entrySet()) {
      if (!texts.containsKey(entry.getKey())) {
        repeated.add(entry.getValue());
        copies += entry.getValue().documents - 1;
      }
    }
    repeated.sort(
        Comparator.comparingLong((Repeated text) -> -text.documents)
            .thenComparing(Repeated::place, DocumentPlace.ORDER));
    return new Copies(copies, textsOneIn, repeated);
  }

  /** Adds the documents that several units share to the samples, now that all parts are known. */
  private void addOpen() {
    open.forEach((file, document) -> sampled.add(file, document.parts, document.place));
    open.clear();
  }

  /**
   * The texts that many documents of the sample of documents have, by hash, with an estimate of
   * their documents in the corpus.
   */
  private Map<Long, Repeated> frequent() {
    long oneIn = sampled.documents().share().oneIn();
    Map<Long, Text> found = new TreeMap<>();
    for (SampledTexts.Document document : sampled.documents().values().values()) {
      found.merge(document.textHash(), new Text(1, document.place()), Text::plus);
    }
    Map<Long, Repeated> frequent = new TreeMap<>();
    found.forEach(
        (hash, text) -> {
          if (text.documents() >= FREQUENT) {
            frequent.put(hash, new Repeated(text.documents() * oneIn, oneIn, text.first()));
          }
        });
    return frequent;
  }
}
