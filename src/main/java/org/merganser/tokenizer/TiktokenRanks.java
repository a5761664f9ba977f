package org.merganser.tokenizer;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;
import org.merganser.binary.ByteBuilder;
import org.merganser.bpe.encode.BpeModel;
import org.merganser.bpe.encode.MergeSteps;
import org.merganser.tokenizer.parts.AddedToken;

/**
 * The model as tiktoken's ranks: a line for each token, its bytes in base64 and its id.
 *
 * <p>tiktoken has no merges. It joins two neighbors if their bytes are a token, lowest rank first.
 * That is the same BPE if (1) all bytes are tokens, (2) every other token comes from exactly one
 * merge, and merges rank like their results, and (3) the model encodes each token's bytes as that
 * token. Proof, by induction over ranks: suppose both are equal up to rank r. If tiktoken now joins
 * x and y into token t of rank r, no earlier join crossed the bounds of t (joins are never undone),
 * so the span has the same symbols as t's bytes alone before rank r, which by (3) are the pair of
 * t's merge. So tiktoken joins what the merge joins, and vice versa.
 */
final class TiktokenRanks {
  private TiktokenRanks() {}

  /** The file; null if ranks cannot express the model. */
  static byte @Nullable [] of(Tokenizer tokenizer) {
    BpeModel model = tokenizer.model();
    if (!tokenizer.byteLevel()
        || tokenizer.missingBytes().length > 0
        || model.options().unkToken() != null
        || model.hasAffixes()
        || !mergesRankAsTokens(tokenizer)) {
      return null;
    }
    BitSet specialIds = new BitSet();
    for (AddedToken token : tokenizer.addedTokens()) {
      specialIds.set(token.id(), token.special());
    }
    MergeSteps steps = new MergeSteps(model);
    Base64.Encoder base64 = Base64.getEncoder();
    ByteBuilder out = new ByteBuilder(1 << 20);
    for (int id = 0; id < model.idBound(); id++) {
      if (!model.hasToken(id) || specialIds.get(id)) {
        continue; // The trainer also adds special tokens to the vocabulary.
      }
      byte[] bytes = model.textBytes(id);
      if (bytes == null || bytes.length == 0) {
        return null;
      }
      if (bytes.length > 1 && !steps.makesItself(id)) {
        return null;
      }
      out.append(base64.encode(bytes));
      out.append((byte) ' ');
      out.append(Integer.toString(id).getBytes(StandardCharsets.US_ASCII));
      out.append((byte) '\n');
    }
    return out.toByteArray();
  }

  private static boolean mergesRankAsTokens(Tokenizer tokenizer) {
    BpeModel model = tokenizer.model();
    BitSet merged = new BitSet();
    int last = -1;
    for (int rank = 0; rank < model.mergeCount(); rank++) {
      int result = model.mergeResult(rank);
      if (result <= last || merged.get(result)) {
        return false;
      }
      merged.set(result);
      last = result;
    }
    return true;
  }
}
