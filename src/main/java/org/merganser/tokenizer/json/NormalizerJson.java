package org.merganser.tokenizer.json;

import org.jspecify.annotations.Nullable;
import org.merganser.text.normalize.NormalizerSpec;

/** The {@code normalizer} of a tokenizer.json (HF: {@code normalizers/*.rs}). */
final class NormalizerJson {
  private NormalizerJson() {}

  static NormalizerSpec read(JsonValue normalizer) {
    return switch (normalizer.type()) {
      case "NFC" -> new NormalizerSpec.Nfc();
      case "NFD" -> new NormalizerSpec.Nfd();
      case "NFKC" -> new NormalizerSpec.Nfkc();
      case "NFKD" -> new NormalizerSpec.Nfkd();
      case "Lowercase" -> new NormalizerSpec.Lowercase();
      case "Strip" ->
          new NormalizerSpec.Strip(
              normalizer.required("strip_left").bool(), normalizer.required("strip_right").bool());
      case "Prepend" -> new NormalizerSpec.Prepend(normalizer.required("prepend").string());
      case "Replace" ->
          new NormalizerSpec.Replace(
              PatternJson.read(normalizer.required("pattern")),
              normalizer.required("content").string());
      case "BertNormalizer" -> readBert(normalizer);
      case "StripAccents" -> new NormalizerSpec.StripAccents();
      case "Nmt" -> new NormalizerSpec.Nmt();
      case "ByteLevel" -> new NormalizerSpec.ByteLevel();
      case "Precompiled" ->
          new NormalizerSpec.Precompiled(normalizer.required("precompiled_charsmap").string());
      case "Sequence" ->
          new NormalizerSpec.Sequence(
              normalizer.required("normalizers").items().stream()
                  .map(NormalizerJson::read)
                  .toList());
      default ->
          throw normalizer
              .required("type")
              .unsupported(
                  "NFC",
                  "NFD",
                  "NFKC",
                  "NFKD",
                  "Lowercase",
                  "Strip",
                  "Prepend",
                  "Replace",
                  "BertNormalizer",
                  "StripAccents",
                  "Nmt",
                  "ByteLevel",
                  "Precompiled",
                  "Sequence");
    };
  }

  private static NormalizerSpec readBert(JsonValue bert) {
    JsonValue stripAccents = bert.optional("strip_accents");
    return new NormalizerSpec.Bert(
        bert.required("clean_text").bool(),
        bert.required("handle_chinese_chars").bool(),
        stripAccents == null ? null : stripAccents.bool(),
        bert.required("lowercase").bool());
  }

  static void write(@Nullable NormalizerSpec normalizer, JsonOutput out) {
    if (normalizer == null) {
      out.nullValue();
      return;
    }
    out.beginObject();
    if (normalizer instanceof NormalizerSpec.Nfc) {
      out.member("type", "NFC");
    } else if (normalizer instanceof NormalizerSpec.Nfd) {
      out.member("type", "NFD");
    } else if (normalizer instanceof NormalizerSpec.Nfkc) {
      out.member("type", "NFKC");
    } else if (normalizer instanceof NormalizerSpec.Nfkd) {
      out.member("type", "NFKD");
    } else if (normalizer instanceof NormalizerSpec.Lowercase) {
      out.member("type", "Lowercase");
    } else if (normalizer instanceof NormalizerSpec.Strip strip) {
      out.member("type", "Strip");
      out.member("strip_left", strip.left()).member("strip_right", strip.right());
    } else if (normalizer instanceof NormalizerSpec.Prepend prepend) {
      out.member("type", "Prepend").member("prepend", prepend.prepend());
    } else if (normalizer instanceof NormalizerSpec.Replace replace) {
      out.member("type", "Replace");
      PatternJson.write(replace.pattern(), out);
      out.member("content", replace.content());
    } else if (normalizer instanceof NormalizerSpec.Bert bert) {
      out.member("type", "BertNormalizer").member("clean_text", bert.cleanText());
      out.member("handle_chinese_chars", bert.handleChineseChars()).key("strip_accents");
      Boolean stripAccents = bert.stripAccents();
      if (stripAccents == null) {
        out.nullValue();
      } else {
        out.value(stripAccents.booleanValue());
      }
      out.member("lowercase", bert.lowercase());
    } else if (normalizer instanceof NormalizerSpec.StripAccents) {
      out.member("type", "StripAccents");
    } else if (normalizer instanceof NormalizerSpec.Nmt) {
      out.member("type", "Nmt");
    } else if (normalizer instanceof NormalizerSpec.ByteLevel) {
      out.member("type", "ByteLevel");
    } else if (normalizer instanceof NormalizerSpec.Precompiled precompiled) {
      out.member("type", "Precompiled").member("precompiled_charsmap", precompiled.charsmap());
    } else {
      out.member("type", "Sequence").key("normalizers").beginArray();
      for (NormalizerSpec part : ((NormalizerSpec.Sequence) normalizer).normalizers()) {
        write(part, out);
      }
      out.endArray();
    }
    out.endObject();
  }
}
