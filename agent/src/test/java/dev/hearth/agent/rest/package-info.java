/** Tests. */
@NullMarked
package dev.hearth.agent.rest;

import org.jspecify.annotations.NullMarked;
