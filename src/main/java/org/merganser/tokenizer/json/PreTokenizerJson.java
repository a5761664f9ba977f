package org.merganser.tokenizer.json;

import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.merganser.text.pretokenize.PreTokenizerSpec;
import org.merganser.text.pretokenize.PreTokenizerSpec.Behavior;
import org.merganser.text.pretokenize.PreTokenizerSpec.PrependScheme;

/** The {@code pre_tokenizer} of a tokenizer.json (HF: {@code pre_tokenizers/*.rs}). */
final class PreTokenizerJson {
  private PreTokenizerJson() {}

  static PreTokenizerSpec read(JsonValue component) {
    return switch (component.type()) {
      case "ByteLevel" -> readByteLevel(component);
      case "Split" ->
          new PreTokenizerSpec.Split(
              PatternJson.read(component.required("pattern")),
              readBehavior(component.required("behavior")),
              component.required("invert").bool());
      case "Digits" -> new PreTokenizerSpec.Digits(component.required("individual_digits").bool());
      case "Punctuation" -> readPunctuation(component.optional("behavior"));
      case "Whitespace" -> new PreTokenizerSpec.Whitespace();
      case "WhitespaceSplit" -> new PreTokenizerSpec.WhitespaceSplit();
      case "Metaspace" -> readMetaspace(component);
      case "BertPreTokenizer" -> new PreTokenizerSpec.Bert();
      case "CharDelimiterSplit" ->
          new PreTokenizerSpec.CharDelimiterSplit(
              Character.toString(component.required("delimiter").character()));
      case "FixedLength" -> readFixedLength(component.optional("length"));
      case "UnicodeScripts" -> new PreTokenizerSpec.UnicodeScripts();
      case "Sequence" ->
          new PreTokenizerSpec.Sequence(
              component.required("pretokenizers").items().stream()
                  .map(PreTokenizerJson::read)
                  .toList());
      default ->
          throw component
              .required("type")
              .unsupported(
                  "ByteLevel",
                  "Split",
                  "Digits",
                  "Punctuation",
                  "Whitespace",
                  "WhitespaceSplit",
                  "Metaspace",
                  "BertPreTokenizer",
                  "CharDelimiterSplit",
                  "FixedLength",
                  "UnicodeScripts",
                  "Sequence");
    };
  }

  private static PreTokenizerSpec readFixedLength(@Nullable JsonValue length) {
    if (length == null) {
      return new PreTokenizerSpec.FixedLength(5);
    }
    if (length.natural() == 0) {
      throw length.wrong("1 or more (HF fails at 0)");
    }
    return new PreTokenizerSpec.FixedLength(length.natural());
  }

  private static PreTokenizerSpec readPunctuation(@Nullable JsonValue behavior) {
    return new PreTokenizerSpec.Punctuation(
        behavior == null ? Behavior.ISOLATED : readBehavior(behavior));
  }

  /** ByteLevel has the same members as pre-tokenizer, post-processor and decoder. */
  static PreTokenizerSpec.ByteLevel readByteLevel(JsonValue component) {
    return new PreTokenizerSpec.ByteLevel(
        component.required("add_prefix_space").bool(),
        component.required("trim_offsets").bool(),
        component.bool("use_regex", true));
  }

  /**
   * Metaspace has the same members as pre-tokenizer and decoder; old files say add_prefix_space.
   */
  static PreTokenizerSpec.Metaspace readMetaspace(JsonValue component) {
    JsonValue scheme = component.optional("prepend_scheme");
    PrependScheme prepend = scheme == null ? PrependScheme.ALWAYS : readScheme(scheme);
    JsonValue legacy = component.optional("add_prefix_space");
    if (legacy != null && !legacy.bool()) {
      // metaspace.rs: false stands for "never", and contradicts a scheme that is not.
      if (scheme == null || prepend != PrependScheme.NEVER) {
        throw legacy.error(
            "it contradicts prepend_scheme, which must be \"never\" then (as HF has it)");
      }
    }
    return new PreTokenizerSpec.Metaspace(
        Character.toString(component.required("replacement").character()),
        prepend,
        component.bool("split", true));
  }

  private static PrependScheme readScheme(JsonValue scheme) {
    return switch (scheme.string()) {
      case "first" -> PrependScheme.FIRST;
      case "never" -> PrependScheme.NEVER;
      case "always" -> PrependScheme.ALWAYS;
      default -> throw scheme.wrong("\"first\", \"never\" or \"always\"");
    };
  }

  private static Behavior readBehavior(JsonValue behavior) {
    for (Behavior known : Behavior.values()) {
      if (name(known).equals(behavior.string())) {
        return known;
      }
    }
    throw behavior.wrong(
        "one of " + Stream.of(Behavior.values()).map(PreTokenizerJson::name).toList());
  }

  private static String name(Behavior behavior) {
    return switch (behavior) {
      case REMOVED -> "Removed";
      case ISOLATED -> "Isolated";
      case MERGED_WITH_PREVIOUS -> "MergedWithPrevious";
      case MERGED_WITH_NEXT -> "MergedWithNext";
      case CONTIGUOUS -> "Contiguous";
    };
  }

  static void write(@Nullable PreTokenizerSpec component, JsonOutput out) {
    if (component == null) {
      out.nullValue();
      return;
    }
    if (component instanceof PreTokenizerSpec.ByteLevel byteLevel) {
      writeByteLevel(byteLevel, out);
      return;
    }
    if (component instanceof PreTokenizerSpec.Metaspace metaspace) {
      writeMetaspace(metaspace, out);
      return;
    }
    out.beginObject();
    if (component instanceof PreTokenizerSpec.Split split) {
      out.member("type", "Split");
      PatternJson.write(split.pattern(), out);
      out.member("behavior", name(split.behavior()));
      out.member("invert", split.invert());
    } else if (component instanceof PreTokenizerSpec.Digits digits) {
      out.member("type", "Digits").member("individual_digits", digits.individualDigits());
    } else if (component instanceof PreTokenizerSpec.Punctuation punctuation) {
      out.member("type", "Punctuation");
      out.member("behavior", name(punctuation.behavior()));
    } else if (component instanceof PreTokenizerSpec.Whitespace) {
      out.member("type", "Whitespace");
    } else if (component instanceof PreTokenizerSpec.WhitespaceSplit) {
      out.member("type", "WhitespaceSplit");
    } else if (component instanceof PreTokenizerSpec.Bert) {
      out.member("type", "BertPreTokenizer");
    } else if (component instanceof PreTokenizerSpec.CharDelimiterSplit split) {
      out.member("type", "CharDelimiterSplit").member("delimiter", split.delimiter());
    } else if (component instanceof PreTokenizerSpec.FixedLength fixed) {
      out.member("type", "FixedLength").key("length").value(fixed.length());
    } else if (component instanceof PreTokenizerSpec.UnicodeScripts) {
      out.member("type", "UnicodeScripts");
    } else {
      out.member("type", "Sequence").key("pretokenizers").beginArray();
      for (PreTokenizerSpec part : ((PreTokenizerSpec.Sequence) component).pretokenizers()) {
        write(part, out);
      }
      out.endArray();
    }
    out.endObject();
  }

  static void writeByteLevel(PreTokenizerSpec.ByteLevel byteLevel, JsonOutput out) {
    out.beginObject().member("type", "ByteLevel");
    out.member("add_prefix_space", byteLevel.addPrefixSpace());
    out.member("trim_offsets", byteLevel.trimOffsets());
    out.member("use_regex", byteLevel.useRegex()).endObject();
  }

  static void writeMetaspace(PreTokenizerSpec.Metaspace metaspace, JsonOutput out) {
    out.beginObject().member("type", "Metaspace");
    out.member("replacement", metaspace.replacement());
    String scheme =
        switch (metaspace.prependScheme()) {
          case FIRST -> "first";
          case NEVER -> "never";
          case ALWAYS -> "always";
        };
    out.member("prepend_scheme", scheme).member("split", metaspace.split()).endObject();
  }
}
