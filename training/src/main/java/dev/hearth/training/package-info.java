/**
 * Training of the small embedded model: random homes, sentences from templates, the plans they
 * mean, all rendered by the production code; and the judge of the result.
 */
@NullMarked
package dev.hearth.training;

import org.jspecify.annotations.NullMarked;
