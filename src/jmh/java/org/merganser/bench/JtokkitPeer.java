package org.merganser.bench;

import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.Encoding;
import com.knuddels.jtokkit.api.EncodingRegistry;
import com.knuddels.jtokkit.api.EncodingType;
import com.knuddels.jtokkit.api.GptBytePairEncodingParams;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.merganser.bpe.encode.BpeModel;
import org.merganser.text.pretokenize.PreTokenizerSpec;
import org.merganser.text.regex.TextPattern;
import org.merganser.text.scan.SplitPattern;
import org.merganser.text.unicode.ByteAlphabet;
import org.merganser.tokenizer.Tokenizer;

/**
 * jtokkit: with a vocabulary that it ships where ids and pattern are the same (its hand-written
 * parser runs then), else with our tokens registered as ranks and the pattern as a java.util.regex.
 * Whether its ids are the same, the bench asks of the text: it has no normalizer and no added
 * tokens.
 */
final class JtokkitPeer implements Peer {
  private final Encoding encoding;
  private final String name;

  private JtokkitPeer(Encoding encoding, String name) {
    this.encoding = encoding;
    this.name = name;
  }

  /** What can be asked for this tokenizer, the fastest first; empty if nothing can. */
  static List<Peer> of(Tokenizer tokenizer) {
    List<Peer> peers = new ArrayList<>();
    if (!tokenizer.byteLevel()) {
      return peers;
    }
    EncodingRegistry registry = Encodings.newLazyEncodingRegistry();
    String regex = regex(tokenizer.preTokenizer());
    for (EncodingType type :
        List.of(EncodingType.R50K_BASE, EncodingType.CL100K_BASE, EncodingType.O200K_BASE)) {
      if (regex != null && regex.equals(shipped(type).regex())) {
        peers.add(new JtokkitPeer(registry.getEncoding(type), "jtokkit " + type.getName()));
      }
    }
    if (regex != null) {
      GptBytePairEncodingParams own =
          new GptBytePairEncodingParams(
              "own",
              Pattern.compile(regex, Pattern.UNICODE_CHARACTER_CLASS),
              ranks(tokenizer),
              Map.of());
      registry.registerGptBytePairEncoding(own);
      peers.add(
          new JtokkitPeer(registry.getEncoding("own").orElseThrow(), "jtokkit (ranks registered)"));
    }
    return peers;
  }

  private static SplitPattern shipped(EncodingType type) {
    return switch (type) {
      case CL100K_BASE -> SplitPattern.CL100K;
      case O200K_BASE -> SplitPattern.O200K;
      default -> SplitPattern.GPT2;
    };
  }

  /** The one pattern by which the pre-tokenizer isolates, or null. */
  private static String regex(PreTokenizerSpec spec) {
    if (spec instanceof PreTokenizerSpec.ByteLevel bytes) {
      return bytes.useRegex() && !bytes.addPrefixSpace() ? SplitPattern.GPT2.regex() : null;
    }
    if (spec instanceof PreTokenizerSpec.Sequence sequence
        && sequence.pretokenizers().size() == 2
        && sequence.pretokenizers().get(0) instanceof PreTokenizerSpec.Split split
        && sequence.pretokenizers().get(1) instanceof PreTokenizerSpec.ByteLevel bytes
        && !bytes.useRegex()
        && split.behavior() != PreTokenizerSpec.Behavior.MERGED_WITH_NEXT
        && split.pattern() instanceof TextPattern.Regex pattern) {
      return SplitPattern.of(List.of(pattern.regex()))
          .map(SplitPattern::regex)
          .orElse(pattern.regex());
    }
    return null;
  }

  private static Map<byte[], Integer> ranks(Tokenizer tokenizer) {
    BpeModel model = tokenizer.model();
    Map<byte[], Integer> ranks = new HashMap<>();
    for (int id = 0; id < model.idBound(); id++) {
      String token = model.token(id);
      byte[] bytes = token == null ? null : ByteAlphabet.toBytes(token);
      if (bytes != null && bytes.length > 0) {
        ranks.put(bytes, id);
      }
    }
    return ranks;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public int[] ids(String text) {
    return encoding.encodeOrdinary(text).toArray();
  }

  /** The number of ids, by the way that makes no list. */
  int count(String text) {
    return encoding.countTokensOrdinary(text);
  }

  @Override
  public void close() {}
}
