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
import java.util.ArrayList;
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

  /** Changes offsets only. */
  record ByteLevel(@JsonUnwrapped PreTokenizerSpec.ByteLevel options) implements PostProcessor {}

  /** BERT's frame {@code cls … sep}. */
  @JsonTypeName("BertProcessing")
  record Bert(Framing sep, Framing cls) implements PostProcessor {}

  /** {@link Bert} with two options about offsets. */
  @JsonTypeName("RobertaProcessing")
  record Roberta(Framing sep, Framing cls, boolean trimOffsets, boolean addPrefixSpace)
      implements PostProcessor {}

  /** A frame of any special tokens; the template for pairs is kept only for writing. */
  @JsonTypeName("TemplateProcessing")
  record Template(
      List<Piece> single, List<Piece> pair, SortedMap<String, SpecialToken> specialTokens)
      implements PostProcessor {
    public Template {
      // sorted as by utils::ordered_map
      SortedMap<String, SpecialToken> sorted = new TreeMap<>(Template::compareUtf8);
      sorted.putAll(specialTokens);
      specialTokens = sorted;
      for (Map.Entry<String, SpecialToken> token : sorted.entrySet()) {
        if (!token.getKey().equals(token.getValue().id())) {
          throw InvalidValueException.mustBe(
              "its own key, \"" + token.getKey() + "\"", "special_tokens", token.getKey(), "id");
        }
      }
      check("single", single, sorted);
      check("pair", pair, sorted);
      List<Piece> sequences = single.stream().filter(piece -> piece.special() == null).toList();
      if (sequences.size() != 1 || !sequences.get(0).part().id().equals("A")) {
        throw InvalidValueException.because(
            String.format(
                Locale.ROOT,
                "it holds %d sequences; one, \"A\", is what Merganser reproduces",
                sequences.size()),
            "single");
      }
    }

    private static void check(String at, List<Piece> pieces, Map<String, SpecialToken> specials) {
      for (int i = 0; i < pieces.size(); i++) {
        String id = pieces.get(i).part().id();
        if (pieces.get(i).special() != null) {
          if (!specials.containsKey(id)) {
            throw InvalidValueException.mustBe(
                "one of special_tokens", at, i, "SpecialToken", "id");
          }
        } else if (!id.equals("A") && !id.equals("B")) {
          throw InvalidValueException.mustBe("\"A\" or \"B\"", at, i, "Sequence", "id");
        }
      }
    }

    /** Orders strings as Rust does: by their UTF-8 bytes. */
    private static int compareUtf8(String a, String b) {
      return Arrays.compareUnsigned(
          a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));
    }
  }

  /** A part of a template: either a special token or the document. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Piece(
      @JsonProperty(value = "SpecialToken", isRequired = OptBoolean.FALSE) @Nullable Part special,
      @JsonProperty(value = "Sequence", isRequired = OptBoolean.FALSE) @Nullable Part sequence) {
    public Piece {
      if ((special == null) == (sequence == null)) {
        throw InvalidValueException.mustBe(
            "an object with either \"SpecialToken\" or \"Sequence\"");
      }
    }

    Part part() {
      return special != null ? special : Objects.requireNonNull(sequence);
    }
  }

  /**
   * @param id of a special token, or {@code A} or {@code B} for a sequence
   */
  record Part(String id, int typeId) {}

  record SpecialToken(String id, List<Integer> ids, List<String> tokens) {}

  /** A token of a frame, {@code ["[CLS]", 101]}. */
  record Framing(String token, int id) {
    @JsonCreator(mode = JsonCreator.Mode.DISABLED)
    public Framing {}

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

    @JsonValue
    List<Object> pair() {
      return List.of(token, id);
    }
  }

  record Sequence(List<PostProcessor> processors) implements PostProcessor {
    public Sequence {
      if (processors.stream().filter(PostProcessor::adds).count() > 1) {
        throw InvalidValueException.because(
            "more than one of its processors adds tokens; HF's library fails", "processors");
      }
    }
  }

  /**
   * Whether it adds ids.
   *
   * <p>HF's Sequence passes the pieces of a template to the next processor one at a time, and fails
   * for two adding processors in a row: they are refused.
   */
  default boolean adds() {
    if (this instanceof Sequence sequence) {
      return sequence.processors().stream().anyMatch(PostProcessor::adds);
    }
    return !(this instanceof ByteLevel);
  }

  /** The ids before ({@code before}) or after a single document. */
  default List<Integer> around(boolean before) {
    List<Integer> ids = new ArrayList<>();
    if (this instanceof Bert bert) {
      ids.add((before ? bert.cls() : bert.sep()).id());
    } else if (this instanceof Roberta roberta) {
      ids.add((before ? roberta.cls() : roberta.sep()).id());
    } else if (this instanceof Template template) {
      boolean here = before;
      for (Piece piece : template.single()) {
        Part special = piece.special();
        if (special == null) {
          here = !before;
        } else if (here) {
          ids.addAll(Objects.requireNonNull(template.specialTokens().get(special.id())).ids());
        }
      }
    } else if (this instanceof Sequence sequence) {
      for (PostProcessor part : sequence.processors()) {
        ids.addAll(part.around(before));
      }
    }
    return ids;
  }
}
