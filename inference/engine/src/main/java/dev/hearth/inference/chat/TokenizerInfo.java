package dev.hearth.inference.chat;

import java.util.List;

/**
 * What a chat template needs to know of the tokenizer.
 *
 * @param bosToken text of the begin-of-text token, empty when there is none
 * @param eosToken text of the end-of-turn token, empty when there is none
 * @param specialTokens texts of every special (added) token; none of them can be injected by the
 *     content of a message
 */
public record TokenizerInfo(String bosToken, String eosToken, List<String> specialTokens) {
  /** Copies the list. */
  public TokenizerInfo {
    specialTokens = List.copyOf(specialTokens);
  }
}
