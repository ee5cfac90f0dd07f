package dev.hearth.agent.account;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Settings of access.
 *
 * @param token a fixed admin token ({@code hearth.token}, {@code HEARTH_TOKEN}) for automation;
 *     never logged, never written to disk but as a hash. Null or empty: a generated one
 * @param newToken replaces a generated token by a new one at this start ({@code hearth.new-token})
 */
@ConfigurationProperties("hearth")
record AccountSettings(@Nullable String token, boolean newToken) {
  @Override
  public String toString() {
    return "AccountSettings[token=***, newToken=" + newToken + "]";
  }
}
