/** Small models, vocabularies and the float64 reference for tests. */
@NullMarked
package dev.hearth.inference.testing;

import org.jspecify.annotations.NullMarked;
