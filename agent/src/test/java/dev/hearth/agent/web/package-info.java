/** Tests of what every way in shares, and the fixtures of the others. */
@NullMarked
package dev.hearth.agent.web;

import org.jspecify.annotations.NullMarked;
