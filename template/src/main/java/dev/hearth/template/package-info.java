/** Sandboxed renderer of the Jinja subset of chat templates and device templates. */
@NullMarked
package dev.hearth.template;

import org.jspecify.annotations.NullMarked;
