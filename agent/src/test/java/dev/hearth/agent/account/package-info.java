/** Tests. */
@NullMarked
package dev.hearth.agent.account;

import org.jspecify.annotations.NullMarked;
