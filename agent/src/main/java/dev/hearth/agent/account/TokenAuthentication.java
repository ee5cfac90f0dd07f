package dev.hearth.agent.account;

import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.stereotype.Component;

/** Accepts the admin token, from an {@code Authorization} header or the sign-in page alike. */
@Component
class TokenAuthentication implements AuthenticationProvider {
  private final AdminToken admin;

  TokenAuthentication(AdminToken admin) {
    this.admin = admin;
  }

  @Override
  public Authentication authenticate(Authentication given) {
    if (given.getCredentials() instanceof String token && admin.matches(token.strip())) {
      return UsernamePasswordAuthenticationToken.authenticated(
          "admin", null, AuthorityUtils.createAuthorityList("ROLE_ADMIN"));
    }
    throw new BadCredentialsException("the token is not valid");
  }

  @Override
  public boolean supports(Class<?> authentication) {
    return UsernamePasswordAuthenticationToken.class.isAssignableFrom(authentication);
  }
}
