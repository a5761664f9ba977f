package org.merganser.tokenizer.parts;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeName;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.annotation.OptBoolean;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.merganser.json.InvalidValueException;
import org.merganser.text.pretokenize.PreTokenizerSpec;

/**
 * The {@code post_processor} of a tokenizer.json (HF: {@code processors/*.rs}): the ids around
 * those of a document if special tokens are added.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type", visible = true)
public sealed interface PostProcessor {

  /** The ids before a single document. */
  List<Integer> idsBefore();

  /** The ids after a single document. */
  List<Integer> idsAfter();

  /** Whether the processor is of a kind that adds ids, even if its template has none. */
  default boolean addsIds() {
    return true;
  }

  /** Changes the offsets of tokens and adds no ids. */
  record ByteLevel(@JsonUnwrapped PreTokenizerSpec.ByteLevel options) implements PostProcessor {
    @Override
    public List<Integer> idsBefore() {
      return List.of();
    }

    @Override
    public List<Integer> idsAfter() {
      return List.of();
    }

    @Override
    public boolean addsIds() {
      return false;
    }
  }

  /** BERT's frame {@code cls … sep} around a document. */
  sealed interface BertFrame extends PostProcessor {
    /** The token before a document. */
    Framing cls();

    /** The token after a document. */
    Framing sep();

    @Override
    default List<Integer> idsBefore() {
      return List.of(cls().id());
    }

    @Override
    default List<Integer> idsAfter() {
      return List.of(sep().id());
    }
  }

  /** The frame without options. */
  @JsonTypeName("BertProcessing")
  record Bert(Framing sep, Framing cls) implements PostProcessor, BertFrame {}

  /** {@link Bert} with two options about offsets; its pairs have {@code sep} twice in between. */
  @JsonTypeName("RobertaProcessing")
  record Roberta(Framing sep, Framing cls, boolean trimOffsets, boolean addPrefixSpace)
      implements PostProcessor, BertFrame {}

  /**
   * A frame of any special tokens.
   *
   * @param single the template for one document
   * @param pair the template for two documents, which is only kept for writing
   * @param specialTokens by name
   */
  @JsonTypeName("TemplateProcessing")
  record Template(
      List<Piece> single, List<Piece> pair, SortedMap<String, SpecialToken> specialTokens)
      implements PostProcessor {
    public Template {
      // Sorted as HF's utils::ordered_map sorts them.
      SortedMap<String, SpecialToken> sorted = new TreeMap<>(Template::compareUtf8);
      sorted.putAll(specialTokens);
      specialTokens = sorted;
      checkKeys(sorted);
      checkNames("single", single, sorted);
      checkNames("pair", pair, sorted);
      checkOneDocument(single);
    }

    @Override
    public List<Integer> idsBefore() {
      return idsOf(single.subList(0, documentPlace()));
    }

    @Override
    public List<Integer> idsAfter() {
      return idsOf(single.subList(documentPlace() + 1, single.size()));
    }

    /** The index in {@link #single} of the document, which the constructor requires. */
    private int documentPlace() {
      int place = 0;
      while (single.get(place).special() != null) {
        place++;
      }
      return place;
    }

    /** The ids of special tokens in order. */
    private List<Integer> idsOf(List<Piece> specials) {
      return specials.stream()
          .flatMap(
              piece ->
                  Objects.requireNonNull(specialTokens.get(piece.reference().id())).ids().stream())
          .toList();
    }

    /** Checks that each special token has its key as its name. */
    private static void checkKeys(Map<String, SpecialToken> specialTokens) {
      for (Map.Entry<String, SpecialToken> token : specialTokens.entrySet()) {
        if (!token.getKey().equals(token.getValue().id())) {
          throw InvalidValueException.mustBe(
              "its own key, \"" + token.getKey() + "\"", "special_tokens", token.getKey(), "id");
        }
      }
    }

    /**
     * Checks that each piece refers to a special token of the template or to a document.
     *
     * @param member the name of the member that has the pieces
     */
    private static void checkNames(
        String member, List<Piece> pieces, Map<String, SpecialToken> specials) {
      for (int i = 0; i < pieces.size(); i++) {
        String id = pieces.get(i).reference().id();
        if (pieces.get(i).special() != null) {
          if (!specials.containsKey(id)) {
            throw InvalidValueException.mustBe(
                "one of special_tokens", member, i, "SpecialToken", "id");
          }
        } else if (!id.equals("A") && !id.equals("B")) {
          throw InvalidValueException.mustBe("\"A\" or \"B\"", member, i, "Sequence", "id");
        }
      }
    }

    /** Checks that the template for one document has this document once, and no second one. */
    private static void checkOneDocument(List<Piece> single) {
      List<Piece> sequences = single.stream().filter(piece -> piece.special() == null).toList();
      if (sequences.size() != 1 || !sequences.get(0).reference().id().equals("A")) {
        throw InvalidValueException.because(
            String.format(
                Locale.ROOT,
                "it holds %d sequences; one, \"A\", is what Merganser reproduces",
                sequences.size()),
            "single");
      }
    }

    /** Orders strings as Rust does: by their UTF-8 bytes. */
    private static int compareUtf8(String a, String b) {
      return Arrays.compareUnsigned(
          a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));
    }
  }

  /**
   * A piece of a template.
   *
   * @param special the special token; null if the piece is a document
   * @param sequence the document; null if the piece is a special token
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Piece(
      @JsonProperty(value = "SpecialToken", isRequired = OptBoolean.FALSE)
          @Nullable Reference special,
      @JsonProperty(value = "Sequence", isRequired = OptBoolean.FALSE)
          @Nullable Reference sequence) {
    public Piece {
      if ((special == null) == (sequence == null)) {
        throw InvalidValueException.mustBe(
            "an object with either \"SpecialToken\" or \"Sequence\"");
      }
    }

    /** The reference of either kind. */
    Reference reference() {
      return special != null ? special : Objects.requireNonNull(sequence);
    }
  }

  /**
   * What a piece of a template stands for.
   *
   * @param id of a special token, or {@code A} or {@code B} for the first or second document
   * @param typeId the segment number that HF gives to its ids
   */
  record Reference(String id, int typeId) {}

  /**
   * A special token of a template, which may be several ids.
   *
   * @param id its name in the template
   */
  record SpecialToken(String id, List<Integer> ids, List<String> tokens) {}

  /** A token of BERT's frame with its id, in JSON {@code ["[CLS]", 101]}. */
  record Framing(String token, int id) {
    @JsonCreator(mode = JsonCreator.Mode.DISABLED)
    public Framing {}

    /** Reads the form in JSON. */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static Framing of(List<Object> pair) {
      if (pair.size() == 2
          && pair.get(0) instanceof String token
          && pair.get(1) instanceof Integer id
          && id >= 0) {
        return new Framing(token, id);
      }
      throw InvalidValueException.mustBe("a pair of a token and its id");
    }

    /** The form in JSON. */
    @JsonValue
    List<Object> pair() {
      return List.of(token, id);
    }
  }

  /**
   * Processors that are applied in order. HF's library passes the pieces of a template to the next
   * processor one at a time, and fails if two in a row add tokens: such a sequence is refused.
   */
  record Sequence(List<PostProcessor> processors) implements PostProcessor {
    public Sequence {
      if (processors.stream().filter(PostProcessor::addsIds).count() > 1) {
        throw InvalidValueException.because(
            "more than one of its processors adds tokens; HF's library fails", "processors");
      }
    }

    @Override
    public List<Integer> idsBefore() {
      return processors.stream().flatMap(part -> part.idsBefore().stream()).toList();
    }

    @Override
    public List<Integer> idsAfter() {
      return processors.stream().flatMap(part -> part.idsAfter().stream()).toList();
    }

    @Override
    public boolean addsIds() {
      return processors.stream().anyMatch(PostProcessor::addsIds);
    }
  }
}
